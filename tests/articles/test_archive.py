"""How a piece enters the archive, and is known again when it comes once more."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from articles.archive import Arrival, Done, Refused, archive, archive_all, canonical, slug_of
from articles.models import Article
from articles.wire import WireItem

ITEM = WireItem(
    headline="Boréal ferme",
    body="La chaîne l’a dit mardi.",
    source_url="https://gazette.example.org/boreal",
    language="fr",
    image_credit="JEANNE PETIT - AFP",
    published_at=datetime(2022, 3, 8, 23, tzinfo=UTC),
    published_precision="day",
)


@pytest.fixture
def publisher(make_publisher):
    return make_publisher(slug="gazette")


def test_a_new_piece_arrives_withheld_with_its_first_version(publisher):
    outcome = archive(ITEM, publisher, note="Import")
    article = Article.objects.get()
    assert (outcome.done, outcome.article) == (Done.CREATED, article)
    said = {name: value for name, value in vars(ITEM).items() if value and name != "status"}
    assert {name: getattr(article, name) for name in said} == said
    assert (article.wire_id, article.slug, article.status, article.access) == (
        ITEM.source_url,
        "boreal-ferme",
        "withheld",
        "reference",
    )
    assert [outcome.version] == list(article.versions.all())
    assert (outcome.version.number, outcome.version.note) == (1, "Import")


@pytest.mark.parametrize(
    ("again", "done", "versions"),
    [
        ({}, Done.UNCHANGED, 1),
        ({"source_url": ITEM.source_url + "#top"}, Done.UNCHANGED, 1),
        ({"source_url": ITEM.source_url + "?utm_source=x"}, Done.UNCHANGED, 1),
        ({"published_at": None}, Done.UNCHANGED, 1),
        ({"body": "La chaîne l’a dit mercredi."}, Done.REVISED, 2),
        ({"headline": "Boréal ferme tout"}, Done.REVISED, 2),
        ({"source_url": "https://gazette.example.org/other"}, Done.CREATED, 1),
        ({"wire_id": "urn:gazette:1"}, Done.CREATED, 1),
        ({"source_url": ""}, Done.CREATED, 1),
    ],
)
def test_a_piece_is_known_again(publisher, again, done, versions):
    first = archive(ITEM, publisher).article
    outcome = archive(replace(ITEM, **again), publisher)
    assert (outcome.done, outcome.article.versions.count()) == (done, versions)
    assert (outcome.article == first) == (done != Done.CREATED)
    assert Article.objects.count() == (2 if done == Done.CREATED else 1)


def test_the_same_id_of_another_publisher_is_another_piece(publisher, make_publisher):
    archive(ITEM, publisher)
    assert archive(ITEM, make_publisher()).done == Done.CREATED
    assert sorted(Article.objects.values_list("slug", flat=True)) == [
        "boreal-ferme",
        "boreal-ferme-2",
    ]


def test_the_agencys_id_goes_before_the_address(publisher):
    first = archive(replace(ITEM, wire_id="urn:1"), publisher).article
    moved = archive(
        replace(ITEM, wire_id="urn:1", source_url="https://elsewhere.example.org/", body="New."),
        publisher,
    )
    assert (moved.done, moved.article) == (Done.REVISED, first)


@pytest.mark.parametrize(
    ("again", "done"),
    [
        ({}, Done.UNCHANGED),
        ({"body": "Second."}, Done.REVISED),
        ({"headline": "Boréal ferme tout"}, Done.CREATED),
        ({"published_at": datetime(2022, 3, 9, 23, tzinfo=UTC)}, Done.CREATED),
    ],
)
def test_without_id_and_address_day_and_headline_tell_a_piece(publisher, again, done):
    item = replace(ITEM, source_url="")
    assert archive(item, publisher).article.wire_id == "2022-03-09 boréal-ferme"
    assert archive(replace(item, **again), publisher).done == done


def test_files_read_again_in_any_order_add_nothing(publisher):
    wordings = [ITEM, replace(ITEM, body="Second."), replace(ITEM, body="Third.")]
    for item in wordings:
        archive(item, publisher)
    assert [archive(item, publisher).done for item in wordings] == [Done.UNCHANGED] * 3
    article = Article.objects.get()
    assert (article.body, article.versions.count()) == ("Third.", 3)


def test_a_revision_leaves_alone_what_editors_decide(publisher):
    article = archive(ITEM, publisher).article
    decided = {
        "status": "usable",
        "rights": "cleared",
        "access": "extract",
        "language": "fr-CA",
        "abstract_fr": "Notre résumé.",
        "abstract_en": "Our abstract.",
        "byline": "Jeanne Petit",
    }
    Article.objects.filter(pk=article.pk).update(**decided)
    archive(replace(ITEM, headline="Autre titre", body="Second."), publisher, status="withheld")
    article.refresh_from_db()
    assert {name: getattr(article, name) for name in decided} == decided
    assert (article.slug, article.headline, article.body) == (
        "boreal-ferme",
        "Autre titre",
        "Second.",
    )


def test_a_reference_without_text_gets_its_text_and_stays_one(publisher, make_article):
    article = make_article(
        publisher=publisher,
        wire_id=ITEM.source_url,
        headline=ITEM.headline,
        body="",
        access="reference",
    )
    outcome = archive(ITEM, publisher)
    article.refresh_from_db()
    assert (outcome.done, outcome.version.number) == (Done.REVISED, 2)
    assert (article.body, article.access, article.status) == (ITEM.body, "reference", "usable")
    assert [version.body for version in article.versions.all()] == ["", ITEM.body]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"source_url": "", "published_at": None}, "no id, no address and no date to know it by"),
        ({"published_at": None}, "no date of publication"),
        ({"source_url": "not an address"}, "source_url: "),
        ({"image_credit": "m" * 201}, "image_credit: "),
    ],
)
def test_what_the_archive_cannot_hold_is_refused(publisher, changes, reason):
    with pytest.raises(Refused) as refused:
        archive(replace(ITEM, **changes), publisher)
    assert str(refused.value).startswith(reason)
    assert not Article.objects.exists()


def test_a_killed_article_takes_no_new_text(publisher):
    article = archive(ITEM, publisher).article
    article.kill(note_fr="Retiré.", note_en="Withdrawn.")
    with pytest.raises(Refused, match="killed"):
        archive(replace(ITEM, body="Second."), publisher)
    article.refresh_from_db()
    assert (article.body, article.versions.count()) == (ITEM.body, 1)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/b", "https://a.example/b"),
        ("HTTPS://A.Example/B", "https://a.example/B"),
        ("https://a.example/b#c", "https://a.example/b"),
        ("https://a.example/b?utm_source=x&id=1&fbclid=y", "https://a.example/b?id=1"),
        ("https://a.example/b?q=%C3%A9+x", "https://a.example/b?q=%C3%A9+x"),
        (" https://a.example/b ", "https://a.example/b"),
        ("http://[::1", "http://[::1"),
        ("", ""),
    ],
)
def test_one_page_has_one_address(url, expected):
    assert canonical(url) == expected


@pytest.mark.parametrize(
    ("headline", "slug"),
    [
        ("Boréal ferme", "boreal-ferme"),
        ("Pas d'affaire à l’Élysée", "pas-d-affaire-a-l-elysee"),
        ("مرحبا", "otherwise"),
        ("mot " * 60, "-".join(["mot"] * 25)),
        ("m" * 300, "m" * 100),
    ],
)
def test_a_slug_comes_from_the_headline(headline, slug):
    assert slug_of(headline, "otherwise") == slug


def test_no_two_articles_have_one_slug(publisher, make_article):
    make_article(slug="boreal-ferme")
    make_article(slug="boreal-ferme-3")
    arrivals = [Arrival(replace(ITEM, wire_id=f"urn:{n}")) for n in range(10)]
    found = [outcome.article.slug for outcome in archive_all(arrivals, publisher)]
    assert found[:8] == [f"boreal-ferme-{n}" for n in (2, 4, 5, 6, 7, 8, 9)] + [
        "boreal-ferme-2022-03-08"
    ]
    assert [len(slug) for slug in found[8:]] == [len("boreal-ferme-") + 12] * 2
    assert len(set(found)) == 10


def test_a_long_address_is_known_by_its_hash(publisher):
    address = "https://gazette.example.org/" + "x" * 600
    item = replace(ITEM, source_url=address)
    article = archive(item, publisher).article
    assert (article.source_url, article.wire_id[:7], len(article.wire_id)) == (
        *(address, "sha256:", 71),
    )
    again = replace(item, source_url=f"{address}#top")
    assert archive(again, publisher).done == Done.UNCHANGED
