"""What stands on the pages about a part of the archive: the right figures, the right rows."""

import re
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from django.conf import settings

from articles.chips import Chip
from companies.models import Company, Mention
from newsroom.sitemaps import InBothLanguages
from tests.counting import STATE

pytestmark = pytest.mark.django_db
INDEX = 5  # queries: how many companies, announcements, articles; when the last two changed
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"


def test_home_counts_what_is_public(client, make_announcement, make_company, make_article):
    boreal, piece = make_company(), make_article()
    both = [("A", "RU", "suspend", "announced"), ("A", "BY", "suspend", "announced")]
    one = make_announcement(boreal, "2022-03-08", both, article=piece)
    make_announcement(boreal, "2022-03-09", article=piece)
    make_announcement()
    make_announcement(publish=False)
    make_announcement(evidence=False, publish=False)
    one.evidence.create(
        article=make_article(), stance="contradicts", paraphrase_fr="Non.", paraphrase_en="No."
    )

    context = client.get("/en/").context

    assert context["sizes"] == {"companies": 2, "measures": 4, "markets": 2, "announcements": 3}
    assert context["sources"] == 3
    figures = re.findall(r"<dt>(\w+)</dt><dd>(\d+)</dd>", client.get("/en/").text)
    assert figures == [
        ("Companies", "2"),
        ("Announcements", "3"),
        ("Measures", "4"),
        ("Markets", "2"),
        ("Articles", "3"),
    ]


def test_each_figure_of_home_is_defined(client, make_announcement):
    make_announcement()

    page = client.get("/fr/").text

    assert len(re.findall(r"<div><dt>[^<]+</dt><dd>\d+</dd><dd class=\"meta\">\w", page)) == 5


def test_the_tracker_says_how_many_and_offers_counts(client, one_of_each):
    page = client.get("/en/announcements/?market=UA").text

    assert "9 announcements" in page
    assert '<option value="RU">Russia (11)</option>' in page
    assert '<option value="UA" selected>Ukraine (9)</option>' in page
    assert 'value="exit"' not in page  # nobody left Ukraine


def test_chips_name_what_was_chosen_and_take_it_back(client, one_of_each):
    query = (
        "market=RU&publisher=gazette&company=boreal&announced_after=2022-03-01&view=table&page=1"
    )

    page = client.get(f"/en/announcements/?{query}")

    rest = "publisher=gazette&company=boreal&announced_after=2022-03-01&view=table"
    assert page.context["chips"][1] == Chip("Market", "Russia", rest, "market")
    assert [(chip.label, chip.value) for chip in page.context["chips"]] == [
        ("Company", "Boréal"),
        ("Market", "Russia"),
        ("Publisher", "La Gazette"),
        ("From", "1 March 2022"),
    ]
    assert '<a class="all" href="/en/announcements/">Remove all</a>' in page.text


@pytest.mark.parametrize(
    "query", ["", "ordering=announced_on", "market=&q=&view=table", "market=XX"]
)
def test_what_narrows_nothing_is_no_chip(client, make_announcement, query):
    make_announcement()

    assert client.get(f"/fr/announcements/?{query}").context["chips"] == []


def test_an_empty_list_says_what_to_try(client, one_of_each):
    page = client.get("/en/announcements/?q=zzzz&market=BY").text

    assert '<a href="/en/announcements/?market=BY">Try without Search (zzzz)</a>' in page
    assert '<a href="/en/announcements/?q=zzzz">Try without Market (Belarus)</a>' in page


@pytest.mark.parametrize("path", ["announcements", "articles", "companies", "corrections"])
def test_a_list_of_nothing_offers_no_filter_to_leave_out(client, db, path):
    page = client.get(f"/en/{path}/").text

    assert "There is nothing here yet." in page
    assert "See everything" not in page


def test_a_sheet_of_paper_names_the_question(client, one_of_each):
    page = client.get("/en/announcements/?q=&action=suspend&market=RU").text

    assert "http://testserver/en/announcements/?action=suspend&amp;market=RU ·" in page


def test_what_contradicts_is_one_link_away(client, make_announcement, make_article):
    announcement = make_announcement()
    announcement.evidence.create(
        article=make_article(), stance="contradicts", paraphrase_fr="Non.", paraphrase_en="No."
    )
    address = f"/en/announcements/{announcement.public_id}/"

    assert f'href="{address}#against"' in client.get("/en/announcements/").text
    assert 'id="against"' in client.get(address).text


