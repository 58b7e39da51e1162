"""Pages as of a day: what they say of today, and that the reader's day isn't lost."""

import re
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from companies.models import Assessment, Evidence, Mention
from tests.counting import STATE
from tests.moments import known_now

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


@pytest.mark.parametrize("query", ["?as_of=2022-06-01", "?as_of=2022-03-09&{now}", "?as_of=never"])
@pytest.mark.parametrize("page", ["companies/nordholz/", "markets/RU/"])
def test_without_a_difference_none_is_told(client, nordholz, page, query):
    told = said(client, f"/en/{page}{query}".format(now=known_now()), "since")

    assert not any("exited" in line for line in told)


def test_today_has_no_since(client, nordholz):
    day = timezone.localdate()

    assert said(client, f"/en/markets/RU/?as_of={day}", "since") == []
    (line,) = said(client, f"/en/announcements/?as_of={day}")
    assert "since" not in line


TO_COME = "This day hasn&#x27;t come yet."


@pytest.fixture
def places(nordholz):
    evidence = Evidence.objects.filter(announcement__company=nordholz).first()
    return {
        "announcement": evidence.announcement.public_id,
        "publisher": evidence.article.publisher.slug,
    }


def in_english(day):
    return f"{day.day} {day:%B %Y}"


@pytest.mark.parametrize(
    "page",
    [
        "announcements/",
        "announcements/{announcement}/",
        "articles/",
        "companies/nordholz/",
        "companies/compare/?company=nordholz",
        "markets/RU/",
        "sectors/G/",
        "publishers/{publisher}/",
    ],
)
def test_a_page_marks_a_day_to_come_and_leaves_it_aside(client, nordholz, page, places):
    page = page.format(**places)
    mark = "&" if "?" in page else "?"
    today = timezone.localdate()

    texts = {
        days: client.get(f"/en/{page}{mark}as_of={today + timedelta(days)}").text
        for days in (0, 1, 9999)
    }

    assert [TO_COME in text for text in texts.values()] == [False, True, True]
    assert not any(in_english(today + timedelta(days)) in texts[days] for days in (1, 9999))
    assert ["Back to today" in text for text in texts.values()][1:] == [False, False]
    main = texts[1][texts[1].index("<main") : texts[1].index("</main>")]
    links = re.findall('href="/en/(?:companies|announcements|markets)/(?!compare)[^"]*"', main)
    assert not any(f"as_of={today + timedelta(1)}" in link for link in links)


@pytest.mark.parametrize(
    "file",
    [
        "announcements/announcements.csv",
        "announcements/over-time.svg",
        "announcements/feed.atom",
        "announcements/{announcement}/measures.svg",
        "announcements/{announcement}/cite.bib",
        "articles/feed.atom",
        "companies/nordholz/timeline.svg",
    ],
)
def test_a_file_of_a_day_to_come_is_refused(client, nordholz, file, places):
    today = timezone.localdate()
    asked = [f"/en/{file.format(**places)}?as_of={today + timedelta(days)}" for days in (0, 1)]

    now, later = (client.get(address) for address in asked)

    assert (now.status_code, later.status_code) == (200, 400)
    assert later.content == b"as_of: This day hasn't come yet.\n"


@pytest.mark.parametrize("name", ["announcements", "articles", "assessments", "standings"])
def test_the_api_refuses_a_day_to_come(client, nordholz, name):
    today = timezone.localdate()
    asked = [f"/api/v1/{name}/?as_of={today + timedelta(days)}" for days in (0, 1)]

    now, later = (client.get(address, headers={"Accept-Language": "en"}) for address in asked)

    assert (now.status_code, later.status_code) == (200, 400)
    assert later.json()["errors"] == [{"parameter": "as_of", "detail": "This day hasn't come yet."}]


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
    text = client.get(f'/en/companies/nordholz/?as_of="><script>x&{known_now()}').text

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
    ("page", "past", "present"),
    [
        ("companies/nordholz/", "Where it stood on", "Where it stands on"),
        ("companies/nordholz/embed/", "Where it stood on", "Where it stands on"),
        ("markets/RU/", "Where companies stood", "Where companies stand"),
        ("sectors/G/", "companies of this sector stood", "companies of this sector stand"),
        ("companies/compare/", "Where two to six companies stood", "six companies stand on"),
    ],
)
def test_of_a_past_day_headings_speak_in_the_past(client, nordholz, page, past, present):
    for query, said, other in (
        (MARCH, past, present),
        (f"?as_of={timezone.localdate()}", present, past),
        ("", present, past),
    ):
        text = client.get(f"/en/{page}{query}").text
        assert (said in text, other in text) == (True, False)


