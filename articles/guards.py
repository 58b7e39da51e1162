"""Rules that the database itself holds by triggers, on SQLite and PostgreSQL.

SQLite drops a table's triggers without a word when a migration alters a field, and
refuses to alter one that another table's trigger names. So they step aside for each
migration and are put up again after every `migrate`, and a system check proves that
they are there (`manage.py check --database default`).
"""

from dataclasses import dataclass

from django.core import checks
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.models.signals import post_migrate, pre_migrate

from articles import search
from articles.index import Filer
from articles.models.redaction import MARKER
from articles.reindex import rebuild

# The clock as a trigger reads it. SQLite's counts milliseconds, Python's hours microseconds:
# the end of the millisecond, so that what was made in it isn't held to lie ahead.
NOW = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f', 'now') || '999'",
    "postgresql": "clock_timestamp()",
}


@dataclass(frozen=True)
class Guard:
    """A trigger that refuses `event` on `table` where `when` is true.

    `when` is SQL that both databases read, over the rows `old` and `new`; `[now]` in it
    is the database's clock.
    """

    name: str
    table: str
    event: str  # INSERT, UPDATE or DELETE
    message: str
    when: str = "1 = 1"

    def statements(self, vendor):
        when = self.when.replace("[now]", NOW[vendor])
        if vendor == "sqlite":
            yield f'DROP TRIGGER IF EXISTS "{self.name}"'
            yield (
                f'CREATE TRIGGER "{self.name}" BEFORE {self.event} ON "{self.table}" '
                f"WHEN {when} BEGIN SELECT RAISE(ABORT, '{self.message}'); END"
            )
            return
        row = "OLD" if self.event == "DELETE" else "NEW"
        yield (
            f'CREATE OR REPLACE FUNCTION "{self.name}"() RETURNS trigger AS $$ BEGIN '
            f"IF {when} THEN RAISE EXCEPTION '{self.message}' "
            f"USING ERRCODE = 'integrity_constraint_violation'; END IF; "
            f"RETURN {row}; END $$ LANGUAGE plpgsql"
        )
        yield f'DROP TRIGGER IF EXISTS "{self.name}" ON "{self.table}"'
        yield (
            f'CREATE TRIGGER "{self.name}" BEFORE {self.event} ON "{self.table}" '
            f'FOR EACH ROW EXECUTE FUNCTION "{self.name}"()'
        )

    def lift_statement(self, vendor):
        on = f' ON "{self.table}"' if vendor == "postgresql" else ""
        return f'DROP TRIGGER IF EXISTS "{self.name}"{on}'


@dataclass(frozen=True)
class Mark:
    """A trigger that runs `statement` after `event` on `table`, where `when` is true; SQL that
    both databases read, over the rows `old` and `new`."""

    name: str
    table: str
    event: str  # INSERT or UPDATE
    statement: str
    when: str = "1 = 1"

    def statements(self, vendor):
        head = f'CREATE TRIGGER "{self.name}" AFTER {self.event} ON "{self.table}"'
        yield self.lift_statement(vendor)
        if vendor == "sqlite":
            yield f"{head} WHEN {self.when} BEGIN {self.statement}; END"
            return
        yield (
            f'CREATE OR REPLACE FUNCTION "{self.name}"() RETURNS trigger AS $$ BEGIN '
            f"{self.statement}; RETURN NULL; END $$ LANGUAGE plpgsql"
        )
        yield (f'{head} FOR EACH ROW WHEN ({self.when}) EXECUTE FUNCTION "{self.name}"()')

    def lift_statement(self, vendor):
        on = f' ON "{self.table}"' if vendor == "postgresql" else ""
        return f'DROP TRIGGER IF EXISTS "{self.name}"{on}'


def append_only(table, what, but="1 = 1", kept="1 = 1"):
    """The two guards of a table whose rows are never changed and never deleted.

    `but` is SQL that is true for every change, save for one that is allowed; `kept`
    that is true for every row, save for one that may be deleted.
    """
    return [
        Guard(f"{table}_{event.lower()}_refused", table, event, f"{what} {verb}", when)
        for event, verb, when in (
            ("UPDATE", "cannot be changed", but),
            ("DELETE", "cannot be deleted", kept),
        )
    ]


# What an article's entry in the search index is derived from (Article.searched, index.filed).
SEARCHED = (
    "publisher_id",
    "language",
    "published_at",
    "status",
    "access",
    "headline",
    "standfirst",
    "abstract_fr",
    "abstract_en",
    "body",
    "image_caption",
    "byline",
    "editors_note",
)


