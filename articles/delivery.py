"""Files as agencies deliver them: single ones, folders, zip archives, a drop folder."""

import os
import shutil
import sys
import time
from collections.abc import Iterator
from tempfile import TemporaryFile

from articles.wire import MAX_BYTES, NotAnArticle
from articles.wire.archives import is_zip, members

STDIN = "-"
UNFINISHED = (".part", ".partial", ".tmp", ".filepart", ".crdownload", "~")
SETTLED = 2.0  # seconds without a change after which a file has been delivered whole


def files(paths) -> Iterator[str]:
    """The files meant by `paths`: those of a folder by name. Hidden ones, links and what a
    transfer hasn't finished yet (`.part`, `.tmp` and the like) are left out.

    A folder that can't be opened stands for itself, to be refused by `contents`.
    """
    for path in paths:
        if path != STDIN and os.path.isdir(path):
            yield from _files_in(path)
        else:
            yield path


def _files_in(folder):
    try:
        with os.scandir(folder) as entries:
            found = sorted(
                (e.name, e.is_dir(follow_symlinks=False), e.is_file(follow_symlinks=False))
                for e in entries
            )
    except OSError:
        yield folder
        return
    for name, is_folder, is_file in found:
        path = os.path.join(folder, name)
        if name.startswith(".") or name.lower().endswith(UNFINISHED):
            continue
        if is_folder:
            yield from _files_in(path)
        elif is_file:
            yield path


def contents(paths) -> Iterator[tuple[str, bytes | NotAnArticle]]:
    """Name and bytes of each file, one at a time; a zip archive's members one by one.

    In place of the bytes stands why they can't be had. Of a file that is too large, as
    many come as show it.
    """
    for path in files(paths):
        try:
            if path == STDIN:
                with TemporaryFile() as file:  # a zip archive is read from its end
                    shutil.copyfileobj(sys.stdin.buffer, file)
                    file.seek(0)
                    yield from unpacked(path, file)
            else:
                with open(path, "rb") as file:
                    yield from unpacked(shown(path), file)
        except OSError as error:
            yield shown(path), NotAnArticle(error.strerror or str(error))


def shown(name) -> str:
    """A file's name as it can be printed and kept: whatever its bytes are, on one line."""
    text = os.fsencode(name).decode("utf-8", "replace")
    return "".join(mark if mark.isprintable() else "\ufffd" for mark in text)


def unpacked(name, file) -> Iterator[tuple[str, bytes | NotAnArticle]]:
    """Name and bytes of an open file, or of each member of it when it is a zip archive."""
    if is_zip(file):
        for member, data in members(file):
            yield shown(f"{name}/{member}".rstrip("/")), data
    else:
        yield name, file.read(MAX_BYTES + 1)


def watch(folder, every=1.0, settled=SETTLED, until=lambda: False) -> Iterator[list[str]]:
    """Lists of files that have come into `folder`, looked for every so many seconds.

    A file counts once it has kept its size and hour for `settled` seconds, and again
    when it changes later; one that leaves the folder is forgotten. Ends when `until()`
    is true. An empty list says that nothing came.
    """
    seen, delivered = {}, {}
    while not until():
        now, present = time.monotonic(), {}
        for path in files([folder]):
            try:
                found = os.stat(path)
            except OSError:
                continue  # taken away meanwhile
            state = found.st_size, found.st_mtime_ns
            since = seen[path][1] if path in seen and seen[path][0] == state else now
            present[path] = state, since
        seen = present
        delivered = {path: state for path, state in delivered.items() if path in present}
        ready = [
            path
            for path, (state, since) in present.items()
            if now - since >= settled and delivered.get(path) != state
        ]
        delivered |= {path: present[path][0] for path in ready}
        yield ready
        if not ready:
            time.sleep(every)
