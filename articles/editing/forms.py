"""Forms of records and of their rows, and the question for a public note."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.paginator import Paginator
from django.forms.models import _get_foreign_key
from django.utils.translation import gettext_lazy

from articles.editing.fields import PLAIN_TEXT, PlainText, Suggesting, is_key
from articles.editing.roles import Reserving
from articles.editing.together import MergedForm, MergedFormSet


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


class RecordForm(MergedForm):
    """A record's form. `refused` is what a verb or the database said to a first try."""

    refused = None

    def clean(self):
        data = super().clean()
        if self.refused:
            raise self.refused
        return data


class RecordFormSet(MergedFormSet):
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


class RecordInline(Reserving, Suggesting):
    """Goes before TabularInline or StackedInline."""

    form = RecordForm
    formset = RecordFormSet
    formfield_overrides = PLAIN_TEXT
    extra = 0


class Paged:
    """Before an inline that may have hundreds of rows: so many of them at a time.

    Rows of other pages aren't sent, and so stay. What was shown when the form was opened is
    its page then, whatever others added or deleted meanwhile.
    """

    template = "admin/paged_rows.html"
    rows_per_page = 20
    order = "pk"
    page = None  # the Page of keys at hand
    before = after = ""  # the queries of the pages beside it

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        asked = request.resolver_match.kwargs if request.resolver_match else {}
        record = asked.get("object_id", "")
        if not is_key(record):
            return rows
        link = _get_foreign_key(self.parent_model, self.model, self.fk_name)
        own = self.model._base_manager.filter(**{link.name: record}).order_by(self.order)
        keys = list(own.values_list("pk", flat=True))
        pages = Paginator(keys, self.rows_per_page)
        name = link.remote_field.get_accessor_name()
        page = self.page = pages.get_page(request.GET.get(f"{name}_page"))
        asked = request.GET.copy()
        if page.has_previous():
            asked[f"{name}_page"] = page.previous_page_number()
            self.before = f"?{asked.urlencode()}"
        if page.has_next():
            asked[f"{name}_page"] = page.next_page_number()
            self.after = f"?{asked.urlencode()}"
        if pages.num_pages == 1:
            return rows
        opened = getattr(request, "opened", None)
        shown = opened.keys(name) if opened else set()
        return rows.filter(pk__in=shown.intersection(keys) if shown else list(page))


class ReadOnlyInline(RecordInline, admin.TabularInline):
    """Rows that are kept for ever: shown, never touched.

    Those that name their hour and author (`kept_at`, `kept_by`) stand in the timeline.
    """

    can_delete = False
    kept_at = kept_by = ""

    def get_readonly_fields(self, request, obj=None):
        return self.fields

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    @admin.display(description="SHA-256")
    def hash(self, kept):
        return kept.sha256[:12]
