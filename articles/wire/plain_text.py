"""The plain-text layout of news pages: headline, blank line, picture line, paragraphs.

The picture line (`caption - CREDIT - AGENCY`) may be missing. Each paragraph is
one line; a short line that doesn't end like a sentence is a subhead.
"""

from django.utils.translation import gettext_noop as _

from articles.text import clean, clean_line
from articles.wire.item import MAX_TEXT, NotAnArticle, WireItem
from articles.wire.pieces import piece

HEADLINE = 1000  # characters at most; a longer first line is a paragraph
SUBHEAD = 150  # characters at most
CREDIT = 80  # characters at most, of each part
SENTENCE_ENDS = (".", "!", "…", ":", ";", ",")
CLOSING = "\"'”’») \u00a0\u202f"


def read(text: str) -> list[WireItem]:
    """The one piece that `text` is. Raises NotAnArticle with the reason."""
    if len(text) > MAX_TEXT:
        raise NotAnArticle(_("a text of more than %(count)s characters"), count=MAX_TEXT)
    headline, blank, *lines = [*clean(text).split("\n"), ""]
    lines = [clean_line(line) for line in lines if line.strip()]
    if len(headline) > HEADLINE:
        raise NotAnArticle(_("no headline: the first line is a paragraph"))
    if blank.strip():
        raise NotAnArticle(_("no blank line after the headline"))
    if not lines:
        raise NotAnArticle(_("a headline without text"))
    caption, credit = picture(lines[0])
    if credit and len(lines) > 1:
        lines = lines[1:]
    else:
        caption, credit = "", ""
    last = len(lines) - 1
    body = "\n\n".join(
        f"## {line}" if place < last and is_subhead(line) else line
        for place, line in enumerate(lines)
    )
    return [piece(headline=headline, body=body, image_caption=caption, image_credit=credit)]


def picture(line: str) -> tuple[str, str]:
    """Caption and credit of a picture line; ("", "") when it is none."""
    caption, *credits = line.rsplit(" - ", 2)
    if not credits or line.endswith((*SENTENCE_ENDS, "?")):
        return "", ""
    if any(len(credit) > CREDIT for credit in credits):
        return "", ""
    return caption, " - ".join(credits)


def is_subhead(line: str) -> bool:
    """Whether a line between paragraphs heads the next one; a question may."""
    return len(line) <= SUBHEAD and not line.rstrip(CLOSING).endswith(SENTENCE_ENDS)
