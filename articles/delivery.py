"""Files as agencies deliver them: single ones, folders, zip archives, a drop folder."""

import os
import sys
import time
from collections.abc import Iterator
from io import BytesIO

from articles.wire import MAX_BYTES, NotAnArticle
from articles.wire.archives import is_zip, members

STDIN = "-"
SETTLED = 2.0  # seconds without a change after which a file has been delivered whole


def files(paths) -> Iterator[str]:
    """The files meant by `paths`: those of a folder by name, hidden ones left out.

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
            found = sorted((e.name, e.is_dir(), e.is_file()) for e in entries)
    except OSError:
        yield folder
        return
    for name, is_folder, is_file in found:
        path = os.path.join(folder, name)
        if name.startswith("."):
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
                yield from unpacked(path, BytesIO(sys.stdin.buffer.read(MAX_BYTES + 1)))
            else:
                with open(path, "rb") as file:
                    yield from unpacked(path, file)
        except OSError as error:
            yield path, NotAnArticle(error.strerror or str(error))


def unpacked(name, file) -> Iterator[tuple[str, bytes | NotAnArticle]]:
    """Name and bytes of an open file, or of each member of it when it is a zip archive."""
    if is_zip(file):
        for member, data in members(file):
            yield f"{name}/{member}".rstrip("/"), data
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
