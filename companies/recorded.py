"""Announcements that the archive holds already of what somebody is about to record."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Prefetch, Q
from django.db.models.functions import Coalesce

from articles.fields import last_day
from companies.activities import meaning
from companies.models import Announcement, Company, Measure, Suggestion

AROUND = timedelta(days=7)  # in which an announcement may be the same one
MOST = 5  # of them that are named


@dataclass(frozen=True)
class Asked:
    """What is about to be recorded: whose, of which day (from `since` to `until` where it
    isn't known better), and the words of each activity ("" the whole business) with its
    market; none yet: any. `but` is the key of the record itself."""

    company: Company
    since: date
    until: date
    measures: tuple[tuple[str, str], ...] = ()
    but: int | None = None


def suggested(suggestion: Suggestion) -> Asked:
    """What a suggestion asks, of its day."""
    day, precision = suggestion.announced_on()
    return Asked(
        suggestion.company.shown_as,
        day,
        last_day(day, precision),
        tuple((each["activity"], each["market"]) for each in suggestion.measures),
        suggestion.announcement_id,
    )


def recorded(asked: Iterable[Asked]) -> list[list[Announcement]]:
    """For each that is asked, what it may be: of the company, its parent or its brands, at
    most a week away, not retracted, in one market at least. First what names the same
    activity, then the nearest day. In three queries, however many are asked.

    Words for an activity vary from piece to piece, so that another one rules nothing out.
    """
    asked = list(asked)
    if not asked:
        return []
    families = _families({one.company.shown_as.pk for one in asked})
    rows = (
        Announcement.objects.filter(
            company__in=set().union(*families.values()),
            announced_on__lte=min(max(one.until for one in asked), date.max - AROUND) + AROUND,
            announced_by__gte=max(min(one.since for one in asked), date.min + AROUND) - AROUND,
        )
        .exclude(status=Announcement.Status.RETRACTED)
        .select_related("company__absorbed_by")
        .prefetch_related(Prefetch("measures", Measure.objects.select_related("activity__company")))
        .defer("search")
    )
    rows = list(rows)
    return [_alike(one, families[one.company.shown_as.pk], rows) for one in asked]


def _families(keys):
    """Key of a company that stands → the records of it, of its parent, and of its brands."""
    own = Company.objects.filter(Q(pk__in=keys) | Q(absorbed_by__in=keys)).order_by()
    parents = own.values(parents=Coalesce("parent__absorbed_by", "parent"))
    rows = Company.objects.filter(
        Q(pk__in=own.values("pk"))
        | Q(pk__in=parents)
        | Q(absorbed_by__in=parents)
        | Q(parent__in=own.values("pk"))
        | Q(absorbed_by__parent__in=own.values("pk"))
    ).values_list(
        "pk",
        Coalesce("absorbed_by", "pk"),
        Coalesce(
            *("absorbed_by__parent__absorbed_by", "absorbed_by__parent"),
            *("parent__absorbed_by", "parent"),
        ),
    )
    rows = list(rows.order_by())
    above = {pk: parent for pk, _stands, parent in rows}
    return {
        key: {pk for pk, stands, parent in rows if stands in {key, above.get(key)} or parent == key}
        for key in keys
    }


def _alike(asked, family, rows):
    markets, found = {market for _words, market in asked.measures}, []
    for announcement in rows:
        away, measures = _away(asked, announcement), announcement.measures.all()
        theirs = {measure.market for measure in measures}
        if (
            announcement.company_id not in family
            or announcement.pk == asked.but
            or away > AROUND
            or (markets and theirs and not markets & theirs)
        ):
            continue
        same = any(
            measure.market == market and _means(words, measure.activity)
            for words, market in asked.measures
            for measure in measures
        )
        found.append((not same, away, -announcement.pk, announcement))
    return [announcement for *_order, announcement in sorted(found)[:MOST]]


def _away(asked, announcement):
    before = asked.since - announcement.announced_by
    after = announcement.announced_on - asked.until
    return max(before, after, timedelta(0))


def _means(words, activity):
    if activity is None or not words:
        return activity is None and not words
    company = activity.company.name
    return meaning(words, company) in {
        meaning(activity.name_fr, company),
        meaning(activity.name_en, company),
    }
