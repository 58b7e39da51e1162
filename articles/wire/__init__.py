"""Files from the wire, whatever their format, as items that the archive takes in."""

import re
from dataclasses import replace
from importlib import import_module

from django.utils.translation import gettext_noop as _

from articles.reasons import Reason
from articles.wire.charset import decode
from articles.wire.item import NotAnArticle, Status, WireItem
from articles.wire.language import language_of, normalised
from articles.wire.markup import parse
from articles.wire.unread import refuse_bytes, refuse_root, refuse_text

__all__ = ["MAX_BYTES", "NotAnArticle", "Status", "WireItem", "read"]

MAX_BYTES = 10_000_000  # of one file; a day of an agency's text is less

# Name of the root element → module that reads the document parsed.
XML_ROOTS = {
    "NewsML": "newsml1",
    "nitf": "nitf",
    **dict.fromkeys(["newsMessage", "newsItem", "packageItem", "conceptItem"], "newsml_g2"),
    **dict.fromkeys(["knowledgeItem", "planningItem", "catalogItem"], "newsml_g2"),
}
# Name of the first element → module that reads the text: on the web, much of it is no XML.
TEXT_ROOTS = {
    **dict.fromkeys(["rss", "rdf", "feed"], "feeds"),
    **dict.fromkeys("html head body article main div p h1 meta title script".split(), "html"),
}
BEFORE_ROOT = re.compile(r"\s*")
MOST_BEFORE = 100  # comments and the like before the first element
PROLOG = (("<!--", "-->"), ("<?", "?>"), ("<!", ">"))
DOCTYPE = re.compile(r"<!doctype\s+([\w.:-]+)", re.IGNORECASE)
NAME = re.compile(r"<([A-Za-z_][\w.:-]*)")


def read(data: bytes) -> list[WireItem | NotAnArticle]:
    """The pieces in one file; its content decides on the reader, never its name.

    A piece that can't be read leaves a NotAnArticle in its place, with its id and the
    reason. Raises NotAnArticle when none can be read.
    """
    if len(data) > MAX_BYTES:
        raise NotAnArticle(_("larger than %(size)s MB"), size=MAX_BYTES // 1_000_000)
    refuse_bytes(data)
    items = _read(decode(data))
    refusals = [item for item in items if isinstance(item, NotAnArticle)]
    if len(refusals) == len(items):
        raise NotAnArticle(_summed_up(refusals))
    return [item if isinstance(item, NotAnArticle) else _in_a_language(item) for item in items]


def _read(text):
    start = text.lstrip()[:1]
    if not start:
        raise NotAnArticle(_("empty"))
    if start in "{[":
        return _reader("ninjs")(text)
    if start != "<":
        refuse_text(text)
        return _reader("plain_text")(text)
    root = first_element(text)
    if root.lower() in TEXT_ROOTS:
        return _reader(TEXT_ROOTS[root.lower()])(text)
    if root not in XML_ROOTS:
        refuse_root(root)
    return _reader(XML_ROOTS[root])(parse(text))


def _reader(module):
    """The function that reads a format, its module loaded on first use.

    trafilatura alone takes half a second, which not every process should wait for.
    """
    return import_module(f"articles.wire.{module}").read


def first_element(text: str) -> str:
    """The name of a document's first element, without its prefix; "html" after its doctype.

    Comments, processing instructions and another doctype are passed over. Raises
    NotAnArticle for a document that ends, or goes on as text, before its first element.
    """
    place = 0
    for _place in range(MOST_BEFORE):
        place = BEFORE_ROOT.match(text, place).end()
        doctype = DOCTYPE.match(text, place)
        if doctype and doctype[1].lower() == "html":
            return "html"
        if name := NAME.match(text, place):
            return name[1].rpartition(":")[2]
        place = _end_of_prolog(text, place, doctype)
    raise NotAnArticle(_("markup without an element near its beginning"))


def _end_of_prolog(text, place, doctype):
    """The place after the comment, instruction or doctype that begins at `place`."""
    if doctype and -1 < text.find("[", place) < text.find(">", place):
        place = text.find("]", place)  # its own declarations
        end = text.find(">", place) if place >= 0 else -1
        closing = ">"
    else:
        closing = next((shut for begun, shut in PROLOG if text.startswith(begun, place)), "")
        end = text.find(closing, place + 2) if closing else -1
    if end < 0:
        raise NotAnArticle(_("markup without an element"))
    return end + len(closing)


def _in_a_language(item):
    """`item` with its language in BCP 47: as it declares, else as its words show."""
    said = normalised(item.language) or language_of(
        f"{item.headline}\n{item.standfirst}\n{item.body}"
    )
    return item if said == item.language else replace(item, language=said)


def _summed_up(refusals):
    if not refusals:
        return Reason(_("nothing in it"))
    first = refusals[0].reason
    if len(refusals) == 1:
        return first
    said = _("none of %(count)s pieces can be read; the first: %(reason)s")
    return Reason(said, count=len(refusals), reason=first)
