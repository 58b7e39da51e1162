"""Announcements → a company's state in a market on a day.

For each activity the newest measure up to that day decides: on one day the whole
business first, then a brand, then a specific activity, then the order of recording.
A measure on the whole business decides for every activity not named after it; one on
a brand, for the brand's activities. The rule and its table of cases stand in
docs/tour.md; this module is its only place in code.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple

from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_noop as _

from articles.models import in_language
from companies.models import (
    Activity,
    Announcement,
    Company,
    Edition,
    EditionMeasure,
    Measure,
)
from companies.models.announcement import hidden_sources, own_words, own_words_then
from companies.models.measure import ADVANCE, WEIGHT, Stage

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
# What goes on and what has stopped: each is a plain exception to the other.
GOES_ON = {WORDS["resume", "in_effect"], WORDS["continue", "in_effect"]}
HAS_STOPPED = {WORDS["exit", "completed"], WORDS["suspend", "in_effect"]}

# The nearest class of Yale CELI and of KSE; "nearest to", never their own grade.
NEAREST = {
    "exited": ("A", "transfer"),
    "leaving": ("A", "withdrawal"),
    "suspended": ("B", "suspension"),
    "scaled_back": ("C", "scalingback"),
    "investment_paused": ("D", "holdoff"),
    "going_on": ("F", "continue"),
}


FEW = 500  # companies; for more of them, all measures are read, and the others' left aside


class Step(NamedTuple):
    """One measure as the rule sees it, from the side of one company."""

    path: tuple  # of keys, down from that company to what is touched; () for all of it
    name_fr: str  # of what is touched
    name_en: str
    action: str
    stage: str
    announced_by: date  # the last day that the date of the announcement can mean
    precision: str  # of that date
    sourced: bool  # a source gives it
    reported: bool  # others tell it, not the company
    announcement: str  # its public id
    market: str
    order: tuple  # by day, then from the whole to the specific, then as recorded


class State(NamedTuple):
    """What holds for the whole business, or for an activity or a brand that it names,
    and since when without a break."""

    action: str
    stage: str
    since: date  # the last day that the announcement's date can mean
    since_precision: str
    since_sourced: bool
    since_reported: bool  # only others tell it
    announcement: str  # its public id
    name_fr: str
    name_en: str

    @property
    def name(self):
        return in_language(self, "name")

    @property
    def term(self):
        return WORDS[self.action, self.stage]

    @property
    def word(self):
        return gettext(self.term)


@dataclass(frozen=True)
class Standing:
    """A company's state in a market on a day."""

    company: Company
    market: str
    as_of: date
    # By path; a part is held only where its word isn't that of what encloses it.
    states: dict[tuple, State] = field(default_factory=dict)
    # The announcement with which it began to be so without a break: the last day that its
    # date can mean, how exactly that is known, whether a source gives it, and whether only
    # others tell it.
    since: date | None = None
    since_precision: str | None = None
    since_sourced: bool | None = None
    since_reported: bool | None = None
    known_at: datetime | None = None  # what this archive knew then; None: what it knows now

    @property
    def whole(self):
        """The state of the whole business, or None where only named parts are touched."""
        return self.states.get(())

    @cached_property
    def decisive(self):
        """The state that gives the market its word, or None."""
        return _decisive(self.states)

    @property
    def action(self):
        return self.decisive.action if self.decisive else None

    @property
    def stage(self):
        return self.decisive.stage if self.decisive else None

    @property
    def announcement(self):
        """The public id of the announcement that decides."""
        return self.decisive.announcement if self.decisive else None

    @property
    def partial(self):
        """Only named parts are touched."""
        return self.whole is None and bool(self.states)

    @property
    def touched(self):
        """The states of the parts that the standing names, the weightiest first: where the
        whole business has one, those that differ from it."""
        return ranked(state for path, state in self.states.items() if path)

    @cached_property
    def term(self):
        """The standing's word, untranslated and without a count."""
        return _term(self.states)

    @property
    def words(self):
        """The standing in the reader's language, for instance “partly suspended: 5 activities;
        partly scaled back: 1 activity”, “suspended, but for 1 activity”."""
        if self.partial:
            of_each = groupby(self.touched, key=lambda state: state.action)
            return gettext("; ").join(_partly(action, len(list(each))) for action, each in of_each)
        count = len(self.touched)
        if not count:
            said = "%(word)s"
        elif self._excepts():
            said = ngettext(
                "%(word)s, but for %(count)d activity",
                "%(word)s, but for %(count)d activities",
                count,
            )
        else:
            said = ngettext(
                "%(word)s; %(count)d activity differs",
                "%(word)s; %(count)d activities differ",
                count,
            )
        return said % {"word": gettext(self.term), "count": count}

    def _excepts(self):
        """Whether each part is a plain exception: it goes on where the whole business doesn't,
        or has stopped where that goes on. What is only announced is neither yet."""
        exceptions = HAS_STOPPED if self.action in ("resume", "continue") else GOES_ON
        return exceptions.issuperset(state.term for state in self.touched)

    @property
    def said(self):
        """Untranslated word of the whole business, and of each part that it names, by path."""
        return {path: state.term for path, state in self.states.items()}

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

    def nearest_on_scale_of(self, grade):
        """The class nearest to it on the scale that somebody else's grade is of, which the
        grade itself shows; None for another scale, and where nothing was announced."""
        for place, classes in enumerate(zip(*NEAREST.values(), strict=True)):
            if grade in classes and self.nearest:
                return self.nearest[place]
        return None


