from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from articles.models import in_language
from companies.activities import names_by_meaning
from companies.models.company import Company


class ActivityQuerySet(models.QuerySet):
    def by_meaning(self, company):
        """Meaning of a name → the activity of the company, or of a brand of it, that bears it.
        Of an activity that is the whole of a brand, the brand's names mean it, too."""
        under = Company.objects.under(company.slug).values("pk")
        rows = self.filter(company__in=under).select_related("brand")
        named = [
            (activity, [activity.name_fr, activity.name_en, *_names_of(activity.brand)])
            for activity in rows.prefetch_related("brand__names").order_by("pk")
        ]
        return names_by_meaning(named, company.name)


def _names_of(brand):
    return [brand.name, *(each.name for each in brand.names.all())] if brand else []


class Activity(models.Model):
    """A part of one company's business, possibly a brand with a record of its own."""

    company = models.ForeignKey(
        Company, models.PROTECT, related_name="activities", verbose_name=_("company")
    )
    name_fr = models.CharField(
        _("name in French"),
        max_length=200,
        blank=True,
        help_text=_("For instance “nouveaux clients AWS”. Needed to publish."),
    )
    name_en = models.CharField(
        _("name in English"),
        max_length=200,
        blank=True,
        help_text=_("For instance “new AWS customers”. Needed to publish."),
    )
    brand = models.ForeignKey(
        Company,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="as_activity",
        verbose_name=_("brand"),
        help_text=_("Only where the activity is the whole of a brand with its own record."),
    )

    objects = ActivityQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["company", "name_en"]
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "name_en"],
                condition=~models.Q(name_en=""),
                name="activity_named_once",
            ),
            models.UniqueConstraint(
                fields=["company", "name_fr"],
                condition=models.Q(name_en=""),
                name="activity_named_once_in_french",
            ),
            models.CheckConstraint(
                condition=~models.Q(name_fr="", name_en=""),
                name="activity_has_a_name",
                violation_error_message=_("Give its name in French or in English."),
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        published = models.Q(announcement__status="published")
        if self.pk and self.unnamed and self.measures.filter(published).exists():
            owed = _("An announcement that names it is published: it needs both names.")
            raise ValidationError(dict.fromkeys(self.unnamed, owed))

    @property
    def name(self):
        return in_language(self, "name")

    @property
    def unnamed(self):
        """The fields of the names that nobody has given yet: none, or one."""
        return [field for field in ("name_fr", "name_en") if not getattr(self, field)]
