"""Names that may be companies nobody has recorded. All sentences are invented."""

import pytest

from companies.announcing.newcomers import Newcomer, find_newcomers
from companies.recognition import Names, find

KNOWN = Names([(1, "Lumina", False)])


def newcomers(text, language):
    places = {c: one.places for c, one in find(f"\n\n{text}", KNOWN).items()}
    return find_newcomers("", text, language, places)


def test_a_newcomer_has_its_first_place_its_count_and_a_reason():
    text = "Il pleut sur Zorblax. Zorblax suspend ses ventes en Russie."

    assert newcomers(text, "fr") == [Newcomer("Zorblax", 15, 22, 2, "suspend · RU")]
    assert f"\n\n{text}"[15:22] == "Zorblax"


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [
        ("fr", "Zorblax quitte la Russie.", ["Zorblax"]),
        (
            "fr",
            "La marque Verdan & Fils annonce son retrait de Russie.",
            ["Verdan & Fils"],
        ),
        ("fr", "Lumina et Ondium quittent la Russie.", ["Ondium"]),
        ("fr", "Trois marques, dont Ondium, ont suspendu leurs ventes en Russie.", ["Ondium"]),
        ("fr", "Société Générale quitte la Russie.", ["Société Générale"]),
        ("fr", "Mardi, la Société Générale a quitté la Russie.", ["Société Générale"]),
        ("fr", "La société Générale quitte la Russie.", ["Générale"]),
        ("fr", "H2V gèle ses projets en Iran.", ["H2V"]),
        ("en", "Zorblax Inc. has suspended sales in Russia.", ["Zorblax Inc"]),
        ("en", "The retailer Ondium & Co is leaving Russia.", ["Ondium & Co"]),
        ("en", "Like Ondium, Lumina suspends sales in Russia.", ["Ondium"]),
        ("en", "IBX paused its business in Russia.", ["IBX"]),
        # Known, or no company.
        ("fr", "Lumina quitte la Russie.", []),
        ("fr", "Emmanuel Roux a quitté la Russie. Roux suspend sa tournée en Russie.", []),
        ("fr", "Le président Ondium suspend le traité avec la Russie.", []),
        ("fr", "Moscou suspend ses livraisons à la Pologne.", []),
        ("fr", "L’Union européenne suspend ses achats en Russie.", []),
        ("fr", "Mardi, Bruxelles a suspendu les importations de Russie.", []),
        ("fr", "Certains quittent la Russie.", []),
        ("fr", "Zorblax vend des lampes en Russie.", []),
        ("fr", "Zorblax suspend ses ventes.", []),
        ("en", "Companies leave Russia.", []),
        ("en", "Joe Roux left Poland on Saturday.", []),
        ("en", "Washington halts exports to Russia.", []),
        ("en", "The White House suspends talks with Russia.", []),
        ("en", "Lumina Suspends All Sales In Russia And Ondium Markets", []),
        ("de", "Zorblax verlässt Russland.", []),
    ],
)
def test_newcomers(language, text, names):
    assert [one.name for one in newcomers(text, language)] == names
