"""A text cut into words, sentences and quotations, each once from left to right."""

import re
from bisect import bisect_left, bisect_right
from functools import cached_property
from typing import NamedTuple

# A hyphen is no letter and a mark no blank, so that nothing is ever tried twice. Apostrophes
# part words and are none themselves; of a blank line, one line feed counts.
TOKEN = re.compile(r"\w+(?:[-\u2010\u2011]\w+)*|\n(?=\n)|[^\w\s'’ʼ`´‘＇]")
OPENING, CLOSING = frozenset("«“„"), frozenset("»”")
STOPS = frozenset(".?!…")
SHORT = frozenset(
    "m mm mme mlle dr st ste mr mrs ms messrs prof gen sen rep gov col lt sgt jr sr mt "
    "av env cf art vol p pp no fig vs ca approx jan feb febr aug sept oct nov dec".split()
)
FORMS = frozenset("inc corp co ltd cie bros llc plc s a u v n e g i".split())
OPENERS = frozenset(
    "le la les l un une il elle ils elles ce cette ces en dans mais pour selon après depuis nous "
    "on "
    "the it they we he she this these that in on but for after since our its their a an".split()
)


class Sentence(NamedTuple):
    first: int  # word
    after: int  # the word after the last
    subheading: bool


class Text:
    """The words and marks of a text, with their places in code points of it.

    Apostrophes part words and are no words themselves (*l’accès* is two).
    `words` are in lower case with their accents, since *suspendu* and *quitté* need them;
    a blank line is the word "\\n".
    """

    def __init__(self, text: str):
        self.text = text
        self.spoken = TOKEN.findall(text)
        self.words = [*map(str.lower, self.spoken)]

    @cached_property
    def _spans(self):
        return [match.span() for match in TOKEN.finditer(self.text)]

    @cached_property
    def starts(self) -> list[int]:
        return [start for start, _end in self._spans]

    @cached_property
    def ends(self) -> list[int]:
        return [end for _start, end in self._spans]

    def said(self, first: int, after: int) -> str:
        """The text from the word `first` to the one before `after`."""
        return self.text[self.starts[first] : self.ends[after - 1]] if after > first else ""

    def has_capital(self, word: int) -> bool:
        return self.spoken[word][0].isupper()

    def word_at(self, place: int) -> int:
        """The word that begins at a place of the text, or the next one."""
        return bisect_left(self.starts, place)

    @cached_property
    def _paragraphs(self):
        return [0, *(word + 1 for word, said in enumerate(self.words) if said == "\n")]

    def paragraph_of(self, word: int) -> int:
        """The first word of the paragraph that a word stands in."""
        return self._paragraphs[bisect_right(self._paragraphs, word) - 1]

    @cached_property
    def quotations(self) -> list[int]:
        """For each word the number of the quotation it stands in, 0 outside.

        A quotation ends with its paragraph at the latest; one within another is a part of it.
        """
        found, depth, straight, number = [], 0, False, 0
        for word in self.words:
            if word == "\n":
                depth, straight = 0, False
            elif word in OPENING or (word == '"' and not straight):
                number += not (depth or straight)
                depth += word in OPENING
                straight = straight or word == '"'
            elif word in CLOSING or word == '"':
                found.append(number if depth or straight else 0)
                depth -= word in CLOSING and depth > 0
                straight = straight and word != '"'
                continue
            found.append(number if depth or straight else 0)
        return found

    @cached_property
    def sentences(self) -> list[Sentence]:
        """All sentences in order. A blank line ends one, "## " begins a subheading."""
        found, first, size = [], 0, len(self.words)
        word = 0
        while word < size:
            mark = self.words[word]
            word += 1
            if mark == "\n":
                self._add(found, first, word - 1)
                first = word
            elif mark in STOPS:
                while word < size and self.words[word] in STOPS:
                    word += 1
                if self._ends(word - 1):
                    while word < size and self._closes(word):
                        word += 1
                    self._add(found, first, word)
                    first = word
        self._add(found, first, size)
        return found

    def _add(self, found, first, after):
        if after > first:
            hashes = self.words[first : first + 2] == ["#", "#"]
            found.append(Sentence(first, after, hashes))

    def _ends(self, stop):
        """Whether the stop at this word ends a sentence."""
        after = stop + 1
        while after < len(self.words) and self._closes(after):
            after += 1
        if after >= len(self.words) or self.words[after] == "\n":
            return True
        if self.starts[after] == self.ends[after - 1]:
            return False  # 10.000, Amazon.com
        if self.spoken[after][0].islower():
            return False
        before = self.words[stop - 1] if stop else ""
        if self.words[stop] != "." or not self._stands_before(stop):
            return True
        if before in SHORT:
            return before in ("no", "art", "st") and self.words[after] in OPENERS
        initial = len(before) == 1 and before.isalpha()
        if before in FORMS or initial:
            return self.words[after] in OPENERS
        return True

    def _stands_before(self, stop):
        return stop and self.ends[stop - 1] == self.starts[stop]

    def _closes(self, word):
        """Whether a mark belongs to the sentence that has just ended."""
        mark = self.words[word]
        if mark in CLOSING or mark in ")]":
            return True
        # A straight one closes what stands right before it, with French blanks in between.
        return mark == '"' and self.quotations[word] > 0 and self._second(word)

    def _second(self, word):
        """Whether the straight quotation mark is a closing one."""
        return word > 0 and self.quotations[word - 1] == self.quotations[word]
