"""The command that proves the archive to be as it was written, and names what isn't."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import zlib
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from articles import guards
from articles.guards import GUARDS as ARTICLES_GUARDS
from articles.intake import Rules, take_in
from articles.models import Article
from companies.guards import GUARDS as COMPANIES_GUARDS
from companies.models import Evidence
from companies.redaction import redact
from starter.loader import load

ROOT = Path(__file__).parent.parent.parent
TEXT = "Boréal ferme\n\nLumina l’a dit mardi, sans plus.\n"


@contextmanager
def damaged(*statements):
    """What a bad disk may do: no guard, no foreign key and no check is asked; undone at the end."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            guards.lift(ARTICLES_GUARDS + COMPANIES_GUARDS)
            cursor.execute("PRAGMA ignore_check_constraints = on")
        else:
            cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)
        try:
            yield
        finally:
            transaction.set_rollback(True)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = off")


@pytest.fixture
def verify(capsys):
    """Run the command; returns its lines and the error that ended it."""

    def verify(*arguments):
        capsys.readouterr()
        error = ""
        try:
            call_command("verify_archive", *map(str, arguments))
        except CommandError as raised:
            error = str(raised)
        return capsys.readouterr().out.splitlines(), error

    return verify


@pytest.fixture
def archive(make_publisher, make_announcement, make_company):
    """An imported piece with two versions, a passage in the second and its place there, an
    announcement in two editions, and a company that was merged."""
    publisher = make_publisher(rights="cleared", access="full")
    said = {"wire_id": "urn:1", "published_at": datetime(2022, 3, 8, 23, tzinfo=UTC)}
    files = [("1.txt", TEXT.encode()), ("2.txt", TEXT.replace("mardi", "mercredi").encode())]
    list(take_in(files, Rules(publisher, status="usable", said=said)))
    article = Article.objects.get()
    announcement = make_announcement(article=article, publish=False, public_id="abc")
    passage = Evidence(announcement=announcement, article=article, exact="l’a dit mercredi")
    passage.full_clean(exclude=["paraphrase_fr", "paraphrase_en"])
    passage.save()
    passage.placements.create(
        version=article.current_version(), state="exact", start=passage.start, text=passage.exact
    )
    announcement.publish()
    announcement.title_en = "Another title"
    announcement.save()
    announcement.amend(note_fr="Suite.", note_en="More.")
    make_company(slug="old").merge(announcement.company)
    return article


@pytest.mark.django_db
def test_the_starter_archive_is_as_it_was_written(verify):
    load()

    lines, error = verify()

    assert (len(lines), error) == (1, "")
    assert lines[0].startswith("21 tables of the archive, ")
    assert lines[0].endswith(": all as they were written.")


@pytest.mark.django_db
def test_an_imported_archive_is_as_it_was_written(archive, verify, tmp_path):
    report = tmp_path / "report.json"

    lines, error = verify("--json", report)

    assert error == ""
    found = json.loads(report.read_text())
    assert found["faults"] == []
    assert {what: count for what, count in found["checked"].items() if "tables" not in what} == {
        "received files": 2,
        "versions": 2,
        "articles with versions": 1,
        "articles": 1,
        "articles in the index": 1,
        "imports": 1,
        "editions": 2,
        "announcements with editions": 1,
        "passages": 1,
        "places of passages": 1,
        "suggested announcements": 0,
        "announcements in the index": 1,
        "merged companies": 1,
    }
    assert "2 received files, 2 versions, " in lines[0]


def packed(data):
    value = zlib.compress(data).hex()
    return f"X'{value}'" if connection.vendor == "sqlite" else f"'\\x{value}'"


