"""What every record of the admin shares: history, plain text, our index, and
refusals that lose nothing of what an editor typed."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList
from django.contrib.admin.widgets import (
    AdminTextareaWidget,
    AutocompleteSelect,
    AutocompleteSelectMultiple,
)
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from simple_history.admin import SimpleHistoryAdmin

from articles.text import clean


class PlainText(forms.CharField):
    """What an editor types, cleaned as the archive keeps text."""

    def to_python(self, value):
        return clean(super().to_python(value))


PLAIN_TEXT = {
    models.CharField: {"form_class": PlainText},
    models.TextField: {"form_class": PlainText},
    models.SlugField: {},  # a CharField that checks more than PlainText does
    models.URLField: {"assume_scheme": "https"},
}


class NoteForm(forms.Form):
    """What readers are told about an act that can't pass in silence."""

    note_fr = PlainText(
        label=gettext_lazy("What readers are told, in French"),
        max_length=500,
        widget=AdminTextareaWidget,
    )
    note_en = PlainText(
        label=gettext_lazy("What readers are told, in English"),
        max_length=500,
        widget=AdminTextareaWidget,
    )


class RecordForm(forms.ModelForm):
    """A record's form. `refused` is what a verb or the database said to a first try."""

    refused = None

    def clean(self):
        data = super().clean()
        if self.refused:
            raise self.refused
        return data


def is_key(text):
    """Could it be a record's key? Keys have 64 bits."""
    return text.isascii() and text.isdecimal() and len(text) < 19


class KnownKeys:
    """Before a widget of suggestions: a hostile key chooses nothing, instead of failing."""

    def optgroups(self, name, value, attr=None):
        known = [key for key in value if is_key(str(key))]
        return super().optgroups(name, known, attr)


class RecordSelect(KnownKeys, AutocompleteSelect):
    pass


class RecordSelectMultiple(KnownKeys, AutocompleteSelectMultiple):
    pass


class Suggesting:
    """Before an admin or an inline: its `autocomplete_fields` get the widgets above."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.autocomplete_fields:
            kwargs.setdefault("widget", RecordSelect(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name in self.autocomplete_fields:
            kwargs.setdefault("widget", RecordSelectMultiple(db_field, self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class RecordFormSet(forms.BaseInlineFormSet):
    """Inline rows; each field carries its name, since a table's rows show no label."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        for field in form.fields.values():
            if not field.widget.is_hidden:
                widget = getattr(field.widget, "widget", field.widget)  # out of its wrapper
                widget.attrs.setdefault("aria-label", field.label)

    def staying(self):
        """The rows' forms that stand after this save."""
        return [
            form
            for form in self.forms
            if not self._should_delete_form(form) and (form.instance.pk or form.has_changed())
        ]


class RecordInline(Suggesting):
    """Goes before TabularInline or StackedInline."""

    formset = RecordFormSet
    formfield_overrides = PLAIN_TEXT
    extra = 0


class ReadOnlyInline(RecordInline, admin.TabularInline):
    """Rows that are kept for ever: shown, never touched."""

    can_delete = False

    def get_readonly_fields(self, request, obj=None):
        return self.fields

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    @admin.display(description="SHA-256")
    def hash(self, kept):
        return kept.sha256[:12]


class RecordChangeList(ChangeList):
    def get_filters(self, request):
        # A search may hold it: our analyzer leaves it out.
        if any("\0" in value for name, value in request.GET.items() if name != SEARCH_VAR):
            raise IncorrectLookupParameters("PostgreSQL takes no NUL")
        try:
            return super().get_filters(request)
        except OverflowError as error:  # a year beyond what the machine counts
            raise IncorrectLookupParameters(error) from error


class RecordList:
    """Before ModelAdmin: a list in pages of one size, searched through our index."""

    list_per_page = 50
    show_full_result_count = False

    def get_changelist(self, request, **kwargs):
        return RecordChangeList

    def for_list(self, queryset):
        """What a list or a suggestion needs. Actions load the rest: a record without
        its derived columns would be saved without them."""
        return queryset

    def matching(self, queryset, words):
        """The rows that an editor's search finds."""
        return queryset.matching(words)

    def describe(self, record):
        """A record in one line of suggestions."""
        return str(record)

    def get_search_results(self, request, queryset, search_term):
        words = search_term.replace("\0", " ").strip()
        queryset = self.for_list(queryset)
        if words:
            found = self.matching(queryset, words)
            if request.resolver_match.url_name == "autocomplete":
                found |= self.matching(queryset, f"{words}*")  # the last word is being typed
            queryset = found
        return queryset, False

    def response_action(self, request, queryset):
        if all(map(is_key, request.POST.getlist(ACTION_CHECKBOX_NAME))):
            return super().response_action(request, queryset)
        self.message_user(request, _("No record has that key."), messages.ERROR)
        return HttpResponseRedirect(request.get_full_path())