def test_companies_are_compared_market_by_market(client, make_company, make_announcement):
    names = ["Un", "Deux", "Trois"]
    one, other, third = (make_company(slug=name.lower(), name=name) for name in names)
    make_announcement(one, "2022-03-08")
    make_announcement(other, "2022-03-09", [(None, "BY", "exit", "completed")])
    make_announcement(third)
    hidden = make_company(slug="quatre")

    page = client.get(f"/en/companies/compare/?company=deux&company=un&company={hidden.slug}")

    assert page.context["chosen"] == [other, one]
    table = [
        (market, [standing and str(standing.words) for standing in row])
        for market, row in page.context["rows"]
    ]
    assert table == [("BY", ["exited", None]), ("RU", [None, "suspended"])]
    assert not any(name in page.text for name in ("Trois", hidden.name))
    assert page.text.count("<figure") == 2
    before = client.get("/en/companies/compare/?company=un&company=deux&as_of=2022-03-08")
    assert [market for market, _row in before.context["rows"]] == ["RU"]


def test_at_most_six_companies_are_compared(
    client, make_company, make_announcement, django_assert_num_queries
):
    companies = [make_announcement(make_company()).company for _n in range(8)]
    client.get("/en/companies/compare/")
    with django_assert_num_queries(STATE + 4):
        client.get(f"/en/companies/compare/?company={companies[0].slug}")
    query = "&".join(f"company={company.slug}" for company in companies)

    with django_assert_num_queries(STATE + 4):
        page = client.get(f"/en/companies/compare/?{query}&{query}")

    assert page.context["chosen"] == companies[:6]
    assert 'id="company"' not in page.text


def test_a_sector_counts_where_its_companies_stand(client, make_company, make_announcement):
    shops = [make_company(sector="G", name=f"Shop {n}") for n in range(3)]
    for shop in shops[:2]:
        make_announcement(shop, "2022-03-08")
    newest = make_announcement(shops[2], "2022-05-01", [(None, "BY", "exit", "completed")])
    make_announcement(make_company(sector="J"))

    page = client.get("/en/sectors/G/")
    early = client.get("/en/sectors/G/?as_of=2022-04-01")

    tallies = [(market, list(tally)) for market, tally, _brands in page.context["markets"]]
    assert tallies == [("RU", [("suspended", 2)]), ("BY", [("exited", 1)])]
    assert list(page.context["companies"]) == shops
    assert page.context["newest"][0] == newest
    assert [market for market, *_rest in early.context["markets"]] == ["RU"]
    assert newest not in early.context["newest"]


@pytest.mark.parametrize(
    ("path", "status", "to"),
    [
        ("/fr/sectors/G/", 200, None),
        ("/fr/sectors/g/", 301, "/fr/sectors/G/"),
        ("/fr/sectors/Z/", 404, None),
        ("/fr/publishers/gazette/", 200, None),
        ("/fr/publishers/nobody/", 404, None),
    ],
)
def test_a_part_of_the_archive_has_one_address(client, one_of_each, path, status, to):
    answer = client.get(path)

    assert (answer.status_code, answer.headers.get("Location")) == (status, to)


def test_a_publisher_shows_what_rests_on_it_and_what_it_corrected(client, one_of_each):
    context = client.get("/en/publishers/gazette/").context

    assert [a.public_id for a in context["newest"]] == ["boreal-suspends"]
    assert [a.public_id for a in context["contradicted"]] == ["boreal-suspends"]
    assert [article.slug for article in context["articles"]] == ["boreal-suspend"]
    assert [correction.kind for correction in context["corrections"]] == ["kill", "correction"]


def test_the_log_of_corrections_is_narrowed(client, one_of_each):
    def kinds(query):
        found = client.get(f"/en/corrections/?{query}").context["object_list"]
        return [correction.kind for correction in found]

    assert kinds("") == ["kill", "correction"]
    assert kinds("kind=kill") == ["kill"]
    assert kinds("publisher=observer") == []
    assert "Killed" not in client.get("/en/corrections/").text


def test_suggestions_are_companies_first_and_public_alone(client, make_company, make_announcement):
    boreal = make_announcement(make_company(name="Boréal"), title_en="Boréal suspends").company
    make_company(name="Boréalis")  # without a public record

    page = client.get("/en/search/suggestions/?q=bor").text

    assert re.findall(r'data-name="([^"]+)"', page) == [boreal.name, "Boréal suspends"]
    assert client.get("/en/search/suggestions/?q=").text.strip() == ""


