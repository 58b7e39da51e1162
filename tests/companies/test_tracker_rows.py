"""The desk's queue of uncertain grades: what an editor decides, and its door in the admin."""

from datetime import date

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from articles.editing.timeline import moment_of
from companies.models import Assessment, Company, Identifier, TrackerRow
from companies.trackers.intake import TrackerList, known, take_in
from companies.trackers.judge import Done, judge
from companies.trackers.table import read_table

LISTS = [date(2022, 12, 24), date(2023, 8, 23)]


@pytest.fixture
def assessor(make_publisher):
    return make_publisher(slug="tracker", name="Tracker", kind="aggregator")


@pytest.fixture
def make_row(assessor):
    def make(**fields):
        return TrackerRow.objects.create(
            **{
                "assessor": assessor,
                "market": "RU",
                "assessed_on": LISTS[0],
                "line": 2,
                "name": "Merck",
                "grade": "D",
                "country": "US",
                "known_by": "merck | US | ",
                "why": "twice",
                "licence": "CC BY 4.0",
                "source_url": "https://tracker.example.org/",
            }
            | fields
        )

    return make


def now(row):
    row.refresh_from_db()
    return row.status, row.company


def grades():
    return list(
        Assessment.objects.order_by("assessed_on", "company").values_list(
            "company__name", "grade", "assessed_on"
        )
    )


def test_a_matched_row_gives_the_company_its_grade(make_row, make_company, make_user):
    company, editor = make_company(name="Merck & Co."), make_user()
    row = make_row()

    row.match(company, by=editor)

    assert now(row) == ("matched", company)
    assert (row.decided_by, row.decided_at is None) == (editor, False)
    given = Assessment.objects.get()
    assert (given.company, given.assessor, given.market, given.grade) == (
        *(company, row.assessor, "RU", "D"),
    )
    assert (given.licence, given.source_url) == (row.licence, row.source_url)
    assert [h.history_user for h in (given.history.get(), row.history.first())] == [editor] * 2


def test_a_match_follows_a_merger(make_row, make_company):
    into = make_company()
    row = make_row()

    row.match(make_company(merged_into=into))

    assert now(row) == ("matched", into)


def test_a_decision_settles_the_same_row_in_the_assessors_other_lists(
    make_row, make_company, make_publisher
):
    company = make_company()
    row, later = make_row(), make_row(assessed_on=LISTS[1], grade="C")
    others = [
        make_row(known_by="merck | DE | ", country="DE"),
        make_row(assessor=make_publisher()),
    ]

    row.match(company)

    assert [now(each) for each in (row, later)] == [("matched", company)] * 2
    assert [now(each) for each in others] == [("open", None)] * 2
    assert [grade for _company, grade, _day in grades()] == ["D", "C"]


def test_a_match_with_a_merged_company_looks_at_the_grades_of_the_one_it_went_into(
    make_row, make_company, assessor
):
    into = make_company(name="Into")
    row, later = make_row(), make_row(assessed_on=LISTS[1])
    into.assessments.create(assessor=assessor, market="RU", assessed_on=LISTS[1], grade="F")

    row.match(make_company(merged_into=into))

    assert [now(row), now(later)] == [("matched", into), ("open", None)]
    assert grades() == [("Into", "D", LISTS[0]), ("Into", "F", LISTS[1])]


@pytest.mark.parametrize("verb", ["match", "create_company"])
def test_a_list_that_has_the_row_with_two_grades_waits_and_stops_no_decision(
    make_row, make_company, verb
):
    row = make_row()
    later = [make_row(assessed_on=LISTS[1], grade=grade) for grade in "DF"]

    getattr(row, verb)(*[make_company()] * (verb == "match"))

    assert now(row)[0] != "open"
    assert [now(each) for each in later] == [("open", None)] * 2
    assert [grade for _company, grade, _day in grades()] == ["D"]


def test_a_row_becomes_a_company(make_row, make_company, make_user):
    make_company(name="Other", slug="merck")
    editor = make_user()
    row = make_row(sector="C", identifiers={"wikidata": "Q42"})
    later = make_row(assessed_on=LISTS[1])

    company = row.create_company(by=editor)

    assert (company.slug, company.name, company.country, company.sector) == (
        *("merck-2", "Merck", "US", "C"),
    )
    assert list(company.identifiers.values_list("scheme", "value")) == [("wikidata", "Q42")]
    assert [now(row), now(later)] == [("created", company), ("matched", company)]
    assert {h.history_user for h in company.history.all()} == {editor}
    assert not Company.objects.public().filter(pk=company.pk).exists()


