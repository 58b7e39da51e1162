"""Ambiguous names, and what shows that a company is meant. All sentences are invented."""

from pathlib import Path

import pytest

from articles.delivery import contents
from articles.wire import NotAnArticle, read
from companies.recognition import Names, find

SHARED = Path(__file__).parents[3] / "shared" / "wire"
WORDS = ["Orange", "Total", "Match", "Gap", "Shell", "Target", "Jean", "Union", "Carrefour", "Visa"]
NAMES = Names([(word, word, True) for word in WORDS] + [("Total", "TotalEnergies", False)])


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        # A legal form, or the word group beside it.
        ("Orange SA ferme ses guichets.", {"Orange": "form"}),
        ("Shell plc and Gap, Inc. left.", {"Shell": "form", "Gap": "form"}),
        ("Les comptes de Total S.A. sont clos.", {"Total": "form"}),
        ("Selon le groupe Carrefour, rien ne change.", {"Carrefour": "form"}),
        ("Staff of the Orange group stay.", {"Orange": "form"}),
        ("The Match Group has paused.", {"Match": "form"}),
        # A ticker.
        ("Orders at Gap (NYSE: GAP) fell.", {"Gap": "ticker"}),
        ("Total (TTEF.PA) recule.", {"Total": "ticker"}),
        ("Orange (Euronext : ORA) recule.", {"Orange": "ticker"}),
        # A word near it.
        ("Hier, l’opérateur Orange a suspendu ses offres.", {"Orange": "near"}),
        ("Le géant pétrolier Total s’en va.", {"Total": "near"}),
        ("Les magasins de Gap sont fermés.", {"Gap": "near"}),
        ("Le PDG d’Orange s’est tu.", {"Orange": "near"}),
        ("The retailer Target said no.", {"Target": "near"}),
        ("He sold his shares in Shell.", {"Shell": "near"}),
        ("Yesterday the Visa CEO spoke.", {"Visa": "near"}),
        ("La société Jean vend des lampes.", {"Jean": "near"}),
        # Another name of the company.
        ("TotalEnergies part. Total vend aussi.", {"Total": "name"}),
        # Ordinary words, people, towns.
        ("Orange est une ville du Vaucluse.", {}),
        ("Le maire d’Orange a reçu les commerçants.", {}),
        ("À Gap, la société Lumina recrute.", {}),
        ("Total des ventes du groupe : huit millions.", {}),
        ("Total group sales rose.", {}),
        ("Total shares outstanding were eight.", {}),
        ("Le PDG Jean Martin se tait.", {}),
        ("Le PDG Jean s’est tu.", {}),
        ("La photo est de Paris Match.", {}),
        ("Les magasins Paris Match ferment.", {}),
        ("Firms in Orange County left.", {}),
        ("L’entreprise, place du Carrefour, est close.", {}),
        ("Le siège de l’Union européenne. Une société part.", {}),
        ("The Target was missed. Shares fell.", {}),
        ("Elle porte un jean Orange (coton, lin).", {}),
        ("Il marche vers Orange sa ville.", {}),
    ],
)
def test_an_ambiguous_name_needs_a_context(text, reasons):
    assert {company: one.reason for company, one in find(text, NAMES).items()} == reasons


def test_once_named_beyond_doubt_a_company_is_named_throughout():
    text = "Orange part.\n\nHier, l’opérateur Orange est parti. Orange se tait."
    found = find(text, NAMES)["Orange"]
    assert [text[a:b] for a, b in found.places] == ["Orange"] * 3
    assert found.by == found.places[1]


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is absent: no real wire files")
def test_on_real_wires_only_companies_are_found():
    words = [*WORDS, "Free", "Figaro", "Ford", "Apple", "Thales", "Amazon"]
    strict, plain = (Names([(word, word, flag) for word in words]) for flag in (True, False))
    found, named = set(), set()
    for text in real_texts():
        found |= {(company, one.reason) for company, one in find(text, strict).items()}
        named |= find(text, plain).keys()
    assert found == {("Total", "near"), ("Thales", "near")}  # "energy giant", "defence firm"
    # People, a town, a league, a cup, a sum: all of them stand there with their capital.
    assert named >= {"Jean", "Gap", "Union", "Match", "Target", "Ford", "Free"}


def real_texts():
    for _name, data in contents([str(SHARED)]):
        try:
            items = read(data) if isinstance(data, bytes) else []
        except NotAnArticle:
            continue
        for item in items:
            if not isinstance(item, NotAnArticle):
                yield f"{item.headline}\n\n{item.body}"
