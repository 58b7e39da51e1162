"""Two editors of one record: what each field was, is, and was typed, and what becomes of it.

A form carries, in one hidden input, a digest of every value that it showed. With what
stands in the archive when it is saved, that decides each field:

| shown | stands now | typed | becomes |
|---|---|---|---|
| A | A | B | B, as ever |
| A | B | A | B: the other's work is kept, and a message says so |
| A | B | B | B: both typed the same |
| A | B | C | nothing yet: the form comes back with both |
| not said | B | C | nothing yet: who doesn't say what they saw overwrites nothing |

Digests do for texts of any length, for records without history and for lists of topics;
a forged one makes a form ask more, or overwrite what its sender may overwrite anyway.
"""

from base64 import urlsafe_b64encode
from contextlib import suppress
from enum import Enum
from hashlib import blake2b

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import localize
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from articles.editing.fields import is_key


class Outcome(Enum):
    SETTLED = "both are the same"
    MINE = "what was typed is saved"
    THEIRS = "what stands is kept"
    CLASH = "the editor decides"


def outcome(shown, now, typed):
    """What becomes of a field, by three digests; `shown` is None where it isn't known."""
    if typed == now:
        return Outcome.SETTLED
    if shown == now or (shown is None and now == digest("")):
        return Outcome.MINE  # over an empty field nobody's work is lost
    return Outcome.THEIRS if shown == typed else Outcome.CLASH


class RowOutcome(Enum):
    MERGED = "field by field"
    ADDED = "added there: it stays"
    LEFT = "not sent: it stays"
    GONE = "deleted there, and nothing was typed in it"
    REVIVED = "deleted there, typed in here: the editor decides"
    DELETED = "deleted here"
    CHANGED = "deleted here, changed there: the editor decides"


def row_outcome(shown, now, typed, ticked=False):
    """What becomes of a row, by the digests of its fields; None where there was no such row.
    `ticked`: the editor asks that it be deleted."""
    if now is None:
        return RowOutcome.GONE if ticked or typed == shown else RowOutcome.REVIVED
    if typed is None:
        return RowOutcome.ADDED if shown is None else RowOutcome.LEFT
    if ticked:
        return RowOutcome.DELETED if shown == now else RowOutcome.CHANGED
    return RowOutcome.MERGED


class Opened:
    """What a form showed when it was opened: digests by name, `headline` for a field,
    `measures-12-market` for one of the row with the key 12. Nonsense says nothing."""

    def __init__(self, said=""):
        pairs = (part.partition(":") for part in said.split())
        self.digests = {name: shown for name, _colon, shown in pairs}
        self.kept = []  # (Change, words for what was kept), as the forms merge

    def __str__(self):
        return " ".join(f"{name}:{shown}" for name, shown in self.digests.items())

    def row(self, start):
        """The digests of one row by its fields' names; None for a row that wasn't shown."""
        start += "-"
        row = {n[len(start) :]: shown for n, shown in self.digests.items() if n.startswith(start)}
        return row or None

    def keys(self, rows):
        """The keys of the rows of this name that were shown."""
        parts = (name.split("-") for name in self.digests if name.startswith(f"{rows}-"))
        return {int(part[1]) for part in parts if len(part) == 3 and is_key(part[1])}

    def keep(self, change, what):
        if (change, what) not in self.kept:
            self.kept.append((change, what))


def digest(text):
    """72 bits of BLAKE2b, in 12 characters that a form carries as they are."""
    hashed = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=9)
    return urlsafe_b64encode(hashed.digest()).decode()


def as_text(field, value):
    """A field's value as one text, the same whether it is stored or was typed."""
    if isinstance(field, forms.MultiValueField):
        parts = value if isinstance(value, list) else field.widget.decompress(value)
        return "\n".join(map(as_text, field.fields, parts))
    if isinstance(field, forms.ModelMultipleChoiceField):
        return " ".join(sorted(str(getattr(item, "pk", item)) for item in value or []))
    if isinstance(field, forms.ModelChoiceField):
        return "" if value is None else str(getattr(value, "pk", value))
    value = field.prepare_value(value)
    # What is no value at all stays as it was typed, and differs from all that could stand.
    with suppress(ValidationError, TypeError, ValueError, OverflowError):
        value = field.to_python(value)
    return "" if value is None else str(value)


def own(model, fields):
    """Those of a form's fields, by name, that the record itself has. What a form asks beside
    them (a note on the change) nobody else can have changed."""
    columns = {field.name for field in (*model._meta.concrete_fields, *model._meta.many_to_many)}
    return {name: field for name, field in fields.items() if name in columns}


def digests(form, names):
    """The digests of what a form shows in the fields of these names, before anything is typed."""
    return {name: digest(as_text(form.fields[name], form[name].initial)) for name in names}


def fixed(record, names):
    """Those of `names` that are fields of the record itself, as text: what a form shows
    without offering it. Hours that every save sets are left out."""
    fields = {
        field.name: field
        for field in record._meta.concrete_fields
        if not (getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False))
    }
    return {name: str(getattr(record, fields[name].attname)) for name in names if name in fields}


def put(data, values):
    """Set what a browser would send in a QueryDict; a name without values isn't sent."""
    for name, said in values.items():
        data.pop(name, None)
        if said:
            data.setlist(name, said)


def stored(bound):
    """What a browser sends for the stored value of a form's field: {name: [values]}."""
    widget, value = bound.field.widget, bound.field.prepare_value(bound.initial)
    widget = getattr(widget, "widget", widget)  # out of its wrapper
    if isinstance(widget, forms.MultiWidget):
        parts = zip(widget.widgets_names, widget.widgets, widget.decompress(value), strict=True)
        values = {bound.html_name + end: part.format_value(now) for end, part, now in parts}
    elif isinstance(widget, forms.CheckboxInput):
        values = {bound.html_name: "on" if value else None}
    else:
        values = {bound.html_name: widget.format_value(value)}
    return {
        name: said if isinstance(said, list) else [] if said is None else [str(said)]
        for name, said in values.items()
    }


def in_words(field, value):
    """A value, stored or typed, as an editor reads it."""
    if isinstance(field, forms.ModelChoiceField):
        keys = value if isinstance(value, list | tuple) else [value]
        keys = [key for key in (str(getattr(item, "pk", item)) for item in keys) if is_key(key)]
        return ", ".join(map(str, field.queryset.filter(pk__in=keys)))
    if isinstance(field, forms.BooleanField):
        return _("yes") if value else _("no")
    if isinstance(field, forms.MultiValueField) and isinstance(value, list):
        return " ".join(filter(None, value))
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(value, value))
    value = localtime(value) if hasattr(value, "tzinfo") else value
    return "" if value is None else str(localize(value))