def test_a_dismissed_row_gives_no_grade(make_row):
    row, later = make_row(), make_row(assessed_on=LISTS[1])

    row.dismiss()

    assert [now(row), now(later)] == [("dismissed", None)] * 2
    assert grades() == []


def test_a_reopened_row_takes_its_grade_back(make_row, make_company):
    company = make_company()
    row = make_row()
    row.match(company)

    row.reopen()

    assert (now(row), row.decided_at, grades()) == (("open", None), None, [])
    assert Assessment.history.first().history_type == "-"


def test_a_grade_stays_while_another_row_rests_on_it(make_row, make_company):
    company = make_company()
    row, twin = make_row(), make_row(known_by="merck | US | energy")
    row.match(company)
    twin.match(company)

    row.reopen()

    assert len(grades()) == 1


def test_a_grade_stays_until_the_last_row_that_rests_on_it_is_reopened(make_row, make_company):
    company = make_company()
    row, twin = make_row(), make_row(known_by="merck | US | energy")
    row.match(company)
    twin.match(company)

    row.reopen()
    twin.reopen()

    assert grades() == []


def test_a_grade_that_the_list_itself_gave_stays_when_a_row_is_reopened(assessor, make_company):
    company = make_company(name="Boreal")
    rows = read_table(b"name,grade\nBoreal,D\nBoreall,D\n").rows
    take_in(TrackerList(assessor, LISTS[0]), rows)
    row = TrackerRow.objects.get()
    row.match(company)

    row.reopen()

    assert (now(row), grades()) == (("open", None), [("Boreal", "D", LISTS[0])])


@pytest.mark.parametrize("verb", ["match", "create_company", "dismiss"])
def test_what_is_decided_is_not_decided_twice(make_row, make_company, verb):
    row = make_row()
    TrackerRow.objects.get(pk=row.pk).dismiss()  # by somebody else meanwhile

    with pytest.raises(ValidationError, match=r"reopen|rouvrez"):
        getattr(row, verb)(*[make_company()] * (verb == "match"))

    assert now(row) == ("dismissed", None)
    assert not Company.objects.filter(name="Merck").exists()


def test_another_grade_of_that_day_is_never_written_over(make_row, make_company):
    company = make_company()
    first, second = make_row(), make_row(known_by="merck | US | energy", grade="C")
    first.match(company)

    with pytest.raises(ValidationError):
        second.match(company)

    assert now(second) == ("open", None)
    assert [grade for _company, grade, _day in grades()] == ["D"]


def test_an_identifier_that_another_company_has_brings_no_company_in(make_row, make_company):
    Identifier.objects.create(company=make_company(), scheme="wikidata", value="Q42")
    row = make_row(identifiers={"wikidata": "Q42"})

    with pytest.raises(ValidationError):
        row.create_company()

    assert now(row) == ("open", None)
    assert not Company.objects.filter(name="Merck").exists()