class RecordAdmin(RecordList, Suggesting, SimpleHistoryAdmin):
    form = RecordForm
    formfield_overrides = PLAIN_TEXT
    object_history_list_template = "admin/history_list.html"
    slug_from = None  # the field that a new record's slug is made from
    held_by = ()  # names of the relations that keep a record from being deleted

    # --- forms ---

    def get_readonly_fields(self, request, obj=None):
        fixed = ["slug"] if obj and self.slug_from else []
        return [*super().get_readonly_fields(request, obj), *fixed]

    def get_prepopulated_fields(self, request, obj=None):
        return {"slug": [self.slug_from]} if self.slug_from and not obj else {}

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.refused = getattr(request, "refused", None)
        return form

    def render_change_form(self, request, context, obj=None, **kwargs):
        held = obj and any(getattr(obj, name).exists() for name in self.held_by)
        return super().render_change_form(
            request, context | {"show_delete": not held}, obj=obj, **kwargs
        )

    def get_deleted_objects(self, objs, request):
        listed, counts, lacking, protected = super().get_deleted_objects(objs, request)
        # What is protected nobody may delete: that, and no missing permission, is the reason.
        return listed, counts, set() if protected else lacking, protected

    def view_on_site(self, obj):
        """The record's page, once the public may open it."""
        if not hasattr(obj, "get_absolute_url"):
            return None
        public = type(obj).objects.public().filter(pk=obj.pk).exists()
        return obj.get_absolute_url() if public else None

    def changeform_view(self, request, *args, **kwargs):
        return self._asking_again(request, super().changeform_view, *args, **kwargs)

    def _asking_again(self, request, view, *args, **kwargs):
        """Run a form's view. What a verb or the database refuses comes back as an
        error of that form: all that was typed is there, nothing of it is saved."""
        if request.method != "POST":
            return view(request, *args, **kwargs)
        try:
            with transaction.atomic():
                return view(request, *args, **kwargs)
        except ValidationError as refusal:
            request.refused = ValidationError(refusal.messages)
        except IntegrityError as refusal:
            request.refused = refused_by_database(refusal)
        return view(request, *args, **kwargs)

    # --- history ---

    def history_view(self, request, object_id, extra_context=None):
        if not is_key(object_id):
            raise Http404
        return super().history_view(request, object_id, extra_context)

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        if not (is_key(object_id) and is_key(version_id)):
            raise Http404
        return self._asking_again(
            request, super().history_form_view, object_id, version_id, extra_context
        )

    def restores(self, request):
        return request.resolver_match.url_name.endswith("_simple_history")

    def save_model(self, request, obj, form, change):
        if self.restores(request):
            # What the form doesn't offer (a status, an address) is no matter of restoring.
            now = self.model._base_manager.filter(pk=obj.pk).first()
            for field in obj._meta.concrete_fields if now else ():
                if field.name not in form.fields:
                    setattr(obj, field.attname, getattr(now, field.attname))
        super().save_model(request, obj, form, change)

    # --- actions ---

    def act(self, request, queryset, verb, label):
        """Do `verb` to each record; one that is refused says why and stays as it was."""
        done = 0
        for record in queryset.defer(None):
            try:
                with transaction.atomic():
                    verb(record)
                    self.log_change(request, record, [label])
            except ValidationError as refusal:
                self.message_user(request, " ".join(refusal.messages), messages.ERROR)
            except IntegrityError as refusal:
                text = " ".join(refused_by_database(refusal).messages)
                self.message_user(request, f"{record}: {text}", messages.ERROR)
            else:
                done += 1
        if done:
            self.message_user(
                request,
                ngettext("%(label)s: %(count)d record.", "%(label)s: %(count)d records.", done)
                % {"label": label, "count": done},
                messages.SUCCESS,
            )

    def act_with_note(self, request, queryset, verb, label):
        """The same, once a page in between has got the public note."""
        return self.act_with_form(
            request,
            queryset,
            lambda record, said: verb(record, said["note_fr"], said["note_en"]),
            label,
            NoteForm,
            "admin/note.html",
        )

    def act_with_form(self, request, queryset, verb, label, form_class, template):
        """The same, once a page in between has got what `form_class` asks; `verb` takes
        the record and the form's cleaned data."""
        form = form_class(request.POST if "confirmed" in request.POST else None)
        if form.is_valid():
            return self.act(request, queryset, lambda r: verb(r, form.cleaned_data), label)
        return TemplateResponse(
            request,
            template,
            {
                **self.admin_site.each_context(request),
                "title": label,
                "opts": self.opts,
                "records": [(record.pk, self.describe(record)) for record in queryset],
                "form": form,
            },
        )


def refused_by_database(refusal):
    """The database's refusal as an error that an editor can read."""
    said = str(refusal).split("\n")[0]
    return ValidationError(
        _("The archive's rules refuse this, so nothing was saved: %(said)s"),
        params={"said": said},
    )
