"""What is read of real files in each folder of ../shared/wire, and what of them is refused."""

import dataclasses
import re
from collections import Counter
from pathlib import Path

import pytest

from articles.text import clean
from articles.wire import NotAnArticle, WireItem, read

SHARED = Path(__file__).resolve().parents[4] / "shared" / "wire"
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="../shared is absent")

MARKUP = re.compile(r"</?(?:p|a|b|i|em|strong|div|span|br|img|h\d|li|td)[ />]|&(?:nbsp|#\d+);")


def read_folder(name):
    """The items in the files of a folder, and its refusals: of a whole file, of a part of one."""
    items, files, parts = [], [], []
    for path in sorted((SHARED / name).iterdir()):
        try:
            for item in read(path.read_bytes()):
                (items if isinstance(item, WireItem) else parts).append(item)
        except NotAnArticle as reason:
            files.append(reason)
    return items, files, parts


# Folder → items, files refused, parts refused.
COUNTS = {
    "html-fr": (28, 0, 0),
    "ninjs": (33, 15, 0),
    "ninjs-testsuite": (29, 104, 0),
    "plain-text": (0, 37, 0),
    "plain-text-bfm": (7, 0, 0),
    "rss-atom": (90, 0, 1),
    "schemas": (0, 8, 0),
    "structured-data-broken": (0, 12, 0),
    "vocab": (0, 2, 0),
    "warc": (0, 9, 0),
}


@needs_shared
@pytest.mark.parametrize(("folder", "counts"), COUNTS.items())
def test_each_folder_gives_items_or_reasons(folder, counts):
    assert tuple(map(len, read_folder(folder))) == counts


@needs_shared
@pytest.mark.parametrize(
    ("folder", "reasons"),
    [
        (
            "plain-text",
            {
                "an agency's transmission format (IPTC 7901, ANPA): not read yet": 27,
                "no blank line after the headline": 9,
                "a headline without text": 1,
            },
        ),
        ("warc", {"a web archive (WARC or ARC), not read yet: take its pages out of it": 9}),
        ("schemas", {"a JSON schema": 8}),
        (
            "structured-data-broken",
            {
                "a page that isn't declared as an article": 4,
                "JSON-LD without the page that it belongs to": 3,
                "no headline and no text": 2,
                "none of 2 pieces can be read; the first: number 1: JSON-LD without the page "
                "that it belongs to": 1,
                "an article's page without its text": 2,
            },
        ),
        (
            "ninjs",
            {
                "type picture: no article": 8,
                "type event: no article": 2,
                "type audio: no article": 1,
                "type video: no article": 1,
                "an event or its planned coverage: no article": 1,
                "no headline and no text": 1,
                "none of 3 pieces can be read; the first: urn:newsml:localhost:5000:"
                "2019-09-10T15:47:04.367097:714ceeb4-c366-48af-b360-e7aefdf9941a: "
                "type planning: no article": 1,
            },
        ),
    ],
)
def test_each_refusal_says_why(folder, reasons):
    _, files, _ = read_folder(folder)
    assert Counter(map(str, files)) == reasons


@needs_shared
@pytest.mark.parametrize("folder", [name for name, counts in COUNTS.items() if counts[0]])
def test_what_is_read_is_clean_text(folder):
    for item in read_folder(folder)[0]:
        for field in dataclasses.fields(item):
            value = getattr(item, field.name)
            if isinstance(value, str):
                assert value == clean(value)
                assert not MARKUP.search(value)
        assert all(part.removeprefix("##").strip() for part in item.body.split("\n\n") if item.body)


@needs_shared
def test_pages_and_their_plain_text_agree():
    """The same pages, once saved by a browser and once taken apart by somebody's script."""
    for path in (SHARED / "plain-text-bfm").iterdir():
        [text] = read(path.read_bytes())
        [page] = read((SHARED / "html-fr" / path.with_suffix(".html").name).read_bytes())
        assert page.headline == text.headline
        said = set(page.body.replace("## ", "").split())
        missed = [word for word in text.body.replace("## ", "").split() if word not in said]
        assert len(missed) <= len(said) / 50