def test_a_name_that_is_misspelt_is_asked_about(client, one_of_each):
    page = client.get("/en/search/?q=borea").text

    assert "Did you mean" in page and '<a href="/en/search/?q=Bor%C3%A9al">Boréal</a>' in page


def sitemap(client, path):
    return ElementTree.fromstring(client.get(path).content)


def test_the_map_leads_to_every_public_page_in_both_languages(client, one_of_each):
    sections = [place.text for place in sitemap(client, "/sitemap.xml").iter(f"{SITEMAP}loc")]
    found = set()
    for section in sections:
        for url in sitemap(client, urlsplit(section).path).iter(f"{SITEMAP}url"):
            found.add(url.findtext(f"{SITEMAP}loc").removeprefix("http://testserver"))
            alternates = {link.get("hreflang") for link in url.iter(f"{XHTML}link")}
            assert alternates == {"fr", "en", "x-default"}

    names = ["home", "announcement", "company", "article", "corrections", "about", "data"]
    for language in ("fr", "en"):
        assert {f"/{language}/{one_of_each[name]}" for name in names} <= found
        for gone in ("retracted", "killed"):
            assert f"/{language}/{one_of_each[gone]}" not in found
    assert all(client.get(path).status_code == 200 for path in found)
    assert len(found) == len(set(found)) > 2 * Company.objects.public().count()


@pytest.mark.parametrize(
    ("kind", "tells"), [("companies", False), ("announcements", True), ("articles", True)]
)
def test_the_map_is_in_files_of_bounded_size(
    client, make_announcement, make_company, django_assert_num_queries, monkeypatch, kind, tells
):
    monkeypatch.setattr(InBothLanguages, "limit", 4)
    found = set()
    for records in (3, 6):
        for _more in range(3):
            make_announcement(make_company())
        with django_assert_num_queries(INDEX):
            index = sitemap(client, "/sitemap.xml")
        files = [
            place
            for place in index.iter(f"{SITEMAP}sitemap")
            if f"-{kind}.xml" in place.findtext(f"{SITEMAP}loc")
        ]
        assert len(files) == (records + 1) // 2
        assert all(bool(place.findtext(f"{SITEMAP}lastmod")) == tells for place in files)
        for place in files:
            address = urlsplit(place.findtext(f"{SITEMAP}loc"))
            with django_assert_num_queries(2):  # how many there are, and those of the file
                urls = list(
                    sitemap(client, f"{address.path}?{address.query}").iter(f"{SITEMAP}url")
                )
            assert 0 < len(urls) <= 4
            assert all(bool(url.findtext(f"{SITEMAP}lastmod")) == tells for url in urls)
            found |= {url.findtext(f"{SITEMAP}loc") for url in urls}
        assert len(found) == 2 * records


def test_the_icon_is_where_browsers_look_for_it(client):
    answer = client.get("/favicon.ico")

    assert (answer.status_code, answer["Location"]) == (301, f"{settings.STATIC_URL}favicon.svg")


@pytest.mark.parametrize("path", ["/en/", "/en/about/"])
def test_a_page_promises_what_the_archive_holds(client, db, path):
    page = client.get(path).text

    assert page.count("with the passage or the source that proves it") >= 2
    assert "words it rests on" not in page and "sentence that proves it" not in page


def test_robots_are_told_where_the_map_is(client):
    answer = client.get("/robots.txt")

    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.text.splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        "Allow: /",
        "Sitemap: http://testserver/sitemap.xml",
    ]


def test_the_data_page_leads_to_every_way_of_taking_it_along(client, one_of_each):
    page = client.get("/en/data/")

    for path in (
        "/en/announcements/announcements.csv",
        "/en/announcements/announcements.xlsx",
        "/en/announcements/announcements.json",
        "/en/announcements/feed.atom",
        "/en/corrections/feed.atom",
        "/en/data/api/",
        "/api/schema/",
    ):
        assert f'href="{path}"' in page.text
        assert client.get(path).status_code == 200
    offered = [each["contentUrl"] for each in page.context["dataset"]["distribution"]]
    assert offered == [
        f"http://testserver/en/announcements/announcements.{e}" for e in ("csv", "xlsx", "json")
    ]


def test_the_method_is_the_same_in_both_languages(client):
    def outline(language):
        page = client.get(f"/{language}/about/").text
        return re.findall(r'<h2 id="(\w+)"', page), page.count("<tr>"), page.count("<dt>")

    assert outline("fr") == outline("en")
    assert len(outline("fr")[0]) >= 6


