"""Searches beside hand-written SQL on the same index, and beside a plain FTS5 table
joined to the model: DEBUG=1 DATA_DIR=/tmp/bench python benchmarks/search.py 20000

Fills an empty database of its own with so many generated articles (one that holds them
is used again), on SQLite or, by DATABASE_URL, PostgreSQL. The best of some rounds counts.
"""

import os
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")

import django  # noqa: E402  after the path is known

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from articles.index import INDEX, PK_MASK, VECTOR, facts, first_key, fts5, tsquery  # noqa: E402
from articles.models import Article, Publisher  # noqa: E402
from articles.question import Question  # noqa: E402
from articles.reindex import file  # noqa: E402
from articles.search import MAX_TOKEN, fold, parse, singular, tokens  # noqa: E402
from benchmarks.generate import articles, words  # noqa: E402

ROUNDS = 7
SINCE, UNTIL = datetime(2018, 1, 1, tzinfo=UTC), datetime(2019, 1, 1, tzinfo=UTC)
SQLITE = connection.vendor == "sqlite"
PUBLIC = (
    "status = 'usable' AND public_from <= CURRENT_TIMESTAMP "
    "AND (rights_until IS NULL OR rights_until > CURRENT_TIMESTAMP)"
)


def main(count):
    settings.DEBUG = False  # or each query would be logged
    call_command("migrate", verbosity=0)
    fill(count)
    found = {share: word_of(count, share) for share in (0.0004, 0.007, 0.4)}
    rare, middling, common = found.values()
    print(
        f"\n{count:,} articles; "
        + ", ".join(f"“{w}” {Question(w).count():,}" for w in found.values())
    )
    print(f"{'ms':34}{'ours':>9}{'by hand':>9}{'ratio':>7}{'plain FTS5':>12}{'ratio':>7}")
    publisher = Publisher.objects.order_by("pk").first().pk
    phrase = phrase_with(common)
    for name, word in (("rare", rare), ("middling", middling), ("common", common)):
        show(f"{name} word, best", Question(word).best, best(word), plain(word, "rank"))
        show(f"{name} word, newest", Question(word).newest, newest(word), plain(word))
    narrow = {"language": "fr", "publisher": publisher, "since": SINCE, "until": UNTIL}
    show(
        "common word, three filters",
        lambda: Question(common, **narrow).newest(),
        newest(common, **narrow),
        plain(common, narrow=narrow),
    )
    show("phrase, newest", Question(phrase).newest, newest(phrase), plain(phrase))
    show("phrase, best", Question(phrase).best, best(phrase), plain(phrase, "rank"))
    for name, word in (("middling", middling), ("common", common)):
        show(f"{name} word, count", Question(word).count, counted(word), plain_count(word))
        show(f"{name} word, three facets", Question(word).facets, facets(word), plain_facets(word))
    saves()


def fill(count):
    have = Article.objects.count()
    if have >= count:
        return
    publishers, began = {}, time.perf_counter()
    batch = []
    for number, piece in enumerate(articles(count)):
        if number < have:
            continue
        name = piece["publisher"]
        if name not in publishers:
            slug = f"publisher-{len(publishers)}"
            publishers[name], _ = Publisher.objects.get_or_create(
                slug=slug, defaults={"name": name, "country": "FR"}
            )
        batch.append(
            Article(
                publisher=publishers[name],
                slug=f"piece-{number}",
                public_from=piece["published_at"],
                rights="cleared",
                status="usable",
                access="full",
                **{
                    k: piece[k] for k in ("wire_id", "headline", "body", "language", "published_at")
                },
            )
        )
        if len(batch) == 50 or number == count - 1:
            with transaction.atomic():
                Article.objects.bulk_create(batch)
            batch = []
            if number % 10_000 < 50 and sys.stderr.isatty():
                print(f"\r{number:,}", end="", file=sys.stderr)
    rate = (count - have) / (time.perf_counter() - began)
    print(f"filled at {rate:,.0f} articles/s, generating them included")
    with connection.cursor() as cursor:
        if SQLITE:
            cursor.execute("DROP TABLE IF EXISTS plain")
            cursor.execute(
                "CREATE VIRTUAL TABLE plain USING fts5(headline, body, content='articles_article', "
                "content_rowid='id', tokenize='unicode61 remove_diacritics 2')"
            )
            cursor.execute("INSERT INTO plain(plain) VALUES ('rebuild')")
        else:
            cursor.execute("VACUUM ANALYZE")


