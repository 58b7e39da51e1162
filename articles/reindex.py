"""The search index of the articles as it should be: built anew, and compared."""

import json

from django.db import DatabaseError, connections, models, transaction

from articles.index import ALL, FACTS, INDEX, PK_BITS, PK_MASK, TABLE, filed
from articles.models import Article, Entry

BATCH = 50  # articles in one transaction: some 100 ms of the write lock on SQLite


def rebuild(using="default", only_missing=False):
    """File the words of every article again; yields the number of articles done so far.

    In short transactions, newest article last: it may be interrupted, run twice, and
    run while others write, since each batch is read and filed under one lock. An entry
    that is right stays as it is. With `only_missing`, those of which the index can have
    missed something.
    """
    done, last = 0, 0
    articles = Article._base_manager.using(using).order_by("pk")
    if only_missing:
        # Words still in the row came in while the triggers that file them were down.
        entries = Entry.objects.using(using).values("article")
        articles = articles.filter(~models.Q(pk__in=entries) | ~models.Q(search=""))
    while True:
        with transaction.atomic(using=using):
            batch = list(articles.select_for_update().filter(pk__gt=last)[:BATCH])
            file(batch, using)
        if not batch:
            break
        done, last = done + len(batch), batch[-1].pk
        yield done
    if not only_missing:
        Entry.objects.using(using).exclude(article__in=articles.values("pk")).delete()


def file(articles, using="default"):
    """Send the words of stored articles to the index, as a save would."""
    rows = [
        (json.dumps(filed(article, article.searched()), ensure_ascii=False), article.pk)
        for article in articles
    ]
    with connections[using].cursor() as cursor:
        cursor.executemany("UPDATE articles_article SET search = %s WHERE id = %s", rows)


def differences(using="default", step=lambda: None):
    """(article's id, what is wrong) for each entry that isn't what it should be: missing,
    different, of no article; and (None, …) where SQLite's index isn't its table."""
    last = 0
    while True:
        articles = Article._base_manager.using(using).filter(pk__gt=last).order_by("pk")[:500]
        if not articles:
            break
        entries = Entry.objects.using(using).in_bulk([article.pk for article in articles])
        for article in articles:
            entry = entries.get(article.pk)
            if entry is None:
                yield article.pk, "missing"
            elif article.search or not same(entry, article):
                yield article.pk, "different"
            step()
        last = articles[len(articles) - 1].pk
    known = Article._base_manager.using(using).values("pk")
    for entry in Entry.objects.using(using).exclude(article__in=known).only("pk"):
        yield entry.pk, "of no article"
    if not index_is_whole(using):
        yield None, f"{INDEX} isn't the index of {TABLE}"


def index_is_whole(using="default"):
    """SQLite's own comparison of the index with the entries; PostgreSQL's are one."""
    connection = connections[using]
    if connection.vendor != "sqlite":
        return True
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {INDEX}({INDEX}, rank) VALUES ('integrity-check', 1)")
    except DatabaseError:
        return False
    return True


def rebuild_index(using="default"):
    """Build SQLite's index anew from the entries, in one long transaction."""
    if connections[using].vendor == "sqlite":
        with connections[using].cursor() as cursor:
            cursor.execute(f"INSERT INTO {INDEX}({INDEX}) VALUES ('rebuild')")


def same(entry, article):
    wanted = filed(article, article.searched())
    wanted["key"] = wanted.pop("seconds") << PK_BITS | (article.pk & PK_MASK)
    wanted |= {"publisher_id": article.publisher_id, "language": article.language}
    return all(getattr(entry, name) == wanted[name] for name in ("key", *FACTS, *ALL, "meta"))