@dataclass(frozen=True)
class Change:
    """A standing that reads otherwise than it did."""

    then: Standing | None  # None: nothing was announced
    now: Standing

    @property
    def is_of_parts(self):
        """Whether the word is the same, and only what is said of single activities isn't."""
        return self.then is not None and self.then.term == self.now.term

    @property
    def parts(self):
        """Of such a change, the states of the parts of which something else was said then."""
        if not self.is_of_parts:
            return []
        before, now = self.then.said, self.now.states
        return ranked(state for path, state in now.items() if state.term != before.get(path))


def ranked(states):
    """The states of parts, the weightiest first."""
    return sorted(states, key=lambda state: (_weight(state), state.name_en))


def _weight(state):
    return WEIGHT[state.action], ADVANCE[state.stage], state.since


def _partly(action, count):
    said = ngettext("%(word)s: %(count)d activity", "%(word)s: %(count)d activities", count)
    return said % {"word": gettext(PARTLY[action]), "count": count}


def derive(company, market, day, steps, known_at=None):
    """The standing that `steps` give by `day`; the steps may come in any order."""
    in_order = sorted((step for step in steps if step.announced_by <= day), key=lambda s: s.order)
    states, term, first = {}, NOTHING, None  # first: how that word began to hold, without a break
    for on, of_day in groupby(in_order, key=lambda step: step.announced_by):
        before = term
        for step in of_day:
            states = _decide(states, step)
            if (now := _term(states)) != term:
                term, turn = now, step
        if term != before:
            decisive = _decisive(states)
            first = decisive if decisive.since == on else _begun(turn)
    return Standing(
        company,
        market,
        day,
        states,
        since=first and first.since,
        since_precision=first and first.since_precision,
        since_sourced=first and first.since_sourced,
        since_reported=first and first.since_reported,
        known_at=known_at,
    )


def _decisive(states):
    """The state that gives a market its word: the whole business's, else the weightiest of the
    parts' (among equals the least advanced); maybe None."""
    return states.get(()) or min(states.values(), key=_weight, default=None)


def _term(states):
    """The word of a market, untranslated and without a count."""
    decisive = _decisive(states)
    if not decisive:
        return NOTHING
    return decisive.term if () in states else PARTLY[decisive.action]


def _decide(states, step):
    """`states` after one more measure: it decides for what it touches and all that is in it."""
    path, depth = step.path, len(step.path)
    above = next((states[path[:n]] for n in range(depth - 1, -1, -1) if path[:n] in states), None)
    before = states.get(path, above)
    state = _begun(step)
    if before and before.term == state.term:
        same_day = before.since == state.since  # then who said it first isn't known
        state = state._replace(
            since=before.since,
            since_precision=before.since_precision,
            since_sourced=before.since_sourced,
            since_reported=before.since_reported and not (same_day and not step.reported),
        )
    outside = {other: held for other, held in states.items() if other[:depth] != path}
    if above and above.term == state.term:
        return outside
    return outside | {path: state}


