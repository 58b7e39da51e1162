"""Company names found in a text, all of them in one pass. Needs no database.

Text and names are cut into the same folded words, so that accents, ligatures,
case, hyphens, apostrophes, French elision (*d'Amazon*) and the English
possessive (*Nike's*) make no difference, and a name never matches inside a word
(*Amazonie*). No regular expression; time grows with the text, not with the
number of names (Aho and Corasick, 1975).
"""

import unicodedata
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from functools import cached_property, lru_cache
from hashlib import sha256
from itertools import accumulate, compress, count
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from articles.search import Table, fold
from companies.contexts import context

RULES = 2  # counted up when the same names would be found otherwise
JOINING = frozenset(" \u00a0\u202f\u2009\n-\u2010\u2011'’ʼ`´‘＇")  # single marks within one name


def _shaped(mark):
    """A letter or digit folded, where that is one character, else as it is, like a
    combining mark; a blank for whatever parts words."""
    folded = fold(mark)
    letter = folded.isalnum() if folded else unicodedata.category(mark)[0] == "M"
    if not letter:
        return " "
    return folded if len(folded) == 1 else mark


def _western(byte):
    """The same for one byte of Windows-1252; one that has no place there stays."""
    mark = bytes([byte]).decode("cp1252", "replace")
    shaped = SHAPE[ord(mark)].encode("cp1252", "ignore")
    return shaped or bytes([byte])


SHAPE = Table(_shaped)  # a character for a character, so that places stay true
WESTERN = b"".join(map(_western, range(256)))
folded_word = lru_cache(maxsize=2**16)(fold)


def shape(text):
    """`text` folded as far as each character stays one, blanks between words.

    Nearly all of our texts fit into Windows-1252 but for one blank, and bytes go through
    a table at a multiple of the speed.
    """
    try:
        found = text.replace("\u202f", " ").encode("cp1252")
    except UnicodeEncodeError:
        return text.translate(SHAPE)
    return found.translate(WESTERN).decode("cp1252")


class Words:
    """The folded words of a text, with their places in Unicode code points of it.

    Folding may lengthen a word (œ → oe), so places are those of the words as they
    stand. What parts two words is looked at only where a name may run on.
    """

    def __init__(self, text: str):
        self.text = text
        self.pieces = shape(text).split(" ")  # empty between two marks in a row
        self.pieces_folded = [
            piece if piece.isascii() else folded_word(piece) for piece in self.pieces
        ]
        self.folded = [*filter(None, self.pieces_folded)]
        self.line = f" {' '.join(self.folded)} "

    @cached_property
    def _kept(self):
        return [*compress(count(), self.pieces_folded)]

    @cached_property
    def _ends(self):
        return [*accumulate(map(len, self.pieces))]

    def span(self, word: int) -> tuple[int, int]:
        """(start, end) of a word, without combining marks that begin no word."""
        piece = self._kept[word]
        end = self._ends[piece] + piece
        start = end - len(self.pieces[piece])
        while not folded_word(self.text[start]):
            start += 1
        return start, end

    def place(self, first: int, after: int) -> tuple[int, int]:
        """(start, end) of the words from `first` to the one before `after`."""
        start, end = self.span(first)
        return start, (end if after == first + 1 else self.span(after - 1)[1])

    def said(self, word: int) -> str:
        return self.text[slice(*self.span(word))]

    def gap(self, word: int) -> str:
        """What parts a word from the one before: "" where a name may run on."""
        between = self.text[self.span(word - 1)[1] : self.span(word)[0]]
        if len(between) == 1 and between in JOINING:
            return ""
        if between.isspace() and "\n\n" not in between:
            return ""
        return between.strip() or between

    def gaps(self, first: int, after: int) -> tuple[str, ...]:
        return tuple(map(self.gap, range(first + 1, after)))


