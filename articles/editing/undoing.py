"""Taking an act back, record by record, where nobody has changed it since."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from articles.editing.remembering import before, differing, has_history, newest, remembered
from articles.editing.writing import Write, delete_again, insert_again, save_again, write_all
from articles.models import Act, ActRow

BATCH = 100  # acted records whose history is read at once
UNDONE = gettext_noop("Undone")  # in the history of what was written


@dataclass
class Undone:
    """What became of an act's records: (model, key) of those undone, and (name, reason) of
    those left as they are."""

    done: list = field(default_factory=list)
    left: list = field(default_factory=list)


@dataclass(frozen=True)
class Touched:
    """A record that the act wrote, with the line of history before and its last one."""

    row: ActRow
    model: type
    earlier: object  # line before the act; None for a record that the act made
    later: object  # the act's last line

    def __str__(self):
        return str(remembered(self.model, self.later))

    def write(self, by):
        """Bring the record back. A model that owes more than its own columns has a verb for
        it, `put_back(earlier, by=)`, which takes it as it was."""
        key = self.row.key
        there = self.later.history_type != "-"
        record = self.model._base_manager.filter(pk=key).first() if there else None
        if self.earlier is None or self.earlier.history_type == "-":
            if record and _holds(record):
                raise ValidationError(_("something was added to it since"))
            return record and delete_again(record, by=by, reason=UNDONE)
        earlier = remembered(self.model, self.earlier)
        if not there:
            return insert_again(earlier, by=by, reason=UNDONE)
        if hasattr(record, "put_back"):
            record._change_reason = UNDONE
            return record.put_back(earlier, by=by)
        values = differing(self.model, self.later, self.earlier)
        return save_again(record, values, by=by, reason=UNDONE, asking=False)


def undo(act: Act, *, by=None, through: Callable = lambda record, write: write()) -> Undone:
    """Take an act back; a second call finds nothing left to do.

    Each acted record comes back as it was before, with all that went along with it, the
    last one first; or, where it was changed since or a rule forbids it, all of that stays
    as it is. `through(record, write)` may wrap the writing of each.
    """
    result = Undone()
    places = act.rows.filter(undone_at=None).order_by("-place").values_list("place", flat=True)
    places = list(dict.fromkeys(places))
    for start in range(0, len(places), BATCH):
        with transaction.atomic():
            _undo(act, places[start : start + BATCH], by, through, result)
    if result.done and not act.rows.filter(undone_at=None).exists():
        act.undone_at, act.undone_by = timezone.now(), by
        act.save(update_fields=["undone_at", "undone_by"])
    return result


def _undo(act, places, by, through, result):
    undone, batch = [], _touched(act, places)
    last = _last([each for touched in batch for each in touched])
    for touched in batch:
        acted = touched[0]
        # A model's verb answers for what it writes elsewhere.
        todo = [each for each in touched if hasattr(each.model, "put_back")]
        # It, or one that went along, may have been written anew for another of the batch.
        known = _last(todo or touched) if todo or len(touched) > 1 else last
        try:
            with transaction.atomic():
                _take_back(acted, todo or touched, known, by, through)
        except ValidationError as refusal:
            result.left.append((str(acted), " ".join(refusal.messages)))
        else:
            undone += [each.row.pk for each in touched]
            result.done.append((acted.model, acted.row.key))
    ActRow.objects.filter(pk__in=undone).update(undone_at=timezone.now())


def _touched(act, places):
    """What the act wrote for each of these acted records, itself first. Its rows are locked,
    and so are the records that stand: nobody writes them meanwhile."""
    waiting = act.rows.select_for_update(of=["self"]).select_related("content_type")
    rows = list(waiting.filter(place__in=places, undone_at=None))
    by_model = defaultdict(list)
    for row in rows:
        by_model[row.content_type.model_class()].append(row)
    found = {}
    for model, written in by_model.items():
        keys = [row.key for row in written]
        list(model._base_manager.select_for_update().filter(pk__in=keys).values_list("pk"))
        earlier = before(model, [row.first for row in written])
        later = model.history.in_bulk([row.last for row in written])
        for row in written:
            found[row.pk] = Touched(row, model, earlier.get(row.first), later[row.last])
    grouped = defaultdict(list)
    for row in rows:
        grouped[row.place].append(found[row.pk])
    return [grouped[place] for place in places if grouped[place]]


def _holds(record):
    """Whether anything of which there is history would go along if it were deleted. What the
    archive works out by itself is nobody's: a queryset's `decided()` leaves it out."""
    return any(
        _decided(relation.related_model).filter(**{relation.field.name: record}).exists()
        for relation in record._meta.related_objects
        if relation.on_delete is models.CASCADE and has_history(relation.related_model)
    )


def _decided(model):
    rows = model._default_manager.all()
    return rows.decided() if hasattr(rows, "decided") else rows


def _last(touched):
    """(model, key) → the newest line of its history."""
    keys = defaultdict(set)
    for each in touched:
        keys[each.model].add(each.row.key)
    return {
        (model, key): line.history_id
        for model, those in keys.items()
        for key, line in newest(model, those).items()
    }


def _take_back(acted, touched, last, by, through):
    if any(last[each.model, each.row.key] != each.row.last for each in touched):
        raise ValidationError(_("changed since, so it was left as it is"))
    if acted.later.history_type != "-":
        touched = touched[::-1]  # what it brought along goes first; what it took comes last
    writes = [Write(each, lambda each=each: each.write(by)) for each in touched]
    through(remembered(acted.model, acted.later), lambda: write_all(writes))
