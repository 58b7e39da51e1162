"""Where mergers of companies end."""

import pytest

from companies.mergers import standing


@pytest.mark.parametrize(
    ("merged", "stands"),
    [
        ({}, {}),
        ({1: None}, {1: 1}),
        ({1: 2, 2: None}, {1: 2, 2: 2}),
        ({1: 2, 2: 3, 3: None}, {1: 3, 2: 3, 3: 3}),
        ({1: 2, 2: 1}, {1: 1, 2: 2}),  # a circle
        ({1: 2, 2: 3, 3: 2}, {1: 1, 2: 2, 3: 3}),
    ],
)
def test_mergers_are_followed_to_their_end(merged, stands):
    assert standing(merged) == stands


def test_it_says_of_all_what_the_record_says_of_one(make_company):
    last = make_company()
    between = make_company(merged_into=last)
    first = make_company(merged_into=between)
    companies = [first, between, last]

    found = standing({company.pk: company.merged_into_id for company in companies})

    assert found == {company.pk: company.successor.pk for company in companies}
