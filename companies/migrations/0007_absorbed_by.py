import django.db.models.deletion
from django.db import migrations

import articles.fields


def follow(apps, schema_editor):
    """Each merged record gets the one at the end of its mergers."""
    Company = apps.get_model("companies", "Company")
    into = dict(Company.objects.exclude(merged_into=None).values_list("pk", "merged_into"))
    for own in into:
        end, met = into[own], {own}
        while end in into and end not in met:
            met.add(end)
            end = into[end]
        Company.objects.filter(pk=own).update(absorbed_by=end)


class Migration(migrations.Migration):
    dependencies = [("companies", "0006_placements")]

    operations = [
        migrations.AddField(
            model_name="company",
            name="absorbed_by",
            field=articles.fields.DerivedForeignKey(
                blank=True,
                editable=False,
                help_text="The record at the end of its mergers.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="absorbed",
                to="companies.company",
                verbose_name="stands for it",
            ),
        ),
        migrations.RunPython(follow, migrations.RunPython.noop),
    ]
