"""What is read of zip archives, and what is refused and why."""

import io
import struct
import zipfile

import pytest

from articles.wire import NotAnArticle, archives
from articles.wire.archives import is_zip, members

MB = 1_000_000


def packed(*files, method=zipfile.ZIP_DEFLATED):
    """A zip archive of (name, content) pairs, as a file."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in files:
            archive.writestr(name, content)
    file.seek(0)
    return file


def read(file):
    """What `members` gives, refusals as their reasons."""
    return [
        (name, str(data) if isinstance(data, NotAnArticle) else data)
        for name, data in members(file)
    ]


def with_flipped_byte(file, place):
    data = bytearray(file.getvalue())
    data[place] ^= 0xFF
    return io.BytesIO(bytes(data))


def encrypted(file):
    """`file` with the mark of encryption in both headers of its one member."""
    data = bytearray(file.getvalue())
    data[6] |= 1
    data[data.index(b"PK\1\2") + 8] |= 1
    return io.BytesIO(bytes(data))


def declaring(file, size):
    """`file` with another size of its one member declared in its directory."""
    data = bytearray(file.getvalue())
    struct.pack_into("<L", data, data.index(b"PK\1\2") + 24, size)
    return io.BytesIO(bytes(data))


def test_members_come_one_by_one_without_folders_and_hidden_files():
    file = packed(
        ("a.xml", b"one"),
        ("folder/", b""),
        ("folder/b.xml", b"two"),
        (".hidden", b"no"),
        ("__MACOSX/a.xml", b"no"),
        ("folder/.DS_Store", b"no"),
    )
    assert is_zip(file)
    assert read(file) == [("a.xml", b"one"), ("folder/b.xml", b"two")]


def test_a_path_is_read_as_well(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(packed(("a.xml", b"one")).getvalue())
    assert read(path) == [("a.xml", b"one")]


def test_what_is_no_archive_is_read_from_its_start():
    file = io.BytesIO(b"plain text")
    assert not is_zip(file)
    assert file.read() == b"plain text"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\0" * 2 * MB, "packed more than 100 times smaller: a zip bomb"),
        (b"\0" * 11 * MB, "larger than 10 MB"),
        (packed(("b.xml", b"two")).getvalue(), "a zip archive inside another"),
    ],
)
def test_a_member_is_refused_and_the_rest_goes_in(content, reason):
    file = packed(("a.xml", b"one"), ("bad", content), ("c.xml", b"three"))
    assert read(file) == [("a.xml", b"one"), ("bad", reason), ("c.xml", b"three")]


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (encrypted(packed(("a.xml", b"one"))), "encrypted"),
        (
            with_flipped_byte(packed(("a.xml", b"one"), method=zipfile.ZIP_STORED), 36),
            "damaged in its zip archive: Bad CRC-32 for file 'a.xml'",
        ),
        # One that declares less than it holds is cut off there, and found out.
        (
            declaring(packed(("a.xml", b"one two three" * 9)), 5),
            "damaged in its zip archive: Bad CRC-32 for file 'a.xml'",
        ),
    ],
)
def test_a_damaged_member_is_refused(file, reason):
    assert read(file) == [("a.xml", reason)]


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (io.BytesIO(b"PK\3\4 half of it"), "a damaged zip archive: File is not a zip file"),
        (packed(), "an empty zip archive"),
        (packed(("[Content_Types].xml", b"<Types/>")), "an Office document"),
        (packed(("mimetype", b"application/epub+zip")), "an Office document"),
    ],
)
def test_an_archive_is_refused_as_a_whole(file, reason):
    assert read(file) == [("", reason)]


def test_many_members_are_refused(monkeypatch):
    monkeypatch.setattr(archives, "MAX_MEMBERS", 2)
    file = packed(*((str(number), b"a") for number in range(3)))
    assert read(file) == [("", "a zip archive of more than 2 files")]


def test_members_over_one_another_are_a_bomb():
    """Each of 200 entries names the same 5 MB, packed to a fiftieth by itself."""
    once = packed(("a", bytes(range(256)) * 200 + b"\0" * 900_000), method=zipfile.ZIP_DEFLATED)
    data = once.getvalue()
    start, end = data.index(b"PK\1\2"), data.index(b"PK\5\6")
    entry, tail = data[start:end], bytearray(data[end:])
    struct.pack_into("<HHL", tail, 8, 200, 200, 200 * len(entry))
    bomb = io.BytesIO(data[:start] + entry * 200 + bytes(tail))
    assert read(bomb) == [("", "packed more than 100 times smaller: a zip bomb")]
