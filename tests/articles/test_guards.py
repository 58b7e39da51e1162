"""Rules that the database holds by triggers: who asks, and how, makes no difference."""

import copy
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import IntegrityError, connection, transaction
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from articles import guards
from articles.guards import GUARDS as ARTICLES_GUARDS
from articles.models import Article, Version
from articles.reindex import differences
from companies.guards import GUARDS as COMPANIES_GUARDS
from companies.models import Announcement, Company, Edition, EditionMeasure, Evidence

ALL = {guard.name for guard in ARTICLES_GUARDS + COMPANIES_GUARDS}


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (Version, {"body": "Something else"}),
        (Version, {"note": "Something else"}),
        (Edition, {"sha256": "0" * 64}),
        (Edition, {"note_fr": "Autre chose"}),
        (EditionMeasure, {"action": "exit"}),
    ],
)
def test_what_is_kept_for_ever_is_never_changed(make_announcement, model, change):
    make_announcement()
    before = list(model.objects.values())

    with pytest.raises(IntegrityError, match="cannot be changed"), transaction.atomic():
        model.objects.update(**change)

    assert list(model.objects.values()) == before != []


@pytest.mark.parametrize("model", [Version, Edition, EditionMeasure])
def test_what_is_kept_for_ever_is_never_deleted(make_announcement, model):
    make_announcement()
    rows = model.objects.count()
    table = connection.ops.quote_name(model._meta.db_table)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.all()._raw_delete(using="default")

    assert model.objects.count() == rows > 0


def test_nothing_is_published_without_supporting_evidence(make_announcement):
    draft = make_announcement(evidence=False, publish=False)
    contradicted = make_announcement(publish=False)
    contradicted.evidence.update(stance="contradicts")

    for announcement in (draft, contradicted):
        with pytest.raises(IntegrityError, match="evidence"), transaction.atomic():
            Announcement.objects.filter(pk=announcement.pk).update(status="published")
    with pytest.raises(IntegrityError, match="evidence"), transaction.atomic():
        draft.pk, draft.public_id, draft.status = None, "another", "published"
        Announcement.objects.bulk_create([draft])

    assert set(Announcement.objects.values_list("status", flat=True)) == {"draft"}


@pytest.mark.parametrize("status", ["published", "draft", "retracted"])
@pytest.mark.parametrize("change", ["delete", "contradicts", "moved", "cascade"])
def test_the_last_supporting_evidence_stays_while_published(make_announcement, status, change):
    announcement = make_announcement(publish=status != "draft")
    if status == "retracted":
        announcement.retract(reason_fr="Erreur.", reason_en="Error.")
    other = make_announcement(publish=False)
    announcement.evidence.create(
        article=other.evidence.get().article,
        paraphrase_fr="Contraire.",
        paraphrase_en="Contrary.",
        stance="contradicts",
    )
    last = Evidence.objects.filter(announcement=announcement, stance="supports")

    def alter():
        with transaction.atomic():
            if change == "delete":
                last._raw_delete(using="default")
            elif change == "cascade":
                last.delete()
            elif change == "contradicts":
                last.update(stance="contradicts")
            else:
                last.update(announcement=other)

    if status == "published":
        with pytest.raises(IntegrityError, match="evidence"):
            alter()
    else:
        alter()

    assert last.exists() is (status == "published")


def test_one_of_two_supporting_pieces_may_go(make_announcement, make_article):
    announcement = make_announcement()
    second = announcement.evidence.create(
        article=make_article(), paraphrase_fr="Aussi.", paraphrase_en="Too."
    )

    second.delete()

    assert announcement.evidence.count() == 1


def errors(label):
    config = apps.get_app_config(label)
    found = {"articles": ARTICLES_GUARDS, "companies": COMPANIES_GUARDS}[label]
    return [str(error.msg) for error in guards.missing(config, found, ["default"])]


@pytest.mark.django_db
@pytest.mark.parametrize("guard", ARTICLES_GUARDS + COMPANIES_GUARDS, ids=lambda guard: guard.name)
def test_the_system_check_finds_a_lost_trigger(guard):
    label = "articles" if guard in ARTICLES_GUARDS else "companies"
    assert errors(label) == []

    guards.lift([guard])

    assert errors(label) == [f"Database 'default' lacks the triggers {guard.name}."]


