"""The desk's command that takes other trackers' lists in as assessments."""

import io
import json
import random
import subprocess
import sys
from datetime import date
from math import inf
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from articles.models import Publisher
from companies.models import Assessment, Company, TrackerRow
from companies.trackers import intake
from companies.trackers.intake import TrackerList, count, take_in
from companies.trackers.table import read_table
from starter.loader import load
from tests.killing import killed

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "trackers"
FIRST = "name,country,grade\nAmazon,United States,B\nBoréal,France,A\nMerck,US,D\nMerck,DE,D\n"
SECOND = "name,country,grade\nAmazon,United States,A\nLumina,Danish,C\nAmazone,Germany,F\n"


@pytest.fixture
def desk(settings, make_publisher, make_company):
    settings.LANGUAGE_CODE = "en"
    make_company(name="Amazon", slug="amazon")
    make_publisher(slug="gazette", name="Gazette")
    return make_publisher(slug="tracker", name="Tracker", kind="aggregator")


@pytest.fixture
def run(capsys, monkeypatch):
    """Run import_tracker; returns what it printed, and the error that ended it."""
    monkeypatch.setattr("newsroom.progress.PLAIN", inf)  # silent on a slow machine too

    def run(*arguments):
        error = ""
        try:
            call_command("import_tracker", *map(str, arguments))
        except CommandError as raised:
            error = str(raised)
        printed = capsys.readouterr()
        return printed.out.splitlines(), printed.err.splitlines(), error

    return run


