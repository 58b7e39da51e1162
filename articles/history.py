"""The history of records: whose they are, who changed them last, and how that of many is
written at once."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connections, models
from django.utils import timezone
from django.utils.translation import gettext as _


def is_own(model, user, key="pk"):
    """The condition that, as the history says, `user` recorded or was the last to edit the
    record of `model` whose key the column `key` holds; by an import of theirs, too.

    Asked of each row that waits: an account that imported the archive has as many own
    records as it holds.
    """
    past = model.history
    newer = past.filter(id=models.OuterRef("id"), history_id__gt=models.OuterRef("history_id"))
    own = past.filter(models.Q(history_type="+") | ~models.Exists(newer), history_user=user)
    return models.Exists(own.filter(id=models.OuterRef(key)))


def record_created(records, *, by=None, reason=""):
    """Write the history rows ("+") of records that were just created by `bulk_create`.

    The database copies what it holds, so this costs a twentieth of building each row in
    Python. `records` are of one model with history, and have their keys; `reason` is the
    kind of act, in English, which the admin's timeline shows in the reader's language.
    """
    if not records:
        return
    model = type(records[0])
    history = model.history.model
    copied = [
        history._meta.get_field(field.name).column
        for field in model._meta.concrete_fields
        if field.name in {tracked.name for tracked in history.tracked_fields}
    ]
    connection = connections[records[0]._state.db]
    quote = connection.ops.quote_name
    columns = ", ".join(map(quote, copied))
    marks = ", ".join(["%s"] * len(records))
    sql = (
        f"INSERT INTO {quote(history._meta.db_table)} "
        f"({columns}, history_date, history_type, history_user_id, history_change_reason) "
        f"SELECT {columns}, %s, '+', %s, %s FROM {quote(model._meta.db_table)} "
        f"WHERE {quote(model._meta.pk.column)} IN ({marks})"
    )
    by = by or history.get_default_history_user(records[0])  # who is logged in, if anybody
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(sql, [now, by and by.pk, reason or None, *(record.pk for record in records)])


@dataclass(frozen=True)
class Change:
    """Who changed something and when; nobody for an import, no hour where none is known."""

    by: AbstractBaseUser | None = None
    at: datetime | None = None

    @property
    def who(self):
        return (self.by and (self.by.get_full_name() or self.by.get_username())) or _(
            "The archive itself"
        )


class LastChanges:
    """Who changed what last, of some records of one model: one query, the newest 200 states."""

    def __init__(self, model, keys):
        self.states = defaultdict(list)
        if not hasattr(model, "history"):
            return
        key = model._meta.pk.attname
        rows = model.history.filter(**{f"{key}__in": keys}).select_related("history_user")
        for row in rows.order_by("-history_id")[:200]:
            self.states[str(getattr(row, key))].append(row)
        self.attnames = {field.name: field.attname for field in model.history.model.tracked_fields}

    def of(self, key, name=None):
        """The Change that gave a field the value it has; without a name, or where history
        doesn't follow the field, the newest one of the record."""
        rows = self.states[str(key)]
        if not rows:
            return Change()
        change, attname = rows[0], name and self.attnames.get(name)
        if attname:
            now = getattr(change, attname)
            change = list(takewhile(lambda row: getattr(row, attname) == now, rows))[-1]
        return Change(change.history_user, change.history_date)
