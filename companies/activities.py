"""When two names of an activity mean the same, and what the commonest are called in the
other language. Needs no database."""

from collections.abc import Hashable, Iterable

from articles.search import tokens

# Words that tell no activity from another, in French and English.
SMALL = frozenset(
    tokens(
        "a à au aux de des du et en la le les leur leurs sa ses son sur un une vers pour "
        "an and for in its of on our the their to with "
        "accès access service services plateforme platform activité activités business jeu game"
    )
)


# What the commonest activities are called in French and in English.
CALLED = [
    ("ventes", "sales"),
    ("vente", "sales"),
    ("ventes en ligne", "online sales"),
    ("livraisons", "deliveries"),
    ("expéditions", "shipments"),
    ("commandes", "orders"),
    ("production", "production"),
    ("fabrication", "manufacturing"),
    ("publicité", "advertising"),
    ("publicités", "advertisements"),
    ("investissements", "investments"),
    ("nouveaux investissements", "new investments"),
    ("exportations", "exports"),
    ("importations", "imports"),
    ("magasins", "shops"),
    ("magasins", "stores"),
    ("boutiques", "boutiques"),
    ("restaurants", "restaurants"),
    ("cafés", "cafés"),
    ("cafés", "cafes"),
    ("usines", "plants"),
    ("usines", "factories"),
    ("bureaux", "offices"),
    ("vols", "flights"),
    ("abonnements", "subscriptions"),
    ("paiements", "payments"),
    ("recrutements", "hiring"),
    ("nouveaux clients", "new customers"),
]
FRENCH, ENGLISH = ({}, {})
for french, english in CALLED:  # the first of several stands
    FRENCH.setdefault(english, french)
    ENGLISH.setdefault(french, english)


def in_both_languages(name: str, language: str) -> dict[str, str]:
    """“ventes” in “fr” → {"fr": "ventes", "en": "sales"}; "" where the other name isn't
    known by itself."""
    said = name.casefold()
    if language == "en":
        return {"fr": FRENCH.get(said, ""), "en": name}
    return {"fr": name, "en": ENGLISH.get(said, "")}


def meaning(words: str, company: str = "") -> frozenset[str]:
    """What a name of an activity says, folded: “l’accès à Prime Video” is “Prime Video”.

    The order of words makes no difference, so that “AWS new customers” is “new AWS
    customers”, and neither does the name of the company whose activity it is. A name of
    such words alone means these.
    """
    said = frozenset(tokens(words))
    return said - SMALL - {*tokens(company)} or said


def names_by_meaning(named: Iterable[tuple[Hashable, Iterable[str]]], company: str = "") -> dict:
    """Meaning of each name → what bears it; the first one, where several do."""
    known = {}
    for bearer, names in named:
        for name in filter(None, names):
            known.setdefault(meaning(name, company), bearer)
    return known