@pytest.mark.django_db
def test_a_trigger_that_a_migration_is_due_to_bring_does_not_keep_it_from_running():
    guards.lift(ARTICLES_GUARDS)
    [newest] = MigrationLoader(connection).graph.leaf_nodes("articles")
    MigrationRecorder(connection).record_unapplied(*newest)

    assert errors("articles") == []


@pytest.mark.django_db
def test_an_index_that_rows_passed_by_is_built_anew(make_article):
    if connection.vendor != "sqlite":
        pytest.skip("only on SQLite: elsewhere the index needs no trigger")
    config = apps.get_app_config("articles")
    with connection.cursor() as cursor:
        cursor.execute('DROP TRIGGER "articles_entry_fts_insert"')
    make_article(headline="Retrait")
    assert not Article.objects.matching("retrait").exists()

    guards.install(config, ARTICLES_GUARDS, "default")

    assert Article.objects.matching("retrait").exists()


@pytest.mark.django_db
def test_what_is_written_while_the_triggers_are_down_is_filed_afterwards(make_article):
    article = make_article(headline="Giraffe", body="")
    guards.lift(ARTICLES_GUARDS)
    article.headline = "Okapi"
    article.save()
    late = make_article(headline="Zebra", body="")

    guards.install(apps.get_app_config("articles"), ARTICLES_GUARDS, "default")

    found = [list(Article.objects.matching(word)) for word in ("giraffe", "okapi", "zebra")]
    assert found == [[], [article], [late]]
    assert list(differences()) == []


def test_one_may_migrate_to_yesterday_and_on(own_database):
    """Today's triggers and models would find no column of today there."""
    root = Path(__file__).parents[2]
    for target in (["articles", "0003"], ["articles", "0001"], ["companies"], []):
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity=0", *target],
            cwd=root,
            env=own_database,
            check=True,
        )
    subprocess.run(
        [sys.executable, "manage.py", "check", "--database=default", "--fail-level=ERROR"],
        cwd=root,
        env=own_database,
        check=True,
    )


@pytest.mark.django_db
def test_the_system_check_finds_a_lost_trigger_of_the_index():
    if connection.vendor != "sqlite":
        pytest.skip("only on SQLite: elsewhere the index needs no trigger")
    with connection.cursor() as cursor:
        cursor.execute('DROP TRIGGER "articles_entry_fts_update"')

    assert errors("articles") == [
        "Database 'default' lacks the triggers articles_entry_fts_update."
    ]


@pytest.mark.django_db(transaction=True)
def test_migrate_puts_the_guards_up_again(make_article):
    make_article()
    guards.lift(ARTICLES_GUARDS + COMPANIES_GUARDS)
    assert guards.present(connection) & ALL == set()

    call_command("migrate", verbosity=0)

    assert guards.present(connection) & ALL == ALL
    with pytest.raises(IntegrityError):
        Version.objects.update(body="Something else")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", ["first", "second"])
def test_the_guards_outlive_a_test_that_commits(make_announcement, turn):
    """Each turn leaves rows that no DELETE may touch; the other finds guards and no rows."""
    assert not Version.objects.exists()
    assert guards.present(connection) & ALL == ALL

    make_announcement()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("model", "name"),
    [
        (Article, "dateline"),
        (Version, "note"),
        (Company, "legal_name"),
        (Announcement, "buyer"),
        (Edition, "note_fr"),
        (Evidence, "prefix"),
    ],
)
def test_a_migration_may_alter_a_guarded_table(make_announcement, make_article, model, name):
    """On SQLite the table is made anew, and its triggers are lost with the old one."""
    make_announcement(article=make_article(headline="Retrait annoncé"))
    old = model._meta.get_field(name)
    new = copy.deepcopy(old)
    new.max_length += 100
    try:
        alter(model, old, new)
        assert guards.present(connection) & ALL == ALL
        assert errors("articles") == errors("companies") == []
        assert Article.objects.matching("retraits").count() == 1
        make_article(headline="Encore un retrait")
        assert Article.objects.matching("retraits").count() == 2
    finally:
        alter(model, new, old)


def alter(model, old, new):
    """What `migrate` does with one AlterField."""
    plan = [(Migration("0002_alter", model._meta.app_label), False)]
    emit_pre_migrate_signal(0, False, "default", plan=plan)
    with connection.schema_editor() as editor:
        editor.alter_field(model, old, new)
    emit_post_migrate_signal(0, False, "default")
