"""What a piece's own terms of use mean for this archive. Needs no database.

An archive shows pieces for years. Terms that let a piece be used once, or not kept,
forbid that, whatever the agreement with the publisher is. Where words may be read in
two ways, they forbid: an editor can clear the piece, nobody can take it back.
"""

import re

from articles.models.publisher import Publisher, Rights
from articles.search import fold
from articles.wire.item import WireItem

# Words of agencies' terms, folded.
ONCE = ("single use", "one-time use", "one time use", "usage unique", "utilisation unique")
NEVER = ("not for publication", "not for use", "do not use", "ne pas diffuser", "ne pas publier")
NEGATION = frozenset(
    "no not non never without prohibited forbidden pas sans jamais interdit interdite interdits "
    "interdites kein keine keinerlei".split()
)
NEAR = 4  # words between a negation and the archive that it speaks of
SENTENCE = re.compile(r"[.;:!\n]")
WORD = re.compile(r"\w+")


def forbids_archive(text: str) -> bool:
    """Whether a sentence denies archives: “No archival use” (AFP), “no archives” (AP)."""
    for sentence in SENTENCE.split(fold(text)):
        words = WORD.findall(sentence)
        for place, word in enumerate(words):
            around = words[max(0, place - NEAR) : place + NEAR + 1]
            if word.startswith("archiv") and NEGATION & set(around):
                return True
    return False


def forbids(terms: str) -> bool:
    """Whether terms of use forbid to keep a piece on show."""
    folded = " ".join(fold(terms.replace("’", "'")).split())
    return forbids_archive(terms) or any(words in folded for words in ONCE + NEVER)


def rights_of(item: WireItem, publisher: Publisher) -> Rights:
    """The rights of a piece as it arrives: forbidden where its terms say so, or its notes
    deny archives, else what the agreement with its publisher says."""
    notes = f"{item.editors_note}\n{item.copyright_holder}"
    forbidden = forbids(item.usage_terms) or forbids_archive(notes)
    return Rights.FORBIDDEN if forbidden else Rights(publisher.rights)
