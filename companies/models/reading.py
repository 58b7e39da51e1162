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

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")

    def __str__(self):
        return f"{self.article}, {self.version}"
