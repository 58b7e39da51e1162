from django.db import models
from django.db.models import Case, F, Value, When
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Version


class DueQuerySet(models.QuerySet):
    def due(self):
        """Those whose article has to be worked on; found by an index."""
        return self.filter(due=True)


class Reading(models.Model):
    """Which wording of an article was last searched for names, whatever was found. The
    database adds a row with an article's first version, and says with each one which is the
    newest (companies.guards)."""

    article = models.OneToOneField(
        Article, models.CASCADE, related_name="reading", verbose_name=_("article")
    )
    newest = models.ForeignKey(
        Version,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("newest version"),
        help_text=_("As the article reads now; written by the database."),
    )
    version = models.ForeignKey(
        Version,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("version"),
        help_text=_("Empty before it is searched, and where names were changed since."),
    )
    names = models.CharField(
        _("names"),
        max_length=16,
        blank=True,
        help_text=_("Stamp of all the names that were looked for."),
    )
    due = models.GeneratedField(
        expression=Case(When(version=F("newest"), then=Value(False)), default=Value(True)),
        output_field=models.BooleanField(),
        db_persist=True,
        verbose_name=_("due"),
    )

    objects = DueQuerySet.as_manager()

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        indexes = [
            models.Index(fields=["article"], name="reading_due", condition=models.Q(due=True))
        ]

    def __str__(self):
        return f"{self.article}, {self.version}"


class Perusal(models.Model):
    """Which wording of an article was last looked through for announcements and unknown
    companies, whatever was found; after which changes to its mentions, by which rules. The
    database says which was searched for names, and counts the changes (companies.guards)."""

    article = models.OneToOneField(
        Article, models.CASCADE, related_name="perusal", verbose_name=_("article")
    )
    read = models.ForeignKey(
        Version,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("version searched for names"),
        help_text=_("Empty while that is due; written by the database."),
    )
    told = models.PositiveIntegerField(
        _("changes by now"),
        db_default=0,
        help_text=_("How many there were to the article's mentions; counted by the database."),
    )
    version = models.ForeignKey(
        Version, models.PROTECT, null=True, related_name="+", verbose_name=_("version")
    )
    changes = models.PositiveIntegerField(
        _("changes"), help_text=_("How many there had been when it was looked through.")
    )
    rules = models.CharField(
        _("rules"),
        max_length=16,
        blank=True,
        help_text=_("Stamp of the rules that were applied."),
    )
    due = models.GeneratedField(
        expression=Case(
            When(read__isnull=True, then=Value(False)),
            When(version=F("read"), changes=F("told"), then=Value(False)),
            default=Value(True),
        ),
        output_field=models.BooleanField(),
        db_persist=True,
        verbose_name=_("due"),
    )

    objects = DueQuerySet.as_manager()

    class Meta:
        verbose_name = _("perusal")
        verbose_name_plural = _("perusals")
        indexes = [
            models.Index(fields=["article"], name="perusal_due", condition=models.Q(due=True))
        ]

    def __str__(self):
        return f"{self.article}, {self.version}"
