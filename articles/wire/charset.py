"""Bytes from the wire as text; what can't be told apart surely is refused, never garbled."""

import codecs
import re

from charset_normalizer import from_bytes
from django.utils.translation import gettext_noop as _

from articles.wire.item import NotAnArticle

MARKS = (  # byte order marks; that of UTF-32 begins with that of UTF-16
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
HEAD = 2048  # bytes in which a declaration stands
XML_DECLARATION = re.compile(rb"\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*[\"']([\w.:-]{1,40})[\"']")
HTML_META = re.compile(rb"(?i)<meta\s[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})")

# What a label stands for in practice (WHATWG's Encoding Standard), where Python is stricter.
MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
STATEFUL = ("iso2022", "hz")  # in seven bits: their bytes are valid UTF-8 and mean other letters
GUESSED = ["cp1252", "mac_roman", "cp850"]  # what Western newsrooms send without saying so
NO_CHARSETS = "utf-7 idna punycode unicode-escape raw-unicode-escape undefined".split()
LETTERS = frozenset("àâäáãåæçèéêëìîïíñòôöóõøœùûüúÿßÀÂÄÁÅÆÇÈÉÊËÎÏÍÑÔÖÓØŒÙÛÜÚ")
SIGNS = frozenset("\u00a0«»‘’“”„–—…•·€£§°©®™½¼¾²³ºª¿¡")
WORDS = frozenset("àéíóúòáôåøæ")  # that are one letter long
JOINING = frozenset("’·–—\u00a0")  # signs that may stand between two letters
ASCII = bytes(range(128))
BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")


def decode(data: bytes, declared="") -> str:
    """The text in `data`, without its byte order mark.

    Asked in this order: the mark; UTF-16 by its NULs; strict UTF-8, which other text is
    by chance only, so that it wins over a wrong declaration of 8 bits; what is declared,
    here or in the XML declaration or the HTML; a detector of Western charsets. Raises
    NotAnArticle for bytes that are no text or whose charset remains unsure.
    """
    for mark, charset in MARKS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], charset)
    filled, data = data, data.rstrip(b"\0")  # some senders fill up their last block
    if b"\0" in data:
        return _strictly(filled, _utf16_without_mark(filled))
    charset = _known(declared) or declared_in(data)
    if charset.startswith(STATEFUL):
        return _strictly(data, charset)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        wrong = error.start
    for likely in (MEANT.get(charset, charset), charset):
        try:
            return data.decode(likely)
        except (UnicodeDecodeError, LookupError):
            continue  # declared wrongly, or not at all
    return _guessed(data, wrong)


def declared_in(data: bytes) -> str:
    """The charset that an XML declaration or an HTML page names, by Python's name; else ""."""
    head = data[:HEAD]
    found = XML_DECLARATION.match(head) or HTML_META.search(head)
    return _known(found[1].decode("ascii", "replace")) if found else ""


def _known(label):
    """Python's name of a charset of text; empty for a label that it doesn't know."""
    try:
        info = codecs.lookup(label)
    except (LookupError, ValueError):
        return ""
    return "" if info.name in NO_CHARSETS else info.name


def _utf16_without_mark(data):
    """Its letters of Latin, mostly marks and blanks, have a NUL on one side."""
    even, odd = data[0:2000:2].count(0), data[1:2000:2].count(0)
    if not len(data) % 2 and odd > 10 * even:
        return "utf-16-le"
    if not len(data) % 2 and even > 10 * odd:
        return "utf-16-be"
    raise NotAnArticle(_("binary, not text"))


def _strictly(data, charset):
    try:
        return data.decode(charset)
    except UnicodeDecodeError as error:
        said = _("not in %(charset)s, as it says: %(error)s")
        raise NotAnArticle(said, charset=charset.upper(), error=error.reason) from None


def _guessed(data, wrong):
    # A text most of which is beyond ASCII is none of the West, and takes seconds to guess.
    western = 2 * len(data.translate(None, ASCII)) <= len(data)
    found = from_bytes(data, cp_isolation=GUESSED, enable_fallback=False) if western else ()
    for text in map(str, found):
        if reads_well(text):
            return text
    raise NotAnArticle(
        _("not in UTF-8: byte %(byte)s at position %(place)s, and no charset declared"),
        byte=f"0x{data[wrong]:02x}",
        place=str(wrong),
    )


def reads_well(text):
    """Whether the marks beyond ASCII are such as Western text has, each where it may stand.

    A wrong charset shows by them: "borÈal", "1Åre", "Gr”áe", "il va ê Riga".
    """
    text = f" {text} "
    return all(
        _may_stand(text[place - 1], text[place], text[place + 1])
        for place in (found.start() for found in BEYOND_ASCII.finditer(text))
    )


def _may_stand(before, mark, after):
    alone = not before.isalpha() and not after.isalpha()
    if mark in LETTERS:
        if mark.isupper():
            return not before.islower() and not before.isdigit()
        if before.isdigit():
            return mark == "è"  # 1ère, 2ème
        return not alone or (mark in WORDS and before in " \n(«“\u00a0")
    if mark in "¡¿":
        return not before.isalnum() and after.isalpha()
    if mark == "…":
        return not (before == after == " ")
    return mark in SIGNS and (mark in JOINING or not (before.isalpha() and after.isalpha()))
