from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from articles.fields import Precision
from articles.models import in_both
from companies.countries import country_name, validate_country
from companies.models.activity import Activity


class Action(models.TextChoices):
    """What a company does about a market; the first weighs most."""

    EXIT = "exit", _("Exit")
    SUSPEND = "suspend", _("Suspension")
    SCALE_BACK = "scale_back", _("Scaling back")
    PAUSE_INVESTMENT = "pause_investment", _("Pause of investment")
    RESUME = "resume", _("Resumption")
    CONTINUE = "continue", _("Continuing")


class Stage(models.TextChoices):
    """How far it has come; the first is the least."""

    ANNOUNCED = "announced", _("Announced")
    IN_EFFECT = "in_effect", _("In effect")
    COMPLETED = "completed", _("Completed")


# The place of each in its order.
WEIGHT = {action: place for place, action in enumerate(Action.values)}
ADVANCE = {stage: place for place, stage in enumerate(Stage.values)}


class BaseMeasure(models.Model):
    """Activity × market, with what happens there."""

    activity = models.ForeignKey(
        Activity,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)ss",
        verbose_name=_("activity"),
        help_text=_("Empty: the whole business."),
    )
    market = models.CharField(
        _("market"),
        max_length=2,
        db_index=True,
        validators=[validate_country],
        help_text=_("ISO 3166-1 alpha-2, for instance RU."),
    )
    action = models.CharField(
        _("action"), max_length=20, choices=Action, help_text=_("What the company does there.")
    )
    stage = models.CharField(
        _("stage"),
        max_length=10,
        choices=Stage,
        default=Stage.ANNOUNCED,
        help_text=_("How far it has come."),
    )

    class Meta:
        abstract = True

    @property
    def market_name(self):
        return country_name(self.market)


class MeasureQuerySet(models.QuerySet):
    def public(self):
        """Measures of public announcements."""
        announcements = apps.get_model("companies", "Announcement").objects.public()
        return self.filter(announcement__in=announcements)


class Measure(BaseMeasure):
    """One row of an announcement: activity × market, action, stage."""

    announcement = models.ForeignKey(
        "Announcement", models.CASCADE, related_name="measures", verbose_name=_("announcement")
    )
    effective_on = models.DateField(
        _("in effect on"),
        null=True,
        blank=True,
        help_text=_("The day it took effect, if known; it may lie before the announcement."),
    )
    effective_precision = models.CharField(
        _("precision"),
        max_length=5,
        choices=Precision,
        default=Precision.DAY,
        help_text=_("How exactly that day is known."),
    )

    objects = MeasureQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["announcement", "pk"]
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        indexes = [models.Index(fields=["market", "action"], name="measure_market_action")]
        constraints = [
            models.UniqueConstraint(
                fields=["announcement", "activity", "market"], name="measure_once"
            ),
            models.UniqueConstraint(
                fields=["announcement", "market"],
                condition=models.Q(activity__isnull=True),
                name="measure_whole_once",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    action__in=Action.values,
                    stage__in=Stage.values,
                    effective_precision__in=Precision.values,
                ),
                name="measure_words_known",
            ),
            models.CheckConstraint(
                condition=models.Q(effective_on__isnull=True)
                | models.Q(effective_on__gte="1900-01-01", effective_on__lte="2100-12-31"),
                name="measure_date_makes_sense",
            ),
        ]

    def __str__(self):
        what = self.activity or _("whole business")
        return f"{what} · {self.market_name} · {self.get_action_display()}"

    def clean(self):
        # A form holds the announcement before it has a key.
        announcement = getattr(self, "announcement", None)
        if self.activity_id and announcement and announcement.company_id:
            owner, company = self.activity.company.shown_as, announcement.company.shown_as
            if company not in (owner, owner.brand_of):
                raise ValidationError(
                    {
                        "activity": _("“%(activity)s” is a part of %(owner)s, not of %(company)s.")
                        % {"activity": self.activity, "owner": owner, "company": company}
                    }
                )

    def snapshot(self):
        return {
            "activity": in_both(self.activity, "name") if self.activity else None,
            "market": self.market,
            "action": self.action,
            "stage": self.stage,
            "effective_on": self.effective_on.isoformat() if self.effective_on else None,
            "effective_precision": self.effective_precision,
        }


class EditionMeasure(BaseMeasure):
    """A measure as an edition holds it, for questions about what was known."""

    edition = models.ForeignKey(
        "Edition", models.PROTECT, related_name="measures", verbose_name=_("edition")
    )

    class Meta:
        ordering = ["edition", "pk"]
        verbose_name = _("measure of an edition")
        verbose_name_plural = _("measures of editions")

    def __str__(self):
        return f"{self.edition} · {self.market_name} · {self.get_action_display()}"