PUBLISHED = [  # when, how exactly known, what is said of it as of 9 March 2022
    ("2022-03-09T23:30:00+01:00", "day", None),
    ("2022-03-10T00:30:00+01:00", "day", "published later, on 10 March 2022"),
    ("2022-03-09T23:30:00+00:00", "day", "published later, on 10 March 2022"),  # in Paris
    ("2022-03-01T00:00:00+01:00", "month", None),
    ("2022-04-01T00:00:00+02:00", "month", "published later, in April 2022"),
    ("2022-01-01T00:00:00+01:00", "year", None),
    ("2023-01-01T00:00:00+01:00", "year", "published later, in 2023"),
]


@pytest.fixture
def attested(make_company, make_announcement, make_article, make_publisher):
    """An announcement of 8 March that a piece of some day attests, and another contradicts."""

    def attest(supports, contradicts=()):
        paper = make_publisher(slug="paper", name="Paper")
        pieces = [
            make_article(
                publisher=paper, published_at=datetime.fromisoformat(at), published_precision=known
            )
            for at, known in (supports, *contradicts)
        ]
        announcement = make_announcement(
            make_company(slug="it", name="It", sector="C"), article=pieces[0], publish=False
        )
        for piece in pieces[1:]:
            announcement.evidence.create(
                article=piece, paraphrase_fr="Non.", paraphrase_en="No.", stance="contradicts"
            )
        announcement.publish()
        return announcement

    return attest


@pytest.mark.parametrize(("at", "known", "mark"), PUBLISHED)
@pytest.mark.parametrize(
    "page",
    [
        "announcements/?",
        "announcements/?view=table&",
        "announcements/{id}/?",
        "announcements/{id}/embed/?",
        "announcements/{id}/?{now}&",
        "companies/it/?",
        "markets/RU/?",
        "sectors/C/?",
        "publishers/paper/?",
    ],
)
def test_evidence_of_a_later_day_is_marked(client, attested, page, at, known, mark):
    page = f"/en/{page.format(id=attested((at, known)).public_id, now=known_now())}"

    then, now = (client.get(f"{page}{query}").text for query in ("as_of=2022-03-09", ""))

    assert ([mark] if mark else []) == re.findall("published later, (?:on|in) [^<)]*", then)
    assert "published later" not in now


EARLY, LATE = ("2022-03-09T12:00:00+01:00", "day"), ("2022-06-23T12:00:00+02:00", "day")


@pytest.mark.parametrize(
    ("against", "said"),
    [
        ([EARLY], "1 source contradicts a part of it"),
        ([LATE], "1 source contradicts a part of it (1 published later)"),
        ([EARLY, LATE, LATE], "3 sources contradict a part of it (2 published later)"),
    ],
)
@pytest.mark.parametrize("page", ["announcements/", "markets/RU/", "announcements/{id}/embed/"])
def test_what_contradicts_it_from_later_on_is_counted(client, attested, page, against, said):
    page = page.format(id=attested(EARLY, against).public_id)

    text = re.sub("<[^>]*>", "", client.get(f"/en/{page}{MARCH}").text)

    assert said in text


def test_a_companys_page_marks_what_contradicts_it_from_later_on(client, attested):
    attested(EARLY, [LATE])

    text = client.get(f"/en/companies/it/{MARCH}").text

    assert text.count("published later, on 23 June 2022") == 1


def test_a_publishers_page_shows_the_pieces_of_its_day(client, attested, make_article):
    paper = attested(EARLY).evidence.get().article.publisher
    make_article(publisher=paper, headline="Of today")

    then, now = (client.get(f"/en/publishers/paper/{query}").text for query in (MARCH, ""))

    assert ("Of today" in then, "Of today" in now) == (False, True)


@pytest.mark.parametrize(
    ("day", "known", "said"),
    [
        ("2022-03-09", "day", None),
        ("2022-03-10", "day", "On 9 March 2022 this announcement had not been made yet."),
        ("2022-03-01", "month", "Announced in March 2022; whether by 9 March 2022 isn’t known."),
        ("2022-04-01", "month", "On 9 March 2022 this announcement had not been made yet."),
        ("2021-01-01", "year", None),
    ],
)
@pytest.mark.parametrize("page", ["", "embed/"])
def test_an_announcement_says_that_it_came_later(client, make_announcement, page, day, known, said):
    announcement = make_announcement(day=day, announced_precision=known)

    page = f"/en/announcements/{announcement.public_id}/{page}"

    then, now = (client.get(f"{page}{query}").text for query in (MARCH, ""))
    marks = [" ".join(mark.split()) for mark in re.findall('<p class="after">(.*?)</p>', then)]
    assert marks == ([said] if said else [])
    assert '<p class="after">' not in now


def test_an_announcement_keeps_its_day_and_leads_back_to_today(client, attested):
    page = f"/en/announcements/{attested(EARLY).public_id}/"

    assert said(client, f"{page}{MARCH}") == ["As of 9 March 2022 · Back to today"]
    assert said(client, page) == []
    then, now = (client.get(f"{page}{query}").text for query in (MARCH, ""))
    assert ('name="as_of"' in then, 'name="as_of"' in now) == (True, False)
    assert f'href="/en/companies/it/{MARCH}"' in then
    now = known_now()
    back = client.get(f"{page}{MARCH}&{now}").text
    assert f'href="?{now.replace(":", "%3A")}">Back to today' in back


