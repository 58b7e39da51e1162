from collections import Counter

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from simple_history.models import HistoricalRecords

from articles.history import is_own
from articles.models import Publisher
from companies.countries import country_name, validate_country
from companies.models.assessment import Assessment
from companies.models.company import Company, Identifier, free_slug
from companies.trackers.judge import DOUBTS
from companies.trackers.table import decides


class TrackerRowQuerySet(models.QuerySet):
    def open(self):
        """Those that wait for an editor: the desk's queue."""
        return self.filter(status=TrackerRow.Status.OPEN)

    def concerning(self, user):
        """Those that `user` took in or was the last to decide on."""
        return self.filter(is_own(TrackerRow, user))

    def for_listing(self):
        return self.select_related("assessor", "company")


class TrackerRow(models.Model):
    """A row of another tracker's list of which it isn't certain whose grade it is.

    An editor's decision outlives a second import, and holds for the same row in the
    assessor's other lists.
    """

    class Status(models.TextChoices):
        OPEN = "open", gettext_lazy("Open")
        MATCHED = "matched", gettext_lazy("Matched")
        CREATED = "created", gettext_lazy("Company created")
        DISMISSED = "dismissed", gettext_lazy("Dismissed")

    assessor = models.ForeignKey(
        Publisher,
        models.PROTECT,
        related_name="tracker_rows",
        verbose_name=gettext_lazy("assessor"),
        help_text=gettext_lazy("Whose list it is."),
    )
    market = models.CharField(
        gettext_lazy("market"),
        max_length=2,
        validators=[validate_country],
        help_text=gettext_lazy("The market that is graded: ISO 3166-1 alpha-2."),
    )
    assessed_on = models.DateField(
        gettext_lazy("as of"), help_text=gettext_lazy("The day of the list.")
    )
    line = models.PositiveIntegerField(
        gettext_lazy("line"), help_text=gettext_lazy("Where it stands in the file.")
    )
    name = models.CharField(
        gettext_lazy("name"), max_length=200, help_text=gettext_lazy("As the list has it, cleaned.")
    )
    grade = models.CharField(
        gettext_lazy("grade"), max_length=40, help_text=gettext_lazy("As the assessor writes it.")
    )
    country = models.CharField(
        gettext_lazy("country"),
        max_length=2,
        blank=True,
        help_text=gettext_lazy("Where the list says that it has its seat, if that is certain."),
    )
    sector = models.CharField(
        gettext_lazy("sector"),
        max_length=1,
        blank=True,
        choices=Company.Sector,
        help_text=gettext_lazy("Section of ISIC, where the list's industry lies in one."),
    )
    identifiers = models.JSONField(
        gettext_lazy("identifiers"),
        default=dict,
        blank=True,
        help_text=gettext_lazy("Those of the list whose digits are right, by register."),
    )
    cells = models.JSONField(
        gettext_lazy("cells"),
        default=dict,
        blank=True,
        help_text=gettext_lazy("The whole row under the list's own headings."),
    )
    known_by = models.CharField(
        max_length=600,
        editable=False,
        help_text=gettext_lazy("Folded name, seat, industry, identifiers: the same row elsewhere."),
    )
    why = models.CharField(
        gettext_lazy("reason"),
        max_length=20,
        choices=[(why.value, why.label) for why in DOUBTS],
        help_text=gettext_lazy("Why it isn't certain."),
    )
    candidates = models.JSONField(
        gettext_lazy("candidates"),
        default=list,
        blank=True,
        help_text=gettext_lazy("Keys of the companies that it may be."),
    )
    source_url = models.URLField(gettext_lazy("source"), max_length=1000, blank=True)
    licence = models.CharField(gettext_lazy("licence"), max_length=100, blank=True)
    status = models.CharField(
        gettext_lazy("status"),
        max_length=10,
        choices=Status,
        default=Status.OPEN,
        editable=False,
        help_text=gettext_lazy("Changed by an editor's decision alone."),
    )
    company = models.ForeignKey(
        Company,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tracker_rows",
        verbose_name=gettext_lazy("company"),
        help_text=gettext_lazy("Whose grade it is."),
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=gettext_lazy("decided by"),
    )
    decided_at = models.DateTimeField(
        gettext_lazy("decided at"), null=True, blank=True, editable=False
    )

    objects = TrackerRowQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-assessed_on", "line"]
        verbose_name = gettext_lazy("uncertain grade")
        verbose_name_plural = gettext_lazy("uncertain grades")
        constraints = [
            models.UniqueConstraint(
                fields=["assessor", "market", "assessed_on", "known_by", "grade"],
                name="tracker_row_once_in_a_list",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["open", "dismissed"], company__isnull=True)
                | models.Q(status__in=["matched", "created"], company__isnull=False),
                name="tracker_row_has_company_once_matched",
            ),
            models.CheckConstraint(
                condition=models.Q(status="open", decided_at__isnull=True)
                | (~models.Q(status="open") & models.Q(decided_at__isnull=False)),
                name="tracker_row_decided_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["status", "-assessed_on"], name="tracker_row_queue")]

    def __str__(self):
        return f"{self.name} ({self.assessor}, {self.assessed_on}: {self.grade})"

    @property
    def country_name(self):
        return country_name(self.country)

    @transaction.atomic
    def match(self, company, by=None):
        """The row is this company's: its grade is recorded. Raises ValidationError."""
        company = company.shown_as
        self._decide(self.Status.MATCHED, company, by)
        self._decide_elsewhere(company, by)

    @transaction.atomic
    def create_company(self, by=None):
        """The row is a company that we didn't have. Raises ValidationError."""
        company = Company(
            name=self.name,
            country=self.country,
            sector=self.sector,
            slug=free_slug(self.name, set(Company.objects.values_list("slug", flat=True))),
        )
        company._history_user = by
        company.full_clean()
        company.save()
        for scheme, value in self.identifiers.items():
            known = Identifier.objects.filter(scheme=scheme, value=value)
            if not decides(scheme, value) and known.exists():
                continue  # another exchange's ticker of the same letters
            identifier = Identifier(company=company, scheme=scheme, value=value)
            identifier._history_user = by
            identifier.full_clean()
            identifier.save()
        self._decide(self.Status.CREATED, company, by)
        self._decide_elsewhere(company, by)
        return company

    @transaction.atomic
    def dismiss(self, by=None):
        """The row is nobody's whom we record. Raises ValidationError."""
        for row in [self, *self._same_elsewhere()]:
            row._decide(self.Status.DISMISSED, None, by)

    @transaction.atomic
    def reopen(self, by=None):
        """Take a decision back, with the grade that it recorded; a company made by it stays.

        A grade that stood already, or on which another row rests, stays too.
        """
        if self.company and not self._rested_on_by_others():
            for assessment in self._recorded_by_rows():
                assessment._history_user = by
                assessment.delete()
        self._put(self.Status.OPEN, None, None, by, None)

    def put_back(self, earlier, *, by=None):
        """Take the last decision back, or decide again as it was. Raises ValidationError."""
        if earlier.status == self.Status.OPEN:
            self.reopen(by)
        elif earlier.status == self.Status.DISMISSED:
            self.dismiss(by)
        else:
            self.match(earlier.company, by)

    def _rested_on_by_others(self):
        return TrackerRow.objects.filter(**self._grading(self.company)).exclude(pk=self.pk).exists()

    def _recorded_by_rows(self):
        """The company's grade of that day, where a decision on a row of the list recorded it."""
        rows = TrackerRow.objects.filter(
            assessor=self.assessor, market=self.market, assessed_on=self.assessed_on
        )
        recorded = Assessment.history.filter(
            history_type="+", history_change_reason__in=[row._reason for row in rows.only("pk")]
        )
        return Assessment.objects.filter(
            **self._grading(self.company), grade=self.grade, pk__in=recorded.values("id")
        )

    @property
    def _reason(self):
        """What the history says of a grade that a decision on the row recorded."""
        return f"row {self.pk}"

    def _same_elsewhere(self):
        """The same row, open, in the assessor's other lists."""
        return (
            TrackerRow.objects.open()
            .filter(assessor=self.assessor, known_by=self.known_by)
            .exclude(market=self.market, assessed_on=self.assessed_on)
        )

    def _decide_elsewhere(self, company, by):
        """Settle it there too, but for what an editor must look at: a list that has it with
        several grades, or whose grade the company has otherwise."""
        rows = list(self._same_elsewhere())
        times = Counter((row.market, row.assessed_on) for row in rows)
        for row in rows:
            once = times[row.market, row.assessed_on] == 1
            if once and row._clashing(company) is None:
                row._decide(self.Status.MATCHED, company, by)

    def _decide(self, status, company, by):
        now = TrackerRow.objects.select_for_update().get(pk=self.pk)
        if now.status != self.Status.OPEN:
            raise ValidationError(
                _("%(row)s: decided already (%(status)s); reopen it first.")
                % {"row": now, "status": now.get_status_display()}
            )
        if company:
            other = self._clashing(company)
            if other:
                raise ValidationError(
                    _(
                        "%(company)s has grade %(grade)s of %(day)s: correct that one, or "
                        "dismiss this row."
                    )
                    % {
                        "company": company,
                        "grade": other.grade,
                        "day": date_format(self.assessed_on),
                    }
                )
            assessment = Assessment(
                **self._grading(company),
                grade=self.grade,
                source_url=self.source_url,
                licence=self.licence,
            )
            assessment._history_user = by
            assessment._change_reason = self._reason
            if not Assessment.objects.filter(**self._grading(company)).exists():
                assessment.save()
        self._put(status, company, by, by, timezone.now())

    def _put(self, status, company, decided_by, by, at):
        self.status, self.company = status, company
        self.decided_by, self.decided_at = decided_by, at
        self._history_user = by
        self.save()

    def _clashing(self, company):
        """Another grade that the company has of that day, or None."""
        return Assessment.objects.filter(**self._grading(company)).exclude(grade=self.grade).first()

    def _grading(self, company):
        return {
            "company": company,
            "assessor": self.assessor,
            "market": self.market,
            "assessed_on": self.assessed_on,
        }
