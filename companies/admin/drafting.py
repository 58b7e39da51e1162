"""The review screen's form: an announcement with its measures, and the passages that the
article at hand gives it."""

import re
from functools import partial

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import inlineformset_factory
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import QueryDict
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode
from django.utils.timezone import localdate
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from articles.editing import (
    PLAIN_TEXT,
    Opened,
    PlainText,
    RecordForm,
    RecordFormSet,
    in_words,
    shown_by,
)
from articles.fields import last_day
from companies.activities import meaning
from companies.admin.announcement import EvidenceFormSet
from companies.admin.market import MarketField
from companies.models import Activity, Announcement, Company, Evidence, Measure
from companies.recorded import Asked

HEAD = ("company", "announced_on", "announced_precision")
ROWS = ("measures", "passages")
ROW_KEY = re.compile(rf"({'|'.join(ROWS)})-\d+-(id|announcement)")


def plain_text(field, **kwargs):
    """The form's field for a model's: text is cleaned as the archive keeps it."""
    return field.formfield(**(PLAIN_TEXT.get(type(field), {}) | kwargs))


class DraftForm(RecordForm):
    """What a company made known, and on which day."""

    class Meta:
        model = Announcement
        fields = [
            *HEAD,
            "announced_sourced",
            *("title_fr", "title_en", "summary_fr", "summary_en"),
        ]
        formfield_callback = plain_text
        labels = {"announced_sourced": gettext_lazy("A source gives this date")}
        widgets = {
            "announced_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "title_fr": forms.TextInput(attrs={"lang": "fr"}),
            "title_en": forms.TextInput(attrs={"lang": "en"}),
            "summary_fr": forms.Textarea(attrs={"rows": 3, "lang": "fr"}),
            "summary_en": forms.Textarea(attrs={"rows": 3, "lang": "en"}),
        }

    def __init__(self, *args, companies, opened=None, **kwargs):
        self.opened = opened
        super().__init__(*args, **kwargs)
        company = self.fields["company"]
        company.help_text = ""
        if companies is None:  # none was found in the piece: it may be of any
            company.queryset = Company.objects.all()
            company.widget = AutocompleteSelect(Announcement._meta.get_field("company"), admin.site)
            company.widget.choices = company.choices
            company.widget.is_required = company.required
        else:
            company.queryset = companies

    def clean_company(self):
        """One that was merged is named for the record that stands."""
        return self.cleaned_data["company"].shown_as