FIRST = "(SELECT MIN(id) FROM {})"
VERSION = FIRST.format("articles_version")
FILE = FIRST.format("articles_receivedfile")
EDITION = FIRST.format("companies_edition")
FAULTS = {
    "where a merged company is shown": (
        ["UPDATE companies_company SET absorbed_by_id = id WHERE slug = 'old'"],
        ["company old"],
    ),
    "a version's text": (
        [f"UPDATE articles_version SET body = 'Lumina' WHERE id = {VERSION}"],
        ["version 1 of article boreal-ferme"],
    ),
    "a version's headline": (
        [f"UPDATE articles_version SET headline = 'x' WHERE id = {VERSION}"],
        ["version 1 of article boreal-ferme"],
    ),
    "a version's hash": (
        [f"UPDATE articles_version SET sha256 = '00' WHERE id = {VERSION}"],
        ["version 1 of article boreal-ferme"],
    ),
    "a version gone": (
        [f"DELETE FROM articles_version WHERE id = {VERSION}"],
        ["article #"],
    ),
    "all versions gone": (
        ["DELETE FROM companies_placement", "DELETE FROM articles_version"],
        ["evidence #", "reading #", "article boreal-ferme"],
    ),
    "an article's text": (
        ["UPDATE articles_article SET standfirst = 'x'"],
        ["article boreal-ferme", "search index, article #"],
    ),
    "an article gone": (
        ["DELETE FROM companies_reading", "DELETE FROM articles_article"],
        [*["version #"] * 2, *["evidence #"] * 2, "perusal #", "search index, article #"],
    ),
    "a file's bytes": (
        [f"UPDATE articles_receivedfile SET packed = {{other}} WHERE id = {FILE}"],
        ["file #"],
    ),
    "a file's packing": (
        [f"UPDATE articles_receivedfile SET packed = {{none}} WHERE id = {FILE}"],
        ["file #"],
    ),
    "a file's size": (
        [f"UPDATE articles_receivedfile SET size = 7 WHERE id = {FILE}"],
        ["file #"],
    ),
    "a file gone": (
        [f"DELETE FROM articles_receivedfile WHERE id = {FILE}"],
        ["receipt #", "version #"],
    ),
    "an edition's snapshot": (
        [f"""UPDATE companies_edition SET snapshot = '{{{{"a": 1}}}}' WHERE id = {EDITION}"""],
        ["edition 1 of announcement abc"],
    ),
    "an edition gone": (
        [
            f"DELETE FROM companies_editionmeasure WHERE edition_id = {EDITION}",
            f"DELETE FROM companies_edition WHERE id = {EDITION}",
        ],
        ["announcement #"],
    ),
    "a passage's words": (
        ["UPDATE companies_evidence SET exact = 'l’a dit mercredj' WHERE exact <> ''"],
        ["passage #"],
    ),
    "a passage's place": (
        ["UPDATE companies_evidence SET start = start + 1 WHERE exact <> ''"],
        ["passage #"],
    ),
    "the words before a passage": (
        ["UPDATE companies_evidence SET prefix = 'Lumino ' WHERE exact <> ''"],
        ["passage #"],
    ),
    "the words after a passage": (
        ["UPDATE companies_evidence SET suffix = ', avec' WHERE exact <> ''"],
        ["passage #"],
    ),
    "a place in a later version": (
        ["UPDATE companies_placement SET start = 0"],
        ["placement #"],
    ),
    "the words after a place": (
        ["UPDATE companies_placement SET suffix = ', avec'"],
        ["placement #"],
    ),
    "a file left half-way": (
        ["UPDATE articles_receipt SET finished = (1 = 0) WHERE name = '1.txt'"],
        ["receipt #"],
    ),
    "what search looks through": (
        ["UPDATE articles_entry SET text = 'other words'"],
        ["search index, article #"],
    ),
    "what search of announcements looks through": (
        ["UPDATE companies_announcement SET search = 'other words'"],
        ["announcement abc"],
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("fault", FAULTS)
def test_each_kind_of_fault_is_named(archive, verify, fault):
    statements, named = FAULTS[fault]
    values = {"other": packed(b"Other bytes."), "none": packed(b"Cut")[:-9] + "'"}

    with damaged(*(statement.format(**values) for statement in statements)):
        lines, error = verify()

    assert [
        line for line, start in zip(lines, named, strict=True) if not line.startswith(start)
    ] == []
    assert error.startswith(f"{len(named)} faults in ")
    assert verify()[1] == ""


@pytest.mark.django_db
@pytest.mark.parametrize(("words", "named"), [("Lumina", []), ("Lumino", ["suggestion #"])])
def test_a_suggestion_whose_words_do_not_stand_is_named(
    archive, verify, make_company, words, named
):
    archive.suggestions.create(
        company=make_company(),
        version=archive.current_version(),
        passages=[{"start": 0, "end": 6, "exact": words}],
        speaker="company",
    )
    lines, _error = verify()

    assert [line[:12] for line in lines if line.startswith("suggestion")] == named


@pytest.mark.django_db
def test_an_index_that_lacks_a_row_is_named(archive, verify):
    if connection.vendor != "sqlite":
        pytest.skip("only on SQLite: elsewhere no row can pass by the index")
    statement = (
        "INSERT INTO articles_entry_fts(articles_entry_fts, rowid, headline, text, inside, meta) "
        "SELECT 'delete', key, headline, text, inside, meta FROM articles_entry"
    )
    with damaged(statement):
        lines, _error = verify()

    assert [line.split(":")[0] for line in lines] == ["search index"]


@pytest.mark.django_db
def test_a_redaction_is_no_fault(archive, verify):
    redact(archive, "Order 22/123")

    assert verify()[1] == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE articles_version SET body = 'Back' WHERE number = 1", "version 1 of article "),
        ("UPDATE articles_receivedfile SET packed = {bytes}", "file #"),
        ("UPDATE companies_evidence SET suffix = 'Back' WHERE exact <> ''", "passage #"),
        ("UPDATE articles_article SET body = 'Back'", ("article ", "search index, article ")),
        ("UPDATE companies_edition SET redacted_sha256 = '00'", "edition "),
    ],
)
def test_what_a_redaction_should_have_blanked_is_a_fault(archive, verify, statement, named):
    redact(archive, "Order 22/123")

    with damaged(statement.format(bytes=packed(b"Back"))):
        lines, _error = verify()

    assert lines
    assert {line.startswith(named) for line in lines} == {True}


