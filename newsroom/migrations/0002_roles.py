"""The groups reporter, editor and publisher, with what each may do.

A group that has such a name already is completed, never emptied, and so is one that an
installation has added to.
"""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

from newsroom.accounts.roles import ROLES

OURS = ["articles", "companies", "newsroom"]


def permissions_of(role, apps, alias):
    """Those of the role's table, and the sight of every record."""
    permissions = apps.get_model("auth", "Permission").objects.using(alias)
    named = {tuple(name.split(".")) for name in ROLES[role]}
    rows = permissions.filter(content_type__app_label__in=OURS).select_related("content_type")
    return [
        row
        for row in rows
        if (row.content_type.app_label, row.codename) in named
        or (
            row.codename == f"view_{row.content_type.model}"
            and row.content_type.app_label != "newsroom"
            and not row.content_type.model.startswith("historical")
        )
    ]


def complete(apps, schema_editor):
    alias = schema_editor.connection.alias
    for label in OURS:
        # Permissions come after all migrations; what these groups need is made now. The
        # later round finds it there.
        config = apps.get_app_config(label)
        kept = getattr(config, "models_module", None)
        config.models_module = installed.get_app_config(label).models_module
        create_permissions(config, verbosity=0, using=alias, apps=apps)
        config.models_module = kept
    for role in ROLES:
        group, _created = (
            apps.get_model("auth", "Group").objects.using(alias).get_or_create(name=role)
        )
        group.permissions.add(*permissions_of(role, apps, alias))


def take_back(apps, schema_editor):
    """A group keeps what was given to it beside; one that has nothing and nobody goes."""
    alias = schema_editor.connection.alias
    for role in ROLES:
        group = apps.get_model("auth", "Group").objects.using(alias).filter(name=role).first()
        if group is None:
            continue
        group.permissions.remove(*permissions_of(role, apps, alias))
        if not group.permissions.exists() and not group.user_set.exists():
            group.delete()


class Migration(migrations.Migration):
    dependencies = [
        ("newsroom", "0001_logins"),
        ("articles", "0011_act"),
        ("companies", "0011_permissions"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(complete, take_back)]