def test_a_ticker_without_its_exchange_that_another_has_is_left_aside(make_row, make_company):
    Identifier.objects.create(company=make_company(), scheme="ticker", value="F")
    row = make_row(identifiers={"ticker": "F", "wikidata": "Q42"})

    company = row.create_company()

    assert list(company.identifiers.values_list("scheme", "value")) == [("wikidata", "Q42")]


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "matched"},
        {"status": "dismissed"},  # at no time
        {"decided_at": "2023-01-01T00:00Z"},
    ],
)
def test_the_database_refuses_half_a_decision(make_row, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_row(**fields)


LIST = b"name,country,grade\nMerck,US,D\nMerck,DE,D\n"


def test_a_decision_outlives_the_next_import_and_holds_for_the_next_list(assessor, make_company):
    american, rows = make_company(name="Merck & Co."), read_table(LIST).rows
    tracker = TrackerList(assessor, LISTS[0])
    take_in(tracker, rows)
    TrackerRow.objects.get(country="US").match(american)
    TrackerRow.objects.get(country="DE").create_company()

    again = take_in(tracker, rows)
    later = take_in(TrackerList(assessor, LISTS[1]), rows)

    assert [verdict.done for verdict in again] == [Done.UNCHANGED] * 2
    assert [verdict.done for verdict in later] == [Done.MATCHED] * 2
    assert [(name, day) for name, _grade, day in grades()] == [
        (name, day) for day in LISTS for name in ("Merck", "Merck & Co.")
    ]
    assert TrackerRow.objects.count() == 2


def test_what_is_known_takes_a_fixed_number_of_queries(
    assessor, make_row, make_company, django_assert_num_queries
):
    tracker = TrackerList(assessor, LISTS[0])
    for n in range(3):
        make_row(known_by=f"{n}")
        make_company().names.create(name=f"Name {n}")
        with django_assert_num_queries(8):
            judge(read_table(LIST).rows, known(tracker))


# --- the admin ---


@pytest.fixture
def desk(admin_client):
    admin_client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return admin_client


def page(name, *args):
    return reverse(f"admin:companies_trackerrow_{name}", args=args)


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_opens(desk, make_row, make_company, language):
    open_, decided = make_row(candidates=[make_company().pk, 10**9]), make_row(known_by="2")
    decided.match(make_company())
    pages = [
        page("changelist"),
        page("changelist") + "?q=merck",
        page("changelist") + "?status__exact=open",
        *(page(name, row.pk) for name in ("change", "history") for row in (open_, decided)),
        page("simple_history", open_.pk, moment_of(timezone.now())),
    ]

    answers = [desk.get(each, HTTP_ACCEPT_LANGUAGE=language) for each in pages]

    assert [answer.status_code for answer in answers] == [200] * len(pages)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_queue_takes_a_fixed_number_of_queries(
    desk, make_row, make_company, django_assert_num_queries, rows
):
    for n in range(rows):
        make_row(known_by=str(n), candidates=[make_company().pk])

    with django_assert_num_queries(7):
        response = desk.get(page("changelist"))

    assert len(response.context["cl"].result_list) == rows


def test_an_editor_chooses_the_company(desk, make_row, make_company):
    row, company = make_row(), make_company()

    response = desk.post(page("change", row.pk), {"company": company.pk})

    assert (response.status_code, now(row)) == (302, ("matched", company))
    assert row.decided_by.username == "admin"
    assert len(grades()) == 1


def test_a_refused_choice_says_why_on_the_form(desk, make_row, make_company):
    company = make_company()
    make_row().match(company)
    row = make_row(known_by="2", grade="A")

    chosen = desk.post(page("change", row.pk), {"company": company.pk})
    empty = desk.post(page("change", row.pk), {"company": ""})

    assert "has grade D of 24 December 2022" in chosen.text
    assert f'value="{company.pk}" selected' in chosen.text
    assert "This field is required." in empty.text
    assert now(row) == ("open", None)


@pytest.mark.parametrize(
    ("action", "status", "name"),
    [
        ("match_suggested", "matched", "Candidate"),
        ("create_company", "created", "Merck"),
        ("dismiss", "dismissed", None),
    ],
)
def test_actions(desk, make_row, make_company, action, status, name):
    row = make_row(candidates=[make_company(name="Candidate").pk])

    response = desk.post(page("changelist"), {"action": action, "_selected_action": [row.pk]})

    assert len(said(response)) == 1
    assert (now(row)[0], row.company and row.company.name) == (status, name)

    desk.post(page("changelist"), {"action": "reopen", "_selected_action": [row.pk]})
    assert (now(row), grades()) == (("open", None), [])


@pytest.mark.parametrize("candidates", [0, 2])
def test_only_the_one_candidate_is_taken_by_an_action(desk, make_row, make_company, candidates):
    row = make_row(candidates=[make_company().pk for _n in range(candidates)])

    response = desk.post(
        page("changelist"), {"action": "match_suggested", "_selected_action": [row.pk]}
    )

    assert "open it and choose" in said(response)[0]
    assert now(row) == ("open", None)


def test_rows_are_neither_added_nor_deleted_by_hand(desk, make_row):
    row = make_row()

    assert desk.get(page("add")).status_code == 403
    assert desk.post(page("delete", row.pk), {"post": "yes"}).status_code == 403
    assert now(row) == ("open", None)


def test_a_decision_is_not_restored_from_history(desk, make_row, make_company):
    row, company = make_row(), make_company()
    row.match(company)
    row.reopen()
    matched = row.history.filter(status="matched").get()

    response = desk.post(
        page("simple_history", row.pk, moment_of(matched.history_date)), {"company": company.pk}
    )

    assert (now(row), grades()) == (("open", None), [])
    assert response.status_code in (200, 403)
