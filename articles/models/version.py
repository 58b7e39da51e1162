import hashlib
import json

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.reception import ReceivedFile
from articles.models.redaction import Redaction
from articles.text import is_supplied


class VersionQuerySet(models.QuerySet):
    def current(self):
        """Each article's text as it reads now: the newest wording that didn't come in late."""
        newer = Version.objects.filter(
            article=models.OuterRef("article"), number__gt=models.OuterRef("number"), late=False
        )
        return self.filter(~models.Exists(newer), late=False)


class Version(models.Model):
    """One wording of an article, kept for ever. The database refuses changes, but for the
    one that blanks its texts."""

    article = models.ForeignKey(
        "articles.Article", models.PROTECT, related_name="versions", verbose_name=_("article")
    )
    number = models.PositiveIntegerField(_("number"), help_text=_("Counted from 1."))
    headline = models.CharField(_("headline"), max_length=500)
    standfirst = models.TextField(_("standfirst"), blank=True)
    body = models.TextField(_("text"), blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True, help_text=_("Why it changed."))
    wire_version = models.PositiveIntegerField(
        _("wire version"), default=0, help_text=_("The agency's own count; 0 where it keeps none.")
    )
    revised_at = models.DateTimeField(
        _("revised at"), null=True, blank=True, help_text=_("When the publisher made it.")
    )
    late = models.BooleanField(
        _("late"),
        default=False,
        help_text=_("An older wording that came in after a newer one; never the article's text."),
    )
    file = models.ForeignKey(
        ReceivedFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="versions",
        verbose_name=_("file"),
        help_text=_("The file that it came in; none for what an editor typed."),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("author"),
        help_text=_("Who entered it; nobody for an import."),
    )
    sha256 = models.CharField(
        "SHA-256", max_length=64, help_text=_("Of headline, standfirst and text.")
    )
    created_at = models.DateTimeField(_("archived at"), auto_now_add=True)
    redaction = models.ForeignKey(
        Redaction,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="versions",
        verbose_name=_("redaction"),
        help_text=_("Why the texts were blanked; the hash is that of the texts it had."),
    )

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["article", "number"]
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="version_numbered_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="version_counts_from_1"),
        ]
        indexes = [models.Index(fields=["sha256"], name="version_same_text")]

    def __str__(self):
        return _("version %(number)s") % {"number": self.number}

    @property
    def quotable(self):
        """What a passage may be taken from: the text; where the archive holds none, the
        headline, unless that is ours."""
        return self.body or ("" if is_supplied(self.headline) else self.headline)

    @staticmethod
    def hash_of(*, headline, standfirst, body):
        """SHA-256, in hex, of the three texts as a JSON array in UTF-8."""
        text = json.dumps([headline, standfirst, body], ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def blank(self, redaction):
        """Forget the texts. A note that came with a file is the publisher's, so it goes too."""
        self.headline = self.standfirst = self.body = ""
        self.note = "" if self.file_id else self.note
        self.redaction = redaction
        self.save()
