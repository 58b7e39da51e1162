"""Taking an act back, record by record, where nobody has changed it since."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from articles.editing.remembering import before, differing, newest, remembered
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
            return record and delete_again(record, by=by, reason=UNDONE)
        earlier = remembered(self.model, self.earlier)
        if not there:
            return insert_again(earlier, by=by, reason=UNDONE)
        if hasattr(record, "put_back"):
            record._change_reason = UNDONE
            return record.put_back(earlier, by=by)
        values = differing(self.model, self.later, self.earlier)
        return save_again(record, values, by=by, reason=UNDONE)


def undo(act: Act, *, by=None, through: Callable = lambda record, write: write()) -> Undone:
    """Take an act back; a second call finds nothing left to do.

    Each acted record has a transaction of its own, with all that went along with it: it
    comes back as it was before, or, where anything of it was changed since or a rule
    forbids it, stays as it is. `through(record, write)` may wrap the writing of each.
    """
    result = Undone()
    places = act.rows.filter(undone_at=None).order_by("place").values_list("place", flat=True)
    places = list(dict.fromkeys(places))
    for start in range(0, len(places), BATCH):
        for touched in _touched(act, places[start : start + BATCH]):
            acted = touched[0]
            try:
                with transaction.atomic():
                    _take_back(touched, by, through)
            except ValidationError as refusal:
                result.left.append((str(acted), " ".join(refusal.messages)))
            else:
                result.done.append((acted.model, acted.row.key))
    if result.done and not act.rows.filter(undone_at=None).exists():
        act.undone_at, act.undone_by = timezone.now(), by
        act.save(update_fields=["undone_at", "undone_by"])
    return result


def _touched(act, places):
    """What the act wrote for each of these acted records, itself first."""
    rows = list(act.rows.filter(place__in=places, undone_at=None).select_related("content_type"))
    by_model = defaultdict(list)
    for row in rows:
        by_model[row.content_type.model_class()].append(row)
    lines = {}
    for model, written in by_model.items():
        earlier = before(model, [row.first for row in written])
        later = model.history.in_bulk([row.last for row in written])
        for row in written:
            lines[row.pk] = Touched(row, model, earlier.get(row.first), later[row.last])
    grouped = defaultdict(list)
    for row in rows:
        grouped[row.place].append(lines[row.pk])
    return [grouped[place] for place in places if grouped[place]]


def _take_back(touched, by, through):
    keys = [each.row.pk for each in touched]
    waiting = ActRow.objects.select_for_update().filter(pk__in=keys, undone_at=None)
    if len(waiting) < len(keys):
        raise ValidationError(_("undone already"))
    by_model = defaultdict(list)
    for each in touched:
        by_model[each.model].append(each)
    for model, those in by_model.items():
        last = newest(model, [each.row.key for each in those])
        if any(last[each.row.key].history_id != each.row.last for each in those):
            raise ValidationError(_("changed since, so it was left as it is"))
    # A model's verb answers for what it writes elsewhere.
    todo = [each for each in touched if hasattr(each.model, "put_back")] or touched
    acted = remembered(touched[0].model, touched[0].later)
    if touched[0].later.history_type != "-":
        todo = todo[::-1]  # what it brought along goes first; what went along comes back last
    writes = [Write(each, lambda each=each: each.write(by)) for each in todo]
    through(acted, lambda: write_all(writes))
    waiting.update(undone_at=timezone.now())
