from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from articles.models import MARKER, Article, Version, in_language
from articles.passages import NotFound, locate
from companies.models.announcement import Announcement


class EvidenceQuerySet(models.QuerySet):
    def public(self):
        """Evidence on a public article."""
        return self.filter(article__in=Article.objects.public())

    def for_listing(self):
        return self.select_related("article__publisher").defer("article__body")


class Evidence(models.Model):
    """What supports or contradicts an announcement: a passage, or our paraphrase."""

    class Stance(models.TextChoices):
        SUPPORTS = "supports", _("Supports")
        CONTRADICTS = "contradicts", _("Contradicts")

    class Speaker(models.TextChoices):
        COMPANY = "company", _("The company")
        PUBLISHER = "publisher", _("The publisher")
        OTHER = "other", _("Somebody else")

    announcement = models.ForeignKey(
        Announcement, models.CASCADE, related_name="evidence", verbose_name=_("announcement")
    )
    article = models.ForeignKey(
        Article,
        models.PROTECT,
        related_name="evidence",
        verbose_name=_("article"),
        help_text=_("The archived piece that anybody can open."),
    )
    version = models.ForeignKey(
        Version,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="evidence",
        verbose_name=_("version"),
        help_text=_("The wording that holds the passage; none for a paraphrase."),
    )
    exact = models.TextField(
        _("passage"), blank=True, help_text=_("Word for word, as the version has it.")
    )
    prefix = models.CharField(
        _("words before"),
        max_length=32,
        blank=True,
        editable=False,
        help_text=_("The 32 characters before the passage."),
    )
    suffix = models.CharField(
        _("words after"),
        max_length=32,
        blank=True,
        editable=False,
        help_text=_("The 32 characters after the passage."),
    )
    start = models.PositiveIntegerField(
        _("start"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Where the passage begins in the version's text, in Unicode code points."),
    )
    paraphrase_fr = models.TextField(
        _("paraphrase in French"),
        blank=True,
        help_text=_("Where the archive doesn't hold the text: what it says, in our words."),
    )
    paraphrase_en = models.TextField(
        _("paraphrase in English"),
        blank=True,
        help_text=_("Where the archive doesn't hold the text: what it says, in our words."),
    )
    stance = models.CharField(
        _("stance"),
        max_length=12,
        choices=Stance,
        default=Stance.SUPPORTS,
        help_text=_("Does it support the announcement or contradict it?"),
    )
    speaker = models.CharField(
        _("speaker"),
        max_length=10,
        choices=Speaker,
        default=Speaker.COMPANY,
        help_text=_("Whose words they are."),
    )

    objects = EvidenceQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["announcement", "-stance", "pk"]  # support before contradiction
        verbose_name = _("piece of evidence")
        verbose_name_plural = _("evidence")
        constraints = [
            models.CheckConstraint(
                condition=(
                    models.Q(
                        version__isnull=False,
                        start__isnull=False,
                        paraphrase_fr="",
                        paraphrase_en="",
                    )
                    & ~models.Q(exact="")
                )
                | (
                    models.Q(
                        version__isnull=True, start__isnull=True, exact="", prefix="", suffix=""
                    )
                    & ~models.Q(paraphrase_fr="")
                    & ~models.Q(paraphrase_en="")
                ),
                name="evidence_is_passage_or_paraphrase",
            ),
            models.CheckConstraint(
                condition=models.Q(stance__in=["supports", "contradicts"]),
                name="evidence_stance_known",
            ),
            models.CheckConstraint(
                condition=models.Q(speaker__in=["company", "publisher", "other"]),
                name="evidence_speaker_known",
            ),
        ]

    def __str__(self):
        return (self.exact or self.paraphrase)[:80]

    @property
    def paraphrase(self):
        return in_language(self, "paraphrase")

    def clean(self):
        """Find the passage in its version, or ask for a paraphrase in both languages."""
        if not self.article_id:
            return  # a form asks for it first
        if self.version_id and self.version.article_id != self.article_id:
            raise ValidationError({"version": _("That version belongs to another article.")})
        if self.version_id and self.version.redaction_id and self.exact == MARKER:
            return  # nothing is left to find it in
        if self.exact:
            if self.paraphrase_fr or self.paraphrase_en:
                raise ValidationError(_("Give a passage or a paraphrase, not both."))
            if not self.version_id:
                self.version = self.article.current_version()
            try:
                place = locate(self.version.body if self.version else "", self.exact)
            except NotFound as reason:
                raise ValidationError({"exact": str(reason)}) from None
            self.start, self.prefix, self.suffix = place.start, place.prefix, place.suffix
            self.exact = place.exact
        else:
            self.version, self.start, self.prefix, self.suffix = None, None, "", ""
            if not (self.paraphrase_fr and self.paraphrase_en):
                raise ValidationError(
                    _("Give a passage, or a paraphrase in French and in English.")
                )

    def snapshot(self):
        return {
            "article": {
                "slug": self.article.slug,
                "headline": self.article.headline,
                "publisher": self.article.publisher.slug,
            },
            "version": self.version.number if self.version else None,
            "exact": self.exact,
            "prefix": self.prefix,
            "suffix": self.suffix,
            "start": self.start,
            "paraphrase": {"fr": self.paraphrase_fr, "en": self.paraphrase_en},
            "stance": self.stance,
            "speaker": self.speaker,
        }


class Placement(models.Model):
    """Where a passage stands in a later version. The passage itself never changes."""

    class State(models.TextChoices):
        EXACT = "exact", _("Exact")
        MOVED = "moved", _("Moved")
        EDITED = "edited", _("Lightly edited")
        CHANGED = "changed", _("Changed")
        GONE = "gone", _("Gone")

    evidence = models.ForeignKey(
        Evidence, models.CASCADE, related_name="placements", verbose_name=_("evidence")
    )
    version = models.ForeignKey(
        Version, models.PROTECT, related_name="placements", verbose_name=_("version")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State, help_text=_("What became of the passage.")
    )
    start = models.PositiveIntegerField(
        _("start"),
        null=True,
        blank=True,
        help_text=_("Where it begins now, in Unicode code points."),
    )
    text = models.TextField(_("text"), blank=True, help_text=_("How it reads now."))

    class Meta:
        ordering = ["evidence", "version"]
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        constraints = [
            models.UniqueConstraint(fields=["evidence", "version"], name="placement_once")
        ]

    def __str__(self):
        return f"{self.evidence}: {self.get_state_display()}"
