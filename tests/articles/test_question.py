"""A page's questions get the hits of the plain rule, in their order, and count no other."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.db import connection
from django.utils import timezone

from articles import question
from articles.models import Article
from articles.question import Question

DAY = timedelta(days=1)
MIDDLE = datetime(2023, 1, 1, tzinfo=UTC)


def narrowings(articles):
    """Ways to narrow a question, each with the same rule in plain Python."""
    publisher = articles[5].publisher
    yield {}, lambda article: True
    yield {"language": "fr"}, lambda article: article.language == "fr"
    yield {"publisher": publisher.pk}, lambda article: article.publisher == publisher
    yield {"since": MIDDLE}, lambda article: article.published_at >= MIDDLE
    yield {"until": MIDDLE}, lambda article: article.published_at < MIDDLE
    yield (
        {"language": "fr", "publisher": publisher.pk, "since": MIDDLE - 99 * DAY, "until": MIDDLE},
        lambda article: (
            (article.language, article.publisher) == ("fr", publisher)
            and MIDDLE - 99 * DAY <= article.published_at < MIDDLE
        ),
    )


def is_public(article):
    return article.status == "usable" and article.public_from <= timezone.now()


def newest_first(articles):
    return [a.pk for a in sorted(articles, key=lambda a: (a.published_at, a.pk), reverse=True)]


class Common(dict):
    """Every token stands in every entry of a large archive."""

    def get(self, token, default):
        return 1.0 if token else 10**6


@pytest.fixture(params=["from the words", "along the dates"])
def way(request, monkeypatch):
    """Both ways that a question can go on PostgreSQL."""
    if request.param == "along the dates" and connection.vendor == "sqlite":
        pytest.skip("only on PostgreSQL: SQLite has one way")
    known = Common() if request.param == "along the dates" else {}
    monkeypatch.setattr(question, "common_tokens", lambda using, age: known)


@pytest.mark.parametrize("inside", [False, True])
def test_the_hits_are_those_of_the_plain_rule(oracle, queries, way, inside):
    articles, some_found = list(oracle.rows), 0

    for number, query in enumerate(queries(200)):
        narrowed, rule = list(narrowings(articles))[number % 6]
        pks = oracle.found(query, inside)
        hits = [a for a in articles if a.pk in pks and rule(a) and (inside or is_public(a))]
        asked = Question(query, inside=inside, **narrowed)
        expected = newest_first(hits)

        assert asked.newest(limit=99) == expected, query
        assert asked.oldest(limit=99) == expected[::-1], query
        assert asked.newest(limit=3, offset=2) == expected[2:5], query
        assert sorted(asked.best(limit=99)) == sorted(expected), query
        assert asked.best(limit=3, offset=2) == asked.best(limit=99)[2:5], query
        assert asked.count() == len(hits), query
        counted = {name: dict(values) for name, values in asked.facets().items()}
        assert counted == {
            "publisher_id": Counter(a.publisher_id for a in hits),
            "language": Counter(a.language for a in hits),
            "year": Counter(timezone.localtime(a.published_at).year for a in hits),
        }, query
        some_found += bool(hits)

    assert some_found > 40


def test_a_question_stays_within_a_queryset(oracle, queries, way):
    circle = Article.objects.filter(pk__in=[a.pk for a in oracle.rows if a.pk % 2], language="fr")
    within = set(circle.values_list("pk", flat=True))

    for query in queries(60):
        asked = Question(query, within=circle)
        expected = [a for a in oracle.rows if a.pk in oracle.found(query) & within]
        assert asked.newest(limit=99) == newest_first(expected), query
        assert sorted(asked.best(limit=99)) == sorted(a.pk for a in expected), query
        assert asked.count() == len(expected), query
        assert sum(hits for _, hits in asked.facets()["year"]) == len(expected), query

    assert Question("amazon", within=Article.objects.none()).newest() == []


@pytest.mark.parametrize("status", ["usable", "withheld", "canceled"])
@pytest.mark.parametrize(
    ("hours", "ends", "in_time"),
    [(-1, None, True), (1, None, False), (-1, 1, True), (-1, -1, False), (1, -1, False)],
)
def test_what_is_usable_is_public_or_out_of_its_time(make_article, status, hours, ends, in_time):
    """Counts rest on it: what the index shows, less what is out of its time, is public."""
    hour, now = timedelta(hours=1), timezone.now()
    article = make_article(
        headline="Marker",
        status=status,
        public_from=now + hours * hour,
        rights_until=ends and now + ends * hour,
    )
    public = Article.objects.public().filter(pk=article.pk).exists()
    waiting = Article.objects.awaiting().filter(pk=article.pk).exists()

    assert (public, waiting) == (status == "usable" and in_time, not in_time)
    assert Question("marker").count() == len(Question("marker").newest()) == public
    assert Question("marker").facets()["language"] == [("fr", 1)] * public


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("amazon", "Amazon leaves"),  # a headline before a text
        ("nike", "Five times"),  # often before once
        ("nike* nik*", "Five times"),
        ('"nike leaves"', "In a row"),
    ],
)
def test_the_best_comes_first(make_article, query, first):
    day = timezone.now() - 100 * DAY
    for headline, body in (
        ("Amazon leaves", "Some words."),
        ("Five times", "Nike and Nike or Nike with Nike by Nike. " + "Other words. " * 9),
        ("In a row", "Nike leaves, Amazon stays. " + "Other words. " * 9),
        ("Once", "Nike is here, and Amazon too: the newest. " + "Other words. " * 9),
    ):
        day += DAY
        make_article(headline=headline, body=body, published_at=day)

    best = Question(query).best()

    assert Article.objects.get(pk=best[0]).headline == first


def test_only_the_newest_hits_are_ranked_and_the_others_follow(make_article, monkeypatch):
    monkeypatch.setattr(question, "RANKED", 2)
    day = timezone.now() - 100 * DAY
    articles = [
        make_article(headline=headline, body="Nike", published_at=day + n * DAY)
        for n, headline in enumerate(["Nike nike", "Nike", "Other"])
    ]

    assert Question("nike").best() == [articles[1].pk, articles[2].pk, articles[0].pk]
    pages = [Question("nike").best(limit=1, offset=place) for place in range(4)]
    assert pages == [[articles[1].pk], [articles[2].pk], [articles[0].pk], []]
    articles[2].public_from = timezone.now() + DAY
    articles[2].save()
    pages = [Question("nike").best(limit=1, offset=place) for place in range(3)]
    assert pages == [[articles[1].pk], [articles[0].pk], []]


@pytest.mark.parametrize("waiting", [0, 3, 7, 10, 15])
@pytest.mark.parametrize("out_of_time", ["public_from", "rights_until"])
def test_the_best_of_all_pages_are_each_hit_once(make_article, monkeypatch, waiting, out_of_time):
    """However many of the newest hits are out of their time, and so of none to be ranked."""
    monkeypatch.setattr(question, "RANKED", 10)
    now = timezone.now()
    past = {"public_from": now + DAY} if out_of_time == "public_from" else {"rights_until": now}
    publisher = make_article(headline="Another").publisher
    for n in range(25):
        make_article(
            headline="Marker " * (n % 3 + 1),
            published_at=now - (n + 1) * DAY,
            publisher=publisher,
            **past if n < waiting else {},
        )
    asked = Question("marker")

    assert len(asked.best()) == min(20, 25 - waiting)
    shown = [pk for offset in range(0, 27, 3) for pk in asked.best(limit=3, offset=offset)]
    assert sorted(shown) == sorted(asked.newest(limit=99))


def test_a_question_is_one_query(make_article, django_assert_num_queries):
    for rows in (1, 3):
        while Article.objects.count() < rows:
            make_article(headline="Marker")
        asked = Question("marker")
        asked.count()  # PostgreSQL's statistics are read once
        for ask, queries in (
            (asked.newest, 1),
            (partial(asked.best, limit=rows), 1),
            (asked.best, 2),  # what lies beyond the ranked might fill the page
            (asked.count, 1),
            (asked.facets, 1),
        ):
            with django_assert_num_queries(queries):
                assert ask()


def test_dates_beyond_what_a_key_holds_stand_at_the_ends(make_article):
    old, new = (
        make_article(headline="Marker", published_at=datetime(year, 1, 1, tzinfo=UTC))
        for year in (1, 9999)
    )

    assert Question("marker").newest() == [new.pk, old.pk]
    assert Question("marker", since=datetime(1900, 1, 1, tzinfo=UTC)).newest() == [new.pk, old.pk]
