from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from articles.models.article import Article, is_public
from articles.models.publisher import in_language
from articles.models.version import Version


class CorrectionQuerySet(models.QuerySet):
    def public(self):
        """Notes that readers see: on public articles, and the notices of kills."""
        return self.filter(
            is_public("article")
            | models.Q(kind=Correction.Kind.KILL, article__status=Article.Status.CANCELED)
        )

    def for_listing(self):
        return self.select_related("article__publisher", "version").defer(
            "article__body", "version__body"
        )


class Correction(models.Model):
    """The public note on what changed in an article."""

    class Kind(models.TextChoices):
        CORRECTION = "correction", _("Correction")
        CLARIFICATION = "clarification", _("Clarification")
        KILL = "kill", _("Kill")

    article = models.ForeignKey(
        Article, models.PROTECT, related_name="corrections", verbose_name=_("article")
    )
    version = models.ForeignKey(
        Version,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("version"),
        help_text=_("The corrected wording; none for a kill."),
    )
    kind = models.CharField(
        _("kind"),
        max_length=15,
        choices=Kind,
        help_text=_("A kill takes the article off every door."),
    )
    note_fr = models.TextField(_("note in French"), help_text=_("What readers are told."))
    note_en = models.TextField(_("note in English"), help_text=_("What readers are told."))
    created_at = models.DateTimeField(_("issued at"), default=timezone.now)

    objects = CorrectionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="kill", version__isnull=True)
                | models.Q(kind__in=["correction", "clarification"], version__isnull=False),
                name="correction_has_version_unless_kill",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.article}"

    @property
    def note(self):
        return in_language(self, "note")
