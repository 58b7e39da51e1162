"""Markup from the wire: parsed safely, its blocks as plain text, its dates as moments."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz
from html.entities import name2codepoint

from django.utils.translation import gettext_noop as _
from lxml import etree

from articles.wire.item import NotAnArticle

LANG = "{http://www.w3.org/XML/1998/namespace}lang"
BLANKS = re.compile(r"[ \t\r\n]{2,}|[\t\r\n]")  # no-break spaces are typography and stay
MAX_MARKS = 300_000  # tags and attributes of one document, to keep its tree below 200 MB
REFERENCE = re.compile(r"&([^;&#\s]{1,100});")
TAG = re.compile(r"<(/?[A-Za-z][\w:.-]*)[^>]*(?:>|\Z)")
# A tag that every parser reads alike, with at most 100 attributes.
PLAIN_TAG = re.compile(
    r"""<[A-Za-z][\w:.-]{0,99}(?:(?:\s{1,999}|(?<=["']))[^\s=<>"'/]{1,999}(?:\s{0,99}=\s{0,99}"""
    r"""(?:"[^"]{0,20000}"|'[^']{0,20000}'|[^\s"'<>=`]{1,20000}))?){0,100}\s{0,99}/?>"""
)
PARSER = {
    "encoding": "utf-8",  # the text is decoded; what the declaration says no longer counts
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
UNDECLARED = re.compile(r"Namespace prefix \S+ for \S+ on \S+ is not defined")
MAX_UNDECLARED = 50  # in one document; of more, a parser keeps no full account
PREDEFINED = {"amp", "lt", "gt", "quot", "apos"}
# What XML 1.0 forbids; a stray control character in a wire is no reason to refuse it.
FORBIDDEN = re.compile(r"[\0-\x08\x0b\x0c\x0e-\x1f]")

PARAGRAPHS = frozenset("p address dt dd figcaption caption td th legend summary".split())
SUBHEADS = frozenset("h1 h2 h3 h4 h5 h6 hl1 hl2".split())
LISTS = frozenset(["ul", "ol", "menu"])
BOXES = frozenset(
    "body body.content block div section article main aside blockquote bq dl fn note "
    "figure form fieldset details center inlineXML html nitf".split()
)
BLOCKS = PARAGRAPHS | SUBHEADS | LISTS | BOXES | {"table", "pre", "tr", "li", "hedline"}
# Pictures have captions of their own, and the rest is no text.
LEFT_OUT = frozenset(
    "head header footer nav script style media figure img object embed iframe video audio "
    "noscript template svg canvas button select input colgroup col".split()
)
WRAPPED = range(45, 91)  # characters of a line that was broken for a teleprinter
OFFSETS = {
    0: "UT UTC GMT Z WET",
    1: "CET MET BST WEST",
    2: "CEST MEST EET",
    3: "EEST MSK",
    -3: "ADT",
    -4: "AST EDT",
    -5: "EST CDT",
    -6: "CST MDT",
    -7: "MST PDT",
    -8: "PST",
}  # hours from UTC; RFC 822 names the American zones
YEARS = range(1900, 2201)  # of dates in the news
MAX_DATE = 100  # characters
ZONES = {zone: hours for hours, zones in OFFSETS.items() for zone in zones.split()}


def parse(text):
    """The root element of the XML document `text`, its tags without their namespaces.

    Raises NotAnArticle as `document` does.
    """
    root = document(text)
    if "xmlns" not in text:
        return root
    for element in root.iter("{*}*"):
        element.tag = name(element)
    return root


def document(text):
    """The root element of the XML document `text`.

    Nothing is fetched, no entity is resolved, comments and processing instructions are
    left out. Raises NotAnArticle when the document is broken, is deeper than 256
    elements or uses an entity of its own. An attribute whose prefix isn't declared
    (`xsi:schemaLocation`, copied with its element) is no fault of the text's.
    """
    text = REFERENCE.sub(known_character, FORBIDDEN.sub("", text)).strip()
    if text.count("<") + text.count("=") > MAX_MARKS:
        raise NotAnArticle(_("XML with more than %(count)s tags and attributes"), count=MAX_MARKS)
    data, parser = text.encode("utf-8", "replace"), etree.XMLParser(**PARSER)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        if not only_undeclared(parser.error_log):
            said = _("broken XML, line %(line)s: %(error)s")
            raise NotAnArticle(said, **place_of(error)) from None
        root = etree.fromstring(data, etree.XMLParser(**PARSER, recover=True))
    if "<!ENTITY" in text:
        refuse_entities(root, text)
    if next(root.iter(etree.Entity), None) is not None:
        raise NotAnArticle(_("XML with an entity that it doesn't declare"))
    return root


def only_undeclared(log):
    """Whether a parser found fault with nothing but attributes' prefixes, and few of them."""
    return 0 < len(log) <= MAX_UNDECLARED and all(UNDECLARED.match(fault.message) for fault in log)


def known_character(reference):
    """HTML's names (`&nbsp;`) stand for their characters, though XML doesn't know them."""
    code = None if reference[1] in PREDEFINED else name2codepoint.get(reference[1])
    return chr(code) if code else reference[0]


def place_of(error):
    """The line, and what is wrong, in at most 180 characters."""
    line, _column = error.position
    return {"line": str(line), "error": BLANKS.sub(" ", error.msg or "empty")[:180]}


def refuse_entities(root, text):
    """Raise NotAnArticle when a general entity is declared and used, attributes included.

    Some agencies declare a parameter entity in their DOCTYPE, and never use it for text.
    """
    dtd = root.getroottree().docinfo.internalDTD
    declared = {entity.name for entity in dtd.iterentities()} if dtd is not None else set()
    used = set(REFERENCE.findall(text)) - PREDEFINED
    if declared & used:
        raise NotAnArticle(_("XML with entities of its own"))


def name(element):
    """The tag without its namespace; empty for comments and the like."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def words(element):
    """All text inside, as one line; empty for None."""
    if element is None:
        return ""
    if not len(element):
        return BLANKS.sub(" ", element.text or "").strip(" ")
    found = []
    flow(element, found)
    return " ".join(found).replace("\n", " ")


def blocks(*elements):
    """The text in `elements` as the archive keeps it, not yet cleaned.

    Paragraphs stand a blank line apart, "## " before a subhead; a list or a table is one
    paragraph with one row a line, cells parted by " | ". Pictures are left out.
    """
    found = []
    for element in elements:
        gather(element, found)
    return "\n\n".join(found)


def gather(element, found):
    """Append the paragraphs in `element` to `found`, a list of str."""
    tag = name(element)
    if tag in LEFT_OUT:
        return
    if tag in SUBHEADS:
        keep(found, "## ", words(element))
    elif tag in LISTS:
        keep(found, "", "\n".join(items(element)))
    elif tag == "table":
        keep(found, "", "\n".join(row for row in rows(element) if row.strip("| ")))
    elif tag == "pre":
        keep(found, "", "".join(element.itertext()).strip("\n"))
    else:
        flow(element, found)


def flow(element, found):
    """Append what stands in a paragraph or a box: text of its own, and blocks in between."""
    line = []
    walk(element, line, found)
    end(line, found)


def walk(element, line, found):
    """Add the pieces of text in `element` to `line`; a block ends the line and stands alone."""
    line.append(element.text or "")
    for child in element:
        tag = name(child)
        if tag == "br":
            line.append("\0")
        elif tag in BLOCKS:
            end(line, found)
            gather(child, found)
        elif tag and tag not in LEFT_OUT:
            walk(child, line, found)
        line.append(child.tail or "")


def end(line, found):
    """Append the pieces of one paragraph, its forced breaks as line feeds, and begin anew."""
    text = BLANKS.sub(" ", "".join(line)).strip(" ")
    line.clear()
    if "\0" in text:
        parts = [part.strip(" ") for part in text.split("\0")]
        wrapped = all(part and len(part) in WRAPPED for part in parts[:-1])
        text = (" " if wrapped else "\n").join(parts).strip("\n")
    keep(found, "", text)


def keep(found, mark, text):
    if text.strip():
        found.append(mark + text)


def items(element):
    """A list's items, each a line that begins with "- "; an inner list's follow theirs."""
    for item in element:
        found = []
        flow(item, found)
        if found:
            yield "\n".join(found) if name(item) in LISTS else "- " + "\n".join(found)


def rows(table):
    """A table's rows as `one | two | three`; a table inside a cell is part of the cell."""
    for row in table:
        if name(row) == "tr":
            yield " | ".join(words(cell) for cell in row if name(cell) in ("td", "th"))
        elif name(row) == "caption":
            yield words(row)
        else:
            yield from rows(row)


def moment(text):
    """An ISO 8601 date and time, basic or extended (`20220309T101500+0100`), in UTC.

    NewsML, NITF, ninjs and Atom (W3CDTF) write so. Without a zone it is taken as UTC, a
    day without an hour as its midnight, a month as its first day. None when it is none,
    and for years that no piece of news is of (YEARS).
    """
    return of_our_time(written(text))


def is_endless(text):
    """Whether a date lies so far ahead that it stands for no end (`9999-12-31`)."""
    found = written(text)
    return bool(found) and found.year > YEARS[-1]


def written(text):
    """The date and time that ISO 8601 writes as `text`, of any year; None when it is none."""
    text = (text or "").strip()[:MAX_DATE]
    if text.replace("-", "").isdigit() and len(text) in (4, 7):
        text = f"{text}-01-01"[:10]
    for said in (text, "".join(text.split())):
        try:
            return datetime.fromisoformat(said)
        except ValueError:
            continue
    return None


def of_our_time(found):
    """`found` in UTC, as which it is taken without a zone; None for years beyond YEARS.

    Databases and calendars end at other years, and an hour's shift at an end is no date.
    """
    if found is None or found.year not in YEARS:
        return None
    found = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    return found if found.year in YEARS else None


def mail_date(text):
    """A date as RFC 822 and RSS write it (`Wed, 09 Mar 2022 10:15:00 +0100`), in UTC.

    Without a zone it is taken as UTC; a zone's name that is not known gives None, as does
    what is no such date, or of no year in YEARS.
    """
    text = (text or "")[:MAX_DATE]
    parts = parsedate_tz(text)
    if parts is None:
        return None
    zone = text.split()[-1].upper()
    if zone.isalpha() and zone not in ZONES:
        return None
    try:
        offset = timedelta(hours=ZONES[zone]) if zone in ZONES else timedelta(seconds=parts[9] or 0)
        return of_our_time(datetime(*parts[:6], tzinfo=timezone(offset)))
    except (ValueError, OverflowError):
        return None


def few_attributes(text):
    """HTML without the attributes of tags that have too many, or that are ill-formed.

    libxml2 takes quadratic time for a tag with many: 20,000 of them take 10 seconds.
    """
    found, place = [], 0
    for tag in TAG.finditer(text):
        if tag.start() < place or PLAIN_TAG.match(text, tag.start()):
            continue
        found += [text[place : tag.start()], f"<{tag[1]}>"]
        place = tag.end()
    return "".join([*found, text[place:]])


def plain_blocks(text):
    """The paragraphs of plain text: parted by blank lines, else one a line."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n \t")
    lines = [line.strip(" \t") for line in text.split("\n")]
    if "" not in lines:
        return "\n\n".join(lines)
    found, line = [], []
    for part in [*lines, ""]:
        if part:
            line.append(part)
        else:
            keep(found, "", " ".join(line))
            line = []
    return "\n\n".join(found)
