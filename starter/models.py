from django.db import models


class LoadedRecord(models.Model):
    """What the starter archive last wrote into one record, field by field.

    By it a later load tells an editor's change from the starter's own.
    """

    key = models.CharField(
        max_length=300, unique=True, help_text="Kind and natural key, for instance company:amazon."
    )
    values = models.JSONField(default=dict, help_text="Field names and the values last loaded.")

    def __str__(self):
        return self.key