def word_of(count, share):
    """A French word in the singular that about so many of the articles hold."""
    known = [
        w for w in map(fold, words("fr")[0]) if w.isalpha() and singular(w) == w and len(w) > 2
    ]
    known = [w for w in known if len(w) < MAX_TOKEN]
    low, high = 0, len(known) - 1  # the commonest first: halve until the share is met
    while low < high:
        middle = (low + high) // 2
        if Question(known[middle]).count() > share * count:
            low = middle + 1
        else:
            high = middle
    return known[low]


def phrase_with(word):
    """The common word and one that follows it, as often as any."""
    after = Counter()
    for pk in Question(word).newest(500):
        said = tokens(Article.objects.get(pk=pk).body)
        after.update(two for one, two in pairwise(said) if one == word)
    return f'"{word} {after.most_common(1)[0][0]}"'


def show(name, ours, hand, plain):
    ours, hand, plain = (best_of(work) for work in (ours, hand, plain))
    line = f"{name:32}{ours * 1e3:11.3f}{hand * 1e3:9.3f}{ours / hand:7.2f}"
    print(line + (f"{plain * 1e3:12.3f}{ours / plain:7.2f}" if plain else ""))


def best_of(work):
    if work is None:
        return None
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def sql(text, params):
    """The statement as it would be written by hand, ready to run."""

    def run():
        with connection.cursor() as cursor:
            cursor.execute(text, params)
            return cursor.fetchall()

    return run


# --- By hand, on the same index ---------------------------------------------


def asked(word, language="", publisher=None, since=None, until=None):
    """Condition and parameters of one question."""
    clauses, meta = parse(word), facts(language=language, publisher=publisher)
    key = f"{INDEX}.rowid" if SQLITE else "e.key"
    where, params = (
        (f"{INDEX} MATCH %s", [fts5(clauses, meta=meta)])
        if SQLITE
        else (f"{VECTOR.format('e.')} @@ %s::tsquery", [tsquery(clauses, meta=meta)])
    )
    if len(clauses[0].tokens) > 1 and not SQLITE:
        said = f"% {' '.join(clauses[0].tokens)} %"
        where += " AND (' ' || headline || ' ' LIKE %s OR ' ' || text || ' ' LIKE %s)"
        params += [said, said]
    if since:
        where += f" AND {key} >= %s AND {key} < %s"
        params += [first_key(since), first_key(until)]
    return where, params


def newest(word, **narrow):
    where, params = asked(word, **narrow)
    if SQLITE:
        text = (
            f"SELECT a.id FROM {INDEX} CROSS JOIN articles_article a "
            f"ON a.id = {INDEX}.rowid & {PK_MASK} WHERE {where} AND {PUBLIC} "
            f"ORDER BY {INDEX}.rowid DESC LIMIT 20"
        )
    else:
        text = (
            "WITH hits AS MATERIALIZED (SELECT article_id, key FROM articles_entry e "
            f"WHERE {where} ORDER BY key DESC LIMIT 40) "
            f"SELECT a.id FROM hits JOIN articles_article a ON a.id = article_id WHERE {PUBLIC} "
            f"ORDER BY key DESC LIMIT 20"
        )
    return sql(text, params)


