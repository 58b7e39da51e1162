"""One verb on one record after the other: what it changes, what it leaves, what is refused."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.editing.refusals import refused_by_database
from articles.editing.remembering import noting

NAMED = 3  # records that one reason names
HOLE = "\N{OBJECT REPLACEMENT CHARACTER}"  # where a reason names its record


class _Unchanged(Exception):
    """The record is as the verb would make it."""


@dataclass
class Attempts:
    """What became of some records: how many were changed, how many were so already, and
    for each reason the records that it refused, by what they are called."""

    done: int = 0
    unchanged: int = 0
    refused: dict[str, list[str]] = field(default_factory=dict)

    def attempt(self, record: models.Model, verb: Callable, reason: str = "") -> list | None:
        """Do `verb` to a record. Returns what the histories got, or None where it stays as it
        was; `reason` goes with it there."""
        record._change_reason = reason or None
        name, before = str(record), _values(record)
        try:
            with noting() as written, transaction.atomic():
                verb(record)
                if not _others(record, written) and _is_as_before(record, before):
                    raise _Unchanged
        except _Unchanged:
            self.unchanged += 1
        except ValidationError as refusal:
            self._refuse(name, " ".join(refusal.messages))
        except models.ProtectedError:
            self._refuse(name, _("%(record)s can't be deleted: other records hold it."), name)
        except IntegrityError as refusal:
            self._refuse(name, f"{name}: {' '.join(refused_by_database(refusal).messages)}")
        else:
            self.done += 1
            return written
        return None

    def foresee(self, records: Iterable[models.Model], verb: Callable):
        """Try it on each and take it all back."""
        with transaction.atomic():
            for record in records:
                self.attempt(record, verb)
            transaction.set_rollback(True)

    def _refuse(self, name, said, told=None):
        said = said % {"record": told} if told else said
        self.refused.setdefault(said.replace(name, HOLE) if name else said, []).append(name)

    def reasons(self) -> list[str]:
        """Each reason once, the commonest first, with the records that it names."""
        found = sorted(self.refused.items(), key=lambda pair: -len(pair[1]))
        return [_told(reason, names) for reason, names in found]

    def already(self) -> str:
        """How many were left since there was nothing to change; "" for none."""
        said = ngettext(
            "%(count)d record is so already.", "%(count)d records are so already.", self.unchanged
        )
        return said % {"count": self.unchanged} if self.unchanged else ""


def _told(reason, names):
    if len(names) == 1:
        return reason.replace(HOLE, names[0])
    listed = ", ".join(names[:NAMED]) + (", …" if len(names) > NAMED else "")
    return f"{reason.replace(HOLE, '…')} (× {len(names)}) {listed}"


def _values(record):
    """What the record holds, but for hours that each save sets anew."""
    return {
        each.attname: getattr(record, each.attname)
        for each in record._meta.concrete_fields
        if not getattr(each, "auto_now", False)
    }


def _others(record, written):
    return any((kind, key) != (type(record), record.pk) for kind, key, _line in written)


def _is_as_before(record, before):
    """Here, and where the verb worked on another copy of it, in the database."""
    if _values(record) != before:
        return False
    now = type(record)._base_manager.filter(pk=record.pk).first()
    return now is not None and _values(now) == before
