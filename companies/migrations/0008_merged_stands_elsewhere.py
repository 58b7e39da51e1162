from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("companies", "0007_absorbed_by")]

    operations = [
        migrations.AddConstraint(
            model_name="company",
            constraint=models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True, absorbed_by__isnull=True)
                | models.Q(merged_into__isnull=False, absorbed_by__isnull=False),
                name="company_merged_stands_elsewhere",
            ),
        ),
    ]
