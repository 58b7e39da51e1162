"""Companies that may be the one that somebody is about to save."""

import pytest

from companies.duplicates import Asked, candidates, holder
from companies.models import CompanyName, Identifier


@pytest.fixture
def lumina(make_company):
    company = make_company(name="Société Lumina", website="https://www.lumina.example/fr/")
    CompanyName.objects.create(company=company, name="Boréal")
    Identifier.objects.create(company=company, scheme="ticker", value="NYSE:LUM")
    return company


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"names": ("Societe LUMINA",)}, True),
        ({"names": ("Boreal",)}, True),
        ({"names": ("Boréal, Inc.",)}, True),
        ({"names": ("Boréale",)}, True),  # one letter apart
        ({"names": ("Solano",)}, False),
        ({"website": "http://lumina.example"}, True),
        ({"website": "http://umina.example"}, False),
        ({"website": "http://[lumina.example"}, False),
        ({"identifiers": (("ticker", "NASDAQ:LUM"),)}, True),
        ({"identifiers": (("ticker", "NASDAQ:UM"),)}, False),
        ({"identifiers": (("lei", "LUM"),)}, False),
        ({}, False),
    ],
)
def test_what_is_alike_is_found(lumina, make_company, asked, found):
    make_company(name="Ondine", website="https://ondine.example")
    assert [each.company for each in candidates(Asked(**asked))] == [lumina] * found
    assert candidates(Asked(**asked, but=frozenset({lumina.pk}))) == []


def test_a_merged_record_leads_to_the_one_that_stands(lumina, make_company):
    old = make_company(name="Ondine", website="https://ondine.example")
    old.merge(lumina)
    (found,) = candidates(Asked(names=("Ondine",), website="https://ondine.example"))
    assert found.company == lumina
    assert len(found.reasons) == 2


@pytest.mark.parametrize("count", [1, 3])
def test_it_takes_a_fixed_number_of_queries(
    make_company, make_announcement, django_assert_num_queries, count
):
    for number in range(count):
        company = make_company(name=f"Lumina {number}", website="https://lumina.example")
        Identifier.objects.create(company=company, scheme="ticker", value=f"X{number}:LUM")
        make_announcement(company)
    asked = Asked(("Lumina", "Lumina 1"), (("ticker", "NYSE:LUM"),), "https://lumina.example")
    with django_assert_num_queries(6):
        found = candidates(asked)
    assert [each.company.announced for each in found] == [1] * count


def test_who_holds_an_identifier_is_told(lumina, make_company):
    assert holder("ticker", "NYSE:LUM") == lumina
    assert holder("ticker", "NYSE:LUM", but=lumina.pk) is None
    assert holder("ticker", "NYSE:SOL") is None
