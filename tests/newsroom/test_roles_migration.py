"""The three groups, as a migration makes, completes and takes them back."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from newsroom.accounts.roles import LABELS, ROLES

BEFORE, AFTER = [("newsroom", "0001_logins")], [("newsroom", "0002_roles")]


def migrate(target):
    MigrationExecutor(connection).migrate(target)


def held(role):
    rows = Group.objects.get(name=role).permissions.select_related("content_type")
    return {f"{row.content_type.app_label}.{row.codename}" for row in rows}


@pytest.mark.parametrize("role", ROLES)
def test_a_group_holds_what_its_role_says_and_sees_all(groups, role):
    others = {name for name in held(role) if ".view_" not in name} | {"newsroom.view_login"}

    assert others == {*ROLES[role], "newsroom.view_login"}
    assert {"articles.view_article", "companies.view_evidence"} <= held(role)
    assert ("newsroom.view_login" in held(role)) is (role == "publisher")
    assert not any("auth." in name or "historical" in name for name in held(role))
    assert role in LABELS


def test_each_role_may_what_the_one_before_may(groups):
    assert held("reporter") < held("editor") < held("publisher")


@pytest.fixture
def before(transactional_db):
    migrate(BEFORE)
    yield
    call_command("migrate", verbosity=0)  # all that builds upon it too


def test_they_are_taken_back_and_made_again(before):
    assert not Group.objects.filter(name__in=ROLES).exists()

    migrate(AFTER)

    assert {group.name for group in Group.objects.all()} == set(ROLES)
    assert {"articles.kill_article", "companies.merge_company"} <= held("publisher")


def test_a_group_that_is_there_is_completed_and_keeps_its_own(before, django_user_model):
    own = Permission.objects.get(codename="view_user")
    group = Group.objects.create(name="editor")
    group.permissions.add(own)
    group.user_set.add(django_user_model.objects.create(username="somebody"))

    migrate(AFTER)
    assert held("editor") >= {*ROLES["editor"], "auth.view_user"}
    migrate(BEFORE)

    assert held("editor") == {"auth.view_user"}
    assert Group.objects.get(name="editor").user_set.count() == 1


def test_permissions_are_made_once(db):
    count = Permission.objects.count()

    call_command("migrate", verbosity=0)

    assert Permission.objects.count() == count