@pytest.mark.django_db
def test_faults_stand_in_the_report(archive, verify, tmp_path):
    report = tmp_path / "report.json"
    with damaged("UPDATE articles_receivedfile SET size = 7"):
        lines, _error = verify("--json", report)

    faults = json.loads(report.read_text())["faults"]
    assert [f"{fault['record']}: {fault['wrong']}; {fault['way_out']}" for fault in faults] == lines
    assert [fault["check"] for fault in faults] == ["received files"] * 2


def test_a_report_that_cannot_be_written_stops_it(db, verify, tmp_path):
    path = tmp_path / "none" / "report.json"
    assert verify("--json", path) == ([], f"--json {path}: No such file or directory")


# --- a byte of the database's file, flipped ---

BUILD = """
import django
django.setup()
from datetime import UTC, datetime
from django.core.management import call_command
from django.db import connection
from articles.intake import Rules, take_in
from articles.models import Article, Publisher
from companies.models import Announcement, Company, Evidence

call_command("migrate", verbosity=0)
publisher = Publisher.objects.create(slug="p", name="P", rights="cleared", access="full")
said = {"wire_id": "urn:1", "published_at": datetime(2022, 3, 8, 23, tzinfo=UTC)}
texts = ["Titre\\n\\nQuartzold dit mardi."]
texts += ["Titre\\n\\nIl dit Vexpassage mercredi soir dans la capitale, Jumpbody."]
files = [(str(n), text.encode()) for n, text in enumerate(texts)]
list(take_in(files, Rules(publisher, status="usable", said=said)))
article = Article.objects.get()
company = Company.objects.create(slug="c", name="C", country="US", sector="G")
announcement = Announcement.objects.create(
    company=company, public_id="abc", announced_on="2022-03-08", title_fr="Fliptitre",
    title_en="T", summary_fr="S", summary_en="S",
)
announcement.refresh_from_db()
announcement.measures.create(market="RU", action="suspend", stage="in_effect")
passage = Evidence(announcement=announcement, article=article, exact="Vexpassage")
passage.full_clean(exclude=["paraphrase_fr", "paraphrase_en"])
passage.save()
announcement.publish()
announcement.title_fr = "Autre"
announcement.save()
with connection.cursor() as cursor:
    # History has no hash: what is flipped below stands in live tables alone.
    for table in connection.introspection.table_names():
        if "_historical" in table:
            cursor.execute(f'DELETE FROM "{table}"')
    cursor.execute("VACUUM")
    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
"""


