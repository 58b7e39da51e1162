"""Bringing records back to what they were, in the order that the database takes."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from articles.editing.refusals import refused_by_database


@dataclass(frozen=True)
class Write:
    """One record to be written: `run` does it, and may raise what a save or a verb raises."""

    name: object  # str() of it is what a refusal calls it
    run: Callable[[], None]


def write_all(writes: list[Write]):
    """Do all of them, or none.

    What is refused is tried again after the others: a measure may come back once the one
    in its place has gone, evidence may go once the other has come back. Raises
    ValidationError with the reasons of those that stay refused.
    """
    if len(writes) == 1 and (said := _refusal(writes[0])):
        raise ValidationError(f"{writes[0].name}: {said}")
    if len(writes) < 2:
        return
    with transaction.atomic():
        while writes:
            refused = [(write, said) for write in writes if (said := _refusal(write))]
            if len(refused) == len(writes):
                raise ValidationError([f"{write.name}: {said}" for write, said in refused])
            writes = [write for write, _said in refused]


def _refusal(write):
    """Why it can't be written, in words; None once it is."""
    try:
        with transaction.atomic():
            write.run()
    except ValidationError as refusal:
        return " ".join(refusal.messages)
    except models.ProtectedError:
        return _("other records hold it")
    except IntegrityError as refusal:
        return " ".join(refused_by_database(refusal).messages)
    return None


def insert_again(record, *, by=None, reason=""):
    """Bring a deleted record back under all rules that hold today. Raises ValidationError."""
    record._state.adding = True
    record.full_clean(exclude={field.name for field in record._meta.fields if not field.editable})
    _sign(record, by, reason)
    record.save(force_insert=True)


def save_again(record, values, *, by=None, reason="", asking=True):
    """Give a record these values back, by column, under all rules that hold today. Raises
    ValidationError, or for a constraint IntegrityError unless it is asked about first."""
    fields = record._meta.concrete_fields
    for name, value in values.items():
        setattr(record, name, value)
    others = {f.name for f in fields if not f.editable or f.attname not in values}
    record.full_clean(exclude=others, validate_constraints=asking)
    _sign(record, by, reason)
    record.save()


def delete_again(record, *, by=None, reason=""):
    """Delete a record that came later."""
    _sign(record, by, reason)
    record.delete()


def _sign(record, by, reason):
    record._change_reason = reason
    if by:
        record._history_user = by
