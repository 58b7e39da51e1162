from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from articles.models import Publisher, in_both, in_language
from companies.countries import validate_country
from companies.models.announcement import Announcement
from companies.models.company import Company


class AssessmentQuerySet(models.QuerySet):
    def public(self):
        """Grades of public companies; of several for one company, assessor, market and day
        that of the record which stands, else the oldest."""
        stands = models.OuterRef("company__absorbed_by")
        same = Assessment.objects.filter(
            models.Q(company=stands)
            | models.Q(company__absorbed_by=stands, pk__lt=models.OuterRef("pk")),
            assessor=models.OuterRef("assessor"),
            market=models.OuterRef("market"),
            assessed_on=models.OuterRef("assessed_on"),
        )
        return self.filter(
            models.Q(company__absorbed_by__isnull=True) | ~models.Exists(same),
            models.Exists(Company.objects.readable().filter(pk=models.OuterRef("company"))),
        )

    def as_of(self, day):
        """Each assessor's newest grade of each company, whichever of its records has it, up to
        and on `day`."""
        newer = Assessment.objects.alias(stands=Coalesce("company__absorbed_by", "company")).filter(
            stands=Coalesce(models.OuterRef("company__absorbed_by"), models.OuterRef("company")),
            assessor=models.OuterRef("assessor"),
            market=models.OuterRef("market"),
            assessed_on__lte=day,
            assessed_on__gt=models.OuterRef("assessed_on"),
        )
        return self.filter(~models.Exists(newer), assessed_on__lte=day)

    def for_listing(self):
        return self.select_related("company__absorbed_by", "assessor")


class Assessment(models.Model):
    """Somebody else's grade for a company, shown beside our announcements."""

    company = models.ForeignKey(
        Company, models.PROTECT, related_name="assessments", verbose_name=_("company")
    )
    assessor = models.ForeignKey(
        Publisher,
        models.PROTECT,
        related_name="assessments",
        verbose_name=_("assessor"),
        help_text=_("Whose grade it is."),
    )
    market = models.CharField(
        _("market"),
        max_length=2,
        default="RU",
        validators=[validate_country],
        help_text=_("The market that is graded: ISO 3166-1 alpha-2."),
    )
    grade = models.CharField(_("grade"), max_length=40, help_text=_("As the assessor writes it."))
    assessed_on = models.DateField(_("as of"), help_text=_("The day of the list that holds it."))
    source_url = models.URLField(
        _("source"), max_length=1000, blank=True, help_text=_("Where the list stands.")
    )
    licence = models.CharField(
        _("licence"), max_length=100, blank=True, help_text=_("On what terms the list may be used.")
    )

    objects = AssessmentQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-assessed_on", "company", "pk"]
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "assessor", "market", "assessed_on"],
                name="assessment_once_a_day",
            )
        ]

    def __str__(self):
        return f"{self.assessor}, {self.assessed_on}: {self.grade}"


class Reply(models.Model):
    """What a company answered when asked about an announcement."""

    announcement = models.ForeignKey(
        Announcement, models.CASCADE, related_name="replies", verbose_name=_("announcement")
    )
    asked_on = models.DateField(_("asked on"), help_text=_("When we asked."))
    answered_on = models.DateField(
        _("answered on"), null=True, blank=True, help_text=_("Empty while there is no answer.")
    )
    answer_fr = models.TextField(
        _("answer in French"), blank=True, help_text=_("What it answered.")
    )
    answer_en = models.TextField(
        _("answer in English"), blank=True, help_text=_("What it answered.")
    )

    history = HistoricalRecords()

    class Meta:
        ordering = ["-asked_on", "pk"]
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answered_on__isnull=True)
                | models.Q(answered_on__gte=models.F("asked_on")),
                name="reply_after_question",
            ),
        ]

    def __str__(self):
        return f"{self.announcement.company}, {self.asked_on}"

    def clean(self):
        """An answer has its day, not before that of the question, and both languages."""
        if self.asked_on and self.answered_on and self.answered_on < self.asked_on:
            raise ValidationError({"answered_on": _("It is before the day we asked.")})
        said = [bool(self.answer_fr), bool(self.answer_en), self.answered_on is not None]
        if any(said) and not all(said):
            raise ValidationError(
                _("An answer needs its day, and its words in French and in English.")
            )

    @property
    def answer(self):
        return in_language(self, "answer")

    def snapshot(self):
        return {
            "asked_on": self.asked_on.isoformat(),
            "answered_on": self.answered_on.isoformat() if self.answered_on else None,
            "answer": in_both(self, "answer"),
        }