class MeasureRow(RecordForm):
    """Activity × market; the activity is written as it is named, a new one in both languages,
    and one that has no name in one of them may get it."""

    activity = PlainText(
        label=gettext_lazy("Activity"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Empty: the whole business."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    translated = PlainText(
        label=gettext_lazy("Its name in the other language"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    market = MarketField(
        label=gettext_lazy("Market"),
        widget=forms.TextInput(attrs={"list": "markets", "autocomplete": "off"}),
    )

    class Meta:
        model = Measure
        fields = ["market", "action", "stage"]

    field_order = ["activity", "translated", "market", "action", "stage"]

    def __init__(self, *args, company=None, known=None, may_add=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.company, self.known, self.may_add = company, known, may_add
        self.new = self.named = None
        listed = f"activities-{company.pk}" if company else "activities"
        self.fields["activity"].widget.attrs["list"] = listed
        if self.instance.activity:
            self.initial["activity"] = self.instance.activity.name

    def clean(self):
        data = super().clean()
        name, other = data.get("activity", ""), data.get("translated", "")
        self.new = self.named = found = None
        if name and self.company:
            found = self.known.get(meaning(name, self.company.name))
            if not found:
                self.new = self._new(name, other)
            elif other and found.unnamed and self.may_add:
                [self.named] = found.unnamed
                setattr(found, self.named, other)
        self.instance.activity = found
        return data

    def _new(self, name, other):
        if not self.may_add:
            self.add_error("activity", _("You may not add an activity; choose one of the list."))
        elif not other:
            self.add_error(
                "translated",
                _("“%(name)s” is new: give its name in the other language, too.") % {"name": name},
            )
        ours, theirs = ("en", "fr") if get_language() == "en" else ("fr", "en")
        return Activity(
            company=self.company, **{f"name_{ours}": name, f"name_{theirs}": other or name}
        )

    def what(self):
        """The activity that the row names, known or new; None for the whole business."""
        return self.new.name_en if self.new else self.instance.activity

    def save(self, commit=True):
        if self.named:
            self.instance.activity.save(update_fields=[self.named])
        if self.new:
            self.instance.activity, _created = Activity.objects.get_or_create(
                company=self.new.company,
                name_en=self.new.name_en,
                defaults={"name_fr": self.new.name_fr},
            )
        return super().save(commit)


class MeasureRows(RecordFormSet):
    def clean(self):
        super().clean()
        named = [
            (form.what(), form.cleaned_data["market"])
            for form in self.staying()
            if form.cleaned_data.get("market")
        ]
        if len(set(named)) < len(named):
            raise ValidationError(
                _("Two measures name the same activity in the same market; keep one.")
            )


class PassageRow(RecordForm):
    """A passage of the article's present wording, or what it says in our words."""

    start = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    class Meta:
        model = Evidence
        fields = ["exact", "stance", "speaker", "paraphrase_fr", "paraphrase_en"]
        formfield_callback = plain_text
        widgets = {
            "exact": forms.Textarea(attrs={"rows": 3}),
            "paraphrase_fr": forms.Textarea(attrs={"rows": 2, "lang": "fr"}),
            "paraphrase_en": forms.Textarea(attrs={"rows": 2, "lang": "en"}),
        }

    def __init__(self, *args, article, version, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["exact"].help_text = ""
        self.initial.setdefault("start", self.instance.start)
        if not self.instance.pk:
            self.instance.article, self.instance.version = article, version

    def clean(self):
        data = super().clean()
        if "exact" in self.changed_data or "start" in self.changed_data:
            self.instance.start = data.get("start")
        return data


class PassageRows(EvidenceFormSet):
    """Those of one article; a published announcement only gets new ones here."""

    def __init__(self, *args, article, version, **kwargs):
        rows = Evidence.objects.filter(article=article).select_related("version", "article")
        draft = kwargs["instance"].status == Announcement.Status.DRAFT
        super().__init__(
            *args,
            queryset=rows if draft else rows.none(),
            form_kwargs={"article": article, "version": version},
            **kwargs,
        )

    def clean(self):
        RecordFormSet.clean(self)  # what supports it may stand in other articles


class NotesForm(forms.Form):
    """What readers are told about a passage that joins a published announcement."""

    note_fr = PlainText(
        label=gettext_lazy("Public note on the change, in French"), required=False, max_length=500
    )
    note_en = PlainText(
        label=gettext_lazy("Public note on the change, in English"), required=False, max_length=500
    )


MEASURES = inlineformset_factory(
    Announcement, Measure, form=MeasureRow, formset=MeasureRows, extra=1
)
PASSAGES = inlineformset_factory(
    Announcement, Evidence, form=PassageRow, formset=PassageRows, extra=1
)


def as_new(data):
    """What was sent, with every row as one that isn't there yet."""
    sent = {name: data[name] for name in data if not ROW_KEY.fullmatch(name)}
    return QueryDict(urlencode(sent | {f"{rows}-INITIAL_FORMS": "0" for rows in ROWS}))


class Draft:
    """The whole form: a new announcement, a draft, or new passages for a published one.

    `place` is a passage that was pointed at, `company` the first guess at whose it is,
    `companies` those that it may be of, None for any. With
    `joins`, the passages alone are looked at: they join `record`, whatever else was typed.
    """

    def __init__(
        self,
        article,
        version,
        companies,
        user,
        data=None,
        record=None,
        company=None,
        place=None,
        joins=False,
    ):
        self.article, self.user, self.refused, self.is_refused = article, user, [], False
        self.whole = not joins and (record is None or record.status == Announcement.Status.DRAFT)
        instance = record or Announcement(
            announced_on=localdate(article.published_at),
            announced_precision=article.published_precision,
            company=company,
        )
        self.announcement = instance
        self.opened = Opened(data.get("opened", "")) if data and record else None
        mine = data if self.whole else None
        self.form = DraftForm(mine, instance=instance, companies=companies, opened=self.opened)
        self.head_is_valid = mine is not None and self.form.is_valid()
        told = None if self.whole else data
        notes = {} if self.whole else instance.notes_on_a_source()
        self.notes = NotesForm(notes if joins else told, initial=notes)
        said = self.form.cleaned_data.get("company") if mine is not None else None
        company = said or (instance.company if instance.company_id else None)
        self.measures = MEASURES(
            mine and mine.copy(),
            instance=instance,
            prefix="measures",
            queryset=Measure.objects.select_related("activity"),
            form_kwargs={
                "company": company,
                "known": SimpleLazyObject(partial(Activity.objects.by_meaning, company)),
                "may_add": user.has_perm("companies.add_activity"),
            },
            opened=self.opened,
        )
        self.passages = PASSAGES(
            data and data.copy(),
            instance=instance,
            prefix="passages",
            article=article,
            version=version,
            initial=[{"exact": place.exact, "start": place.start}] if place else None,
            opened=self.opened,
        )

    def typed(self, *, but_passages=False):
        """All that was typed, as “label: words”."""
        forms = [self.form, *self.measures.forms, *([] if but_passages else self.passages.forms)]
        return [
            f"{bound.label}: {words}"
            for form in forms
            for bound in form.visible_fields()
            if bound.name != DELETION_FIELD_NAME and (words := in_words(bound.field, bound.data))
        ]

    @property
    def is_empty(self):
        """Whether a valid form says nothing beside whose it would be, and of which day."""
        words = ("title_fr", "title_en", "summary_fr", "summary_en")
        rows = [*self.measures.staying(), *self.passages.staying()]
        said = any(self.form.cleaned_data.get(name) for name in words)
        return self.whole and not said and not any(row.has_changed() for row in rows)

    @property
    def has_passage(self):
        """Whether a valid form gives one."""
        return any(form.has_changed() for form in self.passages.staying())

    @property
    def shown(self):
        """What the form shows of a draft, for its hidden input."""
        said = Opened()
        if self.whole and self.announcement.pk:
            said.digests |= shown_by(self.form, [self.measures, self.passages])
        return said

    def asked(self):
        """What the form, as far as it is filled in, asks of the archive; None before it says
        whose it is and of which day."""
        said = self.announcement
        if self.form.is_bound:
            said = self.form.cleaned_data
            said = Announcement(**{name: said.get(name) for name in HEAD})
        if not self.whole or not said.company_id or not said.announced_on:
            return None
        until = last_day(said.announced_on, said.announced_precision)
        company = said.company.shown_as
        return Asked(company, said.announced_on, until, tuple(self._named()), self.announcement.pk)

    def _named(self):
        """(words for the activity, market) of each measure."""
        for row in self.measures.forms:
            if self.measures.is_bound:
                row.is_valid()
                said = row.cleaned_data
                if said.get("market") and not said.get(DELETION_FIELD_NAME):
                    yield said.get("activity", ""), said["market"]
            elif row.instance.pk:
                yield row.initial.get("activity") or "", row.instance.market

    def is_valid(self):
        """Looks at every part, so that all that is wrong is said at once."""
        parts = [self.form, self.measures] if self.whole else [self.notes]
        found = [part.is_valid() for part in [*parts, self.passages]]
        self.is_refused = not all(found)
        return all(found)

    @transaction.atomic
    def save(self):
        """Write it all; a published announcement gets an edition. Raises ValidationError."""
        if self.whole:
            self.form.save()
            self.measures.save()
        if not self.whole and self.has_passage:
            self.announcement.refuse_hidden(self.article)
        self.passages.save()
        if not self.whole:
            self.announcement.amend(by=self.user, **self.notes.cleaned_data)
        return self.announcement
