"""Did you mean: the names nearest to what was typed."""

import pytest

from companies.spelling import nearest, trigrams

NAMES = ["Amazon", "McDonald's", "Coca-Cola", "Coca-Cola HBC", "L’Oréal", "Nike", "Starbucks"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("amazone", ["Amazon"]),
        ("Macdonalds", ["McDonald's"]),
        ("coka cola", ["Coca-Cola", "Coca-Cola HBC"]),
        ("loreal", ["L’Oréal"]),
        ("starbuck", ["Starbucks"]),
        ("nothing like it", []),
        ("", []),
        ("x", []),
    ],
)
def test_the_nearest_names(typed, meant):
    assert nearest(typed, NAMES) == meant


def test_letters_in_threes_are_those_of_pg_trgm():
    assert trigrams("Nike") == {"  n", " ni", "nik", "ike", "ke "}
