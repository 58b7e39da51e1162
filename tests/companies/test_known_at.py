"""What this archive knew at a moment: every door that takes `known_at` names it, and tells the
edition of then; a form for readers keeps it unseen."""

import csv
import html
import io
import json
import re
from datetime import date, timedelta
from time import sleep
from urllib.parse import urlencode

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from newsroom.freshness import question
from tests.counting import STATE
from tests.moments import known_now

pytestmark = pytest.mark.django_db

THEN = "known_at=2022-03-19"
ISO = "2022-03-19T23:59:59+01:00"
SAID = "as known at 19 March 2022, 23:59"
CHIP = "Known at: 19 March 2022, 23:59"


@pytest.fixture
def corrected(corrected_announcement):
    return {
        "id": corrected_announcement.public_id,
        "publisher": corrected_announcement.evidence.get().article.publisher.slug,
    }


@pytest.mark.parametrize(
    ("door", "then", "now"),
    [
        ("announcements/", CHIP, None),
        ("announcements/", "As first told", "As told now"),
        ("announcements/?view=table", "As first told", "As told now"),
        ("announcements/over-time.svg", SAID, None),
        ("announcements/over-time.svg", 'class="a-suspend"', 'class="a-exit"'),
        ("announcements/{id}/", CHIP, None),
        ("announcements/{id}/", "As first told", "As told now"),
        ("announcements/{id}/", "measures.svg?known_at=2022-03-19", 'measures.svg"'),
        ("announcements/{id}/measures.svg", SAID, None),
        ("announcements/{id}/measures.svg", "Suspension", "Exit"),
        ("announcements/{id}/embed/", SAID, None),
        ("announcements/{id}/embed/", "edition 1", "edition 2"),
        ("announcements/{id}/cite.bib", "As first told", "As told now"),
        ("announcements/{id}/cite.ris", "editions/1/", "editions/2/"),
        ("announcements/{id}/cite.json", "edition 1", "edition 2"),
        ("companies/it/", CHIP, None),
        ("companies/it/", "As first told", "As told now"),
        ("companies/it/", "timeline.svg?known_at=2022-03-19", 'timeline.svg"'),
        ("companies/it/embed/", SAID, None),
        ("companies/it/embed/", "edition 1", "edition 2"),
        ("companies/it/timeline.svg", SAID, None),
        ("companies/it/timeline.svg", "Russia", "Belarus"),
        ("companies/compare/?company=it", CHIP, None),
        ("companies/compare/?company=it", "markets/RU/", "markets/BY/"),
        ("markets/RU/", CHIP, None),
        ("markets/RU/", "As first told", "As told now"),
        ("markets/RU/", "over-time.svg?market=RU&amp;known_at=2022-03-19", None),
        ("sectors/G/", "As first told", "As told now"),
        ("sectors/G/", "markets/RU/", "markets/BY/"),
        ("publishers/{publisher}/", "As first told", "As told now"),
    ],
)
def test_a_door_tells_what_was_known(client, corrected, door, then, now):
    address = f"/en/{door.format(**corrected)}"
    mark = "&" if "?" in address else "?"

    known, today = client.get(f"{address}{mark}{THEN}").text, client.get(address).text

    assert (then in known, then in today) == (True, False)
    assert now is None or now not in known


TO_COME = "This moment hasn't come yet."


def ahead(seconds):
    return f"known_at={timezone.now() + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%SZ}"


@pytest.mark.parametrize(
    "page",
    [
        "announcements/",
        "announcements/{id}/",
        "companies/it/",
        "companies/compare/?company=it",
        "markets/RU/",
        "sectors/G/",
        "publishers/{publisher}/",
    ],
)
def test_a_page_marks_a_moment_to_come_and_leaves_it_aside(client, corrected, page):
    address = f"/en/{page.format(**corrected)}"
    mark = "&" if "?" in page else "?"

    now, soon, tonight = (
        client.get(f"{address}{mark}{query}").text
        for query in (known_now(), ahead(60), f"known_at={timezone.localdate()}")
    )

    assert [html.escape(TO_COME) in text for text in (now, soon, tonight)] == [False, True, True]
    chips = ["Known at:" in " ".join(text.split()) for text in (now, soon, tonight)]
    assert chips == [True, False, False]
    main = soon[soon.index("<main") : soon.index("</main>")]
    assert not re.findall(
        'href="/en/(?:companies|announcements|markets)/(?!compare)[^"?]*[?][^"]*known', main
    )


