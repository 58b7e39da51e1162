import django.db.models.deletion
from django.db import migrations, models

import articles.index


def drop_old_index(apps, schema_editor):
    """SQLite keeps a column that a trigger names; PostgreSQL's index goes with its column."""
    if schema_editor.connection.vendor != "sqlite":
        return
    for column in ("search", "search_inside"):
        index = f"articles_article_{column}_fts"
        for event in ("insert", "update", "delete"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {index}_{event}")
        schema_editor.execute(f"DROP TABLE IF EXISTS {index}")


class Migration(migrations.Migration):
    """The words of articles move to a table of their own, filled after `migrate` in batches."""

    dependencies = [("articles", "0003_story")]

    operations = [
        migrations.RunPython(drop_old_index, migrations.RunPython.noop),
        migrations.RemoveField(model_name="article", name="search"),
        migrations.RemoveField(model_name="article", name="search_inside"),
        migrations.AddField(
            model_name="article",
            name="search",
            field=articles.index.Filing(default="", editable=False),
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "article",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="entry",
                        serialize=False,
                        to="articles.article",
                    ),
                ),
                ("key", models.BigIntegerField()),
                ("language", models.CharField(max_length=35)),
                ("year", models.SmallIntegerField()),
                ("headline", models.TextField()),
                ("text", models.TextField()),
                ("inside", models.TextField()),
                ("meta", models.TextField()),
                (
                    "publisher",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="articles.publisher",
                    ),
                ),
            ],
            options={
                "db_table": "articles_entry",
                "indexes": [
                    models.Index(
                        fields=["key", "publisher", "language", "year"], name="entry_newest"
                    )
                ],
            },
        ),
    ]
