"""Two records of one company made one for readers, parted again, and shown before it is done."""

from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from companies.mentions import names_changed, names_of
from companies.models import (
    Activity,
    Announcement,
    Assessment,
    Company,
    Identifier,
    Mention,
)
from companies.standing import Standing, standings

SHOWN = 10  # rows of each kind in a preview
KINDS = (_("Announcements"), _("Mentions"), _("Activities"), _("Grades"), _("Brands"))
SINGLE = {Identifier.Scheme.LEI, Identifier.Scheme.WIKIDATA}  # a company has one of these


@transaction.atomic
def merge(company: Company, into: Company, *, by=None, reason="") -> list[int]:
    """Let `into` stand for the company, and have the articles that name it searched again.

    Returns their keys; they are pending (see companies.mentions). Raises ValidationError.
    """
    names = names_of(company)
    company.merge(into, by=by, reason=reason)
    return names_changed(name for _company, name, _ambiguous in names)


@transaction.atomic
def part(company: Company, *, by=None, reason="") -> list[int]:
    """Take its merger back, and have the same articles searched again. Raises ValidationError."""
    company.part(by=by, reason=reason)
    return names_changed(name for _company, name, _ambiguous in names_of(company))


@dataclass
class Outlook:
    """What readers would see of the record that stands, and what an editor should know."""

    merged: Company
    company: Company  # as it would stand
    standings: list[Standing]
    counts: list[tuple[str, tuple[int, int, int]]]  # (kind, (of the one, of the other, of both))
    announcements: list[Announcement]  # the newest, as readers would see them
    mentions: list[Mention]
    assessments: list[Assessment]
    twice: list[Mention] = field(default_factory=list)  # in articles that both are confirmed in
    clashing: list[tuple[Assessment, Assessment]] = field(default_factory=list)  # hidden, shown
    differing: list[tuple[Identifier, Identifier]] = field(default_factory=list)
    no_brand_of: Company | None = None  # the parent that readers would no longer see

    @property
    def warns(self):
        return bool(self.twice or self.clashing or self.differing or self.no_brand_of)


def outlook(company: Company, into: Company) -> Outlook:
    """What a merger would make of them: it is done, looked at, and taken back.

    A fixed number of queries. Raises ValidationError where it is refused.
    """
    before = [_counts(record.records()) for record in (company, into)]
    conflicts = {
        "twice": _twice(company, into),
        "clashing": _clashing(company, into),
        "differing": _differing(company, into),
        "no_brand_of": company.brand_of,
    }
    with transaction.atomic():
        Company.objects.get(pk=company.pk).merge(into)
        try:
            return _look(company, into, before, **conflicts)
        finally:
            transaction.set_rollback(True)


def _look(merged, into, before, **conflicts):
    into = Company.objects.for_listing().in_full().get(pk=into.pk)
    records = into.records()
    announcements = Announcement.objects.public().for_listing().filter(company__in=records)
    mentions = Mention.objects.public().for_listing().filter(company__in=records)
    grades = Assessment.objects.public().for_listing().filter(company__in=records)
    own = Company.objects.filter(pk=into.pk)
    return Outlook(
        merged=merged,
        company=into,
        standings=standings(own),
        counts=[
            (kind, numbers) for kind, *numbers in zip(KINDS, *before, _counts(records), strict=True)
        ],
        announcements=list(announcements[:SHOWN]),
        mentions=list(mentions.order_by("-article__published_at", "-pk")[:SHOWN]),
        assessments=list(grades[:SHOWN]),
        **conflicts,
    )


def _counts(records):
    """How many of each kind readers see under the records."""
    keys = list(records.values_list("pk", flat=True))
    rows = (
        Announcement.objects.public().filter(company__in=keys),
        Mention.objects.public().filter(company__in=keys),
        Activity.objects.filter(company__in=keys),
        Assessment.objects.public().filter(company__in=keys),
        Company.objects.public().filter(parent__in=keys),
    )
    return [found.count() for found in rows]


def _twice(company, into):
    """The company's confirmed mentions in articles where the other one is confirmed too."""
    theirs = Mention.objects.filter(company__in=into.records(), status="confirmed")
    own = Mention.objects.filter(company__in=company.records(), status="confirmed")
    return list(own.filter(article__in=theirs.values("article")).for_listing()[:SHOWN])


def _clashing(company, into):
    """Pairs of different grades by one assessor for one market and day."""

    def of(record):
        rows = Assessment.objects.filter(company__in=record.records()).select_related("assessor")
        return {(row.assessor_id, row.market, row.assessed_on): row for row in rows}

    own, theirs = of(company), of(into)
    shared = [(own[key], theirs[key]) for key in own if key in theirs]
    return [(one, other) for one, other in shared if one.grade != other.grade][:SHOWN]


def _differing(company, into):
    """Pairs of identifiers in a register that gives a company only one."""
    found = [
        Identifier.objects.filter(company__in=record.records(), scheme__in=SINGLE)
        for record in (company, into)
    ]
    return [
        (one, other)
        for one in found[0]
        for other in list(found[1])
        if one.scheme == other.scheme and one.value != other.value
    ]
