"""Announcements → a company's state in a market on a day.

For each activity the newest measure up to that day decides: on one day the whole
business first, then the specific activity, then the order of recording. A measure
on the whole business decides for every activity not named after it. The rule and
its table of cases stand in docs/tour.md; this module is its only place in code.
"""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from companies.models import Announcement, Company, EditionMeasure, Measure
from companies.models.announcement import Action, Stage

WHOLE = None  # the activity of a measure on the whole business

# What a state is called: by action and stage for the whole business…
WORDS = {
    ("exit", "announced"): _("leaving"),
    ("exit", "in_effect"): _("leaving"),
    ("exit", "completed"): _("exited"),
    ("suspend", "announced"): _("suspending"),
    ("suspend", "in_effect"): _("suspended"),
    ("suspend", "completed"): _("suspended"),
    ("scale_back", "announced"): _("scaling back"),
    ("scale_back", "in_effect"): _("scaling back"),
    ("scale_back", "completed"): _("scaled back"),
    ("pause_investment", "announced"): _("investment paused"),
    ("pause_investment", "in_effect"): _("investment paused"),
    ("pause_investment", "completed"): _("investment paused"),
    ("resume", "announced"): _("resuming"),
    ("resume", "in_effect"): _("resumed"),
    ("resume", "completed"): _("resumed"),
    ("continue", "announced"): _("continuing"),
    ("continue", "in_effect"): _("continuing"),
    ("continue", "completed"): _("continuing"),
}
# … and by action alone where only named activities are touched.
PARTLY = {
    "exit": _("partly leaving"),
    "suspend": _("partly suspended"),
    "scale_back": _("partly scaled back"),
    "pause_investment": _("investment partly paused"),
    "resume": _("partly resumed"),
    "continue": _("partly continuing"),
}
NOTHING = _("nothing announced")

# The nearest class of Yale CELI and of KSE; "nearest to", never their own grade.
NEAREST = {
    "exited": ("A", "transfer"),
    "leaving": ("A", "withdrawal"),
    "suspended": ("B", "suspension"),
    "scaled_back": ("C", "scalingback"),
    "investment_paused": ("D", "holdoff"),
    "going_on": ("F", "continue"),
}


@dataclass(frozen=True)
class Step:
    """One measure as the rule sees it, from the side of one company."""

    activity: int | None  # an Activity's key, or WHOLE
    action: str
    stage: str
    announced_by: date  # the last day that the date of the announcement can mean
    recorded: int  # grows with the order of recording
    announcement: str  # its public id
    market: str = ""

    @property
    def order(self):
        return (self.announced_by, self.activity is not WHOLE, self.recorded)


@dataclass(frozen=True)
class State:
    """What holds for one activity, or for the whole business, and since when."""

    action: str
    stage: str
    since: date
    announcement: str

    @property
    def word(self):
        return WORDS[self.action, self.stage]


@dataclass(frozen=True)
class Standing:
    """A company's state in a market on a day."""

    company: Company
    market: str
    as_of: date
    whole: State | None = None
    activities: dict = field(default_factory=dict)  # Activity's key → State

    @property
    def decisive(self):
        """The state that gives the market its word: the whole business's, else the
        weightiest of the activities' (among equals the least advanced); maybe None."""
        if self.whole or not self.activities:
            return self.whole
        return min(
            self.activities.values(),
            key=lambda s: (Action.values.index(s.action), Stage.values.index(s.stage), s.since),
        )

    @property
    def action(self):
        return self.decisive.action if self.decisive else None

    @property
    def stage(self):
        return self.decisive.stage if self.decisive else None

    @property
    def announcement(self):
        return self.decisive.announcement if self.decisive else None

    @property
    def since(self):
        """The first day from which it has been so without a break."""
        if self.whole or not self.activities:
            return self.whole.since if self.whole else None
        return min(s.since for s in self.activities.values() if s.action == self.action)

    @property
    def partial(self):
        """Only named activities are touched."""
        return self.whole is None and bool(self.activities)

    @property
    def touched(self):
        """The activities that the standing names: in a partial one those of its action,
        else those that differ from the whole business."""
        if self.partial:
            return [key for key, s in self.activities.items() if s.action == self.action]
        return [
            key
            for key, s in self.activities.items()
            if (s.action, s.stage) != (self.whole.action, self.whole.stage)
        ]

    @property
    def words(self):
        """The standing in the reader's language, for instance “partly suspended: 5 activities”."""
        if not self.decisive:
            return str(NOTHING)
        count = len(self.touched)
        if self.partial:
            said = ngettext("%(word)s: %(count)d activity", "%(word)s: %(count)d activities", count)
            return said % {"word": PARTLY[self.action], "count": count}
        if count:
            said = ngettext(
                "%(word)s, but for %(count)d activity",
                "%(word)s, but for %(count)d activities",
                count,
            )
            return said % {"word": self.whole.word, "count": count}
        return str(self.whole.word)

    @property
    def nearest(self):
        """(Yale's grade, KSE's class) nearest to it, or None; source of the map: docs/tour.md."""
        if not self.decisive:
            return None
        if self.action in ("resume", "continue"):
            return NEAREST["going_on"]
        if self.partial or self.action == "scale_back":
            return NEAREST["scaled_back"]
        if self.action == "exit":
            return NEAREST["exited" if self.stage == Stage.COMPLETED else "leaving"]
        return NEAREST["suspended" if self.action == "suspend" else "investment_paused"]


