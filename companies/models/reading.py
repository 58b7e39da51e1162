from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Version


class Reading(models.Model):
    """Which wording of an article was last searched for names, whatever was found."""

    article = models.OneToOneField(
        Article, models.CASCADE, related_name="reading", verbose_name=_("article")
    )
    version = models.ForeignKey(
        Version, models.PROTECT, related_name="+", verbose_name=_("version")
    )

    names = models.CharField(
        _("names"),
        max_length=16,
        blank=True,
        help_text=_("Stamp of all the names that were looked for."),
    )

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")

    def __str__(self):
        return f"{self.article}, {self.version}"


class Perusal(models.Model):
    """Which wording of an article was last looked through for announcements and unknown
    companies, whatever was found; after which changes to its mentions, by which rules."""

    article = models.OneToOneField(
        Article, models.CASCADE, related_name="perusal", verbose_name=_("article")
    )
    version = models.ForeignKey(
        Version, models.PROTECT, related_name="+", verbose_name=_("version")
    )
    changes = models.PositiveIntegerField(
        _("changes"), help_text=_("How many there had been to the article's mentions.")
    )
    rules = models.CharField(
        _("rules"), max_length=16, help_text=_("Stamp of the rules that were applied.")
    )

    class Meta:
        verbose_name = _("perusal")
        verbose_name_plural = _("perusals")

    def __str__(self):
        return f"{self.article}, {self.version}"
