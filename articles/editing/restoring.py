"""An earlier state of a record with its parts: what would change, and changing it."""

import hashlib
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_noop

from articles.editing.naming import Names, told_of
from articles.editing.remembering import has_history, newest, remembered, tracked
from articles.editing.timeline import TOGETHER, Field, compared
from articles.editing.writing import Write, delete_again, insert_again, save_again, write_all

RESTORED = gettext_noop("Earlier state restored")  # in the history of what was written
BROUGHT_BACK = gettext_noop("Brought back")


@dataclass(frozen=True)
class Part:
    """A kind of record that belongs to another: `link` is the foreign key that says so,
    `offered` the fields that the form lets an editor write, `deletable` whether a row of
    it may go."""

    model: type
    link: str
    offered: frozenset
    deletable: bool = True


@dataclass(frozen=True)
class Change:
    """One thing that a restore would do, which an editor may leave out.

    `kind` is "changed", "returns" or "goes"; `values` are the columns to be written,
    `line` is the record as it was.
    """

    kind: str
    model: type
    key: int
    name: str
    fields: list[Field]
    values: dict
    line: object = None

    @property
    def id(self):
        """Names the change in a form."""
        columns = "-".join(sorted(self.values)) if self.kind == "changed" else ""
        return f"{self.kind}-{self.model._meta.model_name}-{self.key}-{columns}"


def at(model, hour, **record):
    """The lines that records had at an hour, by key; none for those that weren't there."""
    ids = model.history.filter(**record).order_by().values_list("id", flat=True).distinct()
    lines = model.history.filter(id__in=list(ids), history_date__lte=hour)
    newest_then = {line.id: line for line in lines.order_by("history_date", "history_id")}
    ((name, value),) = record.items()
    return {
        key: line
        for key, line in newest_then.items()
        if line.history_type != "-" and getattr(line, _attname(model, name)) == value
    }


def _attname(model, name):
    return model._meta.get_field(name).attname


def plan(record, hour, offered, parts, more=None) -> list[Change]:
    """What would have to change so that the record and its parts are again as they were at
    an hour; empty where nothing would.

    `offered` are the names of its own fields that a form offers: others are no matter of
    restoring. `more` are columns with earlier values that its history doesn't keep.
    """
    model = type(record)
    line = at(model, hour, id=record.pk).get(record.pk)
    if line is None:
        return []
    now, then = {model: {record.pk: record}}, {model: {record.pk: line}}
    for part in parts:
        now[part.model] = part.model._base_manager.filter(**{part.link: record.pk}).in_bulk()
        then[part.model] = at(part.model, hour, **{part.link: record.pk})
    names = Names(
        [
            (each, row)
            for states in (now, then)
            for each, rows in states.items()
            for row in rows.values()
        ],
        known=[record],
    )
    found = []
    for each in tracked(model):
        if each.name in offered and getattr(line, each.attname) != getattr(record, each.attname):
            value = getattr(line, each.attname)
            found.append(_changed(names, record, {each.attname: value}, ""))
    for name, value in (more or {}).items():
        if getattr(record, name) != value:
            found.append(_changed(names, record, {name: value}, ""))
    for part in parts:
        found += _of_part(names, part, now[part.model], then[part.model])
    return found


def _of_part(names, part, now, then):
    model, found = part.model, []
    for key in sorted(now.keys() | then.keys()):
        name = names.name(model, then.get(key) or now[key])
        what = told_of(model._meta.verbose_name, name)
        if key not in then:
            if part.deletable:
                found.append(Change("goes", model, key, what, [], {}))
        elif key not in now:
            found.append(Change("returns", model, key, what, [], {}, then[key]))
        else:
            values = {
                field.attname: getattr(then[key], field.attname)
                for field in tracked(model)
                if field.name in part.offered
                and getattr(then[key], field.attname) != getattr(now[key], field.attname)
            }
            if values:
                found.append(_changed(names, now[key], values, what))
    return found


