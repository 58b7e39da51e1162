"""What the history of a record remembers of it, and who wrote there just now."""

from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from django.db import models
from simple_history.signals import post_create_historical_record

_written = ContextVar("written", default=None)


def _note(instance, history_instance, **kwargs):
    written = _written.get()
    if written is not None:
        written.append((type(instance), instance.pk, history_instance.history_id))


post_create_historical_record.connect(_note, dispatch_uid="articles.editing.remembering")


@contextmanager
def noting():
    """Collect (model, key, history's key) of each line of history that is written inside,
    in its order, by this thread."""
    written = []
    token = _written.set(written)
    try:
        yield written
    finally:
        _written.reset(token)


def has_history(model):
    return hasattr(model, "history")


@cache
def tracked(model):
    """The fields that its history keeps."""
    names = {field.name for field in model.history.model.tracked_fields}
    return [field for field in model._meta.concrete_fields if field.name in names]


def remembered(model, line):
    """The record as a line of its history has it, unsaved. Columns that the history leaves
    out are derived anew when it is saved."""
    record = model(**{field.attname: getattr(line, field.attname) for field in tracked(model)})
    record._state.adding = False
    return record


def newest(model, keys):
    """The newest line of each of these records' histories, by the record's key."""
    history, name = model.history, model._meta.pk.attname
    told = history.filter(**{f"{name}__in": keys}).order_by().values(name)
    last = told.annotate(last=models.Max("history_id")).values("last")
    return {getattr(line, name): line for line in history.filter(history_id__in=last)}


def before(model, lines):
    """The line of the same record before each of these, or None, by the later one's key."""
    history, name = model.history, model._meta.pk.attname
    earlier = history.filter(
        **{name: models.OuterRef(name)}, history_id__lt=models.OuterRef("history_id")
    ).order_by("-history_id")
    pairs = dict(
        history.filter(history_id__in=lines)
        .annotate(line_before=models.Subquery(earlier.values("history_id")[:1]))
        .order_by()
        .values_list("history_id", "line_before")
    )
    found = history.in_bulk([key for key in pairs.values() if key])
    return {later: found.get(key) for later, key in pairs.items()}


def differing(model, now, then):
    """The columns in which two states differ, with the values of `then`; an hour that each
    save sets anew doesn't count."""
    return {
        field.attname: getattr(then, field.attname)
        for field in tracked(model)
        if getattr(then, field.attname) != getattr(now, field.attname)
        and not getattr(field, "auto_now", False)
    }
