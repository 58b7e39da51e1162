"""An announcement's editions at their permalinks, what each changed, and how each is cited."""

import hashlib
import json
import re

import pytest
from django.utils import translation

from articles.models import Article
from companies.changes import changes
from companies.models.edition import PARTS
from tests.counting import STATE

pytestmark = pytest.mark.django_db


@pytest.fixture
def amended(make_announcement, make_company, make_article):
    """An announcement with two editions: title, date, measures and evidence were corrected."""
    company = make_company(name="Nordholz", slug="nordholz")
    announcement = make_announcement(
        company,
        measures=[(None, "RU", "suspend", "announced")],
        title_en="Nordholz suspends sales",
        title_fr="Nordholz suspend ses ventes",
    )
    announcement.title_en = "Nordholz suspends all sales"
    announcement.announced_precision = "month"
    announcement.save()
    measure = announcement.measures.get()
    measure.stage = "in_effect"
    measure.save()
    announcement.evidence.create(
        article=make_article(headline="A second piece"),
        paraphrase_fr="Le contraire.",
        paraphrase_en="The opposite.",
        stance="contradicts",
    )
    announcement.amend(note_fr="Titre précisé.", note_en="Title made exact.")
    return announcement


def address_of(announcement, number, language="en"):
    return f"/{language}/announcements/{announcement.public_id}/editions/{number}/"


def page_of(client, announcement, number, language="en"):
    return client.get(address_of(announcement, number, language))


def test_each_edition_is_shown_in_its_very_words(client, amended):
    first, second = (page_of(client, amended, number).text for number in (1, 2))

    assert "<h1>Nordholz suspends sales</h1>" in first
    assert "<h1>Nordholz suspends all sales</h1>" in second
    assert ("The opposite." in first, "The opposite." in second) == (False, True)
    assert ("Title made exact." in first, "Title made exact." in second) == (False, True)
    for page, edition in zip((first, second), amended.editions.order_by("number"), strict=True):
        assert f"SHA-256 {edition.sha256}" in page
        assert f'<time datetime="{edition.made_at.astimezone():%Y}' in page


def test_an_older_edition_leads_to_the_newest_and_is_kept_out_of_indexes(client, amended):
    first, second = (page_of(client, amended, number).text for number in (1, 2))
    newest = f'href="/en/announcements/{amended.public_id}/">Read the newest, edition 2</a>'
    canonical = (
        f'<link rel="canonical" href="http://testserver/en/announcements/{amended.public_id}/">'
    )

    assert ("This is not the newest edition." in first, newest in first) == (True, True)
    assert ("This is the newest edition." in second, newest in second) == (True, False)
    for page in (first, second):
        assert ('<meta name="robots" content="noindex">' in page, canonical in page) == (True, True)


def test_the_announcement_lists_its_editions_and_isnt_one_itself(client, amended):
    page = client.get(f"/en/announcements/{amended.public_id}/").text

    found = re.findall(
        rf'<li value="(\d)"><a href="/en/announcements/{amended.public_id}/editions/(\d)/', page
    )
    assert found == [("2", "2"), ("1", "1")]
    assert "noindex" not in page


@pytest.mark.parametrize("number", ["0", "3", "9" * 30, "9" * 5000, "x", "-1"])
def test_an_edition_that_was_never_made_is_not_found(client, amended, number):
    assert page_of(client, amended, number).status_code == 404


def test_what_changed_is_told_in_words(client, amended):
    page = page_of(client, amended, 2).text
    told = page[page.index('<dl class="changes">') :]

    assert "Nordholz suspends<ins> all</ins> sales" in told
    assert "<del>8 March</del><ins>March</ins> 2022" in told
    assert "<del>Whole business · Russia · Suspension · Announced</del>" in told
    assert "<ins>Whole business · Russia · Suspension · In effect</ins>" in told
    assert "· Contradicts · The opposite.</ins>" in told
    assert '<dl class="changes">' not in page_of(client, amended, 1).text


def test_what_changed_is_silent_on_pieces_that_nobody_may_read(client, amended):
    Article.objects.get(headline="A second piece").withhold()

    page = page_of(client, amended, 2).text

    assert "The opposite." not in page
    assert "changed in what can’t be read today" in page


def test_each_part_of_an_edition_can_be_told(amended):
    before, after = (each.snapshot for each in amended.editions.order_by("number"))
    before |= {"retraction_reason": {"fr": "a", "en": "a"}, "company": {"slug": "a", "name": "A"}}
    before |= {name: {"fr": "a", "en": "a"} for name in ("summary", "terms")}
    after |= {"status": "retracted", "buyer": "B"}
    after["replies"] = [
        {"asked_on": "2022-04-01", "answered_on": None, "answer": {"fr": "", "en": ""}}
    ]

    with translation.override("en"):
        told = {change.part: change.runs for change in changes(before, after)}

    assert told["replies"] == [("new", "1 April 2022")]
    assert told["status"] == [("gone", "Published"), ("new", "Retracted")]
    with translation.override("en"):
        labels = {str(label) for label in PARTS.values()}
    assert labels - set(told) == {"precision", "date sourced"}  # told with the date
    assert changes(after, after) == []


def test_that_a_day_was_not_checked_is_a_change(amended):
    amended.announced_precision = "day"
    amended.save()
    amended.amend(note_fr="Jour.", note_en="Day.")
    amended.announced_sourced = False
    amended.save()
    amended.amend(note_fr="Source.", note_en="Source.")

    before, after = (amended.editions.get(number=number).snapshot for number in (3, 4))

    assert ("announced_sourced" in before, after["announced_sourced"]) == (False, False)
    with translation.override("en"):
        [change] = changes(before, after)
    assert change.part == "date"
    assert "".join(words for kind, words in change.runs if kind != "gone") == (
        "8 March 2022 (day not checked)"
    )


