from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models, transaction
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
        before = Activity.objects.filter(pk=self.pk).first() if self.pk else None
        refused = {}
        if before and before.company_id != self.company_id and self._is_named():
            refused["company"] = _(
                "Measures name it, and would count for another company: add an activity to that "
                "one instead."
            )
        if self._brand_is_foreign(before):
            refused["brand"] = _("%(brand)s is no brand of %(company)s: choose one of its family.")
            refused["brand"] %= {"brand": self.brand, "company": self.company}
        if before and self.unnamed and self.published().exists():
            owed = _("An announcement that names it is published: it needs both names.")
            refused |= dict.fromkeys(self.unnamed, owed)
        if refused:
            raise ValidationError(refused)

    def _is_named(self):
        return self.measures.exists() or self.editionmeasures.exists()

    def _brand_is_foreign(self, before):
        """Whether a brand is new to it that is neither its company, nor the parent or a brand
        of that. One that was sold since may stay."""
        if not self.brand_id or not self.company_id:
            return False
        if before and (before.brand_id, before.company_id) == (self.brand_id, self.company_id):
            return False
        own = self.company.shown_as
        top = own.brand_of or own
        return not Company.objects.under(top.slug).filter(pk=self.brand_id).exists()

    def published(self):
        """The published announcements that name it."""
        named = apps.get_model("companies", "Announcement").objects.filter(
            measures__activity=self, status="published"
        )
        return named.distinct()

    def tells(self, before):
        """Whether it tells readers something else than `before`, the same as it was."""
        columns = ("name_fr", "name_en", "brand_id")
        return any(getattr(self, each) != getattr(before, each) for each in columns)

    @transaction.atomic
    def retell(self, *, by=None, note_fr="", note_en=""):
        """Keep what a new name or brand makes of each published announcement that names it as
        an edition of that one. Returns the editions; raises ValidationError, see
        `Announcement.amend`."""
        # In one order, so that two of these never wait for each other.
        keys = sorted(self.published().values_list("pk", flat=True))
        held = apps.get_model("companies", "Announcement").objects.filter(pk__in=keys)
        rows = list(held.select_for_update(no_key=True).order_by("pk"))
        kept = [row.amend(by=by, note_fr=note_fr, note_en=note_en, beside=True) for row in rows]
        return [edition for edition in kept if edition]

    @property
    def name(self):
        return in_language(self, "name")

    @property
    def unnamed(self):
        """The fields of the names that nobody has given yet: none, or one."""
        return [field for field in ("name_fr", "name_en") if not getattr(self, field)]
