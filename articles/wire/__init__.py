"""Files from the wire, whatever their format, as items that the archive takes in."""

import re
from dataclasses import replace

from articles.wire import feeds, html, newsml1, newsml_g2, ninjs, nitf, plain_text
from articles.wire.charset import decode
from articles.wire.item import NotAnArticle, Status, WireItem
from articles.wire.language import language_of, normalised
from articles.wire.markup import parse
from articles.wire.unread import refuse_bytes, refuse_root, refuse_text

__all__ = ["MAX_BYTES", "NotAnArticle", "Status", "WireItem", "read"]

MAX_BYTES = 10_000_000  # of one file; a day of an agency's text is less

NEWSML_G2 = (
    *("newsMessage", "newsItem", "packageItem", "conceptItem", "knowledgeItem", "planningItem"),
    *("catalogItem", "itemSet", "anyItem"),
)
# Name of the root element → reader of the document parsed.
XML_ROOTS = {
    "NewsML": newsml1.read,
    "nitf": nitf.read,
    **dict.fromkeys(NEWSML_G2, newsml_g2.read),
}
# Name of the first element → reader of the text: on the web, much of it is no well-formed XML.
TEXT_ROOTS = {
    **dict.fromkeys(["rss", "RDF", "feed"], feeds.read),
    **dict.fromkeys("html head body article main div p h1 meta title script".split(), html.read),
}
BEFORE_ROOT = re.compile(r"\s*")
DOCTYPE = re.compile(r"<!doctype\s+([\w.:-]+)", re.IGNORECASE)
NAME = re.compile(r"<([A-Za-z_][\w.:-]*)")


def read(data: bytes) -> list[WireItem | NotAnArticle]:
    """The pieces in one file; its content decides on the reader, never its name.

    A piece that can't be read leaves a NotAnArticle in its place, with its id and the
    reason. Raises NotAnArticle when none can be read.
    """
    if len(data) > MAX_BYTES:
        raise NotAnArticle(f"larger than {MAX_BYTES // 1_000_000} MB")
    refuse_bytes(data)
    items = _read(decode(data))
    refusals = [item for item in items if isinstance(item, NotAnArticle)]
    if len(refusals) == len(items):
        raise NotAnArticle(_summed_up(refusals))
    return [item if isinstance(item, NotAnArticle) else _in_a_language(item) for item in items]


def _read(text):
    start = text[:1000].lstrip()[:1] or text.lstrip()[:1]
    if not start:
        raise NotAnArticle("empty")
    if start in "{[":
        return ninjs.read(text)
    if start != "<":
        refuse_text(text)
        return plain_text.read(text)
    root = first_element(text)
    if root in TEXT_ROOTS:
        return TEXT_ROOTS[root](text)
    if root not in XML_ROOTS:
        refuse_root(root)
    return XML_ROOTS[root](parse(text))


def first_element(text: str) -> str:
    """The name of a document's first element, without its prefix; "html" after its doctype.

    Comments, processing instructions and another doctype are passed over. Raises
    NotAnArticle for a document that ends, or goes on as text, before its first element.
    """
    place = 0
    while True:
        place = BEFORE_ROOT.match(text, place).end()
        doctype = DOCTYPE.match(text, place)
        if doctype and doctype[1].lower() == "html":
            return "html"
        if name := NAME.match(text, place):
            name = name[1].rpartition(":")[2]
            return name.lower() if name.lower() in TEXT_ROOTS else name
        place = _end_of_prolog(text, place, doctype)


def _end_of_prolog(text, place, doctype):
    """The place after the comment, instruction or doctype that begins at `place`."""
    opening, closing = next(
        (
            (a, b)
            for a, b in (("<!--", "-->"), ("<?", "?>"), ("<!", ">"))
            if text.startswith(a, place)
        ),
        ("", ""),
    )
    if doctype:
        subset, end = text.find("[", place), text.find(">", place)
        if -1 < subset < end:
            place = text.find("]", place)
    found = text.find(closing, place + len(opening)) if opening and place >= 0 else -1
    if found < 0:
        raise NotAnArticle("markup without an element")
    return found + len(closing)


def _in_a_language(item):
    """`item` with its language in BCP 47: as it declares, else as its words show."""
    words = f"{item.headline}\n{item.standfirst}\n{item.body}"
    said = normalised(item.language) or language_of(words)
    return item if said == item.language else replace(item, language=said)


def _summed_up(refusals):
    if len(refusals) < 2:
        return str(*refusals) or "nothing in it"
    return f"none of {len(refusals)} pieces can be read; the first: {refusals[0]}"
