"""The command that takes out what the law takes out."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from articles.models import MARKER, Article, Redaction, concealed
from companies.models import Evidence
from starter.loader import load
from starter.models import LoadedRecord

ROOT = Path(__file__).parent.parent.parent
NEEDED = "Give SLUG and --reason, or --scrub, --export or --replay."


@pytest.fixture
def run(capsys):
    """Run redact; returns what it printed and the error that ended it."""

    def run(*arguments):
        error = ""
        try:
            call_command("redact", *map(str, arguments))
        except CommandError as raised:
            error = str(raised)
        return capsys.readouterr().out.splitlines(), error

    return run


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], NEEDED),
        (["piece"], NEEDED),
        (["piece", "--reason", " "], NEEDED),
        (["piece", "--reason", "Order", "--scrub"], NEEDED),
        (["nothing", "--reason", "Order", "--yes"], "No article “nothing”."),
        (
            ["piece", "--reason", "Order"],
            "There is no terminal to ask on: give --yes if you mean it.",
        ),
        (["--replay", "/none"], "--replay /none: [Errno 2] No such file or directory: '/none'"),
    ],
)
def test_what_is_not_clear_changes_nothing(make_article, run, arguments, said):
    make_article(slug="piece")

    assert run(*arguments)[1] == said
    assert not Redaction.objects.exists()


@pytest.mark.django_db
def test_it_says_what_was_blanked_and_what_is_left_to_read(make_announcement, make_article, run):
    article = make_article(slug="piece", headline="Boréal ferme")
    announcement = make_announcement(article=article, public_id="abc")

    out, error = run("piece", "--reason", " Order 22/123 ", "--yes", "--later")

    assert error == ""
    assert out[0].startswith("Boréal ferme (")
    assert [line.split() for line in out[1:6]] == [
        ["1", "versions", "blanked"],
        ["0", "files", "blanked"],
        ["2", "history", "blanked"],
        ["0", "passages", "blanked"],
        ["1", "editions", "blanked"],
    ]
    assert out[6].startswith("Read over the note “Cette pièce a été retirée")
    assert (
        out[7] == f"Read over announcement abc: {Evidence.objects.get(announcement=announcement)}"
    )
    assert "redact --scrub" in out[8]
    assert Redaction.objects.get().reason == "Order 22/123"
    assert run(concealed("piece"), "--reason", "Order", "--yes", "--later")[1] == (
        "Cet article a déjà été retiré."
    )


@pytest.mark.django_db
def test_a_piece_of_the_starter_archive_stays_out(run):
    load()
    record = LoadedRecord.objects.filter(key__startswith="article:").first()
    slug = record.key.removeprefix("article:")
    headline = record.values["headline"]

    assert run(slug, "--reason", "Order", "--yes", "--later")[1] == ""
    record.refresh_from_db()
    assert headline not in json.dumps(record.values, ensure_ascii=False)
    articles = Article.objects.count()
    load()

    assert Article.objects.count() == articles
    assert Article.objects.get(slug=concealed(slug)).headline == MARKER


@pytest.mark.django_db(transaction=True)
def test_the_list_is_written_and_done_again(make_article, run, tmp_path):
    make_article(slug="piece")
    path = tmp_path / "redactions.json"
    assert run("piece", "--reason", "Order", "--yes")[1] == ""

    assert run("--export", path) == (["1 redactions"], "")
    assert run("--replay", path)[0][0] == "1 redactions, 0 done again"

    entries = json.loads(path.read_text())
    path.write_text(json.dumps([entries[0] | {"publisher": "none"}, entries[0], {}]))
    assert run("--replay", path)[1] == "2 of 3 could not be done again."


@pytest.mark.django_db(transaction=True)
def test_an_older_transaction_is_waited_for_and_named(make_article, run):
    if connection.vendor != "postgresql":
        pytest.skip("only on PostgreSQL: it keeps what older transactions might read")
    make_article(slug="piece")
    settings = connection.settings_dict
    elsewhere = {"host": settings["HOST"], "user": settings["USER"], "dbname": "postgres"}
    with connection.Database.connect(**elsewhere) as older:
        older.execute("SELECT pg_current_xact_id()")
        error = run("piece", "--reason", "Order", "--yes", "--wait", "0")[1]
        assert f"session {older.info.backend_pid} of postgres since" in error
        assert Redaction.objects.exists()

    assert run("--scrub")[1] == ""


# --- the bytes of a real file ---

WORD = b"zyxcanary"
BUILD = """
import django
django.setup()
from datetime import UTC, datetime
from django.core.management import call_command
from articles.intake import Rules, take_in
from articles.models import Publisher

call_command("migrate", verbosity=0)
publisher = Publisher.objects.create(slug="p", name="P", rights="cleared", access="full")
for n in range(30):
    word = "zyxcanary" if n == 7 else "common"
    said = {"wire_id": f"urn:{n}", "published_at": datetime(2022, 3, 8, 23, tzinfo=UTC)}
    for day in ("mardi", "mercredi"):
        text = f"Titre {n}\\n\\n" + f"Lumina l’a dit {day}, et {word} aussi.\\n\\n" * 200
        list(take_in([(f"{n}.txt", text.encode())], Rules(publisher, status="usable", said=said)))
"""


@pytest.fixture
def python(db, tmp_path):
    if connection.vendor != "sqlite":
        pytest.skip("only on SQLite: its database is one file")
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    own = {
        "DEBUG": "1",
        "DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "PYTHONPATH": str(ROOT),
    }

    def python(*arguments, fails=False):
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=kept | own,
            capture_output=True,
            text=True,
            timeout=600,
        )
        assert (done.returncode != 0) == fails, done.stderr
        return done.stderr if fails else done.stdout

    return python


def test_no_byte_of_it_is_left_in_the_file(python, tmp_path):
    python("-c", BUILD)
    assert any(WORD in path.read_bytes().lower() for path in tmp_path.glob("db.sqlite3*"))

    python("manage.py", "redact", "titre-7", "--reason", "Order 22/123", "--yes")

    left = {p.name: p.read_bytes().lower().count(WORD) for p in tmp_path.glob("db.sqlite3*")}
    assert left["db.sqlite3"] == 0
    assert set(left.values()) == {0}
    assert "all as they were written" in python("manage.py", "verify_archive")


def test_a_reader_keeps_the_old_file_and_the_command_says_so(python, tmp_path):
    python("-c", BUILD)
    file = tmp_path / "db.sqlite3"
    scrub = ("manage.py", "redact", "--scrub", "--wait", "0")

    with closing(sqlite3.connect(file, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM articles_article").fetchone()
        python("manage.py", "redact", "titre-7", "--reason", "Order", "--yes", "--later")
        assert "a transaction of another connection" in python(*scrub, fails=True)
        assert WORD in file.read_bytes().lower()

    python(*scrub)
    assert WORD not in file.read_bytes().lower()
