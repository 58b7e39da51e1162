"""Countries as markets, in French and English. All sentences are invented."""

import pytest

from companies.announcing.scene import Scene
from companies.countries import NAMES


def markets(text, language):
    return [market.code for market in Scene(text, language, {}).markets]


@pytest.mark.parametrize(
    ("language", "text", "codes"),
    [
        ("fr", "Ses ventes en Russie et en Biélorussie", ["RU", "BY"]),
        ("fr", "Les clients russes et kazakhs", ["RU", "KZ"]),
        ("fr", "L’Iran, la Côte d’Ivoire et la Corée du Sud", ["IR", "CI", "KR"]),
        ("fr", "aux Émirats arabes unis, au Vietnam", ["AE", "VN"]),
        ("fr", "au pays de Vladimir Poutine", ["RU"]),
        ("fr", "Il quitte le pays", [""]),
        ("fr", "une dinde et un chat", []),
        ("en", "sales in Russia, Belarus and the United Kingdom", ["RU", "BY", "GB"]),
        ("en", "its Russian and South African units", ["RU", "ZA"]),
        ("en", "in Turkey and in Ivory Coast", ["TR", "CI"]),
        ("en", "turkey and fine china", []),
        ("en", "it left the country and that market", ["", ""]),
        # A theatre of war, a state, a company's home.
        ("fr", "depuis l’invasion de l’Ukraine", []),
        ("fr", "la guerre en Ukraine", []),
        ("fr", "compte tenu de la situation en Russie et en Ukraine", []),
        ("fr", "le gouvernement russe", []),
        ("fr", "la firme américaine vend en Russie", ["RU"]),
        ("fr", "il vend sa filiale russe", ["RU"]),
        ("en", "Russia’s invasion of Ukraine", []),
        ("en", "the Russian government", []),
        ("en", "the German carmaker left Russia", ["RU"]),
        ("en", "it sells its Russian subsidiary", ["RU"]),
        ("en", "the war in Ukraine", []),
        # Another name.
        ("fr", "il parle sur France Inter", []),
    ],
)
def test_markets(language, text, codes):
    assert markets(text, language) == codes


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_country_is_known_by_its_name(language):
    # CLDR joins some with marks that no text has: "Congo - Kinshasa", "Cocos (Keeling)".
    plain = {c: n for c, n in NAMES[language].items() if not set(n) & set("-(&.") or "’" in n}

    assert {c: markets(n, language) for c, n in plain.items() if markets(n, language) != [c]} == {}
