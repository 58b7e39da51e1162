"""What becomes of each row of a list, given what the archive knows. Needs no database.

A row leads to a company by an editor's decision on it, an identifier, a decision on its
name, the company's own name, another of its names, or either of these but for the legal
form; in this order. Whatever speaks against it, or comes near without being the same, is
for an editor to decide.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, islice

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from companies.trackers.names import Near, bare, form, key
from companies.trackers.table import Row, decides

MAX_CANDIDATES = 10
MAX_LINES = 20  # of other rows that are named beside a doubtful one
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
    def forms(self):
        """(company, bare key) → the legal forms with which we know that name of it."""
        names = [*self.names, *((company, name) for company, name, _doubt in self.aliases)]
        keys = [(company, key(name)) for company, name in names]
        return _grouped(((company, bare(name)), form(name)) for company, name in keys)

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
    namesakes = defaultdict(lambda: defaultdict(list))  # bare key → what is said → lines
    for row in rows:
        if not row.refused:
            namesakes[bare(key(row.name))][_said(row)].append(row.line)
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
    on_the_desk = (row.known_by, row.grade) in known.open_here
    if not on_the_desk and (decided := _agreed(known.decided_rows.get(row.known_by))):
        return _as_decided(row, decided)
    pairs = [pair for pair in row.identifiers.items() if pair in known.identifiers]
    found = dict.fromkeys(known.identifiers[pair] for pair in pairs if decides(*pair))
    if len(found) > 1:
        return _uncertain(row, Why.IDENTIFIERS, found)
    if found:
        return _by_identifier(row, known, *found)
    verdict = _by_what_it_is_called(row, namesakes, known, on_the_desk)
    proposed = [known.identifiers[pair] for pair in pairs]
    if not proposed or verdict.why == Why.DECIDED or verdict.company == proposed[0]:
        return verdict
    why = verdict.why if verdict.done == Done.UNCERTAIN else Why.IDENTIFIERS
    candidates = [verdict.company, *verdict.candidates, *proposed]
    return _uncertain(row, why, candidates, verdict.lines)


def _by_identifier(row, known, company):
    """The company that an identifier leads to, unless the exact name or the seat contradicts."""
    bearers = [
        bearer
        for index in (known.by_name, known.by_alias)
        for bearer, ambiguous in index.get(key(row.name), {}).items()
        if not ambiguous
    ]
    if (bearers and company not in bearers) or _against(row, known, company):
        return _uncertain(row, Why.IDENTIFIERS, [company, *bearers])
    return Verdict(row, Done.MATCHED, Why.IDENTIFIER, company)


def _by_what_it_is_called(row, namesakes, known, on_the_desk):
    said = namesakes[bare(key(row.name))]
    if len(said) > 1:
        near = [*known.by_form.get(bare(key(row.name)), ()), *known.near.to(row.name)]
        others = chain.from_iterable(said[each] for each in said if each != _said(row))
        return _uncertain(row, Why.TWICE, near, islice(others, MAX_LINES))
    decided = None if on_the_desk else _decided_name(row, known)
    return _as_decided(row, decided) if decided else _by_name(row, known)


def _agreed(decisions):
    """The newest of decisions that all say the same, or None."""
    agree = decisions and len({each.company for each in decisions}) == 1
    return decisions[-1] if agree else None


def _decided_name(row, known):
    """An editor's word on the row's name in another list, where nothing speaks against it."""
    same = known.decided_names.get(key(row.name), [])
    if row.known_by in known.decided_rows or bare(key(row.name)) in known.awaiting:
        return None
    if any(each.country and row.country and each.country != row.country for each in same):
        return None
    decided = _agreed(same)
    contradicted = decided and decided.company and _against(row, known, decided.company)
    return None if contradicted else decided


def _as_decided(row, decided):
    if decided.company is None:
        return Verdict(row, Done.DISMISSED, Why.DECIDED)
    return Verdict(row, Done.MATCHED, Why.DECIDED, decided.company)


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
            if why == Why.FORM and not _form_fits(name, known, company):
                return _uncertain(row, Why.NEAR, bearers)
            return _weigh(row, known, company, Why.AMBIGUOUS if ambiguous else why)
    near = known.near.to(row.name)
    if bare(name) in known.awaiting:
        return _uncertain(row, Why.AWAITING, near)
    return _uncertain(row, Why.NEAR, near) if near else Verdict(row, Done.CREATED, Why.NEW)


def akin(name: str, known: Known) -> dict[int, Why]:
    """Companies that bear the name or one near it → why, the surest first."""
    asked, found = key(name), {}
    for why, index, said in (
        (Why.NAME, known.by_name, asked),
        (Why.ALIAS, known.by_alias, asked),
        (Why.FORM, known.by_form, bare(asked)),
    ):
        for company in index.get(said, ()):
            near = why == Why.FORM and not _form_fits(asked, known, company)
            found.setdefault(company, Why.NEAR if near else why)
    for company in known.near.to(name):
        found.setdefault(company, Why.NEAR)
    return dict(sorted(found.items(), key=lambda item: list(Why).index(item[1])))


def _form_fits(name, known, company):
    """Whether it bears the name without a legal form or with the same, or the row has none:
    *Visa SpA* is another than *Visa Inc.*"""
    own = form(name)
    return not own or not {"", own}.isdisjoint(known.forms[company, bare(name)])


def _weigh(row, known, company, why):
    """The one bearer of a row's name, unless something speaks against it."""
    against = why if why == Why.AMBIGUOUS else _against(row, known, company)
    if against:
        return _uncertain(row, against, [company])
    return Verdict(row, Done.MATCHED, why, company)


def _against(row, known, company):
    """What speaks against the row being this company's, or None: its seat, an identifier."""
    seat = known.countries.get(company)
    if seat and row.country and seat != row.country:
        return Why.SEAT
    for scheme, value in row.identifiers.items():
        if known.owned.get((company, scheme), value) != value:
            return Why.IDENTIFIERS
    return None


def _uncertain(row, why, candidates, lines=()):
    known = dict.fromkeys(company for company in candidates if company)
    return Verdict(row, Done.UNCERTAIN, why, None, list(known)[:MAX_CANDIDATES], list(lines))


def _said(row):
    return row.known_by, row.grade


def _settle_new(verdicts):
    """Rows that bring one company in: the first does. An identifier that a new company
    shares with another row is doubtful."""
    first, owners = {}, defaultdict(list)
    for verdict in verdicts:
        if verdict.done not in (Done.CREATED, Done.MATCHED):
            continue
        name = bare(key(verdict.row.name))
        if verdict.done == Done.CREATED and name in first:
            verdict.done, verdict.why = Done.UNCHANGED, Why.REPEATED
            verdict.lines = [first[name].row.line]
            continue
        if verdict.done == Done.CREATED:
            first[name] = verdict
        for pair in verdict.row.identifiers.items():
            owners[pair].append(verdict)
    new = {verdict.row.line for verdict in first.values()}
    for sharing in owners.values():
        if len(sharing) < 2 or not any(each.row.line in new for each in sharing):
            continue
        for verdict in sharing:
            if verdict.why != Why.DECIDED:
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
    return list(islice((each.row.line for each in group if each is not but), MAX_LINES))