def test_an_edition_gives_the_file_that_its_hash_is_of(client, amended):
    for edition in amended.editions.all():
        address = f"{address_of(amended, edition.number)}snapshot.json"
        assert f'href="{address}"' in page_of(client, amended, edition.number).text

        answer = client.get(address)

        assert answer["Content-Type"] == "application/json"
        assert hashlib.sha256(answer.content).hexdigest() == edition.sha256


def test_the_file_of_an_edition_names_no_piece_that_nobody_may_read(client, amended):
    Article.objects.get(headline="A second piece").withhold()

    for number, whole in ((1, True), (2, False)):
        address = f"{address_of(amended, number)}snapshot.json"
        assert client.get(address).status_code == (200 if whole else 404)
        assert (f'href="{address}"' in page_of(client, amended, number).text) is whole


def test_of_a_retracted_announcement_no_edition_is_left(client, amended):
    amended.retract(reason_fr="Erreur.", reason_en="A mistake.")

    answers = [page_of(client, amended, number) for number in (1, 2, 3)]

    assert {answer.status_code for answer in answers} == {410}
    assert all("A mistake." in a.text and "Nordholz suspends" not in a.text for a in answers)


def test_a_retraction_that_was_taken_back_shows_its_reason_alone(client, amended):
    amended.retract(reason_fr="Erreur.", reason_en="A mistake.")
    amended.publish(note_fr="Rétablie.", note_en="Restored.")

    page = page_of(client, amended, 3)

    assert page.status_code == 200
    assert ("A mistake." in page.text, "<h2" in page.text) == (True, False)
    assert "<h1>Nordholz suspends all sales</h1>" in page_of(client, amended, 4).text


@pytest.mark.parametrize(
    "path", ["", "editions/1/", "cite.bib", "editions/1/cite.bib", "embed/", "measures.svg"]
)
def test_a_draft_answers_like_an_unknown_id(client, make_announcement, path):
    draft = make_announcement(publish=False)

    for key in (draft.public_id, "z" * 10):
        assert client.get(f"/fr/announcements/{key}/{path}").status_code == 404

    draft.publish()
    assert client.get(f"/fr/announcements/{draft.public_id}/{path}").status_code == 200


@pytest.mark.parametrize(
    ("path", "number", "title"),
    [
        ("cite", 2, "Nordholz suspends all sales"),
        ("editions/1/cite", 1, "Nordholz suspends sales"),
        ("editions/2/cite", 2, "Nordholz suspends all sales"),
    ],
)
def test_a_citation_names_one_edition_with_its_hash(client, amended, path, number, title):
    edition = amended.editions.get(number=number)
    base = f"/en/announcements/{amended.public_id}/"

    (item,) = json.loads(client.get(f"{base}{path}.json").content)

    assert (item["title"], item["version"]) == (title, f"edition {number}")
    assert item["URL"] == f"http://testserver{base}editions/{number}/"
    assert edition.sha256 in item["note"]
    for ending in ("bib", "ris"):
        answer = client.get(f"{base}{path}.{ending}")
        assert title in answer.text and edition.sha256 in answer.text
    assert client.get(f"{base}{path}.exe").status_code == 404


@pytest.mark.parametrize(
    ("path", "number"), [("", 2), ("editions/1/", 1), ("editions/2/", 2), ("?known_at={first}", 1)]
)
def test_the_page_says_how_to_cite_what_it_shows(client, amended, path, number):
    first = amended.editions.get(number=1).made_at.isoformat().replace("+", "%2B")
    base = f"/en/announcements/{amended.public_id}/"

    page = client.get(base + path.format(first=first)).text

    edition = amended.editions.get(number=number)
    cited = page[page.index('<details class="cite"') :]
    assert f"Exeunt, edition {number} of " in cited
    assert edition.sha256 in cited
    for ending in ("bib", "ris", "json"):
        assert f'href="{base}editions/{number}/cite.{ending}"' in cited


def test_pages_of_an_announcement_ask_a_fixed_number_of_questions(
    client, amended, make_article, django_assert_num_queries
):
    base = f"/en/announcements/{amended.public_id}/"
    asked = {"": 7, "editions/2/": 11, "editions/2/cite.bib": 8, "embed/": 6, "measures.svg": 5}
    for count in (1, 3):
        while amended.evidence.filter(stance="supports").count() < count:
            amended.evidence.create(article=make_article(), paraphrase_fr="a", paraphrase_en="a")
            amended.amend(note_fr="a", note_en="a")
        for path, queries in asked.items():
            with django_assert_num_queries(queries + STATE):
                assert client.get(base + path).status_code == 200


def test_what_was_typed_runs_nowhere(client, make_announcement, make_company):
    attack = '"><script>alert(1)</script>'
    company = make_company(name=attack, slug="attack")
    announcement = make_announcement(
        company, title_fr=attack, title_en=attack, summary_fr=attack, summary_en=attack
    )
    announcement.title_fr += "'"
    announcement.save()
    announcement.amend(note_fr=attack, note_en=attack)
    base = f"/fr/announcements/{announcement.public_id}/"
    paths = [base, f"{base}editions/2/", f"{base}embed/", f"{base}measures.svg"]
    paths += [f"/fr/companies/attack/{path}" for path in ("", "embed/", "timeline.svg")]
    paths += ["/fr/announcements/over-time.svg?company=attack"]

    for path in paths:
        answer = client.get(path)
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
        assert "alert(1)" in answer.text
