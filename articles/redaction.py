"""Finding all that holds a piece which the law takes out of the archive."""

import re
import zlib
from collections.abc import Iterator
from dataclasses import replace

from django.db import connections

from articles.archive import Refused, identity
from articles.models import Article, Receipt, ReceivedFile, Version
from articles.wire import NotAnArticle, read

WORD = re.compile(r"[A-Za-z]{4,}")  # reads the same in every charset that a wire comes in
WORDS = 12  # the longest of a text; a file that lacks one of them doesn't hold it
SURE = 8  # so many of them together tell a text even in a file that can't be read


def files_holding(article: Article, step=lambda: None) -> Iterator[ReceivedFile]:
    """Received files that hold the piece, whether they brought a version or nothing new.

    Every file of the publisher's imports is unpacked and searched for the text's longest
    words; what has them all is read, and counts where it holds a piece of the article's
    id or of one of its wordings. `step` is called for each file.
    """
    wordings = list(article.versions.values("headline", "standfirst", "body"))
    hashes = {Version.hash_of(**wording) for wording in wordings}
    telling = [_longest(" ".join(wording.values())) for wording in wordings]
    for key in _keys(article.publisher):
        step()
        file = ReceivedFile.objects.get(pk=key)
        try:
            content = file.content
        except zlib.error:
            continue  # damaged, as verify_archive says
        found = [words for words in telling if all(_within(word, content) for word in words)]
        named = article.wire_id.encode() in content
        if (found or named) and _holds(file, content, article, hashes, found):
            yield file


def _keys(publisher):
    """Files of a publisher's imports, a thousand keys at a time."""
    last = 0
    received = Receipt.objects.filter(run__publisher=publisher, file__redaction__isnull=True)
    while keys := sorted(
        received.filter(file__gt=last)
        .order_by("file")
        .values_list("file", flat=True)
        .distinct()[:1000]
    ):
        yield from keys
        last = keys[-1]


def _longest(text):
    return sorted(set(WORD.findall(text)), key=len, reverse=True)[:WORDS]


def _within(word, content):
    """As bytes of one or of two each."""
    return word.encode() in content or word.encode("utf-16-le")[:-1] in content


def _holds(file, content, article, hashes, found):
    try:
        items = read(content)
    except NotAnArticle:
        return any(len(words) >= SURE for words in found)
    address = _address(file)
    return any(
        _identity(replace(item, source_url=address or item.source_url)) == article.wire_id
        or _identity(item) == article.wire_id
        or Version.hash_of(headline=item.headline, standfirst=item.standfirst, body=item.body)
        in hashes
        for item in items
    )


def _address(file):
    """The address that was given for the piece when its file came."""
    receipt = file.receipts.select_related("run").order_by("pk").first()
    return receipt.run.rules.get("said", {}).get("source_url", "") if receipt else ""


def _identity(item):
    try:
        return identity(item)
    except Refused:
        return None


def scrub(using="default"):
    """Have the database let go of the bytes that deleted and changed rows leave behind.

    Merges the search indexes, which keep deleted words until then, and writes all tables
    anew. Takes as much room on the disk again, and keeps writers waiting meanwhile.
    """
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM (FULL, ANALYZE)")
            return
        cursor.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%fts5%'")
        for (index,) in cursor.fetchall():
            cursor.execute(f'INSERT INTO "{index}"("{index}") VALUES (\'optimize\')')
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
