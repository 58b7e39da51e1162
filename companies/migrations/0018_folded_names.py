from django.db import migrations

from companies.spelling import FoldedField, folded

AT_ONCE = 1000  # rows
COLUMNS = {
    "Company": {"folded": "name", "legal_folded": "legal_name"},
    "CompanyName": {"folded": "name"},
}


def fold(apps, schema_editor):
    """Each name that stands gets its folded letters."""
    connection = schema_editor.connection
    for name, columns in COLUMNS.items():
        model = apps.get_model("companies", name)
        rows = model.objects.order_by("pk").values_list("pk", "name", *columns.values())
        values = ", ".join(f"{column} = %s" for column in columns)
        last = 0
        while some := list(rows.filter(pk__gt=last)[:AT_ONCE]):
            with connection.cursor() as cursor:
                cursor.executemany(
                    f"UPDATE {model._meta.db_table} SET {values} WHERE id = %s",
                    [(*(folded(one or said) for one in own), pk) for pk, said, *own in some],
                )
            last = some[-1][0]


class Migration(migrations.Migration):
    dependencies = [("companies", "0017_due_rows")]

    operations = [
        *(
            migrations.AddField(
                model_name=model.lower(),
                name=column,
                field=FoldedField(db_index=True, default="", editable=False, max_length=300),
            )
            for model, columns in COLUMNS.items()
            for column in columns
        ),
        migrations.RunPython(fold, migrations.RunPython.noop),
    ]
