"""One question to the whole archive, and what is offered while one types it."""

import re

import pytest

from articles.models import Article
from companies.models import Company
from tests.counting import STATE

pytestmark = pytest.mark.django_db


@pytest.fixture
def archive(make_company, make_announcement, make_article, make_publisher):
    """One record of each kind that holds the word, and of each one that isn't public."""
    company = make_company(name="Zebra Works", slug="zebra")
    publisher = make_publisher(name="Gazette", slug="gazette")
    article = make_article(
        headline="Zebra s’en va", body="Les <b>Zebra</b> partent.", publisher=publisher
    )
    make_announcement(company, title_fr="Zebra suspend", article=article)
    make_announcement(company, title_fr="Zebra brouillon", publish=False)
    make_article(headline="Zebra secret", status="withheld")
    make_company(name="Zebra cachée")
    return article


def test_each_kind_is_counted_and_leads_to_its_list(client, archive):
    answer = client.get("/fr/search/?q=zebra")

    assert answer.context["sizes"] == {"companies": 1, "announcements": 1, "articles": 1}
    page = answer.text
    order = [page.index(f'id="{kind}"') for kind in ("companies", "announcements", "articles")]
    assert order == sorted(order)
    assert "<mark>Zebra</mark> s’en va" in page and "<mark>Zebra</mark> suspend" in page
    assert "Les &lt;b&gt;<mark>Zebra</mark>&lt;/b&gt; partent." in page
    for path in ("announcements/?q=zebra", "articles/?q=zebra&amp;ordering=relevance"):
        assert f'href="/fr/{path}"' in page
        assert client.get(f"/fr/{path.replace('&amp;', '&')}").context["paginator"].count == 1
    assert not any(word in page for word in ("secret", "brouillon", "cachée"))


def test_what_narrows_the_articles_holds_as_many_as_it_says(client, archive, make_article):
    make_article(headline="Zebra encore", language="en")

    facets = client.get("/fr/search/?q=zebra").context["facets"]

    assert [title for title, _values, _rest in facets] == ["Éditeur", "Langue"]
    for _title, values, _rest in facets:
        for value in values:
            found = client.get(f"/fr/articles/?{value.query}").context["paginator"]
            assert (found.count, value.query[:25]) == (value.hits, "q=zebra&ordering=relevanc")


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("zebra", []),
        ("zebre works", ["Zebra Works"]),  # nothing at all
        ("zebr partent", ["Zebra Works"]),  # one word of them
        ("partent", []),  # few results, no name much like it
        ("qwxyz", []),
    ],
)
def test_a_name_much_alike_is_offered_where_little_is_found(client, archive, words, meant):
    context = client.get("/fr/search/", {"q": words}).context

    assert [company.name for company in context["meant"]] == meant


def test_a_name_is_offered_beside_a_few_results(client, archive, make_article):
    make_article(headline="Zebro works, dit-on")

    answer = client.get("/fr/search/", {"q": "zebro works"})

    assert (answer.context["total"], *map(str, answer.context["meant"])) == (1, "Zebra Works")
    assert 'href="/fr/search/?q=Zebra+Works"' in answer.text


def test_an_empty_result_says_what_to_try(client, archive):
    page = client.get("/fr/search/?q=%3Cb%3Enothing+zebra").text

    assert "&lt;b&gt;nothing" in page and "<b>nothing" not in page
    assert page.count('<div class="nothing">') == 1
    assert '<a href="?q=zebra">zebra</a>' in page  # each word alone


def test_a_company_found_alone_leads_to_the_articles_that_name_it(client, archive, make_article):
    make_article(headline="Sans son nom").mentions.create(
        company=Company.objects.get(slug="zebra"), status="confirmed"
    )

    page = client.get("/fr/search/?q=zebraworks").text

    assert '<a href="/fr/articles/?company=zebra">' in page
    assert client.get("/fr/articles/?company=zebra").context["paginator"].count == 1


def test_a_search_asks_a_fixed_number_of_questions(
    client, make_article, make_announcement, make_company, django_assert_num_queries
):
    client.get("/fr/search/?q=nike")  # PostgreSQL's statistics are read once
    for rows in (1, 3):
        while Article.objects.count() < rows:
            article = make_article(headline="Nike")
            make_announcement(make_company(name="Nike"), title_fr="Nike", article=article)
        # Articles: counts, publishers, ids twice, rows; companies: how many, rows, their
        # standings; announcements: how many, rows, measures, evidence, placements.
        with django_assert_num_queries(14 + STATE):
            client.get("/fr/search/?q=nike")


def options(answer):
    return re.findall(r'role="option"[^>]* data-name="([^"]*)"', answer.text)


def test_suggestions_name_companies_first(client, archive, make_company, make_announcement):
    make_announcement(make_company(name="A Zebra"), title_fr="Autre")

    answer = client.get("/fr/search/suggestions/?q=zeb")

    assert options(answer) == ["Zebra Works", "A Zebra", "Autre", "Zebra suspend"]
    assert answer["Cache-Control"] == "public, no-cache"
    assert not answer.cookies


@pytest.mark.parametrize(
    "words",
    [
        "",
        "%00",
        '"((*',
        "-",
        "*",
        "'",
        "zeb%",
        "_",
        "%ED%A0%80",
        "a" * 3000,
        "%3Cscript%3E",
        "%E2%80%AE",
    ],
)
def test_suggestions_survive_what_is_typed(client, archive, words):
    answer = client.get(f"/fr/search/suggestions/?q={words}")

    assert (answer.status_code, "<script>" in answer.text) == (200, False)


@pytest.mark.parametrize("view", ["", "table"])
@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("quokka", ["Un <b>rare</b> ", "quokka", " est parti."]),
        ("wombats", ["A rare pair of ", "wombats", " left."]),
        ("suspend", None),  # the title says it
    ],
)
def test_an_announcement_found_by_its_summary_shows_where(
    client, make_announcement, view, words, shown
):
    make_announcement(
        title_fr="Zebra suspend",
        summary_fr="Un <b>rare</b> quokka est parti.",
        summary_en="A rare pair of wombats left.",
    )

    pages = [
        client.get("/fr/search/", {"q": words}),
        client.get("/fr/announcements/", {"q": words, "view": view}),
    ]

    for page, name in zip(pages, ("announcements", "object_list"), strict=True):
        found = page.context[name][0]
        assert [part for part, _hit in found.snippet] == (shown or [])
        assert "<mark>" in page.text.split("<main")[1] and "<b>rare" not in page.text
