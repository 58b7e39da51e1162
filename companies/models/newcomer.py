from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from articles.fields import DerivedCharField
from articles.history import is_own
from articles.models import Article, Version
from articles.search import words
from companies.models.company import Company, CompanyName

LONGEST = 200  # characters of a name, as in `Company.name`


def name_key(name):
    """A name folded: what is the same name, however it is written."""
    return " ".join(words(name))[:LONGEST]


class NewcomerQuerySet(models.QuerySet):
    def open(self):
        """Names that wait for an editor and stand in a piece that wasn't killed."""
        seen = Sighting.objects.standing().filter(newcomer=models.OuterRef("pk"))
        return self.filter(models.Exists(seen), status=Newcomer.Status.OPEN)

    def concerning(self, user):
        """Those found in an article that `user` recorded or was the last to edit."""
        seen = Sighting.objects.filter(is_own(Article, user, "article"))
        return self.filter(models.Exists(seen.filter(newcomer=models.OuterRef("pk"))))

    def for_listing(self):
        """With `articles` (how many name it), and the newest of its places as `example`
        (a sentence), `example_article` (key) and `reason`."""
        seen = Sighting.objects.standing().filter(newcomer=models.OuterRef("pk"))
        newest = seen.order_by("-article__published_at", "-pk")
        counted = seen.order_by().values("newcomer").annotate(count=models.Count("pk"))
        return self.select_related("company").annotate(
            articles=Coalesce(models.Subquery(counted.values("count")), 0),
            example=models.Subquery(newest.values("sentence")[:1]),
            example_article=models.Subquery(newest.values("article")[:1]),
            example_headline=models.Subquery(newest.values("article__headline")[:1]),
            reason=models.Subquery(newest.values("reason")[:1]),
        )


class Newcomer(models.Model):
    """A name that may be a company's that we don't have, for the whole archive. An
    editor's word on it holds wherever it is found again."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        SETTLED = "settled", _("A company’s name")
        DISMISSED = "dismissed", _("Not a company")

    name = models.CharField(
        _("name"), max_length=LONGEST, help_text=_("As it stood in the text where it was found.")
    )
    key = DerivedCharField(
        max_length=LONGEST, unique=True, derive=lambda newcomer: name_key(newcomer.name)
    )
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=Status,
        default=Status.OPEN,
        editable=False,
        help_text=_("Changed by an editor's decision alone."),
    )
    company = models.ForeignKey(
        Company,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("company"),
        help_text=_("Whose name it is."),
    )
    created_at = models.DateTimeField(_("found at"), default=timezone.now, editable=False)

    objects = NewcomerQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["key"])

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("unknown company")
        verbose_name_plural = _("unknown companies")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["open", "settled", "dismissed"]),
                name="newcomer_status_known",
            ),
            models.CheckConstraint(
                condition=models.Q(company__isnull=True) | models.Q(status="settled"),
                name="newcomer_with_company_is_settled",
            ),
        ]
        indexes = [models.Index(fields=["status"], name="newcomer_status")]

    def __str__(self):
        return self.name

    @transaction.atomic
    def settle(self, company, *, by=None):
        """It is this company's, a new one's or a known one's, which gets the name if it
        lacks it. The caller has the archive searched for it. Raises ValidationError."""
        self._hold()
        company = company.shown_as
        if self.status == self.Status.SETTLED and self.company == company:
            return
        self._refuse_unless_open()
        borne = [company.name, company.legal_name, *company.names.values_list("name", flat=True)]
        if self.key not in map(name_key, borne):
            name = CompanyName(company=company, name=self.name)
            if by:
                name._history_user = by
            name.full_clean()
            name.save()
        self._decide(self.Status.SETTLED, company, by)

    @transaction.atomic
    def dismiss(self, *, by=None):
        """It is no company that we record, here or anywhere else."""
        self._hold()
        if self.status == self.Status.DISMISSED:
            return
        self._refuse_unless_open()
        self._decide(self.Status.DISMISSED, None, by)

    @transaction.atomic
    def reopen(self, *, by=None):
        """Take a decision back; the name that a company got stays its."""
        self._hold()
        self._decide(self.Status.OPEN, None, by)

    def _hold(self):
        try:
            self.refresh_from_db(from_queryset=Newcomer.objects.select_for_update())
        except Newcomer.DoesNotExist:
            raise ValidationError(_("No text holds this name any more.")) from None

    def _refuse_unless_open(self):
        if self.status != self.Status.OPEN:
            raise ValidationError(
                _("%(name)s: decided already (%(status)s); reopen it first."),
                params={"name": self, "status": self.get_status_display()},
            )

    def _decide(self, status, company, by):
        self.status, self.company = status, company
        if by:
            self._history_user = by
        self.save()


class SightingQuerySet(models.QuerySet):
    def standing(self):
        """Those in pieces that weren't killed."""
        return self.exclude(article__status=Article.Status.CANCELED)


class Sighting(models.Model):
    """An unknown name in one article, as its current wording was last looked through."""

    newcomer = models.ForeignKey(
        Newcomer, models.CASCADE, related_name="sightings", verbose_name=_("unknown company")
    )
    article = models.ForeignKey(
        Article, models.CASCADE, related_name="sightings", verbose_name=_("article")
    )
    version = models.ForeignKey(
        Version, models.PROTECT, related_name="+", verbose_name=_("version")
    )
    start = models.PositiveIntegerField(
        _("start"),
        help_text=_("Its first place, in code points of headline, two line feeds, text."),
    )
    end = models.PositiveIntegerField(_("end"))
    count = models.PositiveIntegerField(_("count"), help_text=_("How often the text names it."))
    sentence = models.TextField(_("example"), help_text=_("The sentence of its first place."))
    reason = models.CharField(
        _("reason"),
        max_length=300,
        help_text=_("The words for a market and a withdrawal that stand near it."),
    )

    objects = SightingQuerySet.as_manager()

    class Meta:
        ordering = ["article", "start"]
        verbose_name = _("sighting")
        verbose_name_plural = _("sightings")
        constraints = [
            models.UniqueConstraint(fields=["newcomer", "article"], name="sighting_once")
        ]

    def __str__(self):
        return f"{self.newcomer} · {self.article}"
