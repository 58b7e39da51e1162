"""What records and their values are called on a page, in a fixed number of queries."""

import json
from collections import defaultdict
from collections.abc import Iterable

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format, localize
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from articles.editing.remembering import has_history, newest, remembered, tracked


class Names:
    """Names of what the given lines of history point to, one query for each kind of record;
    what was deleted is called as its history last had it."""

    def __init__(self, told: Iterable[tuple[type, object]], known=()):
        """`told`: models with lines of their histories; `known`: records at hand."""
        keys = defaultdict(set)
        for model, line in told:
            for field in _pointers(model):
                keys[field.remote_field.model].add(getattr(line, field.attname))
        self.records = {(type(record), record.pk): record for record in known}
        for model, wanted in keys.items():
            self._load(model, {key for key in wanted - {None} if (model, key) not in self.records})

    def _load(self, model, keys):
        if not keys:
            return
        rows = model._base_manager.filter(pk__in=keys)
        if has_history(model):
            kept = {field.name for field in tracked(model)}
            rows = rows.defer(*(f.name for f in model._meta.concrete_fields if f.name not in kept))
        elif any(field.name == "body" for field in model._meta.concrete_fields):
            rows = rows.defer("body")
        found = {row.pk: row for row in rows}
        if has_history(model) and keys - found.keys():
            gone = newest(model, keys - found.keys())
            found |= {key: remembered(model, line) for key, line in gone.items()}
        self.records |= {(model, key): row for key, row in found.items()}

    def record(self, model, line):
        """The record as a line has it, with those that it points to."""
        record = remembered(model, line)
        for field in _pointers(model):
            other = self.records.get((field.remote_field.model, getattr(line, field.attname)))
            if other is not None:
                setattr(record, field.name, other)
        return record

    def name(self, model, line):
        try:
            return str(self.record(model, line))
        except ObjectDoesNotExist:
            return f"{model._meta.verbose_name} {line.pk}"

    def value(self, field, value):
        """A column's value as an editor reads it; "" for none."""
        if value is None or value == "":
            return ""
        if isinstance(field, models.ForeignKey):
            model = field.remote_field.model
            record = self.records.get((model, value))
            return str(record) if record is not None else f"{model._meta.verbose_name} {value}"
        if field.choices:
            return str(dict(field.flatchoices).get(value, value))
        if isinstance(field, models.BooleanField):
            return _("yes") if value else _("no")
        if isinstance(field, models.DateTimeField):
            return date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
        if isinstance(field, models.DateField):
            return date_format(value)
        if isinstance(field, models.JSONField):
            return json.dumps(value, ensure_ascii=False) if value else ""
        if isinstance(value, float):
            return localize(round(value, 4))
        return str(value)


def told_of(kind, name):
    """A kind of record, or what is said of it, before a colon."""
    return _("%(kind)s: %(name)s") % {"kind": capfirst(kind), "name": name}


def called(rows):
    """Rows of acts, each with its record's name."""
    keys = defaultdict(set)
    for row in rows:
        keys[row.content_type.model_class()].add(row.key)
    lines = {model: newest(model, those) for model, those in keys.items()}
    names = Names((model, line) for model, found in lines.items() for line in found.values())
    return [
        (row, names.name(model, lines[model][row.key]))
        for row in rows
        for model in (row.content_type.model_class(),)
    ]


def _pointers(model):
    return [field for field in tracked(model) if isinstance(field, models.ForeignKey)]