@pytest.mark.parametrize(
    "file",
    [
        "announcements/announcements.csv",
        "announcements/over-time.svg",
        "announcements/{id}/measures.svg",
        "announcements/{id}/cite.bib",
        "companies/it/timeline.svg",
    ],
)
def test_a_file_of_a_moment_to_come_is_refused(client, corrected, file):
    address = f"/en/{file.format(**corrected)}"

    now, soon = (client.get(f"{address}?{query}") for query in (known_now(), ahead(60)))

    assert (now.status_code, soon.status_code) == (200, 400)
    assert soon.text == f"known_at: {TO_COME}\n"


@pytest.mark.parametrize("door", ["announcements/", "announcements/{id}/", "standings/"])
def test_the_api_refuses_a_moment_to_come(client, corrected, door):
    address = f"/api/v1/{door.format(**corrected)}"

    now, soon = (
        client.get(f"{address}?{query}", headers={"Accept-Language": "en"})
        for query in (known_now(), ahead(60))
    )

    assert (now.status_code, soon.status_code) == (200, 400)
    assert soon.json()["errors"] == [{"parameter": "known_at", "detail": TO_COME}]


def test_a_page_that_refused_a_moment_is_made_anew_once_it_has_come(rf):
    request = rf.get(f"/en/announcements/?{ahead(10)}")

    before = question(request)
    assert before == question(request)
    for _try in range(6000):
        if question(request) != before:
            return
        sleep(0.1)
    pytest.fail("It is the same question for ever.")


def test_files_name_the_moment_in_each_row(client, corrected):
    address = "/en/announcements/announcements."

    def held(query):
        text = client.get(f"{address}csv?{query}").getvalue().decode("utf-8-sig")
        [row] = csv.DictReader(io.StringIO(text))
        book = load_workbook(io.BytesIO(client.get(f"{address}xlsx?{query}").getvalue()))
        rows, measures = (list(sheet.iter_rows(values_only=True)) for sheet in book)
        whole = json.loads(client.get(f"{address}json?{query}").getvalue())
        return [
            (row["title_en"], row["edition"], row["known_at"]),
            (rows[1][rows[0].index("title_en")], rows[1][rows[0].index("known_at")]),
            (measures[1][measures[0].index("market")], measures[1][measures[0].index("known_at")]),
            (whole["announcements"][0]["title"]["en"], whole["known_at"]),
        ]

    assert held(THEN) == [
        ("As first told", "1", ISO),
        ("As first told", ISO),
        ("RU", ISO),
        ("As first told", ISO),
    ]
    assert held("") == [
        ("As told now", "2", ""),
        ("As told now", None),
        ("BY", None),
        ("As told now", None),
    ]
    name = client.get(f"{address}csv?{THEN}&as_of=2022-03-10")["Content-Disposition"]
    assert "announcements-2022-03-10-known-at-2022-03-19T2359.csv" in name


def test_a_day_before_the_first_edition_has_nothing(client, corrected):
    query = "?known_at=2022-03-09"

    for door in ("cite.bib", "measures.svg", "embed/", ""):
        answer = client.get(f"/en/announcements/{corrected['id']}/{door}{query}")
        assert answer.status_code == 404
    for door in ("announcements/over-time.svg", "companies/it/timeline.svg"):
        assert client.get(f"/en/{door}{query}").status_code == 404


@pytest.mark.parametrize("ordering", ["", "&ordering=-announced_on", "&ordering=announced_on"])
def test_the_list_is_in_the_order_of_then(client, make_announcement, ordering):
    early, late = make_announcement(day="2022-03-01"), make_announcement(day="2022-03-02")
    then = timezone.now().isoformat()
    early.announced_on = date(2022, 3, 3)
    early.save()
    early.amend(note_fr="Une autre date.", note_en="Another date.")

    def listed(**query):
        query = urlencode(query) + ordering
        results = client.get(f"/api/v1/announcements/?{query}").json()["results"]
        return [each["id"] for each in results]

    assert listed(known_at=then) == listed()[::-1]
    assert set(listed()) == {early.public_id, late.public_id}


