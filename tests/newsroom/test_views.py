"""The home page, the search, the probes, and what all pages share."""

import html
import json
import re
import struct
from datetime import timedelta
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from tests.moments import known_now

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("accepted", "home"), [("", "/fr/"), ("en-GB,en", "/en/"), ("fr", "/fr/"), ("de", "/fr/")]
)
def test_the_root_leads_to_the_readers_language(client, accepted, home):
    answer = client.get("/", headers={"accept-language": accepted})

    assert (answer.status_code, answer["Location"]) == (302, home)


@pytest.mark.parametrize(
    "path", ["/fr/", "/en/", "/fr/articles/", "/fr/search/?q=a", "/fr/markets/RU/", "/fr/nowhere/"]
)
def test_a_reader_gets_no_cookie(client, make_announcement, path):
    make_announcement()

    answer = client.get(path)

    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")


def test_pages_say_their_address_in_both_languages(client, make_announcement):
    announcement = make_announcement()
    path = f"announcements/{announcement.public_id}/"

    page = client.get(f"/en/{path}?utm_source=mail").text

    assert f'<link rel="canonical" href="http://testserver/en/{path}">' in page
    for language in ("fr", "en"):
        address = f"http://testserver/{language}/{path}"
        assert f'<link rel="alternate" hreflang="{language}" href="{address}">' in page


def test_the_language_switch_stays_on_the_record(client, make_announcement):
    make_announcement()

    page = client.get("/fr/announcements/?market=RU").text

    assert '<a href="/en/announcements/?market=RU" hreflang="en"' in page


@pytest.mark.parametrize(
    ("path", "home"), [("/fr/nowhere/", "/en/"), ("/en/companies/none/", "/en/companies/none/")]
)
def test_a_wrong_address_is_answered_in_style(client, path, home):
    answer = client.get(path)

    assert answer.status_code == 404
    assert answer.text.count("<h1") == 1
    assert f'<a href="{home}" hreflang="en"' in answer.text


@pytest.mark.parametrize("path", ["/fr/", "/en/articles/", "/fr/companies/", "/fr/search/?q=piece"])
def test_a_page_has_its_landmarks(client, make_announcement, path):
    make_announcement()

    page = client.get(path).text

    marks = ["<h1", "<main", "<header", "<footer", 'href="#content"', "Exeunt</title>"]
    assert [page.count(mark) for mark in marks] == [1, 1, 1, 1, 1, 1]
    assert page.count("<nav") == len(re.findall("<nav[^>]* aria-label=", page)) >= 1
    assert (
        re.findall(r"<script(?![^>]* src=)|@import|url\(", page) == []
    )  # its policy allows no other
    assert "<style" not in page and " style=" not in page


def test_home_shows_the_companies_named_last_and_of_these_by_name(
    client, make_article, make_company
):
    now = timezone.now()
    newest, older = (make_article(published_at=now - timedelta(hours=n)) for n in (1, 2))
    for name, articles in {"Vega": [newest], "Mira": [older], "Alcor": [older, newest]}.items():
        company = make_company(name=name)
        for article in articles:
            article.mentions.create(company=company, status="confirmed")

    shown = [company.name for company, _standings in client.get("/en/").context["companies"]]

    assert shown == ["Alcor", "Vega", "Mira"]


def test_home_shows_the_newest_and_the_one_with_most_measures(client, make_announcement):
    detailed = make_announcement(
        day="2020-01-01", measures=[(n, "RU", "suspend", "announced") for n in ("A", "B")]
    )
    newest = make_announcement()
    draft = make_announcement(publish=False)

    context = client.get("/fr/").context

    assert context["detailed"] == detailed
    assert list(context["announcements"]) == [newest, detailed]
    assert draft.title_fr not in client.get("/fr/").text


def test_search_finds_companies_announcements_and_articles(
    client, make_company, make_announcement, make_article
):
    company = make_company(name="Zebra")
    announcement = make_announcement(company, title_fr="Zebra suspend")
    article = make_article(headline="Zebra en Russie")
    make_article(headline="Zebra secret", status="withheld")

    context = client.get("/fr/search/?q=zebra").context

    [(found, standings)] = context["companies"]
    assert (found, [each.market for each in standings]) == (company, ["RU"])
    assert [list(context[kind]) for kind in ("announcements", "articles")] == [
        [announcement],
        [article],
    ]


@pytest.mark.parametrize("words", ["", "%00", '"((*', "-", "%ED%A0%80", "a" * 3000])
def test_search_survives_what_is_typed(client, words):
    assert client.get(f"/fr/search/?q={words}").status_code == 200


def test_the_process_answers(client):
    answer = client.get("/healthz")

    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_it_is_ready_when_every_migration_is_applied(client):
    assert client.get("/readyz").status_code == 200

    [newest] = MigrationLoader(connection).graph.leaf_nodes("articles")
    MigrationRecorder(connection).record_unapplied(*newest)

    answer = client.get("/readyz")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")


