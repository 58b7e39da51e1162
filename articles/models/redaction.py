import hashlib
import re

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

MARKER = "[…]"  # stands where words were taken out and something must stand


def concealed(name):
    """What a slug or a wire id becomes: it can be compared with one, and not be read.

    What is concealed already stays as it is.
    """
    if re.fullmatch("redacted-[0-9a-f]{32}", name):
        return name
    return f"redacted-{hashlib.sha256(name.encode()).hexdigest()[:32]}"


class Redaction(models.Model):
    """That an article was taken out because the law asks it, and why. Kept for ever."""

    article = models.OneToOneField(
        "articles.Article", models.PROTECT, related_name="redaction", verbose_name=_("article")
    )
    reason = models.TextField(
        _("reason"), help_text=_("The decision that asks for it; without the words themselves.")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("author"),
        help_text=_("Who did it; nobody for the command."),
    )
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    blanked = models.JSONField(
        _("blanked"),
        default=dict,
        help_text=_("Hashes of what was blanked, and counts where it has none."),
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("redaction")
        verbose_name_plural = _("redactions")

    def __str__(self):
        return f"{timezone.localdate(self.made_at).isoformat()}: {self.reason}"
