"""Text as the archive keeps it: plain, NFC, paragraphs a blank line apart."""

import re
import unicodedata

# Bidirectional controls, and marks without width; they hide or reorder text.
BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
ZERO_WIDTH = frozenset("\u00ad\u200b\u2060\ufeff")
JOINERS = frozenset("\u200c\u200d")  # ZWNJ and ZWJ shape letters in Arabic, Persian, Hindi…
MAX_HEAPED = 30  # combining marks in a row; sorting more takes quadratic time
REMOVED = dict.fromkeys(map(ord, BIDI | ZERO_WIDTH))


def clean_line(text):
    """One line of text without control characters, runs of blanks made one."""
    return re.sub(r"[ \n]+", " ", clean(text)).strip()


def clean(text):
    """`text` in NFC, without what can't be seen; letters and accents stay as they are.

    Removed: control characters but the line feed, lone surrogates, bidirectional
    controls, zero-width marks (a joiner between two letters stays), accents heaped on
    one letter beyond what Unicode's stream-safe format allows (UAX #15). Blank lines
    part paragraphs; blanks at the ends of lines are cut. Linear in the length.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    text = text.replace("\u2028", "\n").replace("\u2029", "\n\n").translate(REMOVED)
    kept, heaped = [], 0
    for position, mark in enumerate(text):
        category = unicodedata.category(mark)
        heaped = heaped + 1 if unicodedata.combining(mark) else 0
        if mark in JOINERS:
            around = text[position - 1 : position] + text[position + 1 : position + 2]
            if len(around) == 2 and all(unicodedata.category(c)[0] in "LM" for c in around):
                kept.append(mark)
        elif mark == "\n" or (category not in ("Cc", "Cs") and heaped <= MAX_HEAPED):
            kept.append(mark)
    # Only now: what was removed may have stood between a letter and its accent.
    text = unicodedata.normalize("NFC", "".join(kept))
    lines = "\n".join(line.strip(" ") for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip("\n")


def paragraphs(body):
    """The paragraphs of a stored body as (is_subhead, text) pairs."""
    return [
        (part.startswith("## "), part.removeprefix("## "))
        for part in body.split("\n\n")
        if part.strip()
    ]