def plain(text):
    """Babel's two readers give bytes or text, lists or tuples for the same."""
    if isinstance(text, bytes):
        return text.decode()
    return tuple(text) if isinstance(text, list) else text


def catalog(read, name):
    """(context, message) → (translation, fuzzy)."""
    with (Path(settings.BASE_DIR) / "locale/fr/LC_MESSAGES" / name).open("rb") as file:
        return {
            (plain(m.context), plain(m.id)): (plain(m.string), m.fuzzy) for m in read(file) if m.id
        }


def test_every_string_is_translated():
    owed = [
        name
        for name, (said, fuzzy) in catalog(read_po, "django.po").items()
        if fuzzy or not said or (isinstance(said, tuple) and not all(said))
    ]

    assert owed == []


def test_the_compiled_translations_are_those_of_the_source():
    assert catalog(read_mo, "django.mo") == catalog(read_po, "django.po")


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("announcements/?page=2&market=RU", "announcements/?market=RU&page=2"),
        ("announcements/?market=RU&utm_source=mail", "announcements/?market=RU"),
        ("announcements/?market=RU&market_x=1&page=1", "announcements/?market=RU"),
        ("announcements/?market=nowhere&as_of=2030-01-01&view=table", "announcements/"),
        ("markets/RU/?page=2&{now}", "markets/RU/?page=2"),
        ("companies/?sector=G&q=", "companies/?sector=G"),
        ("articles/?language=fr", "articles/?language=fr"),
        ("companies/compare/?company=firm-1&x=1", "companies/compare/?company=firm-1"),
        ("search/?q=firm&x=1", "search/?q=firm"),
    ],
)
def test_a_list_has_one_address_for_each_question(
    client, make_company, make_announcement, asked, kept
):
    for number in range(21):
        make_announcement(make_company(slug=f"firm-{number}"))

    page = client.get(f"/en/{asked}".format(now=known_now())).text

    found = html.unescape(page.split('rel="canonical" href="')[1].split('"')[0])
    alternates = [html.unescape(each) for each in re.findall(r'hreflang="\S+" href="(.+?)">', page)]
    assert found == f"http://testserver/en/{kept}"
    assert alternates[:3] == [f"http://testserver/{lang}/{kept}" for lang in ("fr", "en", "fr")]


@pytest.mark.parametrize(
    ("path", "title", "said"),
    [
        ("", "Exeunt", "What companies announced about leaving a market"),
        ("markets/RU/", "Russia", "Russia: suspended (1)"),
        ("articles/{article}/", "Headline", "What the piece says."),
    ],
)
def test_a_shared_page_says_what_it_is_and_shows_the_house(
    client, make_announcement, make_article, path, title, said
):
    article = make_article(headline="Headline", abstract_en="What the piece says.")
    make_announcement(article=article)

    page = client.get(f"/en/{path.format(article=article.slug)}").text

    assert f'<meta property="og:title" content="{title}">' in page
    assert f'property="og:description" content="{said}' in page
    image = re.search(r'<meta property="og:image" content="http://testserver(\S+)">', page)[1]
    picture = finders.find(image.removeprefix(settings.STATIC_URL))
    width, height = struct.unpack(">II", Path(picture).read_bytes()[16:24])
    assert (width, height) == (1200, 630)
    assert 'property="og:image:alt" content="Exeunt' in page


@pytest.mark.parametrize(
    ("path", "steps"),
    [
        ("markets/RU/", ["Exeunt", "Announcements", "Russia"]),
        ("sectors/G/", ["Exeunt", "Companies", "Trade"]),
        ("publishers/{publisher}/", ["Exeunt", "Articles", "Gazette"]),
        (
            "announcements/{announcement}/editions/1/",
            ["Exeunt", "Companies", "Firm", "It suspends", "edition 1"],
        ),
    ],
)
def test_a_page_says_where_it_stands(
    client, make_announcement, make_article, make_company, make_publisher, path, steps
):
    publisher = make_publisher(name="Gazette")
    announcement = make_announcement(
        make_company(name="Firm"), title_en="It suspends", article=make_article(publisher=publisher)
    )
    path = f"/en/{path.format(publisher=publisher.slug, announcement=announcement.public_id)}"

    page = client.get(path).text

    scripts = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    (trail,) = (each for each in map(json.loads, scripts) if each["@type"] == "BreadcrumbList")
    assert [step["name"] for step in trail["itemListElement"]] == steps
    assert trail["itemListElement"][-1]["item"] == f"http://testserver{path}"
    for step in trail["itemListElement"]:
        assert client.get(step["item"].removeprefix("http://testserver")).status_code == 200
