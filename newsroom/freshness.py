"""Whether a copy of a page, a reader's or our own, is still right: told by one query.

A page shows records and the present day, nothing of who reads it. Every change of a record
writes a row of its history or a row that is only ever added, so the newest keys of those
tables, with the newest hour at which something opened or closed, name the archive's state.
On PostgreSQL a writer that is still at work may hold a key below the newest; while there is
one, the state is named by it too, so that a copy made meanwhile isn't taken for the result.
"""

import functools
import hashlib

from django import get_version
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError, connection
from django.http import HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.http import parse_etags
from django.utils.translation import get_language

from articles.filters import clocks_of

ROOMS = ["articles", "companies", "newsroom", "starter", "templates", "static", "locale"]
# Of these readers see nothing: they change no page.
UNSEEN = {"CorrectionRequest", "Newcomer", "Suggestion", "TrackerRow"}
ADDED_ONLY = ["articles.Version", "articles.Redaction", "companies.Edition"]
HOURS = [
    ("articles.Article", "public_from"),
    ("articles.Article", "rights_until"),
    ("companies.Announcement", "public_from"),
]
NOW = {"sqlite": "STRFTIME('%Y-%m-%d %H:%M:%f', 'now')", "postgresql": "STATEMENT_TIMESTAMP()"}
# The transactions in this database that have written to these tables and aren't through. Other
# locks of the same mode say nothing: maintenance takes them on the catalogues and on indexes.
WRITERS = """(SELECT string_agg(DISTINCT virtualtransaction, ' ') FROM pg_locks
 WHERE locktype = 'relation' AND mode = 'RowExclusiveLock' AND pid <> pg_backend_pid()
 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
 AND relation IN ({}))"""
KEPT = 3600  # seconds that a page which nobody asks for anew stays
LARGEST = 200_000  # bytes of a page that is kept


class FreshnessMiddleware:
    """Gives what readers are shown a name, answers 304 to who has it already, and makes it once
    for all who haven't. What isn't there, is withdrawn or leads on may change as well."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in ("GET", "HEAD") or not for_readers(request.path_info):
            return self.get_response(request)
        try:
            tag = f'W/"{state(*question(request))}"'
        except (DatabaseError, SuspiciousOperation):  # refused further in, by a page of its own
            response = self.get_response(request)
            patch_cache_control(response, no_cache=True)
            return response
        if tag in parse_etags(request.headers.get("If-None-Match", "")):
            response = HttpResponseNotModified()
            response._csp_exempt = True  # the copy keeps the policy that it came with
        else:
            response = cache.get(tag)
            if response:
                return response
            response = self.get_response(request)
            if response.has_header("Cache-Control"):
                return response
        if response.status_code in (200, 304):
            response["ETag"] = tag
        patch_cache_control(response, public=True, no_cache=True)
        if may_be_kept(request, response):
            cache.set(tag, response, KEPT)
        return response


def for_readers(path):
    """Whether anyone may ask for it, and is shown what everybody is shown."""
    return path.lstrip("/").split("/")[0] in {"api", *dict(settings.LANGUAGES)}


def question(request):
    """All of a request that an answer to readers depends on; a moment that it asks about is
    another question once it has come."""
    of_a_program = request.path_info.startswith("/api/") and request.headers.get("Accept")
    return get_language(), request.build_absolute_uri(), of_a_program, clocks_of(request.GET)


def may_be_kept(request, response):
    """Whether it is a whole page of moderate length, the same for everybody."""
    if request.method != "GET" or response.status_code != 200 or response.streaming:
        return False
    return not response.cookies and len(response.content) <= LARGEST


def state(*of):
    """A name of the archive's state, and of what else is given: the same while nothing that
    readers see can have changed."""
    with connection.cursor() as cursor:
        cursor.execute(_question(connection.vendor))
        found = cursor.fetchone()
    said = repr((release(), timezone.localdate(), found, of))
    return hashlib.sha256(said.encode()).hexdigest()[:32]


@functools.cache
def release():
    """When the newest file of this release was written: another one may show the same
    records in another way. All processes of an installation agree on it."""
    files = (path for room in ROOMS for path in (settings.BASE_DIR / room).rglob("*.*"))
    written = max(path.stat().st_mtime_ns for path in files if path.suffix != ".pyc")
    return written, get_version(), settings.DATA_LICENCE, settings.TIME_ZONE


@functools.cache
def _question(vendor):
    histories = [
        model._meta.db_table
        for app in ("articles", "companies")
        for model in apps.get_app_config(app).get_models()
        if hasattr(model, "history_id") and model.instance_type.__name__ not in UNSEEN
    ]
    added = [apps.get_model(name)._meta.db_table for name in ADDED_ONLY]
    asked = [f"(SELECT MAX(id) FROM {table})" for table in added]
    # After a restored backup a key is given anew, but not its hour.
    asked += [
        f"(SELECT {told} FROM {table} ORDER BY history_id DESC LIMIT 1)"
        for table in histories
        for told in ("history_id", "history_date")
    ]
    for name, column in HOURS:
        table = apps.get_model(name)._meta.db_table
        asked.append(f"(SELECT MAX({column}) FROM {table} WHERE {column} <= {NOW[vendor]})")
    if vendor == "postgresql":  # SQLite has one writer at a time, whose work nobody sees before
        tables = ", ".join(f"'{table}'::regclass" for table in [*added, *histories])
        asked.append(WRITERS.format(tables))
    return f"SELECT {', '.join(asked)}"
