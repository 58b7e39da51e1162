"""When two names of an activity mean the same. Needs no database."""

from collections.abc import Hashable, Iterable

from articles.search import tokens

# Words that tell no activity from another, in French and English.
SMALL = frozenset(
    tokens(
        "a à au aux de des du et en la le les leur leurs sa ses son sur un une vers pour "
        "an and for in its of on our the their to with "
        "accès access service services plateforme platform activité activités business"
    )
)


def meaning(words: str) -> frozenset[str]:
    """What a name of an activity says, folded: “l’accès à Prime Video” is “Prime Video”.

    The order of words makes no difference, so that “AWS new customers” is “new AWS
    customers”. A name of small words alone means these.
    """
    said = frozenset(tokens(words))
    return said - SMALL or said


def names_by_meaning(named: Iterable[tuple[Hashable, Iterable[str]]]) -> dict:
    """Meaning of each name → what bears it; the first one, where several do."""
    known = {}
    for bearer, names in named:
        for name in names:
            known.setdefault(meaning(name), bearer)
    return known
