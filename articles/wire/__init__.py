"""Files from the wire, whatever their format, as items that the archive takes in."""

import codecs

from articles.wire import plain_text
from articles.wire.item import NotAnArticle, WireItem

__all__ = ["MAX_BYTES", "NotAnArticle", "WireItem", "read"]

MAX_BYTES = 10_000_000  # of one file; a day of an agency's text is less
TRANSMISSION = "\x01\x02\x03\x1f"  # marks that part the fields of IPTC 7901, ANPA and the like


def read(data: bytes) -> list[WireItem]:
    """The pieces in one file; its content decides on the reader.

    Raises NotAnArticle with the reason when there is none.
    """
    if len(data) > MAX_BYTES:
        raise NotAnArticle(f"larger than {MAX_BYTES // 1_000_000} MB")
    text = decode(data)
    start = text.lstrip()[:1]
    if not start:
        raise NotAnArticle("empty")
    if start in "<{[":
        raise NotAnArticle("markup or JSON; plain text alone is read so far")
    if any(mark in text for mark in TRANSMISSION):
        raise NotAnArticle("an agency's transmission format; plain text alone is read so far")
    return plain_text.read(text)


def decode(data: bytes) -> str:
    """Strict UTF-8, with or without its mark; guessing would garble accents unseen."""
    if b"\0" in data and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise NotAnArticle("binary, not text")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotAnArticle(
            f"not in UTF-8: byte 0x{data[error.start]:02x} at position {error.start}"
        ) from None