def test_the_method_says_that_a_later_piece_is_marked(client, db):
    assert "it is marked “published later”" in client.get("/en/about/").text
    assert "«\xa0paru plus tard\xa0»" in client.get("/fr/about/").text


def test_an_exception_that_changed_is_a_change(client, make_announcement, make_company):
    """What readers see of a standing is its word and the activities that it names."""
    company = make_company(slug="it", name="It")
    whole = (None, "RU", "pause_investment", "in_effect")
    make_announcement(company, measures=[whole, ("Shops", "RU", "suspend", "in_effect")])
    make_announcement(company, "2022-05-01", [("Shops", "RU", "exit", "completed")])

    assert said(client, f"/en/companies/it/{MARCH}", "since") == [
        "Today: investment paused; 1 activity differs (Russia; Shops: exited)"
    ]
    assert said(client, f"/en/markets/RU/{MARCH}", "since")[0] == (
        "Since then the standing of 1 company has changed: in single activities only (1)."
    )


def test_a_market_counts_a_brand_with_its_company_and_says_so(
    client, nordholz, make_announcement, make_company
):
    brand = make_company(name="Brand", parent=nordholz)
    other = make_company(name="Other")
    make_announcement(other, measures=[("Shops", "RU", "suspend", "in_effect")])
    make_announcement(other, "2022-05-02", [("Cafés", "RU", "suspend", "in_effect")])
    told = "A brand is counted with its company."
    before = client.get(f"/en/markets/RU/{MARCH}")
    make_announcement(brand)
    make_announcement(brand, "2022-05-03", [(None, "RU", "resume", "in_effect")])

    then, sector = (client.get(f"/en/{page}/{MARCH}") for page in ("markets/RU", "sectors/G"))

    assert [size for _word, size in then.context["tally"]] == [1, 1]
    assert len(then.context["object_list"]) == 3
    assert [told in page.text for page in (before, then, sector)] == [False, True, True]
    assert said(client, f"/en/markets/RU/{MARCH}", "since")[0] == (
        "Since then the standings of 2 companies have changed: "
        "exited (1), in single activities only (1)."
    )


@pytest.mark.parametrize("query", ["", "&{now}"])
def test_a_timeline_holds_every_action_and_what_it_is_about(
    client, make_announcement, make_company, query
):
    company = make_company(slug="it", name="It")
    make_announcement(
        company,
        measures=[
            (None, "RU", "pause_investment", "in_effect"),
            ("Shops", "RU", "suspend", "in_effect"),
            ("Cafés", "RU", "suspend", "in_effect"),
            ("Bars", "RU", "suspend", "announced"),
            *((f"Brand {n}", "RU", "exit", "completed") for n in range(4)),
        ],
    )

    query = query.format(now=known_now())
    page = client.get(f"/en/companies/it/?as_of={timezone.localdate()}{query}")
    picture = client.get(f"/en/companies/it/timeline.svg?as_of={timezone.localdate()}{query}")
    compared = client.get(f"/en/companies/compare/?company=it{query}")

    marks = [
        "Exit (4 activities) · Completed, announced on 8 March 2022",
        "Suspension (Bars) · Announced on 8 March 2022",
        "Suspension (Cafés, Shops) · In effect, announced on 8 March 2022",
        "Pause of investment · In effect, announced on 8 March 2022",
    ]
    for answer, times in ((page, 2), (picture, 1), (compared, 2)):  # wide and narrow
        found = re.findall("<title>Russia: (.*?)</title>", answer.text)
        assert found == marks * times
    dots = page.context["pictures"]["wide"].dots
    assert len({(dot.x, dot.y) for dot in dots}) == 4
    rows = re.findall("</a></th><td>Russia</td><td>(.*?)</td><td>(.*?)</td>", page.text)
    assert rows == [
        ("4 activities", "Exit"),
        ("Bars", "Suspension"),
        ("Cafés, Shops", "Suspension"),
        ("Whole business", "Pause of investment"),
    ]


@pytest.mark.parametrize(
    ("page", "today", "then"),
    [
        ("announcements/{announcement}/", 7, 7),
        ("companies/nordholz/", 16, 16),
        ("markets/RU/", 8, 9),
        ("announcements/", 13, 14),
    ],
)
def test_a_past_day_asks_a_fixed_number_of_questions(
    client, nordholz, places, make_announcement, django_assert_num_queries, page, today, then
):
    page = page.format(**places)
    for _count in (1, 3):
        for query, queries in (("", today), (MARCH, then)):
            with django_assert_num_queries(queries + STATE):
                assert client.get(f"/fr/{page}{query}").status_code == 200
        make_announcement(nordholz, measures=[(None, "BY", "suspend", "announced")])
        make_announcement(nordholz, "2022-07-01")
