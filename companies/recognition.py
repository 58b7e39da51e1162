"""Company names found in a text. Needs no database.

Text and names are cut into the same folded words, so that accents, ligatures,
case, hyphens, apostrophes, French elision (*d'Amazon*) and the English
possessive (*Nike's*) make no difference, and a name never matches inside a word
(*Amazonie*). No regular expression; time grows with the text, not with the
number of names.
"""

import unicodedata
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from articles.search import fold

JOINING = frozenset(" \u00a0\u202f\u2009\n-\u2010\u2011'’ʼ`´‘＇")  # single marks within one name
END = None  # the key under which a node of the tree keeps the companies so named


@dataclass(frozen=True)
class Word:
    text: str  # folded
    start: int
    end: int
    gap: str  # what parts it from the word before: "" where a name may run on


def words(text: str) -> list[Word]:
    """The folded words of `text`, with their places in Unicode code points of `text`."""
    found, letters, start, end = [], [], 0, 0
    for place, mark in enumerate(text + " "):
        letter = _folded(mark)
        if letter is None:
            if letters:
                gap = _gap(text[found[-1].end if found else 0 : start])
                found.append(Word("".join(letters), start, end, gap))
                letters = []
        elif letter or letters:  # a combining mark alone begins no word
            if not letters:
                start = place
            letters.append(letter)
            end = place + 1
    return found


@lru_cache(maxsize=4096)
def _folded(mark):
    """The letters or digits that one character stands for; "" for a combining mark,
    None for whatever parts words."""
    folded = fold(mark)
    if folded:
        return folded if folded.isalnum() else None
    return "" if unicodedata.category(mark)[0] == "M" else None


def _gap(between):
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
            node, parts = self.tree, words(name)
            for number, word in enumerate(parts):
                for step in (word.gap, word.text) if number else (word.text,):
                    node = node.setdefault(step, {})
            if parts:
                bearers = node.setdefault(END, {})
                bearers[company] = bearers.get(company, False) or ambiguous


def find(text: str, names: Names) -> dict[Hashable, list[tuple[int, int]]]:
    """Where each company is named: (start, end) pairs in Unicode code points of `text`.

    The longest name at a place wins and takes the place; it needs a capital, where
    its letters have any. A place with an ambiguous name counts for a company that
    a plain name finds elsewhere in the text, else the next shorter name is tried.
    """
    parts = words(text)
    plain = {
        company
        for _start, _end, bearers in _matches(text, parts, names, None)
        for company, ambiguous in bearers.items()
        if not ambiguous
    }
    found = {}
    for start, end, bearers in _matches(text, parts, names, plain):
        for company, ambiguous in bearers.items():
            if not ambiguous or company in plain:
                found.setdefault(company, []).append((start, end))
    return found


def _matches(text, parts, names, plain):
    """(start, end, bearers) from left to right; with `plain`, names that count alone."""
    first = 0
    while first < len(parts):
        for last, bearers in reversed(_names_at(parts, first, names)):
            start, end = parts[first].start, parts[last].end
            counts = plain is None or any(not a or c in plain for c, a in bearers.items())
            if counts and _has_capital(text[start:end]):
                yield start, end, bearers
                first = last
                break
        first += 1


def _names_at(parts, first, names):
    """(last word, bearers) of the names that begin with word `first`, shortest first."""
    found, node = [], names.tree.get(parts[first].text)
    last = first
    while node:
        if END in node:
            found.append((last, node[END]))
        last += 1
        if last == len(parts):
            break
        node = node.get(parts[last].gap, {}).get(parts[last].text)
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
