"""Text as the archive keeps it: plain, NFC, paragraphs a blank line apart."""

import re
import unicodedata

# Bidirectional controls, and marks without width; they hide or reorder text.
BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
ZERO_WIDTH = frozenset("\u00ad\u200b\u2060\ufeff")
JOINERS = frozenset("\u200c\u200d")  # ZWNJ and ZWJ shape letters in Arabic, Persian, Hindi…
MAX_HEAPED = 30  # combining marks in a row; sorting more takes quadratic time
# Whether there is anything to remove: one quick look spares most texts a slow one. Control
# characters but the line feed, line and paragraph separators, lone surrogates, the above.
CONTROLS = r"\0-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff"
UNSEEN = re.compile(f"[{CONTROLS}{''.join(BIDI | ZERO_WIDTH)}]")
RARE = re.compile(f"[{CONTROLS}{''.join(BIDI | ZERO_WIDTH | JOINERS)}\u2028\u2029]")
# A combining mark is none of these; so many others in a row are worth the slow look. Half
# as many, since a mark may stand for two.
HEAP = re.compile(rf"[^\w\s!-~]{{{MAX_HEAPED // 2 + 1}}}")
BLANKS = re.compile(r"[ \n]{2,}|\n")
BLANK_LINES = re.compile(r"\n{3,}")
SUPPLIED = re.compile(r"\[[^\[\]]+\]")


def is_supplied(title):
    """Whether a title is ours, since the piece's own wasn't recorded: it stands in square
    brackets, as in library catalogues (ISBD)."""
    return SUPPLIED.fullmatch(title) is not None


def clean_line(text):
    """One line of text without control characters, runs of blanks made one."""
    return BLANKS.sub(" ", clean(text)).strip()


def clean(text):
    """`text` in NFC, without what can't be seen; letters and accents stay as they are.

    Removed: control characters but the line feed, lone surrogates, bidirectional
    controls, zero-width marks (a joiner between two letters stays), accents heaped on
    one letter beyond what Unicode's stream-safe format allows (UAX #15). Blank lines
    part paragraphs; blanks at the ends of lines are cut. Linear in the length.
    """
    if RARE.search(text):
        text = without_rare(text)
    if HEAP.search(text):
        text = without_heaps(unicodedata.normalize("NFC", without_heaps(text)))
    # Only now: what was removed may have stood between a letter and its accent.
    text = unicodedata.normalize("NFC", text)
    text = "\n".join(line.strip(" ") for line in text.split("\n")).strip("\n")
    return BLANK_LINES.sub("\n\n", text)


def without_rare(text):
    """`text` with line feeds alone between lines, without controls and stray joiners."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    text = text.replace("\u2028", "\n").replace("\u2029", "\n\n")
    text = UNSEEN.sub("", text)
    if JOINERS.isdisjoint(text):
        return text
    return "".join(
        mark
        for position, mark in enumerate(text)
        if mark not in JOINERS or joins(text[max(position - 1, 0) : position + 2])
    )


def joins(around):
    """Whether a joiner stands between two letters or marks; `around` are the three."""
    return len(around) == 3 and all(unicodedata.category(c)[0] in "LM" for c in around[::2])


def without_heaps(text):
    """`text` with at most MAX_HEAPED combining marks in a row."""
    kept, heaped = [], 0
    for mark in text:
        heaped = heaped + 1 if unicodedata.category(mark)[0] == "M" else 0
        if heaped <= MAX_HEAPED:
            kept.append(mark)
    return "".join(kept)


def paragraphs(body):
    """The paragraphs of a stored body as (is_subhead, text) pairs."""
    return [
        (part.startswith("## "), part.removeprefix("## "))
        for part in body.split("\n\n")
        if part.strip()
    ]