@pytest.fixture
def write(tmp_path):
    def write(text, name="list.csv"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return write


def on(day):
    return ("--assessor", "tracker", "--date", day)


def grades():
    found = Assessment.objects.order_by("assessed_on", "company__name")
    return list(found.values_list("company__name", "grade"))


def test_a_list_is_taken_in_and_every_row_is_accounted_for(desk, run, write, tmp_path):
    file, report = write(FIRST), tmp_path / "report.json"

    out, err, error = run(file, *on("2022-12-24"), "--licence", "CC BY", "--report", report)

    assert out == [
        "uncertain  line 4, Merck: The list bears the name more than once (line 5)",
        "uncertain  line 5, Merck: The list bears the name more than once (line 4)",
        *("matched    1", "created    1", "unchanged  0"),
        *("uncertain  2", "dismissed  0", "refused    0", "gone       0"),
        f"What became of each row: {report}",
    ]
    assert (err, error) == ([], "")
    assert grades() == [("Amazon", "B"), ("Boréal", "A")]
    told = json.loads(report.read_text())
    assert [(row["line"], row["outcome"], row["why"], row["company"]) for row in told["rows"]] == [
        (2, "matched", "name", "amazon"),
        (3, "created", "new", "boreal"),
        (4, "uncertain", "twice", ""),
        (5, "uncertain", "twice", ""),
    ]
    assert told["columns"] == {"name": "name", "grade": "grade", "country": "country"}
    assert told["rows"][2]["other_lines"] == [5]
    company = Company.objects.get(slug="boreal")
    assert (company.country, company.sector) == ("FR", "")
    assert not Company.objects.public().exists()


def test_every_record_has_its_history(desk, run, write):
    run(write(FIRST), *on("2022-12-24"))

    for model, rows in ((Assessment, 2), (TrackerRow, 2)):
        assert model.history.count() == model.objects.count() == rows
    assert Company.history.filter(history_type="+").count() == Company.objects.count()
    reasons = {
        *Assessment.history.values_list("history_change_reason", flat=True),
        *TrackerRow.history.values_list("history_change_reason", flat=True),
        Company.objects.get(slug="boreal").history.get().history_change_reason,
    }
    assert reasons == {"list tracker 2022-12-24 RU"}


def test_what_is_created_is_found_by_search(desk, run, write):
    run(write(FIRST), *on("2022-12-24"))

    assert Company.objects.matching("boreal").get().slug == "boreal"


def everything():
    return [
        list(model.objects.order_by("pk").values())
        for model in (Company, Assessment, TrackerRow, Assessment.history.model)
    ]


def test_the_same_file_twice_changes_nothing(desk, run, write):
    file = write(FIRST)
    run(file, *on("2022-12-24"))
    before = everything()

    out, _err, error = run(file, *on("2022-12-24"))

    assert everything() == before
    assert out[2:7] == [
        *("matched    0", "created    0", "unchanged  2", "uncertain  2", "dismissed  0"),
    ]
    assert error == ""


def test_a_later_list_keeps_the_earlier_grades(
    client, desk, run, write, tmp_path, make_announcement
):
    for name in ("Amazon", "Boréal"):
        company = Company.objects.filter(name=name).first()
        make_announcement(company or Company.objects.create(name=name, slug="boreal"))
    run(write(FIRST), *on("2022-12-24"))
    out, _err, _error = run(write(SECOND), *on("2023-08-23"), "--report", tmp_path / "report.json")

    def asked(day):
        results = client.get(f"/api/v1/assessments/?as_of={day}").json()["results"]
        return {r["company"]["slug"]: (r["grade"], r["assessed_on"]) for r in results}

    assert asked("2022-12-23") == {}
    assert (
        asked("2022-12-24")
        == asked("2023-08-22")
        == {
            "amazon": ("B", "2022-12-24"),
            "boreal": ("A", "2022-12-24"),
        }
    )
    # Boréal is gone from the later list: its last grade stands, and says of which day it is.
    assert asked("2023-08-23") == {
        "amazon": ("A", "2023-08-23"),
        "boreal": ("A", "2022-12-24"),
    }
    assert out[-9] == "gone       Boréal: A, 2022-12-24"
    assert out[-2] == "gone       1"
    assert json.loads((tmp_path / "report.json").read_text())["gone"] == [
        {"company": "boreal", "grade": "A", "assessed_on": "2022-12-24"}
    ]
    assert TrackerRow.objects.get(name="Amazone").candidates == [
        Company.objects.get(slug="amazon").pk
    ]


def test_what_was_left_aside_is_said(desk, run, write):
    out, _err, _error = run(write(SECOND), *on("2023-08-23"))

    assert "           line 3, Lumina: country “Danish” is none we know: left empty" in out
    assert Company.objects.get(slug="lumina").country == ""


def test_a_refused_row_stops_no_other_and_ends_in_an_error(desk, run, write):
    _out, err, error = run(write(FIRST + "Vesta,FR,\n"), *on("2022-12-24"))

    assert err == ["refused    line 6, Vesta: no grade"]
    assert error == "1 of 5 rows refused."
    assert grades() == [("Amazon", "B"), ("Boréal", "A")]


def test_a_dry_run_says_the_same_and_leaves_nothing(desk, run, write):
    file = write(FIRST)
    before = everything()

    dry = run(file, *on("2022-12-24"), "--dry-run")

    assert everything() == before
    assert dry[0].pop() == "Nothing was saved."
    assert run(file, *on("2022-12-24")) == dry


@pytest.mark.parametrize("companies", [1, 20, 23])
def test_twenty_of_those_gone_are_named(desk, run, write, companies):
    lines = "".join(f"Firm {n:02},A\n" for n in range(companies))
    run(write("name,grade\n" + lines), *on("2022-12-24"))

    out = run(write("name,grade\nLumina,A\n"), *on("2023-08-23"))[0]

    named = [f"gone       Firm {n:02}: A, 2022-12-24" for n in range(min(companies, 20))]
    more = ["gone       … and 3 more"] if companies > 20 else []
    assert out[: len(named + more)] == named + more
    assert out[-1] == f"gone       {companies}"


def test_a_row_that_repeats_another_is_named(desk, run, write):
    out = run(write("name,grade\nAmazon,B\nAMAZON,B\n"), *on("2022-12-24"))[0]

    assert out[0] == "unchanged  line 3, AMAZON: The file says it a second time (line 2)"


def test_it_speaks_english_whatever_the_site_does(desk, run, write, settings, tmp_path):
    settings.LANGUAGE_CODE = "fr"
    file = write(FIRST + "Vesta,Danish,A\nVesta,FR,\n")

    out, err, error = run(file, *on("2022-12-24"), "--report", tmp_path / "report.json")

    assert out[0].startswith("uncertain  line 4, Merck: The list bears the name")
    assert out[2].endswith("country “Danish” is none we know: left empty")
    assert (err, error) == (["refused    line 7, Vesta: no grade"], "1 of 6 rows refused.")
    told = json.loads((tmp_path / "report.json").read_text())["rows"]
    assert [row["because"] for row in told][-3:] == [
        "The list bears the name more than once",
        "No company bears the name or one near it",
        "no grade",
    ]
    assert run(file, *on("24/12/2022"))[2] == "--date: Enter a valid date."
    assert translation.get_language() == "fr"


def test_columns_market_and_source_are_told(desk, run, write):
    file = write("Firm;mark;grade\nAmazon;B;x\n")
    options = ("--column", "name=firm", "--column", "grade=mark", "--market", "BY")

    run(file, *on("2022-12-24"), *options, "--source-url", "https://tracker.example.org/")

    given = Assessment.objects.get()
    assert (given.grade, given.market, given.source_url) == (
        *("B", "BY", "https://tracker.example.org/"),
    )


def test_standard_input(desk, run, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(FIRST.encode())))

    assert run("-", *on("2022-12-24"))[2] == ""
    assert len(grades()) == 2


