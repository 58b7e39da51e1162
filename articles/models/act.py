from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _


class Act(models.Model):
    """What an editor did at once to records of one kind, noted so that it can be undone.

    It names its records by their keys alone: what a redaction takes out isn't kept here.
    """

    content_type = models.ForeignKey(
        ContentType, models.PROTECT, related_name="+", verbose_name=_("kind of record")
    )
    action = models.CharField(
        _("action"), max_length=100, help_text=_("The action's name in the list of records.")
    )
    count = models.PositiveIntegerField(
        _("records"), default=0, help_text=_("To how many it was done.")
    )
    final = models.BooleanField(
        _("final"), default=False, help_text=_("It can't be undone in silence.")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("undone by"),
    )
    undone_at = models.DateTimeField(_("undone at"), null=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("act")
        verbose_name_plural = _("acts")

    def __str__(self):
        return date_format(timezone.localtime(self.made_at), "SHORT_DATETIME_FORMAT")


class ActRow(models.Model):
    """One record that an act wrote: the acted one, or one that went along with it."""

    act = models.ForeignKey(Act, models.CASCADE, related_name="rows")
    place = models.PositiveIntegerField(help_text=_("The acted record's place, from 0."))
    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    key = models.BigIntegerField(help_text=_("The record's key."))
    first = models.BigIntegerField(help_text=_("The key of the first line of history."))
    last = models.BigIntegerField(help_text=_("The key of the last line of history."))
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["act", "place", "pk"]
        indexes = [models.Index(fields=["act", "place"], name="act_row_place")]

    def __str__(self):
        return f"{self.act_id} · {self.place}"
