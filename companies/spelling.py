"""How a name may be typed: the same letters, or letters much like its own (did you mean)."""

from collections.abc import Iterable
from functools import reduce
from math import ceil
from operator import add, or_

from django.db.models import Case, F, QuerySet, Value, When
from django.db.models.functions import Greatest, StrIndex
from django.db.models.lookups import GreaterThan

from articles.fields import DerivedCharField
from articles.search import LETTERS
from companies.trackers.names import key

ENOUGH = 0.3  # of the letters in threes, as Jaccard counts them; pg_trgm's own threshold
MOST = 3  # names
LONG = 4  # letters of a word that may be a name by itself
FOLDED = 300  # characters
WORDS = 4  # of which a name is made, or that are looked at by themselves
TYPED = 30  # letters of each that are looked at


def folded(name: str) -> str:
    """The letters and digits of a name, folded, without blanks: *Coca-Cola* and *coca cola*
    are one, *L’Oréal* and *loreal*, *H&M* and *H and M*."""
    return key(name).replace(" ", "")[:FOLDED]


class FoldedField(DerivedCharField):
    """The letters of a name beside it. `derive` returns them."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"max_length": FOLDED, "default": "", "db_index": True, **kwargs})


def trigrams(text: str) -> set[str]:
    """The folded letters in threes, with two blanks before each word and one after it, as
    PostgreSQL's pg_trgm has them."""
    found = set()
    for word in text.translate(LETTERS).replace("'", "").split():
        padded = f"  {word} "
        found |= {padded[n : n + 3] for n in range(len(padded) - 2)}
    return found


def _said(words):
    """What may be a name: all that was typed, where that is no sentence, and each long word."""
    typed = words.split()
    whole = [" ".join(typed)] if len(typed) <= WORDS else []
    long = [word for word in typed if len(word) >= LONG][:WORDS]
    return list(dict.fromkeys(said[:TYPED] for said in [*whole, *long]))


def nearest(words: str, names: Iterable[str], most: int = MOST) -> list[str]:
    """The names that are written much like `words`, or like one of them, the nearest first."""
    asked = [letters for letters in map(trigrams, _said(words)) if letters]
    if not asked:
        return []
    found = []
    for name in names:
        letters = trigrams(name)
        share = max(len(one & letters) / len(one | letters) for one in asked)
        if share >= ENOUGH:
            found.append((-share, name))
    return [name for _share, name in sorted(found)[:most]]


def alike(rows: QuerySet, words: str) -> QuerySet:
    """Of rows with a `folded` name those that may be near `words`, the likeliest first.

    The database counts which of the typed letters in threes a name holds: a walk through
    all names, which are short, in its own speed and the same on both databases.
    """
    shares, enough = [], []
    for said in _said(words):
        letters = folded(said)
        threes = {letters[n : n + 3] for n in range(len(letters) - 2)}
        if threes:
            held = reduce(add, (_holds(three) for three in sorted(threes)))
            shares.append(held * Value(100 // len(threes)))
            enough.append(GreaterThan(held, ceil(ENOUGH * len(threes)) - 1))
    if not shares:
        return rows.none()
    best = Greatest(*shares) if len(shares) > 1 else shares[0]
    return rows.filter(reduce(or_, enough)).order_by(best.desc(), "pk")


def _holds(three):
    there = GreaterThan(StrIndex(F("folded"), Value(three)), 0)
    return Case(When(there, then=Value(1)), default=Value(0))
