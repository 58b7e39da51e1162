"""The history of records: whose they are, and how that of many is written at once."""

from django.db import connections, models
from django.utils import timezone


def own_of(records, user):
    """Those of a queryset that, as the history says, `user` recorded or was the last to
    edit; by an import of theirs, too."""
    past = records.model.history
    newer = past.filter(id=models.OuterRef("id"), history_id__gt=models.OuterRef("history_id"))
    own = past.filter(models.Q(history_type="+") | ~models.Exists(newer), history_user=user)
    return records.filter(pk__in=own.values("id"))


def record_created(records, *, by=None):
    """Write the history rows ("+") of records that were just created by `bulk_create`.

    The database copies what it holds, so this costs a twentieth of building each row in
    Python. `records` are of one model with history, and have their keys.
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
        f"({columns}, history_date, history_type, history_user_id) "
        f"SELECT {columns}, %s, '+', %s FROM {quote(model._meta.db_table)} "
        f"WHERE {quote(model._meta.pk.column)} IN ({marks})"
    )
    by = by or history.get_default_history_user(records[0])  # who is logged in, if anybody
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(sql, [now, by and by.pk, *(record.pk for record in records)])
