from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone, translation

from articles.models import EXTRACT_LENGTH, Article, Correction, Publisher, Version

HOUR = timedelta(hours=1)
NOTES = {"note_fr": "Retiré.", "note_en": "Withdrawn."}


@pytest.mark.parametrize(
    ("status", "hours_ago", "public"),
    [
        ("usable", 1, True),
        ("usable", 0, True),
        ("usable", -1, False),  # embargoed
        ("withheld", 1, False),
        ("canceled", 1, False),
    ],
)
def test_public(make_article, status, hours_ago, public):
    make_article(status=status, public_from=timezone.now() - hours_ago * HOUR)

    assert Article.objects.public().exists() is public


def test_an_embargo_ends_without_anybodys_doing(make_article):
    article = make_article(public_from=timezone.now() + HOUR)
    asked_before = Article.objects.public()

    Article.objects.filter(pk=article.pk).update(public_from=timezone.now() - HOUR)

    assert list(asked_before.all()) == [article]


@pytest.mark.parametrize("access", Article.Access.values)
def test_every_access_is_public(make_article, access):
    assert list(Article.objects.public()) == [] and make_article(access=access)
    assert Article.objects.public().count() == 1


LONG = "word " * 100


@pytest.mark.parametrize(
    ("access", "standfirst", "body"),
    [
        ("full", "Why", LONG),
        ("extract", "Why", LONG[: EXTRACT_LENGTH - 1] + " …"),
        ("reference", "", ""),
    ],
)
def test_what_rights_let_the_public_read(make_article, access, standfirst, body):
    article = make_article(access=access, standfirst="Why", body=LONG)

    assert (article.readable_standfirst, article.readable_body) == (standfirst, body)


def test_a_short_text_is_its_own_extract(make_article):
    assert make_article(access="extract", body="A short text.").readable_body == "A short text."


def test_the_first_wording_is_kept_once(make_article):
    article = make_article()

    assert article.keep() is None
    assert article.versions.get().number == 1


def test_revise_keeps_both_wordings(make_article, make_user):
    article = make_article(headline="Old", standfirst="", body="Old text")
    editor = make_user()

    version = article.revise(headline="New", body="New text", note="Figures", by=editor)

    assert (version.number, version.note, version.author) == (2, "Figures", editor)
    assert list(article.versions.values_list("number", "headline", "body")) == [
        (1, "Old", "Old text"),
        (2, "New", "New text"),
    ]
    article.refresh_from_db()
    assert article.wording() == {"headline": "New", "standfirst": "", "body": "New text"}


def test_revise_keeps_a_wording_that_nobody_kept(make_article):
    article = make_article(body="First")
    article.body = "Typed over"
    article.save()

    article.revise(body="Third")

    assert list(article.versions.values_list("body", flat=True)) == ["First", "Typed over", "Third"]


def test_revise_without_a_new_wording_makes_no_version(make_article):
    article = make_article(byline="")

    assert article.revise(byline="A. Writer") is None
    article.refresh_from_db()
    assert (article.byline, article.versions.count()) == ("A. Writer", 1)


def test_a_wording_that_comes_back_is_a_version_of_its_own(make_article):
    article = make_article(body="One")

    article.revise(body="Two")
    article.revise(body="One")

    hashes = list(article.versions.values_list("sha256", flat=True))
    assert (hashes[0], len(set(hashes)), len(hashes)) == (hashes[2], 2, 3)


def test_the_hash_of_a_wording_is_for_ever():
    """Whoever keeps the hash can prove the text: the recipe never changes."""
    # printf '%s' '["Amazon quitte", "", "Texte é"]' | sha256sum
    assert (
        Version.hash_of(headline="Amazon quitte", standfirst="", body="Texte é")
        == "c4269899c699afa9ffe3e37e0efb33bc999aa95d40e60a247c0e3fe5bb2c5a84"
    )


@pytest.mark.parametrize(
    "other",
    [
        {"headline": "ab", "standfirst": "", "body": "c"},
        {"headline": "a", "standfirst": "b", "body": "c"},
        {"headline": "a", "standfirst": "", "body": "b c"},
        {"headline": "a", "standfirst": "", "body": 'b", "c'},
    ],
)
def test_different_wordings_have_different_hashes(other):
    assert Version.hash_of(**other) != Version.hash_of(headline="a", standfirst="", body="bc")


def test_withhold_and_release(make_article):
    article = make_article()

    article.withhold()
    assert not Article.objects.public().exists()
    article.release()
    assert Article.objects.public().get() == article