def python(data_dir, *arguments):
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    own = {
        "DEBUG": "1",
        "DATA_DIR": str(data_dir),
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "PYTHONPATH": str(ROOT),
    }
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=kept | own,
        capture_output=True,
        text=True,
        timeout=600,
    )


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    """A real database file."""
    if "postgres" in os.environ.get("DATABASE_URL", ""):
        pytest.skip("only on SQLite: PostgreSQL keeps sums of its own pages")
    folder = tmp_path_factory.mktemp("archive")
    done = python(folder, "-c", BUILD)
    assert done.returncode == 0, done.stderr
    return folder / "db.sqlite3"


def places(data, word):
    found, place = [], data.find(word)
    while place >= 0:
        found.append(place)
        place = data.find(word, place + 1)
    return found


FLIPS = [
    # the words, how many times they stand in the file, which byte becomes what, what is named
    (b"Quartzold", 1, (3, b"x"), ["version 1 of article titre (#1)"]),
    (b"Quartzold", 1, (3, b"\xff"), ["version #1"]),
    (b"Jumpbody", 2, (3, b"x"), ["article titre (#1)", "version 2 of article titre (#1)"]),
    (
        b"Vexpassage",
        4,
        (3, b"x"),
        [
            "article titre (#1)",
            "edition 1 of announcement abc",
            "passage #1 of announcement abc",
            "version 2 of article titre (#1)",
        ],
    ),
    (b"Fliptitre", 1, (3, b"x"), ["edition 1 of announcement abc"]),
    (
        b'"Fliptitre',
        1,
        (0, b"x"),
        ["edition 1 of announcement abc"],
    ),  # no longer JSON, which SQLite sees too
]


VERIFY = """
import sys
import django
django.setup()
from django.core.management import CommandError, call_command
from django.db import connection

for path in sys.argv[1:]:
    connection.close()
    connection.settings_dict["NAME"] = path
    try:
        call_command("verify_archive")
    except CommandError:
        continue
    raise SystemExit(f"{path}: nothing was found")
"""


@pytest.mark.parametrize(("word", "count", "flip", "named"), FLIPS)
def test_a_flipped_byte_is_found(database, tmp_path, word, count, flip, named):
    data = database.read_bytes()
    found = places(data, word)
    assert len(found) == count
    offset, byte = flip
    copies = [flipped(tmp_path, data, place + offset, byte) for place in found]
    # What is no longer JSON SQLite finds too, by a CHECK constraint; nothing else.
    seen = {integrity(copy) for copy in copies}
    assert seen == {"CHECK constraint failed in companies_edition" if word[:1] == b'"' else "ok"}

    done = python(tmp_path, "-c", VERIFY, *copies)

    assert done.returncode == 0, done.stdout + done.stderr
    assert {line.split(": ")[0] for line in done.stdout.splitlines()} >= set(named)


def test_a_flipped_byte_of_a_received_file_is_found(database, tmp_path):
    with sqlite3.connect(database) as opened:
        [blob] = opened.execute("SELECT packed FROM articles_receivedfile LIMIT 1").fetchone()
    opened.close()
    data = database.read_bytes()
    [place] = places(data, blob)
    middle = place + len(blob) // 2
    copy = flipped(tmp_path, data, middle, bytes([data[middle] ^ 1]))
    assert integrity(copy) == "ok"

    done = python(tmp_path, "manage.py", "verify_archive")

    assert (done.returncode, len(done.stdout.splitlines())) == (1, 1), done.stderr
    assert done.stdout.startswith("file #1 (")
    assert done.stderr.startswith("CommandError: 1 faults in ")


def flipped(folder, data, place, byte):
    """The path of a copy of the database's file in which that byte is another one."""
    path = folder / ("db.sqlite3" if not list(folder.iterdir()) else f"{place}.sqlite3")
    path.write_bytes(data[:place] + byte + data[place + 1 :])
    return path


def integrity(path):
    with sqlite3.connect(path) as opened:
        [said] = opened.execute("PRAGMA integrity_check").fetchone()
    opened.close()
    return said


def test_the_untouched_file_is_as_it_was_written(database, tmp_path):
    shutil.copy(database, tmp_path / "db.sqlite3")

    done = python(tmp_path, "manage.py", "verify_archive")

    assert done.returncode == 0, done.stdout + done.stderr