def derive(company, market, day, steps):
    """The standing that `steps` give by `day`; the steps may come in any order. Linear but for a sort."""
    whole, activities = None, {}
    for step in sorted(steps, key=lambda step: step.order):
        if step.announced_by > day:
            break
        before = whole if step.activity is WHOLE else activities.get(step.activity, whole)
        same = before and (before.action, before.stage) == (step.action, step.stage)
        since = before.since if same else step.announced_by
        state = State(step.action, step.stage, since, step.announcement)
        if step.activity is WHOLE:
            whole, activities = state, {}
        else:
            activities[step.activity] = state
    return Standing(company, market, day, whole, activities)


def standings(companies, *, day=None, markets=None, known_at=None):
    """The standings of many companies, in a fixed number of queries.

    `companies` is a queryset; `day` defaults to today; `markets` limits to some
    country codes; `known_at` answers from the editions of that time. Yields one
    Standing for each company and market with a measure by that day, ordered by
    company name and market.
    """
    day = day or timezone.localdate()
    companies = {company.pk: company for company in companies.order_by("name", "pk")}
    steps = {}
    for key, step in _steps(companies, day, markets, known_at):
        steps.setdefault((key, step.market), []).append(step)
    order = {key: place for place, key in enumerate(companies)}
    for key, market in sorted(steps, key=lambda pair: (order[pair[0]], pair[1])):
        yield derive(companies[key], market, day, steps[key, market])


def standing(company, market, day=None, known_at=None):
    """One company's standing in one market on a day; “nothing announced” is a standing too."""
    one = Company.objects.filter(pk=company.pk)
    for found in standings(one, day=day, markets=[market], known_at=known_at):
        return found
    return Standing(company, market, day or timezone.localdate())


def _rows(day, markets, known_at):
    """The measures known, current or of the editions of a time, under common names."""
    if known_at is None:
        rows = Measure.objects.filter(announcement__in=Announcement.objects.public().as_of(day))
        path = "announcement"
        by = F("announcement__announced_by")
    else:
        known = Announcement.objects.public().known_at(known_at)
        rows = EditionMeasure.objects.filter(
            edition__in=known.values("known_edition"), edition__announced_by__lte=day
        )
        path = "edition__announcement"
        by = F("edition__announced_by")
    if markets:
        rows = rows.filter(market__in=markets)
    return rows.annotate(
        by=by,
        public_id=F(f"{path}__public_id"),
        announcer=F(f"{path}__company"),
        announcer_parent=F(f"{path}__company__parent"),
        owner=F("activity__company"),
        owner_parent=F("activity__company__parent"),
        brand=F("activity__brand"),
        brand_parent=F("activity__brand__parent"),
    )


def _steps(companies, day, markets, known_at):
    """(company, Step) pairs: a measure is seen by the company that announced it, by the
    brand that it names, by the parent of either; each sees it once."""
    keys = set(companies)
    brands = {}  # parent → its brands that are asked for
    for company in companies.values():
        if company.parent_id:
            brands.setdefault(company.parent_id, []).append(company.pk)
    concerned = Q()
    wanted = keys | set(brands)
    for name in ("announcer", "announcer_parent", "owner", "owner_parent", "brand"):
        concerned |= Q(**{f"{name}__in": wanted})
    for row in (
        _rows(day, markets, known_at)
        .filter(concerned)
        .values(
            "pk",
            "activity",
            "action",
            "stage",
            "market",
            "by",
            "public_id",
            "announcer",
            "announcer_parent",
            "owner",
            "brand",
        )
    ):
        for key, activity in _sides(row, brands).items():
            if key in keys:
                yield (
                    key,
                    Step(
                        activity,
                        row["action"],
                        row["stage"],
                        row["by"],
                        row["pk"],
                        row["public_id"],
                        row["market"],
                    ),
                )


def _sides(row, brands):
    """How each company sees one measure: company's key → Activity's key or WHOLE.

    A parent sees what its brand announces for the brand's whole business as one
    activity; so that it has a key, it is the brand's own, negative.
    """
    announcer, parent, activity = row["announcer"], row["announcer_parent"], row["activity"]
    sides = {}
    if parent:
        sides[parent] = activity if activity else -announcer
    sides[announcer] = WHOLE if row["brand"] == announcer else activity
    if activity:
        sides.setdefault(row["owner"], activity)
        if row["brand"]:
            sides[row["brand"]] = WHOLE
    else:
        for brand in brands.get(announcer, ()):
            sides[brand] = WHOLE
    return sides