def _begun(step):
    """The state that a measure gives what it touches, where it wasn't so before."""
    return State(
        action=step.action,
        stage=step.stage,
        since=step.announced_by,
        since_precision=step.precision,
        since_sourced=step.sourced,
        since_reported=step.reported,
        announcement=step.announcement,
        name_fr=step.name_fr,
        name_en=step.name_en,
    )


def standings(companies, *, day=None, markets=None, known_at=None):
    """The standings of many companies, as a list, in two queries, or three with `known_at`.

    `companies` is a queryset; `day` defaults to today; `markets` limits to some
    country codes; `known_at` answers from the editions of that time. There is one
    Standing for each company and market with a measure by that day, ordered by
    company name and market.
    """
    day = day or timezone.localdate()
    return on_days(companies, [day], markets=markets, known_at=known_at)[0]


def on_days(companies, days, *, markets=None, known_at=None):
    """The standings of many companies on each of some days, as lists, in the same queries."""
    parent = Coalesce("parent__absorbed_by", "parent")
    asked = companies.annotate(brand_of_key=parent).order_by("name", "pk")
    companies = {company.pk: company for company in asked}
    steps = {}
    for key, step in _steps(companies, max(days), markets, known_at):
        steps.setdefault((key, step.market), []).append(step)
    order = {key: place for place, key in enumerate(companies)}
    in_order = sorted(steps, key=lambda pair: (order[pair[0]], pair[1]))
    return [
        [
            derive(companies[key], market, day, steps[key, market], known_at)
            for key, market in in_order
            if any(step.announced_by <= day for step in steps[key, market])
        ]
        for day in days
    ]


def by_company(companies, **asked):
    """`standings` as lists, by the company's key."""
    found = {}
    for each in standings(companies, **asked):
        found.setdefault(each.company.pk, []).append(each)
    return found


def with_standings(companies):
    """(company, its standings of today) pairs of the companies of one page."""
    shown = list(companies)
    found = by_company(Company.objects.filter(pk__in=[company.pk for company in shown]))
    return [(company, found.get(company.pk, [])) for company in shown]


def counted(found):
    """Those that a count of companies takes: a brand counts with its company where both are
    found."""
    companies = {each.company.pk for each in found}
    return [each for each in found if each.company.brand_of_key not in companies]


def with_brands(found):
    """Whether a count of them has brands counted with their company."""
    return len(counted(found)) < len(found)


def tally(found):
    """(word, how many standings have it) pairs in the reader's language, the weightiest first,
    of those `counted`."""
    sizes, weights = {}, {}
    for each in counted(found):
        if each.decisive:
            sizes[each.term] = sizes.get(each.term, 0) + 1
            weights.setdefault(each.term, (each.partial, _weight(each.decisive)[:2]))
    in_order = sorted(sizes, key=lambda term: (weights[term][1][0], weights[term]))
    return [(gettext(term), sizes[term]) for term in in_order]


def changed(then, now):
    """The Change of each standing of `now` of which readers see another word, or another word
    of a part, than on the day of `then`; what wasn't there had nothing announced."""
    before = {(each.company.pk, each.market): each for each in then}
    pairs = [Change(before.get((each.company.pk, each.market)), each) for each in now]
    return [pair for pair in pairs if pair.then is None or pair.then.said != pair.now.said]


def standing(company, market, day=None, known_at=None):
    """One company's standing in one market on a day; “nothing announced” is a standing too."""
    day = day or timezone.localdate()
    one = Company.objects.filter(pk=company.pk)
    found = standings(one, day=day, markets=[market], known_at=known_at)
    return found[0] if found else Standing(company, market, day, known_at=known_at)


