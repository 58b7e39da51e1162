"""The search index built anew from the command line."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models.expressions import RawSQL

from articles.models import Article, Entry
from articles.reindex import differences, rebuild


def run(**options):
    out = StringIO()
    call_command("rebuild_search", stdout=out, **options)
    return out.getvalue()


def spoil(article, how):
    with connection.cursor() as cursor:
        if how == "missing":
            cursor.execute("DELETE FROM articles_entry WHERE article_id = %s", [article.pk])
        elif how == "different":
            cursor.execute(
                "UPDATE articles_entry SET text = 'x' WHERE article_id = %s", [article.pk]
            )
        else:
            cursor.execute(
                "UPDATE articles_entry SET article_id = 1000000, key = 1000000 "
                "WHERE article_id = %s",
                [article.pk],
            )


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("missing", [(1, "missing")]),
        ("different", [(1, "different")]),
        ("of no article", [(1, "missing"), (10**6, "of no article")]),
    ],
)
def test_what_is_wrong_is_told_and_mended(make_article, how, said):
    article = make_article(headline="Marker")
    make_article()
    assert list(differences()) == []
    assert run(check=True) == "The index is what it should be.\n"

    spoil(article, how)

    assert list(differences()) == [(article.pk if pk == 1 else pk, wrong) for pk, wrong in said]
    with pytest.raises(CommandError, match=f"^{len(said)} entries"):
        run(check=True)
    assert run().startswith("2 articles filed")
    assert list(differences()) == []
    assert Article.objects.matching("marker").get() == article


def test_an_index_that_is_not_its_table_is_told(make_article):
    if connection.vendor != "sqlite":
        pytest.skip("only on SQLite: elsewhere the index is the database's own")
    make_article()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO articles_entry_fts(rowid, headline, text, inside, meta) "
            "VALUES (1, 'a', 'b', '', '')"
        )

    assert [pk for pk, _wrong in differences()] == [None]
    run(whole=True)
    assert list(differences()) == []


def test_it_may_be_interrupted(make_article, monkeypatch):
    monkeypatch.setattr("articles.reindex.BATCH", 1)
    articles = [make_article() for _ in range(3)]
    for article in articles:
        spoil(article, "missing")

    assert next(rebuild()) == 1

    assert [pk for pk, _wrong in differences()] == [article.pk for article in articles[1:]]
    assert list(rebuild()) == [1, 2, 3]
    assert list(differences()) == []


def test_what_is_right_is_not_written_again(make_article):
    make_article()
    make_article()
    before = list(Entry.objects.values())
    version = {"sqlite": "articles_entry.rowid", "postgresql": "articles_entry.xmin::text"}[
        connection.vendor
    ]
    written = Entry.objects.annotate(version=RawSQL(version, ())).values_list("version", flat=True)
    versions = list(written)

    list(rebuild())

    assert (list(Entry.objects.values()), list(written)) == (before, versions)
