from django.db import models

from articles.index import FULL_TEXT, TABLE
from articles.models.publisher import Publisher


class Entry(models.Model):
    """What the search index holds of one article; written by triggers (articles.index)."""

    full_text = FULL_TEXT

    # No constraint to the article: PostgreSQL files an entry just before its row.
    article = models.OneToOneField(
        "articles.Article",
        models.DO_NOTHING,
        primary_key=True,
        db_constraint=False,
        related_name="entry",
    )
    key = models.BigIntegerField()
    publisher = models.ForeignKey(
        Publisher, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    language = models.CharField(max_length=35)
    year = models.SmallIntegerField()
    headline = models.TextField()
    text = models.TextField()
    inside = models.TextField()
    meta = models.TextField()

    class Meta:
        db_table = TABLE
        indexes = [
            # Holds all that is counted, so that counting reads no words.
            models.Index(fields=["key", "publisher", "language", "year"], name="entry_newest"),
        ]

    def __str__(self):
        return f"{self.article_id}: {self.headline}"