def test_kill_leaves_the_notice_alone(make_article):
    article = make_article()

    article.kill(**NOTES)

    assert not Article.objects.public().exists()
    assert Article.objects.killed().get() == article
    notice = Correction.objects.public().get()
    assert (notice.kind, notice.version, notice.note_fr) == ("kill", None, "Retiré.")


def test_canceled_without_a_notice_is_not_killed(make_article):
    make_article(status="canceled")

    assert not Article.objects.killed().exists()


@pytest.mark.parametrize(
    ("status", "kind", "public"),
    [
        ("usable", "correction", True),
        ("usable", "clarification", True),
        ("withheld", "correction", False),
        ("canceled", "correction", False),
        ("canceled", "kill", True),
        ("withheld", "kill", False),  # killed, then taken up again by the desk
    ],
)
def test_public_corrections(make_article, status, kind, public):
    article = make_article(status=status)
    version = None if kind == "kill" else article.versions.get()
    article.corrections.create(kind=kind, version=version, **NOTES)

    assert Correction.objects.public().exists() is public


def test_as_of_counts_the_day_itself(make_article):
    noon = timezone.make_aware(timezone.datetime(2022, 3, 9, 12))
    make_article(published_at=noon)

    days = [date(2022, 3, 8), date(2022, 3, 9), date(2022, 3, 10)]
    assert [Article.objects.as_of(day).exists() for day in days] == [False, True, True]


@pytest.mark.parametrize(
    ("precision", "last_hidden", "first_shown"),
    [
        ("day", "2022-02-28", "2022-03-01"),
        ("month", "2022-03-30", "2022-03-31"),
        ("year", "2022-12-30", "2022-12-31"),
    ],
)
def test_as_of_counts_an_imprecise_date_from_its_last_day(
    make_article, precision, last_hidden, first_shown
):
    make_article(
        published_at=timezone.make_aware(datetime(2022, 3, 1)), published_precision=precision
    )
    days = [date.fromisoformat(day) for day in (last_hidden, first_shown)]

    assert [Article.objects.as_of(day).exists() for day in days] == [False, True]


@pytest.mark.parametrize(
    "fields",
    [
        {"headline": ""},
        {"wire_id": ""},
        {"urgency": 0},
        {"urgency": 10},
        {"status": "published"},
        {"access": "everything"},
        {"slug": "taken"},
        {"wire_id": "taken"},
    ],
)
def test_the_database_refuses(make_article, fields):
    first = make_article(slug="taken", wire_id="taken", urgency=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        make_article(**{"publisher": first.publisher} | fields)

    assert Article.objects.get() == first


def test_two_publishers_may_use_one_wire_id(make_article):
    make_article(wire_id="1")
    make_article(wire_id="1")

    assert Article.objects.filter(wire_id="1").count() == 2


@pytest.mark.parametrize(
    ("kind", "with_version"), [("kill", True), ("correction", False), ("other", True)]
)
def test_a_correction_names_its_version_unless_it_is_a_kill(make_article, kind, with_version):
    article = make_article()
    version = article.versions.get() if with_version else None

    with pytest.raises(IntegrityError), transaction.atomic():
        article.corrections.create(kind=kind, version=version, **NOTES)


@pytest.mark.parametrize("number", [0, 1])
def test_versions_are_counted_from_1_and_once(make_article, number):
    article = make_article()

    with pytest.raises(IntegrityError), transaction.atomic():
        article.versions.create(number=number, headline="x", sha256="x")


def test_what_others_rest_on_is_not_deleted(make_article):
    article = make_article()

    for record in (article, article.publisher):
        with pytest.raises(ProtectedError):
            record.delete()

    assert (Article.objects.count(), Publisher.objects.count()) == (1, 1)


@pytest.mark.parametrize("rows", [1, 3])
def test_a_listing_asks_one_query(make_article, django_assert_num_queries, rows):
    for _ in range(rows):
        make_article()

    with django_assert_num_queries(1):
        cards = [(a.headline, a.publisher.name, a.abstract) for a in Article.objects.for_listing()]

    assert len(cards) == rows


@pytest.mark.parametrize(
    ("language", "fr", "en", "shown"),
    [
        ("fr", "Résumé", "Abstract", "Résumé"),
        ("en", "Résumé", "Abstract", "Abstract"),
        ("en-gb", "Résumé", "Abstract", "Abstract"),
        ("de", "Résumé", "Abstract", "Résumé"),
        ("en", "Résumé", "", "Résumé"),
        ("fr", "", "Abstract", "Abstract"),
        ("fr", "", "", ""),
    ],
)
def test_in_the_readers_language(language, fr, en, shown):
    with translation.override(language):
        assert Article(abstract_fr=fr, abstract_en=en).abstract == shown
