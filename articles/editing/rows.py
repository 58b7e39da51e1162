"""The rows of a record, as two editors changed, added and deleted them; see `merging`."""

from django import forms
from django.forms.formsets import DELETION_FIELD_NAME
from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from articles.editing.fields import is_key
from articles.editing.merging import (
    Outcome,
    RowOutcome,
    as_text,
    digest,
    digests,
    in_words,
    outcome,
    own,
    row_outcome,
    stored,
)
from articles.history import LastChanges

NOW = "now"  # the prefix of forms that are only read


class RowMerge:
    """What is to be posted of each row of a formset, as if its form had been opened a
    moment ago: `rows`, the first `stand` of which exist; by their index, `clashes`, as
    `together.MergedForm` takes them.

    `posted`: key → {name: values} of the rows that the editor saw; `new`: of the others.
    """

    def __init__(self, formset, opened, posted, new):
        self.formset, self.opened, self.posted = formset, opened, posted
        self.fields = own(formset.model, formset.form.base_fields)
        self.rows, self.clashes, self.added = [], {}, []
        gone = dict(posted)
        for row in formset.get_queryset():
            self._stay(row, gone.pop(str(row.pk), None))
        self.stand = len(self.rows)
        for key, typed in gone.items():
            self._revive(key, typed)
        if new:
            self.added += self._elsewhere()
        for typed in new:
            self._add(typed)

    @cached_property
    def changes(self):
        keys = [row.pk for row in self.formset.get_queryset()]
        return LastChanges(self.formset.model, {*keys, *map(int, filter(is_key, self.posted))})

    def _stay(self, row, typed):
        """A row that exists."""
        form = self.formset.form(instance=row, prefix=NOW, **self.formset.form_kwargs)
        shown = self.opened.row(f"{self.formset.prefix}-{row.pk}")
        now, sent = digests(form, self.fields), None if typed is None else self._digests(typed)
        said = row_outcome(shown, now, sent, self._ticked(typed))
        values = dict(typed or {})
        if said == RowOutcome.MERGED:
            self._merge_fields(row, form, values, self._outcomes(shown or {}, now, sent))
        elif said != RowOutcome.DELETED:
            values = self._stored(form, self.fields)
        if said == RowOutcome.ADDED:
            self.added.append(now)
            self.opened.keep(self.changes.of(row.pk), _("%(row)s (added)") % {"row": row})
        elif said == RowOutcome.CHANGED:
            values[DELETION_FIELD_NAME] = ["on"]
            self.clashes[len(self.rows)] = {None: changed_there(self.changes.of(row.pk))}
        self.rows.append(values | {self.formset.model._meta.pk.name: [str(row.pk)]})

    def _merge_fields(self, row, form, values, outcomes):
        for name, said in outcomes.items():
            if said == Outcome.THEIRS:
                values |= self._stored(form, [name])
                what = {"field": self.fields[name].label, "row": row}
                self.opened.keep(self.changes.of(row.pk, name), _("%(field)s (%(row)s)") % what)
            elif said == Outcome.CLASH:
                clashes = self.clashes.setdefault(len(self.rows), {})
                clashes[name] = self.changes.of(row.pk, name)

    def _revive(self, key, typed):
        """A row that the editor saw and that exists no more."""
        shown = self.opened.row(f"{self.formset.prefix}-{key}")
        said = row_outcome(shown, None, self._digests(typed), self._ticked(typed))
        if said == RowOutcome.REVIVED:
            self.clashes[len(self.rows)] = {None: deleted_there(self.changes.of(key))}
            lost = {self.formset.model._meta.pk.name, DELETION_FIELD_NAME}
            self.rows.append({name: said for name, said in typed.items() if name not in lost})
        elif not self._ticked(typed):
            words = (in_words(f, self._typed(f, typed, name)) for name, f in self.fields.items())
            row = " · ".join(filter(None, words))
            self.opened.keep(self.changes.of(key), _("%(row)s (deleted)") % {"row": row})

    def _elsewhere(self):
        """The record's rows on other pages of the form, which this one doesn't show."""
        formset = self.formset
        every = formset.model._base_manager.filter(**{formset.fk.name: formset.instance.pk})
        rows = every.exclude(pk__in=[row.pk for row in formset.get_queryset()])
        return [
            digests(formset.form(instance=row, prefix=NOW, **formset.form_kwargs), self.fields)
            for row in rows
        ]

    def _add(self, typed):
        """A new row, unless another editor has added the very same."""
        row = self._digests(typed)
        if row in self.added:
            self.added.remove(row)
        else:
            self.rows.append(typed)

    def _outcomes(self, shown, now, typed):
        return {name: outcome(shown.get(name), now[name], typed[name]) for name in now}

    def _stored(self, form, names):
        """What a browser would send for fields of a row as it stands."""
        return {
            name.removeprefix(f"{NOW}-"): said
            for field in names
            for name, said in stored(form[field]).items()
        }

    def _typed(self, field, typed, name):
        return field.widget.value_from_datadict(MultiValueDict(typed), {}, name)

    def _digests(self, typed):
        return {
            name: digest(as_text(field, self._typed(field, typed, name)))
            for name, field in self.fields.items()
        }

    def _ticked(self, typed):
        box = forms.CheckboxInput()
        data = MultiValueDict(typed or {})
        return self.formset.can_delete and box.value_from_datadict(data, {}, DELETION_FIELD_NAME)


def changed_there(change):
    return _(
        "You delete this row, but %(who)s changed it meanwhile: it reads as below. Save again to "
        "delete it all the same, or untick “Delete”."
    ) % {"who": change.who}


def deleted_there(change):
    return _(
        "%(who)s deleted this row meanwhile. What you typed is here: save again to add the row "
        "anew, or remove it."
    ) % {"who": change.who}
