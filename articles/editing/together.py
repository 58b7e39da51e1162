"""Forms that are merged with what others saved since they were opened; see `merging`."""

import json
from collections import defaultdict

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import INITIAL_FORM_COUNT, TOTAL_FORM_COUNT, ManagementForm
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from articles.editing.fields import is_key
from articles.editing.merging import (
    Outcome,
    as_text,
    digest,
    digests,
    fixed,
    in_words,
    outcome,
    own,
    put,
    stored,
)
from articles.editing.rows import RowMerge
from articles.history import LastChanges


class MergedForm(forms.ModelForm):
    """A record's form, merged where the admin gave `opened`. A row's form is merged by its
    formset, which leaves its `clashes`: {field: Change, None: what is said of the row}."""

    opened = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.clashes = {}
        if self.is_bound and self.opened is not None and self.instance.pk:
            self._merge(self.opened)

    def last_changes(self, names):
        """{field: the Change that gave it the value it has}"""
        told = LastChanges(type(self.instance), [self.instance.pk])
        return {name: told.of(self.instance.pk, name) for name in names}

    def _merge(self, opened):
        """Take over the others' values where nothing was typed, and note what clashes."""
        shown, offered = opened.digests, own(type(self.instance), self.fields)
        said = {
            name: outcome(shown.get(name), now, digest(as_text(self.fields[name], self[name].data)))
            for name, now in digests(self, offered).items()
        }
        kept = [name for name in said if said[name] == Outcome.THEIRS]
        clashing = [name for name in said if said[name] == Outcome.CLASH]
        others = fixed(self.instance, shown.keys() - self.fields.keys())
        moved = [name for name, text in others.items() if shown[name] != digest(text)]
        if not kept + clashing + moved:
            return
        changes = self.last_changes(kept + clashing + moved)
        if not offered:  # nothing is typed here: a button decides on what was shown
            self.clashes = {None: changed_before(changes[moved[0]])}
            return
        self.data = self.data.copy()
        for name in kept:
            put(self.data, stored(self[name]))
            opened.keep(changes[name], str(self.fields[name].label))
        for name in moved:
            opened.keep(changes[name], str(self.instance._meta.get_field(name).verbose_name))
        self.clashes = {name: changes[name] for name in clashing}

    def _post_clean(self):
        super()._post_clean()
        cleaned = dict(self.cleaned_data)
        for name, said in self.clashes.items():
            self.add_error(name, self._beside(name, said) if name else said)
        self.cleaned_data = cleaned  # checks of the whole go on with what was typed

    def _beside(self, name, change):
        """The other's value, to be shown beside one's own; of a long text with a mark on
        the lines that differ."""
        bound = self[name]
        theirs = in_words(bound.field, bound.initial)
        mine = in_words(bound.field, bound.data)
        typed = set(as_text(bound.field, bound.data).split("\n"))
        lines = [(line, bool(line) and line not in typed) for line in theirs.split("\n")]
        return render_to_string(
            "admin/theirs.html",
            {
                "change": change,
                "label": bound.label,
                "lines": lines if "\n" in theirs + mine else [(theirs, False)],
                "values": json.dumps(stored(bound)),
            },
        )


class MergedFormSet(forms.BaseInlineFormSet):
    """Rows of a record, merged one by one where the admin gave `opened`: what was posted is
    put on the rows that stand now."""

    def __init__(self, *args, opened=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.clashes = {}  # by the row's index
        if self.is_bound and opened is not None and self.instance.pk:
            self._merge(opened)

    def _construct_form(self, i, **kwargs):
        form = super()._construct_form(i, **kwargs)
        form.clashes = self.clashes.get(i, {})
        return form

    def full_clean(self):
        super().full_clean()
        if self.clashes:
            said = _("Others changed these rows meanwhile: look at what is marked, and save again.")
            self._non_form_errors.append(ValidationError(said))

    def _merge(self, opened):
        counts = ManagementForm(self.data, prefix=self.prefix)
        if not counts.is_valid():
            return  # Django says what is missing
        total = min(counts.cleaned_data[TOTAL_FORM_COUNT], self.absolute_max)
        known = min(counts.cleaned_data[INITIAL_FORM_COUNT], total)
        rows = self.model._base_manager.filter(**{self.fk.name: self.instance}).order_by("pk")
        # From here on nobody changes them; what only points to them may be written.
        list(rows.select_for_update(no_key=True).values_list("pk"))
        posted, key = self._posted(), self.model._meta.pk.name
        merge = RowMerge(
            self,
            opened,
            {row.get(key, [""])[0]: row for index, row in posted if index < known},
            [row for index, row in posted if known <= index < total],
        )
        self.clashes = merge.clashes
        for index, row in posted:
            for name in row:
                del self.data[f"{self.prefix}-{index}-{name}"]
        for index, row in enumerate(merge.rows):
            put(self.data, {f"{self.prefix}-{index}-{name}": said for name, said in row.items()})
        self.data[f"{self.prefix}-{TOTAL_FORM_COUNT}"] = str(len(merge.rows))
        self.data[f"{self.prefix}-{INITIAL_FORM_COUNT}"] = str(merge.stand)

    def _posted(self):
        """(index, {name: values}) of each row that was posted, in order."""
        start, found = f"{self.prefix}-", defaultdict(dict)
        for key in [key for key in self.data if key.startswith(start)]:
            index, dash, name = key.removeprefix(start).partition("-")
            if dash and is_key(index) and str(int(index)) == index:
                found[int(index)][name] = self.data.getlist(key)
        return sorted(found.items())


def shown_by(form, formsets=()):
    """The digests of all that a record's form and its rows show; see `merging.Opened`."""
    said = digests(form, own(type(form.instance), form.fields))
    for formset in formsets:
        for row in formset.initial_forms:
            start = f"{formset.prefix}-{row.instance.pk}-"
            stands = digests(row, own(type(row.instance), row.base_fields))
            said |= {start + name: shown for name, shown in stands.items()}
    return said


def changed_before(change):
    return _(
        "%(who)s was faster, and changed this record: look at it as it stands now, and decide anew "
        "if you still have to."
    ) % {"who": change.who}
