"""Company names found in a text. Needs no database.

Text and names are cut into the same folded words, so that accents, ligatures,
case, hyphens, apostrophes, French elision (*d'Amazon*) and the English
possessive (*Nike's*) make no difference, and a name never matches inside a word
(*Amazonie*). No regular expression; time grows with the text, not with the
number of names.
"""

import unicodedata
from collections.abc import Hashable, Iterable
from functools import cached_property, lru_cache

from articles.search import Table, fold

JOINING = frozenset(" \u00a0\u202f\u2009\n-\u2010\u2011'’ʼ`´‘＇")  # single marks within one name
END = None  # the key under which a node of the tree keeps the companies so named


def _stays(mark):
    """A letter, a digit or a combining mark as it is; a blank for whatever parts words."""
    folded = fold(mark)
    letter = folded.isalnum() if folded else unicodedata.category(mark)[0] == "M"
    return mark if letter else " "


SHAPE = Table(_stays)  # a character for a character, so that places stay true
folded_word = lru_cache(maxsize=2**16)(fold)


class Words:
    """The folded words of a text, with their places in Unicode code points of it.

    What stands between two of them is looked at only where a name may run on.
    """

    def __init__(self, text: str):
        self.text, self.shape = text, text.translate(SHAPE)
        self.folded = [*filter(None, map(folded_word, self.shape.split()))]

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """(start, end) of each word; worked out for texts alone that may name somebody."""
        found, end = [], 0
        for word in self.shape.split():
            start = self.shape.index(word, end)
            end = start + len(word)
            if not folded_word(word):
                continue  # combining marks alone
            while not folded_word(self.text[start]):
                start += 1  # they begin no word
            found.append((start, end))
        return found

    def gap(self, place: int) -> str:
        """What parts a word from the one before: "" where a name may run on."""
        between = self.text[self.spans[place - 1][1] : self.spans[place][0]]
        if len(between) == 1 and between in JOINING:
            return ""
        if between.isspace() and "\n\n" not in between:
            return ""
        return between.strip() or between


class Names:
    """All names looked for, as a tree of words. Each is (company, name, ambiguous).

    A name that several companies go by is found for each of them; one that is
    ambiguous for a company is not enough to find it.
    """

    def __init__(self, names: Iterable[tuple[Hashable, str, bool]]):
        self.tree = {}
        for company, name, ambiguous in names:
            node, parts = self.tree, Words(name)
            for place, word in enumerate(parts.folded):
                for step in (parts.gap(place), word) if place else (word,):
                    node = node.setdefault(step, {})
            if parts.folded:
                bearers = node.setdefault(END, {})
                bearers[company] = bearers.get(company, False) or ambiguous


def find(text: str, names: Names) -> dict[Hashable, list[tuple[int, int]]]:
    """Where each company is named: (start, end) pairs in Unicode code points of `text`.

    The longest name at a place wins and takes the place; it needs a capital, where
    its letters have any. A place with an ambiguous name counts for a company that
    a plain name finds elsewhere in the text, else the next shorter name is tried.
    """
    parts = Words(text)
    plain = {
        company
        for _start, _end, bearers in _matches(parts, names, None)
        for company, ambiguous in bearers.items()
        if not ambiguous
    }
    found = {}
    for start, end, bearers in _matches(parts, names, plain):
        for company, ambiguous in bearers.items():
            if not ambiguous or company in plain:
                found.setdefault(company, []).append((start, end))
    return found


def _matches(parts, names, plain):
    """(start, end, bearers) from left to right; with `plain`, names that count alone."""
    free = 0  # the first word that no match has taken yet
    for first in [place for place, word in enumerate(parts.folded) if word in names.tree]:
        if first < free:
            continue
        for last, bearers in reversed(_names_at(parts, first, names)):
            start, end = parts.spans[first][0], parts.spans[last][1]
            counts = plain is None or any(not a or c in plain for c, a in bearers.items())
            if counts and _has_capital(parts.text[start:end]):
                yield start, end, bearers
                free = last + 1
                break


def _names_at(parts, first, names):
    """(last word, bearers) of the names that begin with word `first`, shortest first."""
    found, node = [], names.tree.get(parts.folded[first])
    last = first
    while node:
        if END in node:
            found.append((last, node[END]))
        last += 1
        if last == len(parts.folded):
            break
        node = node.get(parts.gap(last), {}).get(parts.folded[last])
    return found


def _has_capital(text):
    return any(c.isupper() for c in text) or text.lower() == text.upper()


def guess_role(places, headline_end: int, lead_end: int, first_named: bool) -> str:
    """A first guess at what a company is to the piece, by where it is named.

    `first_named`: no other company is named before it in the headline. Its role is
    that of `Mention.Role`: subject, peer (headline or first paragraph), passing.
    """
    start = places[0][0]
    if start < headline_end:
        return "subject" if first_named else "peer"
    return "peer" if start < lead_end else "passing"