@pytest.mark.parametrize("query", ["as_of=2022-03-07", "known_at=2022-03-09T12%3A00", "as_of=x"])
def test_the_home_page_of_another_day_is_the_tracker(client, db, query):
    answer = client.get(f"/fr/?{query}")

    assert (answer.status_code, answer.url) == (302, f"/fr/announcements/?{query}")


def test_a_list_is_cited_by_its_question_and_its_day(client, one_of_each):
    page = client.get("/en/announcements/?market=RU&view=table&page=1&as_of=2022-12-31").text

    assert (
        "“Announcements, Market Russia”, Exeunt, as of 31 December 2022, "
        "http://testserver/en/announcements/?market=RU&amp;as_of=2022-12-31&amp;known_at="
    ) in page


def test_a_brand_counts_with_its_company(client, make_company, make_announcement):
    company, other = make_company(name="Lumina"), make_company(name="Verlane")
    play = make_company(name="Play", parent=company)
    make_announcement(company, measures=[("Play", "RU", "suspend", "in_effect")])
    make_announcement(other, measures=[(None, "RU", "suspend", "in_effect")])
    activity = company.activities.get()
    activity.brand = play
    activity.save()

    page = client.get("/en/markets/RU/")

    shown = {each.company for each in page.context["standings"]}
    assert shown == {company, play, other}
    assert page.context["tally"] == [("suspended", 1), ("partly suspended", 1)]


def test_a_brand_counts_with_the_record_that_stands_for_its_company(
    client, make_company, make_announcement
):
    stands, merged = make_company(), make_company()
    brand = make_company(parent=merged)
    make_announcement(stands, measures=[(None, "RU", "exit", "completed")])
    make_announcement(brand)
    merged.merge(stands)

    assert client.get("/en/markets/RU/").context["tally"] == [("exited", 1)]


def test_home_counts_and_names_companies_as_they_stand(
    client, make_company, make_announcement, make_article
):
    stands, merged = make_company(), make_company()
    for company in (stands, merged):
        make_announcement(company)
    Mention.objects.create(article=make_article(), company=merged, status="confirmed")
    merged.merge(stands)

    context = client.get("/en/").context

    assert context["sizes"]["companies"] == 1
    assert [company for company, _standings in context["companies"]] == [stands]


def test_the_companies_of_a_list_are_followed_by_what_they_announce(client, one_of_each):
    asked = "sector=C&market=RU"
    page = client.get(f"/en/companies/?{asked}&ordering=name").text

    assert page.count(f'href="/en/announcements/feed.atom?{asked.replace("&", "&amp;")}"') == 2
    assert client.get(f"/en/announcements/feed.atom?{asked}").status_code == 200
    assert "feed.atom" not in client.get("/en/companies/?q=any").text


def test_a_publisher_page_counts_who_stands_where_on_a_day(
    client, make_company, make_article, make_publisher, make_announcement
):
    gazette = make_publisher(slug="gazette")
    stays, left, other = (make_company(name=name) for name in ("Stays", "Left", "Other"))
    piece = make_article(publisher=gazette)
    make_announcement(stays, "2022-03-08", [(None, "RU", "suspend", "in_effect")], article=piece)
    make_announcement(left, "2022-03-09", [(None, "RU", "suspend", "in_effect")], article=piece)
    make_announcement(left, "2022-05-09", [(None, "RU", "exit", "completed")])  # told by another
    make_announcement(other, "2022-03-08", [(None, "RU", "exit", "completed")])

    days = ("", "2022-04-01", "2022-03-08", "2022-01-01")
    found = [client.get("/en/publishers/gazette/", {"as_of": day}) for day in days]

    assert [page.context["markets"] for page in found] == [
        [("RU", [("exited", 1), ("suspended", 1)], False)],
        [("RU", [("suspended", 2)], False)],
        [("RU", [("suspended", 1)], False)],
        [],
    ]
    assert '<a href="/en/markets/RU/?as_of=2022-04-01">Russia</a></h3>' in found[1].text


def test_pictures_that_are_compared_can_be_taken_along(client, make_company, make_announcement):
    for slug in ("un", "deux"):
        make_announcement(make_company(slug=slug))

    page = client.get("/en/companies/compare/?company=un&company=deux&as_of=2022-12-31").text

    for slug in ("un", "deux"):
        file = f"/en/companies/{slug}/timeline.svg?as_of=2022-12-31"
        assert f'href="{file}"' in page
        assert client.get(file).status_code == 200
