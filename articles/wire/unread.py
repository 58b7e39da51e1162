"""What is known by its first bytes, marks or root and isn't read: refused by name."""

import re
import zlib

from django.utils.translation import gettext_noop as _

from articles.wire.item import NotAnArticle

WEB_ARCHIVE = _("a web archive (WARC or ARC), not read yet: take its pages out of it")
SIGNATURES = (
    (b"WARC/", WEB_ARCHIVE),
    (b"filedesc://", WEB_ARCHIVE),
    (b"PK\3\4", _("a zip archive or an Office document")),
    (b"PK\5\6", _("an empty zip archive")),
    (b"%PDF", _("a PDF document")),
    (b"{\\rtf", _("an RTF document")),
    (b"\xd0\xcf\x11\xe0", _("an Office document")),
    (b"\x89PNG", _("a PNG image")),
    (b"\xff\xd8\xff", _("a JPEG image")),
    (b"GIF8", _("a GIF image")),
    (b"II*\0", _("a TIFF image")),
    (b"MM\0*", _("a TIFF image")),
    (b"RIFF", _("an image, sound or video (RIFF)")),
    (b"ID3", _("a sound (MP3)")),
    (b"OggS", _("a sound or video (Ogg)")),
    (b"fLaC", _("a sound (FLAC)")),
    (b"\x1aE\xdf\xa3", _("a video (Matroska)")),
    (b"BZh", _("compressed by bzip2: unpack it first")),
    (b"\xfd7zXZ", _("compressed by xz: unpack it first")),
    (b"7z\xbc\xaf", _("a 7z archive: unpack it first")),
    (b"Rar!", _("a RAR archive: unpack it first")),
    (b"(\xb5/\xfd", _("compressed by zstd: unpack it first")),
    (b"SQLite format 3", _("an SQLite database")),
    (b"\x7fELF", _("a program")),
    (b"MZ\x90", _("a program")),
)
STARTS = (
    ("BEGIN:VCALENDAR", _("a calendar (iCalendar)")),
    ("BEGIN:VCARD", _("an address (vCard)")),
    ("MIME-Version:", _("an e-mail")),
    ("Return-Path:", _("an e-mail")),
    ("Received: ", _("an e-mail")),
)
ROOTS = {
    "opml": _("an OPML list of feeds"),
    "urlset": _("a sitemap"),
    "sitemapindex": _("an index of sitemaps"),
    "svg": _("an SVG image"),
    "kml": _("a KML map"),
    "schema": _("an XML schema"),
    "stylesheet": _("an XSLT stylesheet"),
    "plist": _("a property list"),
    "NewsCatalog": _("a NewsML catalogue"),
    "TopicSet": _("a NewsML topic set"),
}
MARKS = re.compile(rb"[\1\2\3\4\x16\x1f]")  # part the fields of IPTC 7901, ANPA and the like
MARKUP = (b"<", b"{", b"[")  # where a stray control character is but an error
TRANSMISSION = _("an agency's transmission format (IPTC 7901, ANPA): not read yet")


def refuse_bytes(data: bytes):
    """Raise NotAnArticle, by its name, for what isn't text, or text of another age."""
    for signature, name in SIGNATURES:
        if data.startswith(signature):
            raise NotAnArticle(name)
    if data.startswith(b"\x1f\x8b"):
        packed = _first_unpacked(data)
        known = packed.startswith((b"WARC/", b"filedesc://"))
        raise NotAnArticle(WEB_ARCHIVE if known else _("compressed by gzip: unpack it first"))
    if data[4:8] == b"ftyp":
        raise NotAnArticle(_("a video or image (MP4, HEIF)"))
    if data[257:262] == b"ustar":
        raise NotAnArticle(_("a tar archive: unpack it first"))
    start = data[:100].lstrip()
    if start[:4].upper() == b"ZCZC" or (
        start[:1] not in MARKUP and b"\0" not in data and MARKS.search(data)
    ):
        raise NotAnArticle(TRANSMISSION)


def _first_unpacked(data):
    try:
        return zlib.decompressobj(wbits=31).decompress(data[:4096], 16)
    except zlib.error:
        return b""


def refuse_text(text: str):
    """Raise NotAnArticle, by its name, for plain text that isn't laid out for reading."""
    start = text[:100].lstrip()
    for words, name in STARTS:
        if start.startswith(words):
            raise NotAnArticle(name)


def refuse_root(name: str):
    """Raise NotAnArticle for an XML document by its root's name."""
    if name in ROOTS:
        raise NotAnArticle(ROOTS[name])
    raise NotAnArticle(_("XML of no known kind: its root is <%(root)s>"), root=name[:60])
