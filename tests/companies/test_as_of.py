"""Pages as of a day: what they say of today, and that the reader's day isn't lost."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from companies.models import Assessment, Mention
from tests.counting import STATE

pytestmark = pytest.mark.django_db

MARCH = "?as_of=2022-03-09"


@pytest.fixture
def nordholz(make_company, make_announcement):
    """Suspended in March, gone in May."""
    company = make_company(slug="nordholz", name="Nordholz", sector="G")
    make_announcement(company)
    make_announcement(company, "2022-05-01", [(None, "RU", "exit", "completed")])
    return company


def said(client, address, marks="as-of|since"):
    """The page's lines on its day, as text."""
    found = re.findall(rf'<p class="(?:{marks})">(.*?)</p>', client.get(address).text, re.S)
    return [" ".join(re.sub("<[^>]*>", "", line).split()) for line in found]


@pytest.mark.parametrize(
    ("page", "line"),
    [
        ("announcements/", "As of 9 March 2022 · 1 announcement was made since · Back to today"),
        ("companies/nordholz/", "Today: exited (Russia)"),
        ("markets/RU/", "Since then the standing of 1 company has changed: exited (1)."),
        ("markets/RU/", "Since then 1 more announcement was made here."),
        ("sectors/G/", "Since then 1 more announcement was made here."),
        ("markets/CU/", "Since then no standing has changed."),
        ("markets/CU/", "Since then no announcement was made here."),
    ],
)
def test_a_page_of_a_past_day_says_what_came_since(client, nordholz, page, line):
    assert line in said(client, f"/en/{page}{MARCH}")
    assert said(client, f"/en/{page}") == []


@pytest.mark.parametrize(
    "query", ["?as_of=2022-06-01", "?as_of=2022-03-09&known_at=2100-01-01", "?as_of=never"]
)
@pytest.mark.parametrize("page", ["companies/nordholz/", "markets/RU/"])
def test_without_a_difference_none_is_told(client, nordholz, page, query):
    told = said(client, f"/en/{page}{query}", "since")

    assert not any("exited" in line for line in told)


def test_today_and_later_have_no_since(client, nordholz):
    for days in (0, 30):
        day = timezone.localdate() + timedelta(days)
        assert said(client, f"/en/markets/RU/?as_of={day}", "since") == []
        (line,) = said(client, f"/en/announcements/?as_of={day}")
        assert "since" not in line


def test_a_market_entered_since_is_told(client, nordholz, make_announcement):
    make_announcement(nordholz, "2022-06-01", [(None, "BY", "suspend", "in_effect")])

    assert "Today: suspended (Belarus) · exited (Russia)" in said(
        client, f"/en/companies/nordholz/{MARCH}"
    )


@pytest.mark.parametrize("query", ["?as_of=2022-03-09&market=RU", "?as_of=2022-03-09&q=annonce"])
def test_what_came_since_is_what_the_link_leads_to(client, nordholz, make_announcement, query):
    for day in ("2022-03-10", "2022-04-01"):
        make_announcement(day=day)
    make_announcement(day="2022-04-01", measures=[(None, "CU", "exit", "announced")])
    page = client.get(f"/fr/announcements/{query}")

    link = re.search(r'<p class="as-of">.*?href="(\?[^"]*)"', page.text, re.S)[1]
    later = client.get("/fr/announcements/" + link.replace("&amp;", "&"))

    assert later.context["paginator"].count == page.context["since"]
    whole = client.get("/fr/announcements/" + query.replace("as_of=2022-03-09&", ""))
    counts = [each.context["paginator"].count for each in (page, later, whole)]
    assert counts[0] + counts[1] == counts[2]


@pytest.mark.parametrize(
    "page",
    [
        "companies/nordholz/",
        "markets/RU/",
        "announcements/",
        "announcements/?view=table",
        "sectors/G/",
    ],
)
def test_links_and_the_other_language_keep_the_day(client, nordholz, page):
    address = f"/en/{page}{'&' if '?' in page else '?'}as_of=2022-03-09"
    text = client.get(address).text
    main = text[text.index("<main") :]

    records = re.findall(
        r'href="(/en/(?:companies|announcements|markets)/\w+/)(?!timeline)([^"]*)"', main
    )
    assert len(records) > 0
    assert {query for path, query in records if path != "/en/companies/compare/"} == {MARCH}
    assert f'href="{address.replace("/en/", "/fr/").replace("&", "&amp;")}"' in text
    assert 'value="2022-03-09"' in main
    assert 'rel="canonical" href="http://testserver/en/' + page.split("?")[0] + '"' in text


def test_a_day_goes_into_links_as_it_should(client, nordholz):
    text = client.get('/en/companies/nordholz/?as_of="><script>x&known_at=2100-01-01').text

    assert "<script>x" not in text


def test_grades_and_pieces_are_those_of_the_day(client, nordholz, make_publisher, make_article):
    yale = make_publisher(name="A tracker", kind="aggregator")
    for day, grade in (("2022-03-05", "F"), ("2022-06-01", "B")):
        Assessment.objects.create(
            company=nordholz, assessor=yale, grade=grade, assessed_on=day, market="RU"
        )
    late = make_article(headline="A later piece")
    Mention.objects.create(article=late, company=nordholz, status="confirmed")

    then, now = (client.get(f"/en/companies/nordholz/{query}").text for query in (MARCH, ""))

    assert "A tracker said F; the nearest to ours, on 9 March 2022, is B." in then
    assert "A tracker said B; the nearest to ours, on " in now
    assert ("A later piece" in then, "A later piece" in now) == (False, True)


@pytest.mark.parametrize(
    ("grade", "differs"),
    [("A", ""), ("B", "A"), ("transfer", ""), ("suspension", "transfer"), ("8/10", "")],
)
def test_a_grade_is_held_against_ours_on_its_own_scale(
    client, nordholz, make_publisher, grade, differs
):
    Assessment.objects.create(
        company=nordholz, assessor=make_publisher(), grade=grade, assessed_on="2025-05-21"
    )

    text = client.get("/en/companies/nordholz/").text

    assert re.findall(r'<span class="differs">.*is (\w+)\.</span>', text) == (
        [differs] if differs else []
    )


@pytest.mark.parametrize(
    ("page", "today", "then"),
    [("companies/nordholz/", 15, 15), ("markets/RU/", 8, 9), ("announcements/", 13, 14)],
)
def test_a_past_day_asks_a_fixed_number_of_questions(
    client, nordholz, make_announcement, django_assert_num_queries, page, today, then
):
    for _count in (1, 3):
        for query, queries in (("", today), (MARCH, then)):
            with django_assert_num_queries(queries + STATE):
                assert client.get(f"/fr/{page}{query}").status_code == 200
        make_announcement(nordholz, measures=[(None, "BY", "suspend", "announced")])
        make_announcement(nordholz, "2022-07-01")