@pytest.mark.parametrize(
    ("text", "options", "error"),
    [
        (FIRST, ["--assessor", "trackr"], "No publisher “trackr”. Near it: tracker."),
        (
            FIRST,
            ["--assessor", "gazette"],
            "Gazette is a publisher of the kind outlet; an assessor is an aggregator.",
        ),
        (FIRST, ["--date", "24/12/2022"], "--date: Enter a valid date."),
        (FIRST, ["--date", "2999-01-01"], "--date: That day is yet to come."),
        (FIRST, ["--market", "XX"], "--market: “XX” is no country code; "),
        (FIRST, ["--source-url", "nowhere"], "--source-url: Enter a valid URL."),
        (FIRST, ["--column", "colour=x"], "--column knows name, grade, country, "),
        (FIRST, ["--column", "name"], "{file}: “name” isn't of the form name=Heading."),
        (FIRST, ["--column", "name=Firm"], "{file}: No column is headed “Firm”."),
        ("name\nBoreal\n", [], "{file}: No column found for: grade. The headings: name."),
        (None, [], "{file}: No such file or directory"),
    ],
)
def test_what_is_wrong_is_one_clear_line(desk, run, write, tmp_path, text, options, error):
    file = tmp_path / "list.csv"
    if text is not None:
        write(text)

    said = run(file, *on("2022-12-24"), *options)[2]

    assert said.startswith(error.format(file=file))
    assert "\n" not in said
    assert grades() == []


def test_a_grade_goes_to_the_company_at_the_end_of_its_mergers(desk, run, write, make_company):
    between = make_company(name="Lumina", merged_into=Company.objects.get(slug="amazon"))
    make_company(name="Vesta", merged_into=between)

    run(write("name,grade\nVesta,A\n"), *on("2022-12-24"))

    assert grades() == [("Amazon", "A")]


def test_slugs_are_read_once(desk):
    data = b"name,grade\n" + b"".join(b"Firm %04d,A\n" % n for n in range(3 * intake.BATCH))

    with CaptureQueriesContext(connection) as captured:
        take_in(TrackerList(desk, date(2022, 1, 1)), read_table(data).rows)

    asked = 'SELECT "companies_company"."slug"'
    assert sum(query["sql"].startswith(asked) for query in captured) == 1


def test_a_batch_takes_a_fixed_number_of_queries(desk):
    def queries(names, day):
        rows = read_table(b"name,grade\n" + "".join(f"{n},A\n" for n in names).encode())
        with CaptureQueriesContext(
            connection,
        ) as captured:
            take_in(TrackerList(desk, day), rows.rows)
        return len(captured)

    few = [f"Firm {n:04}" for n in range(3)]
    many = [f"House {n:04}" for n in range(intake.BATCH)]

    assert queries(few, date(2022, 1, 1)) == queries(many, date(2022, 1, 2))
    # Two batches more, and nothing else.
    one = queries([f"Works {n:04}" for n in range(intake.BATCH)], date(2022, 1, 3))
    two = queries([f"Mills {n:04}" for n in range(2 * intake.BATCH)], date(2022, 1, 4))
    three = queries([f"Parks {n:04}" for n in range(3 * intake.BATCH)], date(2022, 1, 5))
    assert two - one == three - two


def test_what_another_process_does_meanwhile_is_seen_before_the_next_batch(desk):
    """Between two batches an editor brings in a company that the list names further down."""
    names = [f"Firm {n:04}" for n in range(intake.BATCH)] + ["Lumina"]
    rows = read_table(b"name,grade\n" + "".join(f"{n},A\n" for n in names).encode()).rows

    def editor(done):
        if done == intake.BATCH:
            Company.objects.create(name="Lumina", slug="lumina")

    verdicts = take_in(TrackerList(desk, date(2022, 1, 1)), rows, step=editor)

    assert {done.value: n for done, n in count(verdicts).items() if n} == {
        "created": intake.BATCH,
        "matched": 1,
    }
    assert Company.objects.filter(name="Lumina").count() == 1


