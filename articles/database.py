"""What we ask of SQLite, read back from the live connection."""

from django.core import checks
from django.db import connections

# A commit is on the disk before it is acknowledged (2 = FULL), readers never
# wait for a writer (wal), a writer waits for its turn, foreign keys hold.
PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "busy_timeout": 20_000, "foreign_keys": 1}
WANTED = PRAGMAS | {"transaction_mode": "IMMEDIATE"}


def check_sqlite(databases=None, **kwargs):
    """A system check: the settings that keep concurrent saves from failing are in force."""
    found = []
    for using in databases or []:
        connection = connections[using]
        if connection.vendor != "sqlite" or connection.is_in_memory_db():
            continue
        with connection.cursor() as cursor:
            actual = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in PRAGMAS}
        actual["transaction_mode"] = connection.settings_dict["OPTIONS"].get("transaction_mode")
        wrong = {name: value for name, value in actual.items() if value != WANTED[name]}
        if wrong:
            found.append(
                checks.Error(
                    f"SQLite database '{using}' runs with {wrong}.",
                    hint=f"It needs {WANTED}.",
                    id="articles.E002",
                )
            )
    return found