def unchanged(*columns):
    """SQL that is true where a row keeps what these columns hold, or hold not."""
    return " AND ".join(
        f"COALESCE(new.{name} = old.{name}, new.{name} IS NULL AND old.{name} IS NULL)"
        for name in columns
    )


REDACTED = "EXISTS (SELECT 1 FROM articles_redaction r WHERE r.article_id = new.{key})"
# The one change that a version allows: all of its texts blanked, by its article's redaction.
BLANKED = (
    "old.redaction_id IS NULL AND new.headline = '' AND new.standfirst = '' AND new.body = '' "
    "AND new.note IN ('', old.note) AND EXISTS (SELECT 1 FROM articles_redaction r "
    "WHERE r.id = new.redaction_id AND r.article_id = old.article_id) AND "
    + unchanged(
        *("id", "article_id", "number", "wire_version", "revised_at", "late", "file_id"),
        *("author_id", "sha256", "created_at"),
    )
)

GUARDS = [
    *append_only("articles_version", "A version", f"NOT ({BLANKED})"),
    *append_only("articles_redaction", "A redaction"),
    Guard(
        "articles_version_of_redacted",
        "articles_version",
        "INSERT",
        "A redacted article takes no new text",
        REDACTED.format(key="article_id"),
    ),
    Guard(
        "articles_article_redacted",
        "articles_article",
        "UPDATE",
        "A redacted article takes no new text",
        f"new.headline || new.standfirst || new.body <> '{MARKER}' AND {REDACTED.format(key='id')}",
    ),
    *(
        Filer(f"articles_article_filed_{event.lower()}", event, SEARCHED)
        for event in ("INSERT", "UPDATE", "CHANGE", "DELETE")
    ),
]


def present(connection):
    """The names of all triggers in the database."""
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {name for (name,) in cursor.fetchall()}


def watch(app_config, guards):
    """Keep an app's guards up through migrations, and have the system check look for them."""

    def step_aside(using, plan, **kwargs):
        back = any(is_back for _migration, is_back in plan)  # to where what they name is not there
        if plan and (back or connections[using].vendor == "sqlite"):
            lift(guards, using)

    def put_up(using, **kwargs):
        if not migrations_due(connections[using], app_config.label):
            install(app_config, guards, using)

    def check(databases=None, **kwargs):
        return missing(app_config, guards, databases)

    pre_migrate.connect(step_aside, sender=app_config, weak=False)
    post_migrate.connect(put_up, sender=app_config, weak=False)
    checks.register(check, checks.Tags.database)


def migrations_due(connection, app_label=None):
    """Are migrations missing, of all apps or of one? Today's models don't fit until then."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes(app_label)))


def install(app_config, guards, using):
    """Put up an app's guards and search indexes; both may stand already."""
    connection = connections[using]
    standing = present(connection)
    with connection.cursor() as cursor:
        for model in app_config.get_models():
            for statement in search.statements(model, connection.vendor, standing):
                cursor.execute(statement)
        for guard in guards:
            for statement in guard.statements(connection.vendor):
                cursor.execute(statement)
    if app_config.label == "articles":
        for _ in rebuild(using, only_missing=True):
            pass


def lift(guards, using="default"):
    """Take guards down, for a migration, or so that a test's teardown may empty the tables."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for guard in guards:
            cursor.execute(guard.lift_statement(connection.vendor))


def expected(app_config, guards, vendor):
    """The names of the triggers that an app owes its database."""
    names = {guard.name for guard in guards}
    if vendor == "sqlite":
        for model in app_config.get_models():
            for statement in search.statements(model, vendor):
                if statement.startswith("CREATE TRIGGER"):
                    names.add(statement.split('"')[1])
    return names


def missing(app_config, guards, databases):
    """A system check's errors: one for each database that lacks a trigger."""
    found = []
    for using in databases or []:
        connection = connections[using]
        if app_config.get_model(app_config.first_model)._meta.db_table not in (
            connection.introspection.table_names()
        ):
            continue  # nothing migrated yet
        if migrations_due(connection):
            continue  # `migrate` is due, and an error would keep it from running
        lacking = expected(app_config, guards, connection.vendor) - present(connection)
        if lacking:
            found.append(
                checks.Error(
                    f"Database '{using}' lacks the triggers {', '.join(sorted(lacking))}.",
                    hint="Run `manage.py migrate --skip-checks`: it puts them up again.",
                    id=f"{app_config.label}.E001",
                )
            )
    return found
