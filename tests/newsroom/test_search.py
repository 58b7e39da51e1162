"""One question to the whole archive, and what is offered while one types it."""

import re

import pytest

from articles.models import Article
from companies.models import Company
from newsroom.signposts import signposts
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
        # standings; announcements: how many, rows, measures, evidence, placements; publishers
        # that are named so.
        with django_assert_num_queries(15 + STATE):
            client.get("/fr/search/?q=nike")


@pytest.fixture
def named(make_company, make_announcement, make_article, make_publisher):
    """A market, a publisher and a sector with something public, and of each one without."""
    paper = make_article(publisher=make_publisher(name="BFM Business", slug="bfm"))
    maker = make_company(name="Zorblax", sector="C")
    exits = [("Shops", "RU", "exit", "announced"), ("Cloud", "BY", "suspend", "in_effect")]
    make_announcement(maker, measures=exits, article=paper)
    make_announcement(maker, "2022-03-10", article=paper)
    make_announcement(maker, measures=[(None, "UA", "resume", "completed")], publish=False)
    make_publisher(name="BFM Lyon", slug="unread")
    make_company(sector="B")


SUSPENSIONS = ("Action", "Suspension", "/announcements/?action=suspend", 2)
EXITS = ("Action", "Retrait", "/announcements/?action=exit", 1)
IN_EFFECT = ("Stade", "En vigueur", "/announcements/?stage=in_effect", 2)
ON_THE_8TH = "/announcements/?announced_after=2022-03-08&announced_before=2022-03-08"
EIGHTH = ("Annonce", "8 mars 2022", ON_THE_8TH, 1)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("BFM", [("Éditeur", "BFM Business", "/publishers/bfm/", None)]),
        ("business bfm", [("Éditeur", "BFM Business", "/publishers/bfm/", None)]),
        ("russie", [("Marché", "Russie", "/markets/RU/", None)]),
        ("Russia", [("Marché", "Russie", "/markets/RU/", None)]),
        ("bielorussie", [("Marché", "Biélorussie", "/markets/BY/", None)]),
        ("la Russie", []),  # not all words are in the name
        ("-russie", []),
        ("ukraine", []),  # nothing public there
        ("industrie manu", [("Secteur", "Industrie manufacturière", "/sectors/C/", None)]),
        ("manufacturing", [("Secteur", "Industrie manufacturière", "/sectors/C/", None)]),
        ("mining", []),
        ("suspension", [SUSPENSIONS]),
        ("suspensions", [SUSPENSIONS]),
        ("suspended", [SUSPENSIONS]),
        ("exit", [EXITS]),
        ("retrait", [EXITS]),
        ("resumption", []),
        ("en vigueur", [SUSPENSIONS, IN_EFFECT]),
        ("in effect", [IN_EFFECT]),
        ("completed", []),
        ("8 mars 2022", [EIGHTH]),
        ("le mardi 8 mars 2022", [EIGHTH]),
        ("8 March 2022", [EIGHTH]),
        ("March 8, 2022", [EIGHTH]),
        (" 2022-03-08 ", [EIGHTH]),
        ("9 mars 2022", []),
        ("31 février 2022", []),
        (f"{'9' * 30} mars 2022", []),
        ("8 mars 0022", []),
        ("mars 2022", []),
        ("", []),
        ("!", []),
    ],
)
def test_a_search_names_the_pages_that_are_meant(client, named, words, found):
    answer = client.get("/fr/search/", {"q": words})

    posts = answer.context.get("signposts", [])
    assert [(one.kind, one.name, one.url, one.size) for one in posts] == [
        (kind, name, f"/fr{url}", size) for kind, name, url, size in found
    ]
    for post in posts:
        assert f'<a href="{post.url.replace("&", "&amp;")}">{post.name}</a>' in answer.text
        page = client.get(post.url)
        assert page.status_code == 200
        assert post.size is None or post.size == page.context["paginator"].count
    if found:
        assert '<div class="nothing">' not in answer.text


def test_a_page_is_suggested_behind_companies(client, named, make_company, make_announcement):
    make_announcement(make_company(name="Russian Standard"), title_en="Russia without vodka")

    answer = client.get("/en/search/suggestions/?q=russia")

    assert options(answer) == ["Russian Standard", "Russia", "Russia without vodka"]
    assert 'data-href="/en/markets/RU/">Russia <p class="meta">Market</p>' in answer.text
    assert options(client.get("/en/search/suggestions/companies/?q=russia")) == ["Russian Standard"]
    held = client.get("/en/search/suggestions/?q=suspens").text
    assert '>Suspension <p class="meta">Action · 3 announcements</p>' in held


def test_pages_take_a_fixed_number_of_queries(named, make_company, django_assert_max_num_queries):
    for words in ("suspension", "russie", "industrie", "8 mars 2022", "a"):
        with django_assert_max_num_queries(6):
            signposts(words)


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