def best(word):
    where, params = asked(word)
    ranked = Question(word).ranked
    if SQLITE:
        text = (
            f"SELECT a.id FROM (SELECT key, score FROM (SELECT rowid AS key, "
            f"bm25({INDEX}, 8, 1, 1, 0) AS score FROM {INDEX} "
            f"WHERE {where} ORDER BY rowid DESC LIMIT {ranked}) ORDER BY score LIMIT 40) r "
            f"CROSS JOIN articles_article a ON a.id = r.key & {PK_MASK} WHERE {PUBLIC} LIMIT 20"
        )
    else:
        said = f" {' '.join(parse(word)[0].tokens)} "
        text = (
            "WITH hits AS MATERIALIZED (SELECT article_id, key FROM articles_entry e "
            f"WHERE {where} ORDER BY key DESC LIMIT {ranked}), "
            "scored AS MATERIALIZED (SELECT article_id, "
            "8 * (length(h) - length(replace(h, %s, ''))) + "
            "length(t) - length(replace(t, %s, '')) AS score FROM (SELECT article_id, "
            f"' ' || headline || ' ' AS h, ' ' || text || ' ' AS t FROM hits "
            f"JOIN articles_entry USING (article_id) OFFSET 0) said ORDER BY score DESC LIMIT 40) "
            f"SELECT a.id FROM scored JOIN articles_article a ON a.id = article_id "
            f"WHERE {PUBLIC} ORDER BY score DESC LIMIT 20"
        )
        params = [*params, said, said]
    return sql(text, params)


def counted(word):
    where, params = asked(word)
    return sql(
        f"SELECT count(*) FROM {INDEX if SQLITE else 'articles_entry e'} WHERE {where}", params
    )


def facets(word):
    where, params = asked(word)
    table = (
        f"{INDEX} JOIN articles_entry e ON e.key = {INDEX}.rowid" if SQLITE else "articles_entry e"
    )
    names = "e.publisher_id, e.language, e.year"
    return sql(f"SELECT {names}, count(*) FROM {table} WHERE {where} GROUP BY {names}", params)


# --- A plain external-content FTS5 table, joined to the model ----------------

JOINED = (
    f"plain CROSS JOIN articles_article a ON a.id = plain.rowid WHERE plain MATCH %s AND {PUBLIC}"
)


def plain(word, order="a.published_at DESC", narrow=None):
    if not SQLITE:
        return None
    text, params = f"SELECT a.id FROM {JOINED}", [word if '"' in word else f'"{word}"']
    if narrow:
        text += (
            " AND language = %s AND publisher_id = %s AND published_at >= %s AND published_at < %s"
        )
        params += [narrow["language"], narrow["publisher"], "2018-01-01", "2019-01-01"]
    return sql(f"{text} ORDER BY {order} LIMIT 20", params)


def plain_count(word):
    return sql(f"SELECT count(*) FROM {JOINED}", [f'"{word}"']) if SQLITE else None


def plain_facets(word):
    names = "publisher_id, language, substr(published_at, 1, 4)"
    text = f"SELECT {names}, count(*) FROM {JOINED} GROUP BY {names}"
    return sql(text, [f'"{word}"']) if SQLITE else None


# --- Writing -----------------------------------------------------------------


def saves(number=40):
    """What indexing adds to one save: the same text written with and without words to file."""
    took = {True: [], False: []}
    for place, article in enumerate(Article.objects.order_by("?")[: 2 * number]):
        indexed = place % 2 == 0
        article.body += " Encore."
        start = time.perf_counter()
        with transaction.atomic():
            if indexed:
                file([article])
            else:
                with connection.cursor() as cursor:
                    cursor.execute(
                        "UPDATE articles_article SET urgency = 5 WHERE id = %s", [article.pk]
                    )
        took[indexed].append(time.perf_counter() - start)
    middle = {indexed: sorted(times)[number // 2] * 1e3 for indexed, times in took.items()}
    print(
        f"\none save: {middle[True] - middle[False]:.2f} ms of indexing "
        f"(a commit with it {middle[True]:.2f} ms, without {middle[False]:.2f} ms)"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
