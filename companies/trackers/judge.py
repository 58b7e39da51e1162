"""What becomes of each row of a list, given what the archive knows. Needs no database.

A row leads to a company by an editor's decision, an identifier, the company's own name,
another of its names, or either of these but for the legal form; in this order. Whatever
speaks against it, or comes near without being the same, is for an editor to decide.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from companies.trackers.names import Near, bare, key
from companies.trackers.table import Row

MAX_CANDIDATES = 10
SINGLE = ("lei", "wikidata")  # a company has one of these, while it may have many tickers


class Done(TextChoices):
    """What became of a row."""

    MATCHED = "matched", _("Matched")
    CREATED = "created", _("Created")
    UNCHANGED = "unchanged", _("Unchanged")
    UNCERTAIN = "uncertain", _("Uncertain")
    DISMISSED = "dismissed", _("Dismissed")
    REFUSED = "refused", _("Refused")


class Why(TextChoices):
    """The reason of it; those from TWICE on make a row uncertain."""

    DECIDED = "decided", _("An editor decided so")
    IDENTIFIER = "identifier", _("The identifier is the company's")
    NAME = "name", _("The name is the company's")
    ALIAS = "alias", _("It is another name of the company")
    FORM = "form", _("The name is the company's but for the legal form")
    NEW = "new", _("No company bears the name or one near it")
    STANDS = "stands", _("The company has this grade of that day")
    REPEATED = "repeated", _("The file says it a second time")
    UNREADABLE = "unreadable", _("Nothing can be made of the row")
    TWICE = "twice", _("The list bears the name more than once")
    SEVERAL = "several", _("Several of our companies bear the name")
    AMBIGUOUS = "ambiguous", _("The name is marked as ambiguous")
    NEAR = "near", _("The name is only near one that we know")
    AWAITING = "awaiting", _("The name awaits an editor's decision")
    SEAT = "seat", _("The company bears the name, but has its seat elsewhere")
    IDENTIFIERS = "identifiers", _("The identifiers lead elsewhere")
    CLASH = "clash", _("Rows with other grades lead to the same company")
    GRADE = "grade", _("The company has another grade of that day")


DOUBTS = list(Why)[list(Why).index(Why.TWICE) :]


@dataclass(frozen=True)
class Decision:
    """What an editor said of a row of one of the assessor's lists."""

    known_by: str
    name: str
    country: str
    company: int | None  # None: dismissed


@dataclass
class Known:
    """What the archive knows that bears on a list; companies go by their keys."""

    countries: dict[int, str] = field(default_factory=dict)  # company → seat
    names: list[tuple[int, str]] = field(default_factory=list)
    aliases: list[tuple[int, str, bool]] = field(default_factory=list)  # the last: ambiguous
    identifiers: dict[tuple[str, str], int] = field(default_factory=dict)  # (scheme, value) → it
    grades: dict[int, str] = field(default_factory=dict)  # of this list's day
    made_here: set[int] = field(default_factory=set)  # companies that this very list brought in
    decisions: list[Decision] = field(default_factory=list)  # the oldest first
    open_here: set[tuple[str, str]] = field(default_factory=set)  # (known_by, grade)
    open_elsewhere: list[str] = field(default_factory=list)  # names in the assessor's other lists

    @cached_property
    def by_name(self):
        return _index((key(name), company, False) for company, name in self.names)

    @cached_property
    def by_alias(self):
        return _index((key(name), company, doubt) for company, name, doubt in self.aliases)

    @cached_property
    def by_form(self):
        names = [(company, name, False) for company, name in self.names] + self.aliases
        return _index((bare(key(name)), company, doubt) for company, name, doubt in names)

    @cached_property
    def near(self):
        """Names that stood before this list. It tells its own companies apart itself."""
        names = [*self.names, *((company, name) for company, name, _doubt in self.aliases)]
        waiting = [(None, name) for name in self.open_elsewhere]
        return Near([(c, name) for c, name in names if c not in self.made_here] + waiting)

    @cached_property
    def awaiting(self):
        return {bare(key(name)) for name in self.open_elsewhere}

    @cached_property
    def decided_rows(self):
        return _grouped((decision.known_by, decision) for decision in self.decisions)

    @cached_property
    def decided_names(self):
        return _grouped((key(decision.name), decision) for decision in self.decisions)

    @cached_property
    def owned(self):
        """(company, scheme) → value, where a company has one only."""
        return {(c, scheme): v for (scheme, v), c in self.identifiers.items() if scheme in SINGLE}


def _index(names):
    """Key → {company: ambiguous}; one plain name is enough."""
    index = defaultdict(dict)
    for name, company, ambiguous in names:
        index[name][company] = index[name].get(company, True) and ambiguous
    return index


def _grouped(pairs):
    groups = defaultdict(list)
    for name, value in pairs:
        groups[name].append(value)
    return groups


@dataclass
class Verdict:
    """What becomes of one row, and why."""

    row: Row
    done: Done
    why: Why
    company: int | None = None
    candidates: list[int] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)  # of the other rows that it has to do with

    def doubt(self, why, lines=()):
        """An editor must look: what was found becomes a candidate."""
        if self.company:
            self.candidates = [self.company, *self.candidates][:MAX_CANDIDATES]
        self.done, self.why, self.company, self.lines = Done.UNCERTAIN, why, None, list(lines)