def _changed(names, record, values, what):
    model = type(record)
    fields = []
    for attname, value in values.items():
        field = next(f for f in model._meta.concrete_fields if f.attname == attname)
        prose = isinstance(field, models.CharField | models.TextField) and not field.choices
        old, new = (names.value(field, v) for v in (getattr(record, attname), value))
        fields += compared([(capfirst(field.verbose_name), old, new, prose)]) or [
            Field(str(capfirst(field.verbose_name)), old, new)
        ]
    return Change("changed", model, record.pk, what, fields, values)


def digest(changes: list[Change]) -> str:
    """Tells whether a plan is still the one that an editor saw; SHA-256 in hex."""
    text = repr(
        [(c.id, sorted(c.values.items()), [(f.old, f.new) for f in c.fields]) for c in changes]
    )
    return hashlib.sha256(text.encode()).hexdigest()


def carry_out(changes: list[Change], *, by=None, before_change: Callable = lambda *_: None):
    """Write the chosen changes, all or none; each is a line of history of its own record.

    `before_change(record, values)` may do what a form does beside. Raises ValidationError.
    """
    values = defaultdict(dict)
    for change in changes:
        if change.kind == "changed":
            values[change.model, change.key] |= change.values

    def alter(model, key):
        record = model._base_manager.select_for_update().get(pk=key)
        before_change(record, values[model, key])
        save_again(record, values[model, key], by=by, reason=RESTORED)

    def remove(change):
        record = change.model._base_manager.filter(pk=change.key).first()
        if record:
            delete_again(record, by=by, reason=RESTORED)

    def bring(change):
        insert_again(remembered(change.model, change.line), by=by, reason=RESTORED)

    named = {(c.model, c.key): c.name or c.fields[0].label for c in changes if c.kind == "changed"}
    writes = [Write(named[pair], lambda pair=pair: alter(*pair)) for pair in values]
    writes += [Write(c.name, lambda c=c: bring(c)) for c in changes if c.kind == "returns"]
    writes += [Write(c.name, lambda c=c: remove(c)) for c in changes if c.kind == "goes"]
    write_all(writes)


def deletion(model, key):
    """The line that tells of a record's deletion; None while it stands, or never was."""
    line = newest(model, [key]).get(key)
    return line if line and line.history_type == "-" else None


def lost(model, line) -> list[tuple[type, object]]:
    """(model, line) of all that went with a deleted record: itself first, then what the
    deletion took along."""
    return [(model, line), *_along(model, [line])]


def _along(model, lines):
    """What went with these of one model, level by level, each in one query."""
    found = []
    for relation in model._meta.related_objects:
        child = relation.related_model
        if relation.on_delete is not models.CASCADE or not has_history(child):
            continue
        link = relation.field.attname
        since = {line.id: line.history_date for line in lines}
        gone = child.history.filter(**{f"{link}__in": since}, history_type="-")
        went = []
        for each in gone.order_by("-history_date", "-history_id"):
            before = since[getattr(each, link)] - each.history_date
            if timedelta(0) <= before <= TOGETHER:  # else it had gone before, or was back since
                since[getattr(each, link)] = each.history_date
                went.append(each)
        found += [(child, each) for each in went]
        found += _along(child, went) if went else []
    return found


def bring_back(lines: list[tuple[type, object]], *, by=None):
    """Bring a deleted record back with what went along, all or nothing. Raises
    ValidationError."""
    names = Names(lines)
    write_all(
        [
            Write(
                f"{model._meta.verbose_name} {names.name(model, line)}",
                lambda model=model, line=line: insert_again(
                    remembered(model, line), by=by, reason=BROUGHT_BACK
                ),
            )
            for model, line in lines
        ]
    )


def deleted(model):
    """The last lines of records that are no more, the newest first."""
    later = model.history.filter(
        id=models.OuterRef("id"), history_id__gt=models.OuterRef("history_id")
    )
    return (
        model.history.filter(~models.Exists(later), history_type="-")
        .select_related("history_user")
        .order_by("-history_date", "-history_id")
    )