@pytest.mark.parametrize(("ordering", "turned"), [("company", False), ("-company", True)])
def test_the_list_is_in_the_order_of_the_names_of_then(
    client, make_announcement, make_company, ordering, turned
):
    first, second, third = (
        make_announcement(make_company(name=name)) for name in ("Alpha", "Beta", "Gamma")
    )
    then = timezone.now().isoformat()
    first.company.name = "Omega"
    first.company.save()

    def listed(**query):
        answer = client.get("/api/v1/announcements/", query | {"ordering": ordering}).json()
        keys = [each["id"] for each in answer["results"]]
        return keys[::-1] if turned else keys

    assert listed(known_at=then) == [each.public_id for each in (first, second, third)]
    assert listed() == [each.public_id for each in (second, third, first)]


@pytest.mark.parametrize(
    "page", ["announcements/", "companies/it/", "markets/RU/", "companies/compare/?company=it"]
)
def test_a_form_keeps_it_unseen(client, corrected, page):
    mark = "&" if "?" in page else "?"

    for value, kept in (("2022-03-19", True), ("", False), ("never", False)):
        text = client.get(f"/en/{page}{mark}known_at={value}").text
        fields = re.findall(r"<input[^>]*name=\"known_at\"[^>]*>", text)
        assert [('type="hidden"' in each, value in each) for each in fields] == [
            (True, True)
        ] * kept
        assert ("A moment as YYYY-MM-DDThh:mm:ss+hh:mm" in text) is (value == "never")
        assert "What this archive knew at this moment" not in text


@pytest.mark.parametrize("page", ["announcements/", "companies/it/", "markets/RU/"])
def test_its_chip_takes_it_back_and_nothing_else(client, corrected, page):
    text = client.get(f"/en/{page}?as_of=2022-03-18&{THEN}").text

    chips = re.search('<ul class="chips".*?</ul>', text, re.S)[0]
    assert f'href="/en/{page}?as_of=2022-03-18"' in chips
    assert f'href="/en/{page}?{THEN}"' in chips
    assert CHIP in " ".join(re.sub("<[^>]*>", "", chips).split())


def test_it_alone_unfolds_no_filters(client, corrected):
    def folded(query):
        return "<details open>" not in client.get(f"/en/announcements/?{query}").text

    asked = ("", THEN, "as_of=2022-03-18", "q=first", "market=RU", "market=Nowhere")
    assert [folded(query) for query in asked] == [True, True, True, True, False, False]


@pytest.mark.parametrize(
    ("door", "queries"),
    [
        ("companies/it/", 20),
        ("companies/it/timeline.svg", 3),
        ("markets/RU/", 11),
        ("announcements/over-time.svg", 1),
    ],
)
def test_it_takes_a_fixed_number_of_queries(
    client, corrected_announcement, make_announcement, django_assert_num_queries, door, queries
):
    for more in (1, 2):
        for _one in range(more):
            make_announcement(corrected_announcement.company)
        with django_assert_num_queries(queries + STATE):
            assert client.get(f"/en/{door}?{known_now()}").status_code == 200


def test_the_page_on_data_says_how_to_ask(client, db):
    assert 'id="known-at"' in client.get("/en/data/").text
    for language in ("fr", "en"):
        assert f'href="/{language}/data/#known-at"' in client.get(f"/{language}/about/").text


def test_the_examples_of_the_page_on_data_are_answered(client, db):
    examples = re.findall(r"<code>([?]known_at=[^<]+)</code>", client.get("/en/data/").text)

    pages = [client.get(f"/en/announcements/{example}") for example in examples]

    assert [page.status_code for page in pages] == [200, 200]
    assert [html.escape(TO_COME) in page.text for page in pages] == [False, False]
    assert all("Known at: 31 January 2026" in " ".join(page.text.split()) for page in pages)