def judge(rows: list[Row], known: Known) -> list[Verdict]:
    """One verdict for each row, in their order; none depends on how much of the list is in."""
    namesakes = _grouped((bare(key(row.name)), row) for row in rows if not row.refused)
    verdicts = [_judge(row, namesakes, known) for row in rows]
    for verdict in verdicts:
        on_the_desk = (verdict.row.known_by, verdict.row.grade) in known.open_here
        if on_the_desk and verdict.done not in (Done.UNCERTAIN, Done.REFUSED):
            verdict.doubt(Why.AWAITING)
    _settle_new(verdicts)
    _settle_matched(verdicts, known)
    return verdicts


def _judge(row, namesakes, known):
    if row.refused:
        return Verdict(row, Done.REFUSED, Why.UNREADABLE)
    decided = _decision(row, known)
    if decided and decided.company is None:
        return Verdict(row, Done.DISMISSED, Why.DECIDED)
    if decided:
        return Verdict(row, Done.MATCHED, Why.DECIDED, decided.company)
    pairs = [pair for pair in row.identifiers.items() if pair in known.identifiers]
    found = {known.identifiers[pair]: None for pair in pairs}
    if len(found) == 1:
        return Verdict(row, Done.MATCHED, Why.IDENTIFIER, *found)
    if found:
        return _uncertain(row, Why.IDENTIFIERS, found)
    others = [each for each in namesakes[bare(key(row.name))] if _said(each) != _said(row)]
    if others:
        near = [*known.by_form.get(bare(key(row.name)), ()), *known.near.to(row.name)]
        return _uncertain(row, Why.TWICE, near, [other.line for other in others])
    return _by_name(row, known)


def _decision(row, known):
    """An editor's word on this row, or on its name where nothing speaks against it."""
    if (row.known_by, row.grade) in known.open_here:
        return None
    own = known.decided_rows.get(row.known_by)
    if own:
        return own[-1] if len({each.company for each in own}) == 1 else None
    same = known.decided_names.get(key(row.name), [])
    agreed = len({each.company for each in same}) == 1 and not any(
        each.country and row.country and each.country != row.country for each in same
    )
    return same[-1] if agreed and bare(key(row.name)) not in known.awaiting else None


def _by_name(row, known):
    name = key(row.name)
    for why, index, asked in (
        (Why.NAME, known.by_name, name),
        (Why.ALIAS, known.by_alias, name),
        (Why.FORM, known.by_form, bare(name)),
    ):
        bearers = index.get(asked, {})
        if len(bearers) > 1:
            return _uncertain(row, Why.SEVERAL, bearers)
        for company, ambiguous in bearers.items():
            return _weigh(row, known, company, Why.AMBIGUOUS if ambiguous else why)
    near = known.near.to(row.name)
    if bare(name) in known.awaiting:
        return _uncertain(row, Why.AWAITING, near)
    return _uncertain(row, Why.NEAR, near) if near else Verdict(row, Done.CREATED, Why.NEW)


def _weigh(row, known, company, why):
    """The one bearer of a row's name, unless something speaks against it."""
    seat = known.countries.get(company)
    if why == Why.AMBIGUOUS:
        return _uncertain(row, why, [company])
    if seat and row.country and seat != row.country:
        return _uncertain(row, Why.SEAT, [company])
    for scheme, value in row.identifiers.items():
        if known.owned.get((company, scheme), value) != value:
            return _uncertain(row, Why.IDENTIFIERS, [company])
    return Verdict(row, Done.MATCHED, why, company)


def _uncertain(row, why, candidates, lines=()):
    known = dict.fromkeys(company for company in candidates if company)
    return Verdict(row, Done.UNCERTAIN, why, None, list(known)[:MAX_CANDIDATES], list(lines))


def _said(row):
    return row.known_by, row.grade


def _settle_new(verdicts):
    """Rows that bring one company in: the first does; a shared identifier is doubtful."""
    first, owners = {}, defaultdict(list)
    for verdict in verdicts:
        if verdict.done != Done.CREATED:
            continue
        name = bare(key(verdict.row.name))
        if name in first:
            verdict.done, verdict.why = Done.UNCHANGED, Why.REPEATED
            verdict.lines = [first[name].row.line]
            continue
        first[name] = verdict
        for pair in verdict.row.identifiers.items():
            owners[pair].append(verdict)
    for sharing in owners.values():
        for verdict in sharing if len(sharing) > 1 else ():
            verdict.doubt(Why.IDENTIFIERS, _lines(sharing, verdict))


def _settle_matched(verdicts, known):
    """Rows that lead to one company: with one grade it is said once, else it is doubtful."""
    groups = defaultdict(list)
    for verdict in verdicts:
        if verdict.done == Done.MATCHED:
            groups[verdict.company].append(verdict)
    for company, group in groups.items():
        decided = [each for each in group if each.why == Why.DECIDED]
        if len({each.row.grade for each in decided or group}) > 1:
            decided = []
        right = {each.row.grade for each in decided or group}
        stands = known.grades.get(company)
        said = None
        for verdict in group:
            if len(right) > 1 or verdict.row.grade not in right:
                verdict.doubt(Why.CLASH, _lines(group, verdict))
            elif stands not in (None, verdict.row.grade):
                verdict.doubt(Why.GRADE)
            elif said or stands:
                verdict.done = Done.UNCHANGED
                verdict.why = Why.REPEATED if said else Why.STANDS
                verdict.lines = [said.row.line] if said else []
            if verdict.done != Done.UNCERTAIN:
                said = said or verdict


def _lines(group, but):
    return [each.row.line for each in group if each is not but]
