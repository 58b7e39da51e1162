"""Zip archives from the wire, read member by member; nothing is ever written to disk."""

import lzma
import os
import zipfile
import zlib
from collections.abc import Iterator

from django.utils.translation import gettext_noop as _

from articles.reasons import Reason
from articles.wire import MAX_BYTES, NotAnArticle

MAX_MEMBERS = 100_000  # of one archive; their names alone take some 50 MB
MAX_RATIO = 100  # bytes read for one byte packed; text from the wire reaches 20
FREE = 1_000_000  # bytes that any member may have, however well it was packed
FREE_IN_ALL = 100_000_000  # bytes that any archive may have
SIGNATURES = (b"PK\3\4", b"PK\5\6")
OFFICE = ("[Content_Types].xml", "mimetype")  # the first member of what office programs write
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)


def is_zip(file) -> bool:
    """Whether a file open for reading bytes begins like a zip archive; it is read from there."""
    place = file.tell()
    start = file.read(4)
    file.seek(place)
    return start in SIGNATURES


def members(file) -> Iterator[tuple[str, bytes | NotAnArticle]]:
    """Name and content of each file in a zip archive, or why it can't be had.

    `file` is a path or a file open for reading bytes. One member is held at a time, of at
    most `MAX_BYTES`. Folders and hidden files are passed over. Where there is no reading
    the archive as a whole, the reason comes alone, under an empty name.
    """
    try:
        archive = zipfile.ZipFile(file)
    except DAMAGED as error:
        yield "", NotAnArticle(_("a damaged zip archive: %(error)s"), error=_said(error))
        return
    with archive:
        found = [member for member in archive.infolist() if not _passed_over(member)]
        if reason := _refusal(archive, found):
            yield "", NotAnArticle(reason)
            return
        for member in found:
            try:
                yield member.filename, _content(archive, member)
            except NotAnArticle as reason:
                yield member.filename, reason


def _passed_over(member):
    parts = member.filename.split("/")
    return member.is_dir() or any(part.startswith(".") or part == "__MACOSX" for part in parts)


def _refusal(archive, found):
    """Why an archive isn't read at all; None when it is."""
    if not found:
        return Reason(_("an empty zip archive"))
    if len(found) > MAX_MEMBERS:
        return Reason(_("a zip archive of more than %(count)s files"), count=MAX_MEMBERS)
    if found[0].filename in OFFICE:
        return Reason(_("an Office document"))
    # Members may lie over one another, so that each by itself is packed no more than most.
    unpacked = sum(member.file_size for member in found if member.file_size <= MAX_BYTES)
    if unpacked > max(FREE_IN_ALL, MAX_RATIO * archive.fp.seek(0, os.SEEK_END)):
        return Reason(_("packed more than %(times)s times smaller: a zip bomb"), times=MAX_RATIO)
    return None


def _content(archive, member):
    if member.flag_bits & 1:
        raise NotAnArticle(_("encrypted"))
    if member.file_size > MAX_BYTES:
        raise NotAnArticle(_("larger than %(size)s MB"), size=MAX_BYTES // 1_000_000)
    if member.file_size > max(FREE, MAX_RATIO * member.compress_size):
        raise NotAnArticle(
            _("packed more than %(times)s times smaller: a zip bomb"), times=MAX_RATIO
        )
    try:
        with archive.open(member) as file:
            data = file.read(MAX_BYTES + 1)  # never more than the size declared
    except DAMAGED as error:
        raise NotAnArticle(_("damaged in its zip archive: %(error)s"), error=_said(error)) from None
    if data.startswith(SIGNATURES):
        raise NotAnArticle(_("a zip archive inside another"))
    return data


def _said(error):
    return str(error)[:200] or type(error).__name__
