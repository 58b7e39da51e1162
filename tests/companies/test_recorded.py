"""What the archive may hold already of what somebody is about to record."""

from datetime import date

import pytest

from companies.mergers import merge
from companies.models import Activity
from companies.recorded import MOST, Asked, recorded

DAY = date(2022, 3, 8)


@pytest.fixture
def zorgu(make_company):
    return make_company(name="Zorgu")


def asked(company, day=DAY, until=None, measures=(("", "RU"),), but=None):
    return Asked(company, day, until or day, tuple(measures), but)


@pytest.mark.parametrize(
    ("day", "precision", "found"),
    [
        ("2022-03-08", "day", True),
        ("2022-03-01", "day", True),
        ("2022-03-15", "day", True),
        ("2022-02-28", "day", False),
        ("2022-03-16", "day", False),
        ("2022-03-01", "month", True),
        ("2022-02-01", "month", True),  # as late as the 28th
        ("2022-01-01", "month", False),
        ("2022-01-01", "year", True),
        ("2021-01-01", "year", False),
    ],
)
def test_of_the_same_or_a_near_day(zorgu, make_announcement, day, precision, found):
    make_announcement(zorgu, day=day, announced_precision=precision, publish=False)
    in_month = asked(zorgu, date(2022, 3, 1), date(2022, 3, 31))

    assert [len(each) for each in recorded([asked(zorgu)])] == [
        found if (day, precision) != ("2022-02-01", "month") else 0
    ]
    assert bool(recorded([in_month])[0]) is (found or day in {"2022-02-28", "2022-03-16"})


@pytest.mark.parametrize(
    ("whose", "found"),
    [
        ("own", True),
        ("parent", True),
        ("brand", True),
        ("merged", True),
        ("merged brand", True),
        ("sister", False),
        ("stranger", False),
    ],
)
def test_of_the_company_or_its_family(make_company, make_announcement, whose, found):
    parent = make_company(name="Groupe")
    own = make_company(name="Zorgu", parent=parent)
    brand = make_company(name="Zorgu Café", parent=own)
    family = {
        "own": own,
        "parent": parent,
        "brand": brand,
        "merged": make_company(name="Zorgu SA"),
        "merged brand": make_company(name="Café Zorgu"),
        "sister": make_company(name="Autre marque", parent=parent),
        "stranger": make_company(name="Adidas"),
    }
    known = make_announcement(family[whose], publish=False)
    merge(family["merged"], own)
    merge(family["merged brand"], brand)

    assert recorded([asked(own)]) == [[known] if found else []]


@pytest.mark.parametrize(
    ("theirs", "ours", "found"),
    [
        ([(None, "RU")], [("", "RU")], True),
        ([(None, "RU")], [("", "BY")], False),
        ([(None, "RU")], [("", "BY"), ("boutiques", "RU")], True),
        ([("Shops", "RU")], [("", "RU")], True),
        ([("Shops", "RU")], [("Lieferungen", "RU")], True),  # other words may mean the same
        ([], [("", "RU")], True),  # a draft that has just been begun
        ([(None, "RU")], [], True),
    ],
)
def test_in_the_same_market(zorgu, make_announcement, theirs, ours, found):
    rows = [(activity, market, "suspend", "announced") for activity, market in theirs]
    make_announcement(zorgu, measures=rows, publish=False)

    assert [len(each) for each in recorded([asked(zorgu, measures=ours)])] == [found]


def test_the_same_activity_comes_first_then_the_nearest_day(zorgu, make_announcement):
    Activity.objects.create(company=zorgu, name_fr="Boutiques", name_en="Shops")
    made = [
        make_announcement(zorgu, day=day, measures=[(what, "RU", "suspend", "announced")])
        for what, day in [
            ("Shipments", "2022-03-08"),
            ("Shops", "2022-03-05"),
            ("Shipments", "2022-03-07"),
        ]
    ]

    found = recorded([asked(zorgu, measures=[("les boutiques de Zorgu", "RU")])])

    assert found == [[made[1], made[0], made[2]]]


def test_neither_itself_nor_what_was_retracted_nor_too_many(zorgu, make_announcement):
    made = [make_announcement(zorgu) for _ in range(MOST + 3)]
    made[-1].retract(reason_fr="Faux.", reason_en="Wrong.")

    [found] = recorded([asked(zorgu, but=made[-2].pk)])

    assert found == made[-3 : -3 - MOST : -1]


@pytest.mark.parametrize("count", [1, 3])
def test_many_are_asked_in_three_queries(
    make_company, make_announcement, django_assert_num_queries, count
):
    companies = [make_company(name=f"Zorgu {number}") for number in range(count)]
    made = [[make_announcement(company)] for company in companies]

    with django_assert_num_queries(3):
        assert recorded(map(asked, companies)) == made
    with django_assert_num_queries(0):
        assert recorded([]) == []
