"""What is known by its first bytes, marks or root and isn't read: refused by name."""

import re
import zlib

from articles.wire.item import NotAnArticle

WEB_ARCHIVE = "a web archive (WARC or ARC), not read yet: take its pages out of it"
SIGNATURES = (
    (b"WARC/", WEB_ARCHIVE),
    (b"filedesc://", WEB_ARCHIVE),
    (b"PK\3\4", "a zip archive or an Office document"),
    (b"PK\5\6", "an empty zip archive"),
    (b"%PDF", "a PDF document"),
    (b"{\\rtf", "an RTF document"),
    (b"\xd0\xcf\x11\xe0", "an Office document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"RIFF", "an image, sound or video (RIFF)"),
    (b"ID3", "a sound (MP3)"),
    (b"OggS", "a sound or video (Ogg)"),
    (b"fLaC", "a sound (FLAC)"),
    (b"\x1aE\xdf\xa3", "a video (Matroska)"),
    (b"BZh", "compressed by bzip2: unpack it first"),
    (b"\xfd7zXZ", "compressed by xz: unpack it first"),
    (b"7z\xbc\xaf", "a 7z archive: unpack it first"),
    (b"Rar!", "a RAR archive: unpack it first"),
    (b"(\xb5/\xfd", "compressed by zstd: unpack it first"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
)
STARTS = (
    ("BEGIN:VCALENDAR", "a calendar (iCalendar)"),
    ("BEGIN:VCARD", "an address (vCard)"),
    ("MIME-Version:", "an e-mail"),
    ("Return-Path:", "an e-mail"),
    ("Received: ", "an e-mail"),
)
ROOTS = {
    "opml": "an OPML list of feeds",
    "urlset": "a sitemap",
    "sitemapindex": "an index of sitemaps",
    "svg": "an SVG image",
    "kml": "a KML map",
    "schema": "an XML schema",
    "stylesheet": "an XSLT stylesheet",
    "plist": "a property list",
    "NewsCatalog": "a NewsML catalogue",
    "TopicSet": "a NewsML topic set",
}
MARKS = re.compile(rb"[\1\2\3\4\x16\x1f]")  # part the fields of IPTC 7901, ANPA and the like
MARKUP = (b"<", b"{", b"[")  # where a stray control character is but an error
TRANSMISSION = "an agency's transmission format (IPTC 7901, ANPA): not read yet"


def refuse_bytes(data: bytes):
    """Raise NotAnArticle, by its name, for what isn't text, or text of another age."""
    for signature, name in SIGNATURES:
        if data.startswith(signature):
            raise NotAnArticle(name)
    if data.startswith(b"\x1f\x8b"):
        packed = _first_unpacked(data)
        known = packed.startswith((b"WARC/", b"filedesc://"))
        raise NotAnArticle(WEB_ARCHIVE if known else "compressed by gzip: unpack it first")
    if data[4:8] == b"ftyp":
        raise NotAnArticle("a video or image (MP4, HEIF)")
    if data[257:262] == b"ustar":
        raise NotAnArticle("a tar archive: unpack it first")
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
    raise NotAnArticle(ROOTS.get(name) or f"XML of no known kind: its root is <{name[:60]}>")