# --- killed, and run again ---

STATE = [
    "SELECT c.slug, c.name, c.country, a.grade FROM companies_assessment a "
    "JOIN companies_company c ON c.id = a.company_id",
    "SELECT name, grade, why, status, known_by FROM companies_trackerrow",
    "SELECT slug, history_type FROM companies_historicalcompany",
    "SELECT grade, history_type FROM companies_historicalassessment",
    "SELECT name, history_type FROM companies_historicaltrackerrow",
]
PREPARE = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
from articles.models import Publisher
Publisher.objects.create(slug="tracker", name="Tracker", kind="aggregator")
"""
GO_ON = """
import sys
from django.core.management import call_command
call_command(*sys.argv[1:])
"""
ASK = """
import json, sys
from django.db import connection
with connection.cursor() as cursor:
    for sql in sys.argv[1:]:
        cursor.execute(sql)
        print(json.dumps(cursor.fetchall()))
"""


@pytest.fixture
def child(own_database):
    """Runs a script in a process of its own, with that database; what it printed."""

    def run(script, *arguments):
        done = subprocess.run(
            [sys.executable, "-c", f"import django\ndjango.setup()\n{script}", *arguments],
            cwd=ROOT,
            env=own_database,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_an_import_killed_anywhere_is_finished_by_running_it_again(own_database, child, write):
    rows = random.Random(1)
    names = [f"{rows.choice(['Alpha', 'Beta', 'Gamma'])} {n}" for n in range(1400)]
    names += ["Merck", "Merck", "Gamma", "Beta Works"]
    rows.shuffle(names)
    lines = [f"{name},FR,{rows.choice('ABCDF')},{n}" for n, name in enumerate(names)]
    file = str(write("name,country,grade,industry\n" + "\n".join(lines)))
    command = ("import_tracker", file, *on("2022-12-24"))
    child(PREPARE)
    landed = []
    for _kill in range(4):  # of about 490 statements, or 370 where nothing is new
        killed(own_database, rows.randint(20, 250), *command)
        [[done]] = json.loads(child(ASK, "SELECT count(*) FROM companies_assessment"))
        landed.append(done)

    child(GO_ON, *command)

    assert 0 < landed[-1] < 1400, "the kills came too late, or too early, to prove anything"
    Publisher.objects.create(slug="tracker", name="Tracker", kind="aggregator")
    call_command("import_tracker", file, *on("2022-12-24"), stdout=io.StringIO())
    found = map(json.loads, child(ASK, *STATE).splitlines())
    with connection.cursor() as cursor:
        for sql, rows in zip(STATE, found, strict=True):
            cursor.execute(sql)
            assert sorted(map(tuple, rows)) == sorted(cursor.fetchall()), landed


# --- real lists ---


@pytest.mark.django_db
@pytest.mark.skipif(not SHARED.exists(), reason="../shared is absent")
def test_two_real_lists_into_the_starter_archive(run):
    load(say=lambda line: None)
    ours = set(Company.objects.values_list("slug", flat=True))
    outcomes = []
    for day in ("2022-12-24", "2023-08-23", "2023-08-23"):
        file = SHARED / f"yale-celi_{day}.csv"
        out, err, error = run(file, "--assessor", "yale-celi", "--date", day)
        assert (err, error) == ([], "")
        outcomes.append([int(line.split()[1]) for line in out[-7:]])

    # The file of 2023 has 1,588 lines and, since two cells run over two lines, 1,586 rows.
    # Matched, created, unchanged, uncertain, dismissed, refused, gone.
    assert outcomes == [
        [6, 1377, 0, 6, 0, 0, 0],
        [1367, 195, 0, 24, 0, 0, 3],
        [0, 0, 1562, 24, 0, 0, 3],
    ]
    assert Company.objects.count() == len(ours) + 1377 + 195
    assert Assessment.objects.exclude(assessed_on="2025-05-21").count() == 1383 + 1562
    assert Assessment.history.filter(assessed_on__year__in=(2022, 2023)).count() == 1383 + 1562
    for name in ("Amazon", "Coca-Cola", "McDonald's", "Netflix", "Nike", "Starbucks"):
        company = Company.objects.get(name=name)
        assert company.slug in ours
        assert company.assessments.count() == 3
    assert not Company.objects.filter(name="Merck").exists()
    assert sorted(TrackerRow.objects.filter(name="Merck").values_list("country", flat=True)) == [
        *("DE", "US"),
    ]
    assert set(Company.objects.public().values_list("slug", flat=True)) <= ours
