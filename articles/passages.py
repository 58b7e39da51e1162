"""A quotation and its place in a text."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

CONTEXT = 32  # characters kept on either side

# One character for one, so that positions stay true: blanks, apostrophes, quotation marks.
ALIKE = str.maketrans(
    {
        **dict.fromkeys("\u00a0\u202f\u2009\n", " "),
        **dict.fromkeys("’‘ʼ", "'"),
        **dict.fromkeys("«»“”„", '"'),
    }
)


class NotFound(ValueError):
    """The passage doesn't stand in the text, or stands there more than once."""


@dataclass(frozen=True)
class Place:
    """A passage as W3C's TextQuote and TextPosition selectors name it; offsets in code points."""

    start: int
    exact: str
    prefix: str
    suffix: str


def locate(body, words):
    """Where `words` stand in `body`: exactly, else but for blanks, apostrophes and quotes.

    Raises NotFound when they stand nowhere, or in more than one place.
    """
    words = words.strip()
    for text, wanted in ((body, words), (body.translate(ALIKE), words.translate(ALIKE))):
        start = text.find(wanted) if wanted else -1
        if start < 0:
            continue
        if text.find(wanted, start + 1) >= 0:
            raise NotFound(
                _("These words stand in the text more than once; take in some words around them.")
            )
        end = start + len(wanted)
        return Place(
            start, body[start:end], body[max(0, start - CONTEXT) : start], body[end : end + CONTEXT]
        )
    raise NotFound(_("These words don't stand in the text of that version; copy them from it."))