def _rows(day, markets, known_at):
    """The measures known, current or of the editions of a time, under common names."""
    if known_at is None:
        public = Announcement.objects.public().as_of(day)
        rows = Measure.objects.filter(Exists(public.filter(pk=OuterRef("announcement"))))
        edition = announcement = "announcement"
        precision, sourced = (
            F(f"announcement__{name}") for name in ("announced_precision", "announced_sourced")
        )
        own = own_words(announcement)
    else:
        known = Announcement.objects.public().known_at(known_at)
        its = known.filter(pk=OuterRef("edition__announcement"), known_edition=OuterRef("edition"))
        rows = EditionMeasure.objects.filter(Exists(its), edition__announced_by__lte=day)
        edition, announcement = "edition", "edition__announcement"
        precision, sourced = (
            KeyTextTransform(name, "edition__snapshot")
            for name in ("announced_precision", "announced_sourced")
        )
        own = KeyTransform("evidence", "edition__snapshot")
    if markets:
        rows = rows.filter(market__in=markets)

    def of_owner(name):
        """Of the record that stands for the activity's company, else for the announcer."""
        own, announcer = "activity__company", f"{announcement}__company"
        return Case(
            When(**{f"{own}__absorbed_by__isnull": False}, then=F(f"{own}__absorbed_by__{name}")),
            When(activity__isnull=False, then=F(f"{own}__{name}")),
            When(
                **{f"{announcer}__absorbed_by__isnull": False},
                then=F(f"{announcer}__absorbed_by__{name}"),
            ),
            default=F(f"{announcer}__{name}"),
        )

    return rows.annotate(
        by=F(f"{edition}__announced_by"),
        precision=precision,
        sourced=sourced,
        own=own,
        recorded=F(announcement),
        public_id=F(f"{announcement}__public_id"),
        owner=of_owner("pk"),
        owner_name=of_owner("name"),
        owner_parent=Coalesce(of_owner("parent__absorbed_by"), of_owner("parent")),
        brand=Coalesce("activity__brand__absorbed_by", "activity__brand"),
        brand_name=Coalesce("activity__brand__absorbed_by__name", "activity__brand__name"),
        activity_fr=F("activity__name_fr"),
        activity_en=F("activity__name_en"),
    )


def _steps(companies, day, markets, known_at):
    """(company's key, Step) pairs: each company sees a measure once, whether it is on
    itself, on a part of it, or on the whole of its parent."""
    brands = {}  # parent → its brands that are asked for
    for company in companies.values():
        brands.setdefault(company.brand_of_key, []).append(company.pk)
    family = companies.keys() | (brands.keys() - {None})
    rows = _rows(day, markets, known_at).order_by()
    if len(family) <= FEW:
        rows = rows.filter(_touching(family, known_at))
    hidden = hidden_sources() if known_at else None
    for row in rows.values():
        own = own_words_then(row["own"], hidden) if known_at else row["own"]
        path = _path(row)
        kind, target = path[-1]
        sides = {key: path[n + 1 :] for n, (kind, key) in enumerate(path) if kind == "company"}
        if kind == "company":
            sides = dict.fromkeys(brands.get(target, ()), ()) | sides
        for key in sides.keys() & companies.keys():
            yield (
                key,
                Step(
                    path=sides[key],
                    name_fr=row["brand_name"] or row["activity_fr"] or row["owner_name"],
                    name_en=row["brand_name"] or row["activity_en"] or row["owner_name"],
                    action=row["action"],
                    stage=row["stage"],
                    announced_by=row["by"],
                    precision=row["precision"],
                    sourced=row["sourced"] in (True, None),  # an edition says it where it isn't
                    reported=not own,
                    announcement=row["public_id"],
                    market=row["market"],
                    order=(row["by"], len(path), row["recorded"], row["id"]),
                ),
            )


def _touching(family, known_at):
    """Measures that companies of these keys, their brands, or records merged into either
    announced, or that are on a part of one: told by the measures' own indexed columns."""
    stands = Q(pk__in=family) | Q(parent__in=family) | Q(parent__absorbed_by__in=family)
    ends = Company.objects.filter(stands).order_by().values("pk")
    records = Company.objects.filter(Q(pk__in=ends) | Q(absorbed_by__in=ends)).order_by()
    parts = Activity.objects.filter(
        Q(company__in=records.values("pk")) | Q(brand__in=records.values("pk"))
    )
    announced = Announcement.objects.filter(company__in=records.values("pk")).order_by()
    if known_at is None:
        own = Q(announcement__in=announced.values("pk"))
    else:
        own = Q(edition__in=Edition.objects.filter(announcement__in=announced.values("pk")))
    return own | Q(activity__in=parts.order_by().values("pk"))


def _path(row):
    """What a measure touches, as keys from the company on top down: parent, brand, activity."""
    path = [("company", row["owner"])]
    if row["owner_parent"]:
        path.insert(0, ("company", row["owner_parent"]))
    if row["brand"]:
        if row["brand"] != row["owner"]:
            path.append(("company", row["brand"]))
    elif row["activity_id"]:
        path.append(("activity", row["activity_id"]))
    return tuple(path)
