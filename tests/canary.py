"""Looking for a word in every corner of the database."""

import zlib
from contextlib import suppress

from django.db import connection


def tables_holding(word):
    """Names of all tables, those of the search indexes too, with the word in any column."""
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'",
        "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        names = [name for (name,) in cursor.fetchall()]
        return {name for name in names if _holds(cursor, name, word.lower())}


def _holds(cursor, table, word):
    cursor.execute(f'SELECT * FROM "{table}"')
    return any(word in _read(value) for row in cursor.fetchall() for value in row)


def _read(value):
    if isinstance(value, bytes | memoryview):
        value = bytes(value)
        with suppress(zlib.error):
            value += zlib.decompress(value)
        value = value.decode("latin-1")
    return str(value).lower()
