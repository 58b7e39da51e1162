"""What readers take along: files and feeds hold exactly what the page shows."""

import csv
import io
import json
import re
from datetime import date, datetime
from time import sleep
from types import SimpleNamespace
from urllib.parse import parse_qs
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.utils import timezone
from openpyxl import load_workbook

from articles.models import Correction
from companies.downloads import COLUMNS, MEASURES
from companies.models import Announcement
from companies.views import AnnouncementDownload
from tests.counting import STATE
from tests.moments import known_now

pytestmark = pytest.mark.django_db
LIST = "/en/announcements/"
QUESTIONS = [
    "",
    "market=RU",
    "market=RU&action=suspend&ordering=announced_on",
    "contradicted=true",
    "as_of=2022-04-30",
    "q=announcement&announced_after=2022-04-01",
    "publisher=gazette",
    "q=zzzz",
]


@pytest.mark.parametrize(
    "file", ["announcements.csv", "announcements.xlsx", "over-time.svg", "feed.atom"]
)
def test_a_question_without_sense_gives_no_file(client, make_announcement, file):
    make_announcement()

    answer = client.get(f"{LIST}{file}?action=bogus&announced_after=today")
    page = client.get(f"{LIST}?action=bogus").text

    assert (answer.status_code, answer["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert answer.text.startswith("action: One of: exit, suspend, ")
    assert "\nannounced_after: A date as YYYY-MM-DD" in answer.text
    assert file not in page


def shown(client, question):
    """The public ids of the list's rows, page after page, as a reader sees them."""
    found, page = [], 1
    while True:
        answer = client.get(f"{LIST}?{question}&view=table&page={page}")
        found += re.findall(r'<th scope="row"><a href="/en/announcements/([^/]+)/', answer.text)
        if not answer.context["page_obj"].has_next():
            return found
        page += 1


def download(client, ending, question):
    answer = client.get(f"{LIST}announcements.{ending}?{question}")
    assert answer.status_code == 200
    assert re.fullmatch(
        rf'attachment; filename="exeunt-announcements-[\w-]+\.{ending}"',
        answer["Content-Disposition"],
    )
    content = answer.getvalue()
    if ending == "json":
        return json.loads(content)
    if ending == "csv":
        assert content.startswith(b"\xef\xbb\xbf")
        return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    sheet, measures = load_workbook(io.BytesIO(content), read_only=True)
    head, *rows = sheet.iter_rows(values_only=True)
    assert len(list(measures.rows)) > len(rows) or not rows
    return [dict(zip(head, row, strict=True)) for row in rows]


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_file_holds_the_rows_of_the_page(client, one_of_each, question):
    on_page = shown(client, question)

    table = download(client, "csv", question)
    sheet = download(client, "xlsx", question)
    held = download(client, "json", question)

    assert (on_page == []) == (question == "q=zzzz")
    assert [row["id"] for row in table] == on_page
    assert [row["id"] for row in sheet] == on_page
    assert [each["id"] for each in held["announcements"]] == on_page
    day = "2022-04-30" if "as_of" in question else timezone.localdate().isoformat()
    terms = {(str(row["as_of"])[:10], row["licence"]) for row in table + sheet}
    assert terms <= {(day, settings.DATA_LICENCE)}
    assert (held["as_of"], held["licence"]) == (day, settings.DATA_LICENCE)


@pytest.mark.parametrize(
    "mark",
    [
        *("=1+1", "+1", "-1", "@SUM(A1)", "\tx"),
        *("＝1+1", "＋1", "－1", "＠SUM(A1)", "﹢1"),
        *("  =1+1", "\xa0@SUM(A1)", "\u3000＝1+1", "\u200b=1+1", "\ufeff-1"),
    ],
)
def test_no_cell_is_taken_for_a_formula(client, make_announcement, make_company, mark):
    make_announcement(make_company(name=f"{mark} Corp"), title_fr=f"{mark} fr", title_en=mark)

    for ending in ("csv", "xlsx"):
        [row] = download(client, ending, "")
        assert list(row) == list(COLUMNS)
        begun = [cell for cell in row.values() if str(cell).startswith(tuple("=+-@\t\r"))]
        assert begun == []
        assert [row[name][0] for name in ("company", "title_fr", "title_en")] == ["'"] * 3


@pytest.mark.parametrize("text", ["A = B", "1-2", "  Two", "é@", "“=1”"])
def test_a_cell_that_begins_no_formula_is_left_alone(client, make_announcement, text):
    make_announcement(title_en=text)

    for ending in ("csv", "xlsx"):
        [row] = download(client, ending, "")
        assert row["title_en"] == text


def test_the_measures_of_a_row_are_fields_that_can_be_parted(client, make_announcement):
    made = make_announcement(
        measures=[
            ("Shops; cafés · bars", "RU", "suspend", "in_effect", date(2022, 3, 8)),
            (None, "BY", "exit", "announced"),
        ]
    )
    shops = made.measures.get(market="RU")
    shops.activity.name_fr = "Boutiques"
    shops.activity.save()
    shops.effective_precision = "month"
    shops.save()

    for ending in ("csv", "xlsx"):
        [row] = download(client, ending, "")
        told = {code: row[f"measures_{code}"].split("; ") for code in ("fr", "en")}
        assert [each.split(" · ") for each in told["en"]] == [
            ["Shops, cafés - bars", "RU", "suspend", "in_effect", "2022-03"],
            ["*", "BY", "exit", "announced", "?"],
        ]
        assert told["fr"][0] == "Boutiques · RU · suspend · in_effect · 2022-03"


def test_an_exact_day_is_a_date_in_a_sheet_and_its_head_stays(client, make_announcement):
    measures = [(None, "RU", "suspend", "in_effect", date(2022, 3, 1))]
    make_announcement(day="2022-03-08", measures=measures)
    make_announcement(day="2022-03-01", announced_precision="month")

    content = client.get(f"{LIST}announcements.xlsx?as_of=2022-05-01").getvalue()
    book = load_workbook(io.BytesIO(content))

    for sheet, columns in zip(book, (COLUMNS, MEASURES), strict=True):
        head, exact, inexact = sheet.values
        assert (head, sheet.freeze_panes) == (tuple(columns), "A2")
        first, second = (dict(zip(head, row, strict=True)) for row in (exact, inexact))
        days = {row["announced_on"] for row in (first, second)}
        assert days == {datetime(2022, 3, 8), "2022-03"}
        assert first["as_of"] == second["as_of"] == datetime(2022, 5, 1)
    assert {first["effective_on"], second["effective_on"]} == {datetime(2022, 3, 1), None}
    widths = {each.width for sheet in book for each in sheet.column_dimensions.values()}
    assert min(widths) < 10 and max(widths) > 40


@pytest.mark.parametrize(("language", "said"), [("en", "The hash of that edition."), ("fr", "")])
def test_the_page_on_data_describes_each_column(client, language, said):
    page = client.get(f"/{language}/data/").text

    for name in (*COLUMNS, *MEASURES):
        assert f"<dt><code>{name}</code></dt><dd>" in page
    assert said in page


def test_a_file_that_nobody_writes_is_not_found(client, make_announcement):
    make_announcement()

    assert client.get(f"{LIST}announcements.csv").status_code == 200
    assert client.get(f"{LIST}announcements.exe").status_code == 404


WHICH, PART = 1, 5  # queries: which rows there are; then each part of a file
THEN = 2  # more for a part as it was known: the editions, and the articles they name


@pytest.mark.parametrize(
    ("question", "more"), [("", 0), ("q=announcement&market=RU", 0), ("{now}", THEN)]
)
def test_a_part_of_a_file_takes_a_fixed_number_of_queries(
    client, make_announcement, django_assert_num_queries, monkeypatch, question, more
):
    def taken():
        asked = question.format(now=known_now())
        return len(client.get(f"{LIST}announcements.json?{asked}").getvalue())

    make_announcement()
    taken()  # what the process learns once
    with django_assert_num_queries(STATE + WHICH + PART + more):
        short = taken()
    make_announcement()
    make_announcement()
    with django_assert_num_queries(STATE + WHICH + PART + more):
        assert taken() > short
    monkeypatch.setattr(AnnouncementDownload, "PART", 2)
    with django_assert_num_queries(STATE + WHICH + 2 * (PART + more)):
        taken()


@pytest.mark.parametrize("ending", ["csv", "xlsx", "json"])
@pytest.mark.parametrize("question", ["", "{now}", "ordering=company", "market=BY"])
def test_a_file_of_many_parts_is_the_one_of_a_single_part(
    client, one_of_each, make_announcement, monkeypatch, ending, question
):
    for _more in range(3):
        make_announcement()
    question = question.format(now=known_now())
    whole = download(client, ending, question)
    monkeypatch.setattr(AnnouncementDownload, "PART", 1)

    assert download(client, ending, question) == whole
    rows = whole["announcements"] if ending == "json" else whole
    assert [row["id"] for row in rows] == shown(client, question)
    assert len(rows) > 1


def test_what_is_closed_while_a_file_is_fetched_is_left_out_of_it(
    client, make_announcement, monkeypatch
):
    first, second = make_announcement(), make_announcement()
    monkeypatch.setattr(AnnouncementDownload, "PART", 1)

    parts = iter(client.get(f"{LIST}announcements.json"))
    begun = next(parts).decode()
    first.retract(reason_fr="Erreur.", reason_en="Error.")
    held = json.loads(begun + b"".join(parts).decode())

    assert [each["id"] for each in held["announcements"]] == [second.public_id]


def test_a_copy_made_while_something_changes_is_asked_for_again(client, make_announcement):
    make_announcement()
    answer = client.get(f"{LIST}announcements.csv")
    make_announcement()
    held = answer.getvalue()

    again = client.get(f"{LIST}announcements.csv", headers={"If-None-Match": answer["ETag"]})

    assert (again.status_code, again.getvalue() == held) == (200, False)


ATOM = "{http://www.w3.org/2005/Atom}"


def feed(client, path):
    """(the address that it is a feed of, its entries), once it has all that RFC 4287 asks."""
    answer = client.get(path)
    assert answer["Content-Type"].startswith("application/atom+xml")
    top = ElementTree.fromstring(answer.content)
    assert top.tag == f"{ATOM}feed"
    links = {link.get("rel"): link.get("href") for link in top.findall(f"{ATOM}link")}
    assert links["self"] == f"http://testserver{path}"
    entries = []
    for each in [top, *top.findall(f"{ATOM}entry")]:
        one = {name: each.findall(f"{ATOM}{name}") for name in ("id", "title", "updated")}
        assert all(len(found) == 1 and found[0].text for found in one.values()), one
        said = {name: found.text for name, [found] in one.items()}
        assert datetime.fromisoformat(said["updated"]).utcoffset() is not None
        if each is not top:
            assert each.findtext(f"{ATOM}author/{ATOM}name")
            summary = each.find(f"{ATOM}summary")
            assert summary.get("type") == "html"
            link = each.find(f"{ATOM}link[@rel='alternate']").get("href")
            entries.append(SimpleNamespace(**said, link=link, summary=summary.text))
    assert len({entry.id for entry in entries}) == len(entries)
    return links["alternate"], entries


def entries(client):
    return feed(client, f"{LIST}feed.atom")[1]


@pytest.mark.parametrize(
    "question", ["market=RU", "action=exit&market=BY", "q=zzzz", "company=boreal"]
)
def test_a_feed_holds_what_the_filters_leave(client, one_of_each, question):
    address, entries = feed(client, f"{LIST}feed.atom?{question}")

    found = [entry.link.rstrip("/").split("/")[-1] for entry in entries]
    assert sorted(found) == sorted(shown(client, question))
    assert address == f"http://testserver{LIST}?{question}"


def test_the_page_names_its_feed_and_says_what_it_is_for(client, one_of_each):
    page = client.get(f"{LIST}?market=RU&view=table&page=1&ordering=announced_on").text

    assert page.count(f'{LIST}feed.atom?market=RU"') == 2
    said = 'title="Atom: paste this address into a feed reader">Subscribe to this</a>'
    assert f'href="{LIST}feed.atom?market=RU" {said}' in page


@pytest.mark.parametrize(
    ("feed", "title"),
    [
        ("announcements/feed.atom", "announcements"),
        ("announcements/feed.atom?market=RU", "announcements, Market Russia"),
        (
            "announcements/feed.atom?action=exit&company=boreal&ordering=company&page=2",
            "announcements, Company Boréal, Action Exit",
        ),
        (
            "announcements/feed.atom?publisher=gazette&as_of=2022-05-01",
            "announcements, Publisher La Gazette, As of 1 May 2022",
        ),
        ("announcements/feed.atom?company=nobody", "announcements, Company nobody"),
        ("articles/feed.atom?language=fr&q=nike", "articles, Search nike, Language French"),
        ("corrections/feed.atom?kind=kill", "corrections, Kind Kill"),
    ],
)
def test_a_feed_is_titled_by_what_is_asked_of_it(client, one_of_each, feed, title):
    top = ElementTree.fromstring(client.get(f"/en/{feed}").content)

    assert top.findtext(f"{ATOM}title") == f"Exeunt: {title}"


def test_our_words_in_a_feed_are_ours_and_the_company_is_its_category(client, make_announcement):
    company = make_announcement().company

    [entry] = ElementTree.fromstring(client.get(f"{LIST}feed.atom").content).iter(f"{ATOM}entry")

    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Exeunt"
    terms = [category.get("term") for category in entry.iter(f"{ATOM}category")]
    assert terms == [company.name, "Suspension"]


@pytest.mark.parametrize(
    "question", ["", "?market=RU&page=1&view=table", "?action=suspend&as_of=2022-04-30"]
)
def test_the_address_that_a_list_is_cited_by_answers_the_same_for_ever(
    client, make_announcement, question
):
    corrected = make_announcement(title_en="As first told")
    make_announcement(title_en="Told beside it")

    def titles(address):
        return re.findall(r"As first told|Told beside it|As told now", client.get(address).text)

    def cited():
        said = client.get(f"{LIST}{question}").context["citation"]
        return re.search(r"http://testserver(\S+)", said)[1]

    address = cited()
    then = titles(address)
    while timezone.now() < datetime.fromisoformat(parse_qs(address)["known_at"][0]):
        sleep(0.05)
    corrected.title_en = "As told now"
    corrected.save()
    corrected.measures.get().delete()
    corrected.measures.create(market="BY", action="exit", stage="completed")
    corrected.amend(note_fr="Corrigé.", note_en="Corrected.")

    assert "view=" not in address and "page=" not in address
    assert {"As first told", "Told beside it"} == set(then) == set(titles(address))
    assert client.get(address).context["paginator"].count == 2
    now = cited()
    assert now != address
    kept = {"": {"As told now", "Told beside it"}}.get(question, {"Told beside it"})
    assert set(titles(now)) == set(titles(f"{LIST}{question}")) == kept


def test_a_citation_keeps_the_moment_that_was_asked_for(client, make_announcement):
    make_announcement()

    said = client.get(f"{LIST}?known_at=2022-03-09").context["citation"]

    assert "known_at=2022-03-09&" in said and said.count("known_at") == 1


def test_a_correction_comes_back_as_the_entry_that_one_has(client, make_announcement):
    corrected, other = make_announcement(), make_announcement()
    before = {entry.id: entry for entry in entries(client)}

    corrected.title_en = "What it said in truth"
    corrected.save()
    corrected.amend(note_fr="Corrigé.", note_en="Corrected.")
    first, second = entries(client)

    assert first.title == "What it said in truth"
    assert {first.id, second.id} == set(before)
    assert first.updated > before[first.id].updated
    assert second.updated == before[second.id].updated
    assert second.link.endswith(f"/{other.public_id}/")


def test_a_retracted_announcement_leaves_the_feed(client, make_announcement):
    gone = make_announcement()
    make_announcement()
    assert len(entries(client)) == 2

    gone.retract(reason_fr="Erreur.", reason_en="Error.")

    assert len(entries(client)) == 1


def test_the_feed_of_corrections_holds_what_the_list_does(client, make_article):
    article = make_article(slug="corrected")
    version = article.versions.get()
    for kind in ("correction", "clarification"):
        article.corrections.create(kind=kind, version=version, note_fr=kind, note_en=kind)
    question = "?kind=clarification"

    def held(query):
        entries = ElementTree.fromstring(client.get(f"/en/corrections/feed.atom{query}").content)
        return len(entries.findall("{http://www.w3.org/2005/Atom}entry"))

    page = client.get(f"/en/corrections/{question}")

    assert [held(""), held(question), held("?article=other")] == [2, 1, 0]
    assert page.context["paginator"].count == 1
    assert f'href="/en/corrections/feed.atom{question}"' in page.text


@pytest.mark.parametrize("name", ["announcements", "articles", "corrections"])
def test_a_feed_is_only_read(client, db, name):
    address = f"/en/{name}/feed.atom"

    assert [client.get(address).status_code, client.post(address).status_code] == [200, 405]


@pytest.mark.parametrize(
    ("page", "question"),
    [
        ("markets/RU/", "market=RU"),
        ("sectors/C/", "sector=C"),
        ("publishers/gazette/", "publisher=gazette"),
        ("companies/it/", "company=it"),
    ],
)
def test_a_page_on_a_part_links_its_feed_of_today(
    client, make_announcement, make_article, make_company, make_publisher, page, question
):
    article = make_article(publisher=make_publisher(slug="gazette"))
    make_announcement(make_company(slug="it", sector="C"), article=article)

    text = client.get(f"/en/{page}?as_of={timezone.localdate()}").text

    address = f'href="/en/announcements/feed.atom?{question}"'
    assert text.count(address) == 2
    feed = client.get(f"/en/announcements/feed.atom?{question}").text
    assert feed.count("<entry>") == 1


def test_the_feed_of_corrections_names_a_killed_piece_by_its_notice_alone(client, one_of_each):
    _address, [kill, correction] = feed(client, "/en/corrections/feed.atom")

    assert kill.title == "Kill, La Gazette"
    assert kill.summary == "Withdrawn by its publisher."
    assert correction.title == "Correction: Boréal suspend ses livraisons"
    assert Correction.objects.count() == 2


def test_markup_in_a_title_stays_text(client, make_announcement):
    make_announcement(title_en="<b>Bold</b> & plain", summary_en="a <script> b")

    [entry] = entries(client)

    assert (entry.title, "<script>" in entry.summary) == ("<b>Bold</b> & plain", False)
    assert Announcement.objects.public().count() == 1
