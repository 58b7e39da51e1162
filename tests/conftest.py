"""What every test shares."""

import os
from datetime import date, timedelta
from importlib import import_module
from itertools import count
from time import sleep
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.db import connection
from django.utils import timezone, translation
from hypothesis import settings

from articles import guards
from articles.fields import start_of_tomorrow
from articles.guards import GUARDS as articles_guards
from articles.models import Article, Publisher
from companies.guards import GUARDS as companies_guards
from companies.models import Activity, Announcement, Company

pytest_plugins = ["tests.browsing", "tests.samples"]

# The same examples each time, however long they take; others by --hypothesis-profile=default.
settings.load_profile("ci")

# The skips that stay allowed under REQUIRE_ALL=1: nothing that one could install.
SKIPS_ALLOWED = ("../shared is absent", "only on SQLite", "only on PostgreSQL")


def refuse_skip(report):
    """Under REQUIRE_ALL=1 a skip for want of something that can be installed is a failure."""
    if os.environ.get("REQUIRE_ALL") != "1" or not report.skipped or hasattr(report, "wasxfail"):
        return
    reason = str(report.longrepr[2]).removeprefix("Skipped: ")
    if not reason.startswith(SKIPS_ALLOWED):
        report.outcome = "failed"
        report.longrepr = f"REQUIRE_ALL=1 allows no skip here: {reason}"


def pytest_collection_modifyitems(items):
    if connection.vendor == "sqlite":
        return
    once = pytest.mark.skip("only on SQLite: a page looks the same on both databases")
    for item in items:
        if item.get_closest_marker("looks"):
            item.add_marker(once)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report():
    report = yield
    refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    report = yield
    refuse_skip(report)
    return report


HOUR = timedelta(hours=1)
TRANSACTIONAL = {"transactional_db", "live_server", "django_db_reset_sequences"}


@pytest.fixture(autouse=True)
def own_language():
    """A request leaves its language behind; each test starts in the project's own."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def one_day():
    """No test begins on one day and ends on the next: in a day's last minute it waits."""
    left = start_of_tomorrow() - timezone.now()
    if left < timedelta(minutes=1):
        sleep(left.total_seconds())


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """At the end a browser's event loop may still hold a connection of its own, and with
    it the test database: it is sent away."""
    yield
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )


@pytest.fixture(autouse=True)
def lifted_guards(request):
    """Where a test commits, its tables are emptied afterwards: the guards step aside
    for that, and flush puts them up again by its `post_migrate`."""
    marker = request.node.get_closest_marker("django_db")
    commits = TRANSACTIONAL & set(request.fixturenames) or (
        marker and (marker.kwargs.get("transaction") or marker.kwargs.get("reset_sequences"))
    )
    if not commits:
        yield
        return
    request.getfixturevalue("transactional_db")  # set up before, so torn down after this
    yield
    guards.lift(articles_guards + companies_guards)


@pytest.fixture
def own_database(tmp_path, db):
    """The environment of a process with an empty database of its own, of the kind that the
    tests run on."""
    environment = os.environ | {
        "DEBUG": "1",
        "SECRET_KEY": "of a test",
        "DATA_DIR": str(tmp_path / "var"),
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
    }
    (tmp_path / "var").mkdir()
    if connection.vendor == "sqlite":
        environment.pop("DATABASE_URL", None)
        yield environment
        return
    settings, name = connection.settings_dict, f"own_{uuid4().hex}"
    psycopg = connection.Database
    server = {"host": settings["HOST"], "user": settings["USER"], "dbname": "postgres"}
    with psycopg.connect(**server, autocommit=True) as door:
        door.execute(f"CREATE DATABASE {name}")
    url = f"postgres://{settings['USER']}@/{settings['HOST']}/{name}"
    yield environment | {"DATABASE_URL": url}
    with psycopg.connect(**server, autocommit=True) as door:
        door.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def unique():
    """A count of the test's own, for values that must differ."""
    return count(1).__next__


@pytest.fixture
def make_publisher(db, unique):
    def make(**fields):
        n = unique()
        return Publisher.objects.create(
            **{"slug": f"publisher-{n}", "name": f"Publisher {n}", "country": "FR"} | fields
        )

    return make


@pytest.fixture
def make_article(db, unique, make_publisher):
    """Articles that anyone may read in full, an hour old, with their first version kept."""

    def make(**fields):
        n = unique()
        defaults = {
            "wire_id": f"wire:{n}",
            "slug": f"article-{n}",
            "headline": f"Headline {n}",
            "body": f"First paragraph of piece {n}.\n\nSecond paragraph of piece {n}.",
            "published_at": timezone.now() - HOUR,
            "public_from": timezone.now() - HOUR,
            "status": Article.Status.USABLE,
            "rights": Article.Rights.CLEARED,
            "access": Article.Access.FULL,
        }
        fields.setdefault("publisher", None)
        fields["publisher"] = fields["publisher"] or make_publisher()
        article = Article.objects.create(**defaults | fields)
        article.keep()
        return article

    return make


@pytest.fixture
def make_company(db, unique):
    def make(**fields):
        n = unique()
        return Company.objects.create(
            **{"slug": f"company-{n}", "name": f"Company {n}", "country": "US", "sector": "G"}
            | fields
        )

    return make


@pytest.fixture
def make_announcement(db, unique, make_article, make_company):
    """Published announcements, with a paraphrase of a public article as evidence.

    `measures` are (activity, market, action, stage) and maybe effective_on; an activity
    is a record, a name in both languages, or None for the whole business.
    """

    def make(
        company=None,
        day="2022-03-08",
        measures=((None, "RU", "suspend", "in_effect"),),
        *,
        article=None,
        evidence=True,
        speaker="company",
        publish=True,
        **fields,
    ):
        n = unique()
        company = company or make_company()
        defaults = {
            "announced_on": date.fromisoformat(day) if isinstance(day, str) else day,
            "title_fr": f"Annonce {n}",
            "title_en": f"Announcement {n}",
            "summary_fr": f"Résumé {n}.",
            "summary_en": f"Summary {n}.",
        }
        announcement = Announcement.objects.create(company=company, **defaults | fields)
        for activity, market, action, stage, *effective in measures:
            if isinstance(activity, str):
                activity, _ = Activity.objects.get_or_create(
                    company=company, name_en=activity, defaults={"name_fr": activity}
                )
            announcement.measures.create(
                activity=activity,
                market=market,
                action=action,
                stage=stage,
                effective_on=effective[0] if effective else None,
            )
        if evidence:
            announcement.evidence.create(
                article=article or make_article(),
                speaker=speaker,
                paraphrase_fr=f"Ce que dit la pièce {n}.",
                paraphrase_en=f"What piece {n} says.",
            )
        if publish:
            announcement.publish()
        return announcement

    return make


@pytest.fixture
def groups(db):
    """The desk's groups; a test that commits has deleted them, whichever ran before."""
    if not Group.objects.exists():
        roles = import_module("newsroom.migrations.0002_roles")
        roles.complete(apps, SimpleNamespace(connection=connection))


@pytest.fixture
def in_role(groups, make_user):
    """Someone at the desk, in the group of that name."""

    def make(role, **fields):
        user = make_user(is_staff=True, **fields)
        user.groups.add(Group.objects.get(name=role))
        return user

    return make


@pytest.fixture
def make_user(db, unique, django_user_model):
    def make(**fields):
        n = unique()
        return django_user_model.objects.create_user(
            **{"username": f"editor{n}", "password": "a long password"} | fields
        )

    return make