class Names:
    """All names looked for. Each is (company, name, ambiguous).

    A name that several companies go by is found for each of them; one that is
    ambiguous for a company needs a context to find it. `stamp` tells whether two
    of these find the same.
    """

    def __init__(self, names: Iterable[tuple[Hashable, str, bool]]):
        names, forms = [*names], {}
        for company, name, ambiguous in names:
            parts = Words(name)
            size = len(parts.folded)
            if size:
                same_words = forms.setdefault(parts.line, (size, {}))[1]
                bearers = same_words.setdefault(parts.gaps(0, size), {})
                bearers[company] = bearers.get(company, False) or ambiguous
        self.forms = [*forms.values()]  # (number of words, {gaps: {company: ambiguous}})
        self.automaton = AhoCorasick([*forms])
        self.stamp = sha256(repr((RULES, sorted(map(repr, names)))).encode()).hexdigest()[:16]


class Found(NamedTuple):
    """Where a company is named, and what shows that it is meant.

    `places` are (start, end) pairs in Unicode code points of the text, `by` is the one
    of the name that decides. `reason`: "name" (one that isn't ambiguous), else what
    stands with an ambiguous one: "form", "ticker" or "near" (see companies.contexts).
    """

    places: list[tuple[int, int]]
    reason: str
    by: tuple[int, int]


class Hit(NamedTuple):
    first: int  # word
    after: int  # the word after the last
    place: tuple[int, int]
    bearers: dict[Hashable, bool]


def find(text: str, names: Names) -> dict[Hashable, Found]:
    """The companies that the text names.

    The longest name at a place wins and takes the place; it needs a capital, where
    its letters have any. An ambiguous name counts for a company that is named in the
    text beyond doubt: by another name, or by an ambiguous one in a context that
    decides. Else the next shorter name is tried.
    """
    parts = Words(text)
    hits = [*_hits(parts, names)]
    named = {}
    for hit in _taken(hits):
        for company in [c for c, ambiguous in hit.bearers.items() if not ambiguous]:
            named.setdefault(company, ("name", hit.place))
    for hit in _taken(hits):
        if hit.bearers.keys() - named.keys():
            reason = context(parts, hit.first, hit.after)
            for company in hit.bearers if reason else ():
                named.setdefault(company, (reason, hit.place))
    found = {}
    for hit in _taken(hits, named):
        for company, ambiguous in hit.bearers.items():
            if ambiguous and company not in named:
                continue
            if company not in found:
                found[company] = Found([], *named.get(company, ("name", hit.place)))
            found[company].places.append(hit.place)
    return found


def _hits(parts, names):
    """Every name with a capital, from left to right, the longest first at one place."""
    hits = names.automaton.find_matches_as_indexes(parts.line, overlapping=True)
    first = seen = 0
    for number, start, _end in sorted(hits, key=lambda hit: (hit[1], -hit[2])):
        first += parts.line.count(" ", seen, start)
        seen = start
        size, same_words = names.forms[number]
        after = first + size
        bearers = same_words.get(parts.gaps(first, after) if size > 1 else ())
        if bearers:
            place = parts.place(first, after)
            if _has_capital(parts.text[slice(*place)]):
                yield Hit(first, after, place, bearers)


def _taken(hits, named=None):
    """The hits that take their place; with `named`, of those that count alone."""
    free = 0  # the first word that none has taken yet
    for hit in hits:
        counts = named is None or any(not a or c in named for c, a in hit.bearers.items())
        if counts and hit.first >= free:
            free = hit.after
            yield hit


def _has_capital(text):
    lower = text.lower()
    return text != lower or lower == text.upper()


def guess_roles(
    found: Mapping[Hashable, Found], headline_end: int, lead_end: int
) -> dict[Hashable, str]:
    """A first guess at what each company is to the piece, as in `Mention.Role`.

    subject: named first in the headline, or in the headline and more often than that
    one; where the headline names nobody, the company named most often, and twice at
    least, if it is in the first paragraph. peer: another one of headline or first
    paragraph, or named three times. passing: the rest.
    """
    starts = {company: one.places[0][0] for company, one in found.items()}
    counts = Counter({company: len(one.places) for company, one in found.items()})
    head = sorted((c for c in found if starts[c] < headline_end), key=starts.get)
    if head:
        subjects = [head[0], *(c for c in head if counts[c] > counts[head[0]])]
    else:
        often = [c for c, count in counts.items() if count == max(2, *counts.values())]
        subjects = [c for c in often if starts[c] < lead_end]
    return {
        company: "subject"
        if company in subjects
        else "peer"
        if starts[company] < lead_end or counts[company] >= 3
        else "passing"
        for company in found
    }
