"""Articles, publishers and corrections as machines read them."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from articles.models import EXTRACT_LENGTH, Article, concealed
from companies.models import Mention
from tests.counting import STATE

HOUR = timedelta(hours=1)


@pytest.fixture
def founding_piece(make_article, make_company, make_publisher):
    """One article with every field filled, a company confirmed in it, others not."""
    article = make_article(
        slug="the-piece",
        headline="The piece",
        standfirst="Its standfirst.",
        abstract_fr="Ce qu’elle dit.",
        abstract_en="What it says.",
        body="What was written.",
        access="full",
        publisher=make_publisher(slug="gazette", name="La Gazette", kind="outlet"),
        published_at=datetime.fromisoformat("2022-03-09T12:00:00+01:00"),
        language="fr",
        source_url="https://gazette.example/1",
        image_credit="A PHOTOGRAPHER",
        editors_note="For the desk.",
    )
    for name, status in (("alpha", "confirmed"), ("beta", "suggested"), ("gamma", "rejected")):
        company = make_company(slug=name, name=name.title())
        Mention.objects.create(article=article, company=company, status=status, role="subject")
    merged = make_company(slug="merged", merged_into=company)
    Mention.objects.create(article=article, company=merged, status="suggested")
    return article


ON_A_LIST = {
    "slug": "the-piece",
    "headline": "The piece",
    "publisher": {"slug": "gazette", "name": "La Gazette", "kind": "outlet"},
    "published_at": "2022-03-09T12:00:00+01:00",
    "published_precision": "day",
    "language": "fr",
    "url": "http://testserver/fr/articles/the-piece/",
    "source_url": "https://gazette.example/1",
    "companies": [{"slug": "alpha", "name": "Alpha", "role": "subject"}],
    "abstract": {"fr": "Ce qu’elle dit.", "en": "What it says."},
    "access": "full",
    "image_credit": "A PHOTOGRAPHER",
}


def slugs(answer):
    return [result["slug"] for result in answer.json()["results"]]


def test_the_list_has_one_shape(client, founding_piece):
    answer = client.get("/api/v1/articles/", headers={"Accept-Language": "en"})

    assert answer.status_code == 200
    assert answer.json() == {"next": None, "previous": None, "results": [ON_A_LIST]}


def test_an_article_adds_its_text_and_its_corrections(client, founding_piece):
    version = founding_piece.revise(body="What was meant.")
    correction = founding_piece.corrections.create(
        kind="correction", version=version, note_fr="Corrigé.", note_en="Corrected."
    )

    assert client.get("/api/v1/articles/the-piece/").json() == ON_A_LIST | {
        "version": {"number": 2, "sha256": version.sha256},
        "standfirst": "Its standfirst.",
        "body": "What was meant.",
        "corrections": [
            {
                "kind": "correction",
                "version": 2,
                "note": {"fr": "Corrigé.", "en": "Corrected."},
                "issued_at": timezone.localtime(correction.created_at).isoformat(),
            }
        ],
        "story": [],
    }


@pytest.mark.parametrize(
    ("access", "standfirst", "body"),
    [
        ("full", "Stand.", "a " * 200),
        ("extract", "Stand.", ("a " * 200)[:EXTRACT_LENGTH].rsplit(" ", 1)[0] + " …"),
        ("reference", "", ""),
    ],
)
def test_rights_decide_what_is_read(client, make_article, access, standfirst, body):
    article = make_article(access=access, standfirst="Stand.", body="a " * 200)

    read = client.get(f"/api/v1/articles/{article.slug}/").json()

    assert (read["standfirst"], read["body"]) == (standfirst, body)


@pytest.mark.parametrize(
    ("status", "hours_ago", "found"),
    [
        ("usable", 1, ["it"]),
        ("usable", -1, []),
        ("withheld", 1, []),
        ("canceled", 1, []),
    ],
)
def test_only_public_articles_are_listed(client, make_article, status, hours_ago, found):
    make_article(slug="it", status=status, public_from=timezone.now() - hours_ago * HOUR)

    assert slugs(client.get("/api/v1/articles/")) == found
    assert client.get("/api/v1/articles/it/").status_code == (200 if found else 404)


def test_a_killed_article_leaves_its_notice(client, make_article):
    article = make_article(slug="it", headline="Zzgone")
    kill = article.kill(note_fr="Retiré.", note_en="Withdrawn.")

    answer = client.get("/api/v1/articles/it/", headers={"Accept-Language": "en"})

    assert answer.status_code == 410
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": "about:blank",
        "title": "Gone",
        "status": 410,
        "detail": "This article was withdrawn for good.",
        "corrections": [
            {
                "kind": "kill",
                "version": None,
                "note": {"fr": "Retiré.", "en": "Withdrawn."},
                "issued_at": timezone.localtime(kill.created_at).isoformat(),
            }
        ],
    }
    [listed] = client.get("/api/v1/corrections/").json()["results"]
    assert listed["article"]["slug"] == concealed("it")
    assert listed["article"]["headline"] is None


@pytest.mark.parametrize(
    "address", ["/api/v1/corrections/", "/en/corrections/", "/en/corrections/feed.atom"]
)
def test_no_list_of_corrections_tells_the_address_of_a_killed_article(
    client, make_article, address
):
    article = make_article(slug="zz-wrongly-accused")
    article.revise(body="Other words.")
    article.corrections.create(
        kind="correction", version=article.current_version(), note_fr="Zzsaid.", note_en="Zzsaid."
    )
    before = client.get(address).text
    article.kill(note_fr="Zzgone.", note_en="Zzgone.")
    after = client.get(address).text

    assert ("zz-wrongly" in before, "Zzsaid." in before) == (True, True)
    assert ("zz-wrongly" in after, "Zzgone." in after) == (False, True)


QUESTIONS = [
    ("", ["late", "early"]),
    ("company=alpha", ["late"]),
    ("company=beta", []),  # only suggested
    ("company=unknown", []),
    ("publisher=gazette", ["early"]),
    ("language=en", ["early"]),
    ("published_after=2022-03-09", ["late"]),
    ("published_after=2022-03-10", []),
    ("published_before=2022-03-08", ["early"]),
    ("published_before=2022-03-07", []),
    ("as_of=2022-03-08", ["early"]),
    ("q=deliveries", ["early"]),
    ("q=delivery+-store", []),
    ("ordering=published_at", ["early", "late"]),
    ("ordering=-headline", ["early", "late"]),
    ("company=&q=&as_of=", ["late", "early"]),
    ("page_size=1", ["late"]),
    ("page_size=1&page=2", ["early"]),
]


@pytest.mark.parametrize(("query", "found"), QUESTIONS)
def test_questions(client, make_article, make_company, make_publisher, query, found):
    make_article(
        slug="early",
        headline="Zebra: deliveries stop",
        body="The store closes.",
        publisher=make_publisher(slug="gazette"),
        language="en",
        published_at=datetime.fromisoformat("2022-03-08T23:30:00+01:00"),
    )
    late = make_article(
        slug="late",
        headline="A piece",
        language="fr",
        published_at=datetime.fromisoformat("2022-03-09T00:30:00+01:00"),
    )
    for name, status in (("alpha", "confirmed"), ("beta", "suggested")):
        Mention.objects.create(article=late, company=make_company(slug=name), status=status)

    assert slugs(client.get(f"/api/v1/articles/?{query}")) == found


def test_publishers_of_public_articles_alone(client, make_article, make_publisher):
    shown = make_publisher(
        slug="gazette", name="La Gazette", kind="agency", website="https://g.example/", country="FR"
    )
    make_article(publisher=shown)
    make_article(publisher=make_publisher(slug="hidden"), status=Article.Status.WITHHELD)
    record = {
        "slug": "gazette",
        "name": "La Gazette",
        "kind": "agency",
        "website": "https://g.example/",
        "country": "FR",
    }

    listed = client.get("/api/v1/publishers/?kind=agency&country=FR&ordering=-name").json()

    assert listed == {"next": None, "previous": None, "results": [record]}
    assert client.get("/api/v1/publishers/gazette/").json() == record
    assert client.get("/api/v1/publishers/hidden/").status_code == 404


def test_corrections_of_public_articles_alone(client, founding_piece, make_article):
    version = founding_piece.revise(body="What was meant.")
    correction = founding_piece.corrections.create(
        kind="clarification",
        version=version,
        note_fr="Précisé.",
        note_en="Made clear.",
        created_at=datetime.fromisoformat("2022-03-10T12:00:00+01:00"),
    )
    hidden = make_article()
    hidden.corrections.create(
        kind="correction", version=hidden.revise(body="New."), note_fr="Non.", note_en="No."
    )
    hidden.withhold()

    for query in (
        "",
        "?article=the-piece&publisher=gazette&kind=clarification&ordering=created_at",
        "?issued_after=2022-03-10&issued_before=2022-03-10",
    ):
        assert client.get(f"/api/v1/corrections/{query}").json()["results"] == [
            {
                "article": {
                    "slug": "the-piece",
                    "headline": "The piece",
                    "publisher": ON_A_LIST["publisher"],
                },
                "kind": "clarification",
                "version": 2,
                "note": {"fr": "Précisé.", "en": "Made clear."},
                "issued_at": timezone.localtime(correction.created_at).isoformat(),
            }
        ]
    assert client.get("/api/v1/corrections/?issued_after=2022-03-11").json()["results"] == []


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("path", "queries"), [("articles", 3), ("corrections", 2), ("publishers", 2)]
)
def test_a_list_takes_a_fixed_number_of_queries(
    client, make_article, make_company, django_assert_num_queries, path, queries, rows
):
    for _ in range(rows):
        article = make_article()
        for _ in range(2):
            Mention.objects.create(article=article, company=make_company(), status="confirmed")
        version = article.revise(body=f"New {article.pk}.")
        article.corrections.create(
            kind="correction", version=version, note_fr="Oui.", note_en="Yes."
        )

    with django_assert_num_queries(queries + STATE):
        assert len(client.get(f"/api/v1/{path}/").json()["results"]) == rows
