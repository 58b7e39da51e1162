"""Finding all that holds a piece which the law takes out of the archive."""

import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from time import monotonic, sleep

from django.db import connections

from articles.archive import Refused, identity
from articles.models import Article, Receipt, ReceivedFile, Version
from articles.wire import NotAnArticle, read

WORD = re.compile(r"[A-Za-z]{4,}")  # reads the same in every charset that a wire comes in
WORDS = 12  # the longest of a text; a file that lacks one of them doesn't hold it
PATIENCE = 600  # seconds; a backup's transaction may take as long
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


class StillSeen(Exception):
    """Transactions that might still read what was deleted are open; says whose."""


def scrub(using="default", patience=PATIENCE):
    """Have the database let go of the bytes that deleted and changed rows leave behind.

    Merges the search indexes, which keep deleted words until then, and writes all tables
    anew. Takes as much room on the disk again, and keeps writers waiting meanwhile.

    PostgreSQL keeps what an older transaction might still read, in whichever of the server's
    databases it runs, and fails on the statistics where their long values are gone already
    (its bugs 18351 and 19519). So older transactions are waited for before; SQLite's readers
    after, since its file is the old one until they are gone. `patience` seconds altogether;
    raises `StillSeen` if some are open then.
    """
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            tables = [connection.ops.quote_name(n) for n in connection.introspection.table_names()]
            # The statistics hold values too: those of today, so that yesterday's can go.
            cursor.execute("ANALYZE")
            _wait_for_older(cursor, patience)
            cursor.execute(f"VACUUM (FULL) pg_statistic, {', '.join(tables)}")
            return
        cursor.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%fts5%'")
        for (index,) in cursor.fetchall():
            cursor.execute(f'INSERT INTO "{index}"("{index}") VALUES (\'optimize\')')
        cursor.execute("VACUUM")
        _wait_until_nobody(lambda: _checkpoint(cursor), patience)


def _checkpoint(cursor):
    """Bring all into SQLite's one file; who is in the way."""
    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (busy, *_pages) = cursor.fetchone()
    return ["a transaction of another connection"] if busy else []


def _wait_for_older(cursor, patience):
    """Until every transaction is over that began before."""
    cursor.execute("SELECT pg_current_xact_id()::xid::text")
    (now,) = cursor.fetchone()

    def older():
        cursor.execute(
            "SELECT pid, datname, xact_start FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
            "AND greatest(age(backend_xid), age(backend_xmin)) > age(%s::xid) ORDER BY xact_start",
            [now],
        )
        return [f"session {pid} of {name} since {start}" for pid, name, start in cursor.fetchall()]

    _wait_until_nobody(older, patience)


def _wait_until_nobody(names, patience):
    """Ask again and again who is in the way, for at most `patience` seconds."""
    until = monotonic() + patience
    while found := names():
        if monotonic() > until:
            raise StillSeen("; ".join(found))
        sleep(0.1)
