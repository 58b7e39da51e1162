import hashlib
import json

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import MARKER, Redaction, concealed, in_language

# What an edition tells, and what each part is called where it changes.
PARTS = {
    "company": _("company"),
    "announced_on": _("date"),
    "announced_precision": _("precision"),
    "announced_sourced": _("date sourced"),
    "status": _("status"),
    "title": _("title"),
    "summary": _("summary"),
    "buyer": _("buyer"),
    "terms": _("terms"),
    "retraction_reason": _("reason of the retraction"),
    "measures": _("measures"),
    "evidence": _("evidence"),
    "replies": _("replies"),
}


class Status(models.TextChoices):
    """Where an announcement stands, and each of its editions has it stand."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    RETRACTED = "retracted", _("Retracted")


class Edition(models.Model):
    """One published state of an announcement, kept for ever. The database refuses changes,
    but for what a redaction blanks in the snapshot.

    One whose `made_at` lies ahead is what opens then, and replaced by each change before.
    """

    announcement = models.ForeignKey(
        "Announcement", models.PROTECT, related_name="editions", verbose_name=_("announcement")
    )
    number = models.PositiveIntegerField(_("number"), help_text=_("Counted from 1."))
    status = models.CharField(_("status"), max_length=10, choices=Status)
    announced_by = models.DateField(_("announced by"))
    snapshot = models.JSONField(_("snapshot"), help_text=_("All that a reader saw."))
    sha256 = models.CharField(
        "SHA-256",
        max_length=64,
        help_text=_("Of the snapshot as JSON: sorted keys, no blanks, UTF-8."),
    )
    redaction = models.ForeignKey(
        Redaction,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="editions",
        verbose_name=_("redaction"),
        help_text=_("The last one that blanked a quotation in the snapshot."),
    )
    redacted_sha256 = models.CharField(
        _("SHA-256 as redacted"),
        max_length=64,
        blank=True,
        help_text=_("Of the snapshot without what was blanked; empty where nothing was."),
    )
    note_fr = models.CharField(
        _("note in French"),
        max_length=500,
        blank=True,
        help_text=_("What readers are told about the change."),
    )
    note_en = models.CharField(
        _("note in English"),
        max_length=500,
        blank=True,
        help_text=_("What readers are told about the change."),
    )
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("made by"),
    )

    class Meta:
        ordering = ["announcement", "number"]
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        constraints = [
            models.UniqueConstraint(fields=["announcement", "number"], name="edition_numbered_once")
        ]
        indexes = [models.Index(fields=["announcement", "made_at"], name="edition_known_at")]

    def __str__(self):
        return _("edition %(number)s") % {"number": self.number}

    @classmethod
    def newest(cls, column, **known):
        """A column of the newest edition, as a subquery of a query of announcements; of the
        newest that meets the conditions, if any are given."""
        editions = cls.objects.filter(announcement=models.OuterRef("pk"), **known)
        return models.Subquery(editions.order_by("-number").values(column)[:1])

    @property
    def note(self):
        return in_language(self, "note")

    def blank(self, slug, redaction):
        """Forget what the snapshot holds of the article that had this slug: its headline,
        its address and its words. Other quotations stay."""
        for item in self.snapshot["evidence"]:
            if item["article"]["slug"] == slug:
                item["article"] |= {"slug": concealed(slug), "headline": MARKER}
                item |= {"prefix": "", "suffix": "", "exact": item["exact"] and MARKER}
        self.redaction, self.redacted_sha256 = redaction, self.hash_of(self.snapshot)
        self.save()

    @staticmethod
    def written(snapshot):
        """The snapshot as JSON with sorted keys and no blanks, in UTF-8: the same bytes always."""
        text = json.dumps(snapshot, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return text.encode()

    @classmethod
    def hash_of(cls, snapshot):
        """SHA-256, in hex, of the snapshot as it is written."""
        return hashlib.sha256(cls.written(snapshot)).hexdigest()
