"""Which companies a text names, and where."""

import sys

import pytest

from articles.search import fold
from companies.recognition import SHAPE, Found, Names, find, guess_roles, shape

NAMES = Names(
    [
        ("amazon", "Amazon", False),
        ("amazon", "Amazon.com, Inc.", False),
        ("aws", "AWS", False),
        ("aws", "Amazon Web Services", False),
        ("prime", "Prime Video", False),
        ("prime", "Amazon Prime Video", False),
        ("prime", "Amazon Prime", True),
        ("mcd", "McDonald's", False),
        ("nike", "Nike", False),
        ("coca", "Coca-Cola", False),
        ("hbc", "Coca-Cola HBC", False),
        ("oreal", "L'Oréal", False),
        ("oeuvre", "Œuvre & Cœur", False),
        ("hm", "H&M", False),
        ("ebay", "eBay", False),
        ("orange", "Orange", True),
        ("orange", "Orange SA", False),
        ("both1", "Delta", False),
        ("both2", "Delta", False),
        ("nuage", "新浪", False),
        ("empty", "…", False),
    ]
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Amazon part.", {"amazon": ["Amazon"]}),
        ("Le départ d'Amazon et d’Amazon", {"amazon": ["Amazon", "Amazon"]}),
        ("AMAZON", {"amazon": ["AMAZON"]}),
        ("Nike's shoes, Nike’s too", {"nike": ["Nike", "Nike"]}),
        (
            "Chez McDonald's, McDonald’s, MCDONALD'S",
            {"mcd": ["McDonald's", "McDonald’s", "MCDONALD'S"]},
        ),
        ("l'Oréal, L’OREAL, L'Ore\u0301al", {"oreal": ["l'Oréal", "L’OREAL", "L'Ore\u0301al"]}),
        (
            "Coca-Cola, Coca Cola, Coca\u2011Cola",
            {"coca": ["Coca-Cola", "Coca Cola", "Coca\u2011Cola"]},
        ),
        ("L'Œuvre & cœur, OEUVRE & COEUR", {"oeuvre": ["Œuvre & cœur", "OEUVRE & COEUR"]}),
        ("H&M et H & M", {"hm": ["H&M", "H & M"]}),
        ("Amazon.com, Inc. part", {"amazon": ["Amazon.com, Inc"]}),
        ("(Amazon), «\u00a0Amazon\u00a0», Amazon-Russie", {"amazon": ["Amazon"] * 3}),
        ("Ａｍａｚｏｎ", {"amazon": ["Ａｍａｚｏｎ"]}),
        ("新浪 part", {"nuage": ["新浪"]}),
        # Never inside a word, never over the end of a sentence or of a paragraph.
        ("L'Amazonie, Nikel, Amazon2, MyNike", {}),
        ("Coca. Cola", {}),
        ("Coca\n\nCola", {}),
        ("Coca - Cola", {}),
        # A capital is required.
        ("nike, coca-cola, www.amazon.com", {}),
        ("eBay et EBAY, pas ebay", {"ebay": ["eBay", "EBAY"]}),
        # The longest name wins and takes the place.
        ("Amazon Web Services", {"aws": ["Amazon Web Services"]}),
        ("Amazon Web", {"amazon": ["Amazon"]}),
        ("Coca-Cola HBC", {"hbc": ["Coca-Cola HBC"]}),
        ("Amazon Prime Video", {"prime": ["Amazon Prime Video"]}),
        ("Amazon et AWS", {"amazon": ["Amazon"], "aws": ["AWS"]}),
        # An ambiguous name is not enough by itself, and then a shorter one may stand.
        ("Orange est une ville", {}),
        ("Orange SA, dite Orange", {"orange": ["Orange SA", "Orange"]}),
        ("Amazon Prime s'arrête", {"amazon": ["Amazon"]}),
        ("Amazon Prime, Prime Video", {"prime": ["Amazon Prime", "Prime Video"]}),
        # A name of two companies is found for both.
        ("Delta vole", {"both1": ["Delta"], "both2": ["Delta"]}),
        ("", {}),
        ("\u0301\u200d", {}),
    ],
)
def test_companies_are_found_where_they_are_named(text, found):
    places = {company: one.places for company, one in find(text, NAMES).items()}
    assert {key: [text[a:b] for a, b in pairs] for key, pairs in places.items()} == found


def test_places_are_code_points_of_the_original_text():
    assert find("ﬁn de l’œuvre 🥤 : Nike", NAMES) == {"nike": ([(18, 22)], "name", (18, 22))}


@pytest.mark.parametrize("page", [range(0x20, 0x2200), range(0x2200, 0x10000, 7)])
def test_western_texts_are_shaped_as_all_others(page):
    for mark in map(chr, page):
        text = f"a{mark}b"
        shaped, slowly = shape(text), text.translate(SHAPE)
        assert (len(shaped), fold(shaped)) == (len(text), fold(slowly)), hex(ord(mark))


@pytest.mark.parametrize("unit", ["a", "Amazon ", "Orange ", "Amazon Web ", "Coca-", "\u0301", "'"])
def test_work_grows_with_the_text_and_no_faster(unit):
    names = Names(
        [
            ("amazon", "Amazon Web Services", False),
            ("amazon", "Amazon", True),
            ("coca", "Coca-Coca-Cola", False),
            ("orange", "Orange", True),
        ]
    )
    work = []
    for length in (1000, 2000):
        calls = []
        sys.setprofile(lambda _frame, event, _what, calls=calls: calls.append(event))
        try:
            find(unit * length, names)
        finally:
            sys.setprofile(None)
        work.append(len(calls))
    assert work[1] <= 2.01 * work[0] + 10


HEADLINE, LEAD = 30, 80  # where they end


@pytest.mark.parametrize(
    ("starts", "roles"),
    [
        # Named first in the headline; others of it or of the first paragraph are peers.
        ({"a": [0, 90], "b": [10], "c": [40], "d": [90]}, ["subject", "peer", "peer", "passing"]),
        # Another one of the headline, but more often.
        ({"a": [0], "b": [10, 40, 90]}, ["subject", "subject"]),
        ({"a": [0, 90], "b": [10, 40]}, ["subject", "peer"]),
        # Nobody in the headline: who is named most often, if in the first paragraph.
        ({"a": [40, 90], "b": [50]}, ["subject", "peer"]),
        ({"a": [40], "b": [50]}, ["peer", "peer"]),
        ({"a": [90, 100], "b": [50]}, ["passing", "peer"]),
        # Three times anywhere.
        ({"a": [90, 100, 110], "b": [50]}, ["peer", "peer"]),
        ({"a": [90]}, ["passing"]),
        ({}, []),
    ],
)
def test_a_first_guess_at_the_role(starts, roles):
    found = {
        company: Found([(start, start + 6) for start in each], "name", (each[0], each[0] + 6))
        for company, each in starts.items()
    }
    assert [*guess_roles(found, HEADLINE, LEAD).values()] == roles
