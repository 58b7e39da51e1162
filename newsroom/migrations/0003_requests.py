"""The groups may see and answer what readers say is wrong."""

from importlib import import_module

from django.db import migrations

complete = import_module("newsroom.migrations.0002_roles").complete


class Migration(migrations.Migration):
    dependencies = [
        ("newsroom", "0002_roles"),
        ("companies", "0012_correction_requests"),
    ]

    operations = [
        migrations.RunPython(complete, migrations.RunPython.noop),
    ]
