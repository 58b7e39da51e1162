"""A real SQLite file under several writers: nobody fails, nothing is lost."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).parent.parent.parent
WRITERS, EACH = 6, 10

SCRIPT = f"""
import threading
import django
django.setup()
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from articles.models import Article, Publisher, Version

call_command("migrate", verbosity=0)
publisher = Publisher.objects.create(slug="p", name="P")
shared = Article.objects.create(
    publisher=publisher, wire_id="0", slug="shared", headline="0", published_at=timezone.now()
)
failed = []

def write(writer):
    try:
        for n in range({EACH}):
            name = f"{{writer}}-{{n}}"
            article = Article.objects.create(
                publisher=publisher, wire_id=name, slug=name, headline=f"piece {{name}}",
                published_at=timezone.now(),
            )
            article.keep()
            with transaction.atomic():  # reads, then writes: the lock is taken at the start
                row = Article.objects.get(pk=shared.pk)
                row.urgency = (row.urgency or 0) % 9 + 1
                row.editors_note += "."
                row.save()
    except Exception as error:
        failed.append(repr(error))
    finally:
        connection.close()

threads = [threading.Thread(target=write, args=(n,)) for n in range({WRITERS})]
for thread in threads: thread.start()
for thread in threads: thread.join()
shared.refresh_from_db()
print(failed, Article.objects.count() - 1, Version.objects.count(), len(shared.editors_note),
      Article.objects.matching_inside("piece").count())
"""


@pytest.fixture
def environment(db, tmp_path):
    if connection.vendor != "sqlite":
        pytest.skip("only on SQLite: PostgreSQL takes several writers as they come")
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return kept | {
        "DEBUG": "1",
        "DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
    }


def run(environment, *arguments):
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
    )


def test_writers_at_the_same_time_lose_nothing(environment):
    done = run(environment, "-c", SCRIPT)

    rows = WRITERS * EACH
    assert done.stdout.strip() == f"[] {rows} {rows} {rows} {rows}", done.stderr


def test_the_settings_that_this_needs_are_in_force(environment, tmp_path):
    tmp_path.joinpath("db.sqlite3").touch()
    done = run(environment, "manage.py", "check", "--database", "default")

    assert done.returncode == 0, done.stderr


CHECK = """
import django
from django.conf import settings
django.setup()
settings.DATABASES["default"]["OPTIONS"].update({options})
from articles.database import check_sqlite
print([error.msg for error in check_sqlite(["default"])])
"""


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, []),
        ({"transaction_mode": None}, ["{'transaction_mode': None}"]),
        ({"timeout": 1}, ["{'busy_timeout': 1000}"]),
        (
            {"init_command": "PRAGMA journal_mode=DELETE; PRAGMA synchronous=OFF;"},
            ["{'journal_mode': 'delete', 'synchronous': 0}"],
        ),
    ],
)
def test_the_system_check_tells_what_is_wrong(environment, options, said):
    done = run(environment, "-c", CHECK.format(options=options))

    expected = [f"SQLite database 'default' runs with {wrong}." for wrong in said]
    assert done.stdout.strip() == str(expected), done.stderr
