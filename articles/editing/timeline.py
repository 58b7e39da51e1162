"""All that was ever done to a record and its parts, newest first."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from articles.editing.differences import differences
from articles.editing.naming import Names, told_of
from articles.editing.remembering import before, has_history, tracked

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TOGETHER = timedelta(seconds=2)  # what one user wrote within it may be one save
LONG = 60  # characters; of longer texts the words are compared
SHOWN = 400  # characters of a long text where there is nothing to compare it with

gettext_noop("Starter archive")  # starter.loader's reason


def moment_of(hour):
    """An hour as whole microseconds since 1970, exact, as addresses carry it."""
    return (hour - EPOCH) // timedelta(microseconds=1)


def hour_of(moment):
    """The hour of such a number. Raises OverflowError."""
    return EPOCH + timedelta(microseconds=moment)


@dataclass(frozen=True)
class Source:
    """Rows that tell of a record, or of one kind of its parts.

    They are lines of history, or records that are kept for ever and name their `hour`
    and `author` themselves.
    """

    model: type
    rows: models.QuerySet
    hour: str = "history_date"
    author: str = "history_user"
    own: bool = False

    @property
    def kept(self):
        return not has_history(self.model)

    def times(self, number):
        """The rows as (hour, key, number), to be put together with other sources'."""
        key = "pk" if self.kept else "history_id"
        return (
            self.rows.order_by()
            .annotate(
                told_at=models.F(self.hour),
                told_key=models.F(key),
                told_by=models.Value(number, models.IntegerField()),
            )
            .values_list("told_at", "told_key", "told_by")
        )


@dataclass(frozen=True)
class Field:
    """A field's old and new value in words; of a long text its differences."""

    label: str
    old: str
    new: str
    words: list = None


@dataclass(frozen=True)
class Told:
    """What became of one record in a save. `kind` is "+", "~", "-", or "" for a record that
    is kept for ever; `what` is its kind and name, "" for the record itself."""

    kind: str
    what: str
    fields: list
    key: tuple
    own: bool


@dataclass
class Save:
    """What was written together: when, by whom, and why."""

    at: datetime  # when it was through
    user: object
    reason: str | None  # None while only what is kept for ever tells of it
    told: list = field(default_factory=list)
    since: datetime = None  # when it began
    cut: bool = False  # a newer part of it stands on the page before

    @property
    def moment(self):
        return moment_of(self.at)

    @property
    def why(self):
        """The kind of act, in the reader's language."""
        return capfirst(_(self.reason)) if self.reason else ""

    def takes(self, told, at, user, reason):
        """Whether that was written in the same save; the rows come newest first."""
        if user != self.user or self.since - at > TOGETHER:
            return False
        if None not in (reason, self.reason) and reason != self.reason:
            return False
        if any(each.key == told.key for each in self.told):
            return False
        # A save writes the record first, then its parts; a deletion takes the parts first.
        return not any(each.own and each.kind != "-" for each in self.told)


class Timeline:
    """The timeline of one record as a list of rows that a Paginator cuts into pages."""

    def __init__(self, sources: list[Source], record):
        self.sources, self.record = sources, record
        first, *others = (source.times(number) for number, source in enumerate(sources))
        self.times = first.union(*others, all=True)

    def count(self):
        return self.times.count()

    def __len__(self):
        return self.count()

    def __getitem__(self, piece):
        """The saves of these rows, the newest first."""
        start = max(piece.start - 1, 0)  # the row before tells whether a save is cut in two
        rows = list(self.times.order_by("-told_at", "-told_by", "-told_key")[start : piece.stop])
        return self._saves(rows, hidden=piece.start - start)

    def _saves(self, rows, hidden):
        keys = defaultdict(list)
        for _at, key, number in rows:
            keys[number].append(key)
        lines, earlier = {}, {}
        for number, wanted in keys.items():
            source = self.sources[number]
            lines[number] = self._lines(source, wanted)
            earlier[number] = (
                before_kept(source, lines[number]) if source.kept else before(source.model, wanted)
            )
        names = Names(
            (
                (self.sources[number].model, line)
                for number, found in [*lines.items(), *earlier.items()]
                if not self.sources[number].kept
                for line in found.values()
                if line
            ),
            known=[self.record],
        )
        saves = []
        for place, (at, key, number) in enumerate(rows):
            source, line = self.sources[number], lines[number][key]
            told = tell(source, line, earlier[number].get(key), names, self.record)
            user = getattr(line, source.author)
            reason = None if source.kept else line.history_change_reason or ""
            if not (saves and saves[-1].takes(told, at, user, reason)):
                saves.append(Save(at, user, reason))
            save = saves[-1]
            save.since = at
            save.reason = reason if save.reason is None else save.reason
            if place < hidden:
                save.cut = True
            save.told.append(told)
        if hidden:
            saves[0].told.pop(0)
        for save in saves:
            save.told.reverse()  # as it was written: the record first, then its parts
        return [save for save in saves if save.told]

    def _lines(self, source, keys):
        name = "pk" if source.kept else "history_id"
        rows = source.rows.filter(**{f"{name}__in": keys}).select_related(source.author)
        return {getattr(row, name): row for row in rows}


def before_kept(source, lines):
    """The record kept before each of these, for those of which a text may be compared."""
    if not hasattr(source.model, "body"):
        return {}
    wordings = {row.number: row for row in source.rows.filter(late=False)}
    return {
        key: max(
            (row for number, row in wordings.items() if number < line.number),
            key=lambda row: row.number,
            default=None,
        )
        for key, line in lines.items()
    }


def tell(source, line, earlier, names, record):
    """What a row says, in words."""
    model, key = source.model, (source.model, getattr(line, "id", line.pk))
    if source.kept:
        what = told_of(str(line), line.note) if line.note else capfirst(str(line))
        fields = []
        if earlier is not None and not line.late:
            label = capfirst(model._meta.get_field("body").verbose_name)
            fields = compared([(label, earlier.body, line.body, True)])
        return Told("", what, fields, key, own=False)
    kind = line.history_type
    what = "" if source.own else told_of(model._meta.verbose_name, names.name(model, line))
    return Told(kind, what, changes(model, line, earlier, names, record), key, source.own)


def changes(model, line, earlier, names, record):
    """The fields that a line of history changed; all that aren't empty for a new record
    and for one that went."""
    kind, compare = line.history_type, []
    if kind != "~" or earlier is None:
        earlier, line = (line, None) if kind == "-" else (None, line)
    for each in tracked(model):
        then, now = (row and getattr(row, each.attname) for row in (earlier, line))
        derived = each.primary_key or getattr(each, "auto_now", False)
        if derived or then == now or getattr(each, "auto_now_add", False):
            continue
        if (
            each.remote_field
            and isinstance(record, each.remote_field.model)
            and (record.pk in (then, now))
        ):
            continue  # whose part it is goes without saying
        prose = isinstance(each, models.CharField | models.TextField) and not each.choices
        old, new = (names.value(each, value) for value in (then, now))
        compare.append((capfirst(each.verbose_name), old, new, prose))
    return compared(compare)


def compared(values):
    """(label, old, new, whether it is prose) as Fields."""
    return [
        Field(
            str(label),
            shortened(old),
            shortened(new),
            differences(old, new)
            if prose and old and new and max(map(len, (old, new))) > LONG
            else None,
        )
        for label, old, new, prose in values
        if old or new
    ]


def shortened(text):
    return text if len(text) <= SHOWN else text[:SHOWN].rsplit(" ", 1)[0] + " …"
