"""The history of a record in the admin, and its return to an earlier state."""

from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.forms.models import _get_foreign_key
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from simple_history.admin import SimpleHistoryAdmin

from articles.editing.fields import is_key
from articles.editing.forms import ReadOnlyInline
from articles.editing.naming import Names
from articles.editing.refusals import AskingAgain
from articles.editing.remembering import has_history, remembered
from articles.editing.restoring import (
    Part,
    at,
    bring_back,
    carry_out,
    deleted,
    deletion,
    digest,
    lost,
    plan,
)
from articles.editing.timeline import Source, Timeline, hour_of

LOGGED = 500  # entries of the log in one statement
PAGE = 50  # lines of history on a page; deleted records, too


class Past(AskingAgain, SimpleHistoryAdmin):
    """Before ModelAdmin: every state that a record had with its parts, the way back to
    each, and the records that were deleted."""

    unrestored = ()  # models of inlines that a restore leaves as they are

    def get_urls(self):
        view = self.admin_site.admin_view(self.deleted_view)
        return [path("deleted/", view, name=self._name("deleted")), *super().get_urls()]

    def _name(self, page):
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def _url(self, page, *args):
        return reverse(f"admin:{self._name(page)}", args=args)

    def changelist_view(self, request, extra_context=None):
        extra = {"deleted_url": self._url("deleted") if self._could_delete(request) else ""}
        return super().changelist_view(request, extra | (extra_context or {}))

    def _could_delete(self, request):
        return self.has_delete_permission(request) or self.has_restore_permission(request)

    def has_restore_permission(self, request, obj=None):
        may = request.user.has_perm("articles.restore_record")
        return may and self.has_change_permission(request, obj)

    def restores(self, request):
        """Whether the page at hand shows an earlier state."""
        return request.resolver_match.url_name.endswith("_simple_history")

    # --- what a record consists of ---

    def parts(self, request, record):
        """The kinds of its parts, as its form shows them."""
        found = []
        for inline in self.get_inline_instances(request, record):
            if has_history(inline.model):
                form = inline.get_formset(request, record).form
                link = _get_foreign_key(self.model, inline.model, inline.fk_name).name
                offered = frozenset(form.base_fields)
                found.append(Part(inline.model, link, offered, inline.can_delete))
        return found

    def sources(self, request, record):
        """Where its timeline is told: its history, its parts', and what is kept for ever."""
        yield Source(self.model, self.model.history.filter(id=record.pk), own=True)
        for inline in self.get_inlines(request, record):
            link = _get_foreign_key(self.model, inline.model, inline.fk_name).attname
            if has_history(inline.model):
                yield Source(inline.model, inline.model.history.filter(**{link: record.pk}))
            elif issubclass(inline, ReadOnlyInline) and inline.kept_at:
                rows = inline.model._base_manager.filter(**{link: record.pk})
                yield Source(inline.model, rows, inline.kept_at, inline.kept_by)

    def offered(self, request, record):
        """The names of its own fields that a form offers."""
        return set(self.get_form(request, record, change=True).base_fields)

    def wording_then(self, record, hour):
        """Columns with their values at an hour that another record keeps."""
        return {}

    def question(self, record):
        """The form that a restore asks to be filled in; None where it asks nothing."""
        return None

    def before_change(self, record, values):
        """What a form does beside, before a record or a part gets these values."""

    def put_back(self, request, record, write, said):
        """Restore, bring back or undo: `write()` does it, `said` is what was asked."""
        write()

    # --- pages ---

    def history_view(self, request, object_id, extra_context=None):
        record, line = self._found(request, object_id)
        if not self.has_view_or_change_permission(request, None if line else record):
            raise PermissionDenied
        timeline = Timeline(list(self.sources(request, record)), record)
        page = Paginator(timeline, PAGE).get_page(request.GET.get("p"))
        context = self._context(request, record, _("History: %s") % record)
        return TemplateResponse(
            request,
            "admin/history.html",
            context
            | {
                "page": page,
                "gone": line is not None,
                "may_restore": self.has_restore_permission(request, None if line else record),
                **(extra_context or {}),
            },
        )

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        """A state of the record, by its moment (`articles.editing.timeline.moment_of`)."""
        if request.method != "POST" or not is_key(object_id):
            return self._earlier(request, object_id, version_id)
        with transaction.atomic():  # what is to change is still so when it is changed
            self.hold(self.model._base_manager.filter(pk=object_id))
            return self._earlier(request, object_id, version_id)

    def _earlier(self, request, object_id, version_id):
        if not is_key(version_id):
            raise Http404
        record, line = self._found(request, object_id)
        may = self.has_restore_permission(request, None if line else record)
        seen = self.has_view_or_change_permission(request, None if line else record)
        if not (may if request.method == "POST" else seen):
            raise PermissionDenied
        try:
            hour = hour_of(int(version_id))
        except OverflowError:
            raise Http404 from None
        if line is not None:
            return self._bring_back_view(request, record, line, may)
        return self._restore_view(request, record, hour, may)

    def _restore_view(self, request, record, hour, may):
        then = at(self.model, hour, id=record.pk).get(record.pk)
        if then is None:
            raise Http404
        parts = [p for p in self.parts(request, record) if p.model not in self.unrestored]
        more = self.wording_then(record, hour)
        changes = plan(record, hour, self.offered(request, record), parts, more)
        seen, question = digest(changes), self.question(record)
        form = question(request.POST or None) if question and changes else None
        chosen = set(request.POST.getlist("change"))
        error = ""
        if request.method == "POST":
            picked = [change for change in changes if change.id in chosen]
            if request.POST.get("seen") != seen:
                error, chosen = (
                    _("Meanwhile it was changed. Look again at what would change."),
                    set(),
                )
            elif not picked:
                error = _("Nothing is chosen.")
            elif form is None or form.is_valid():
                said = form.cleaned_data if form else {}
                error = self._restore(request, record, picked, said)
                if not error:
                    return HttpResponseRedirect(self._url("history", record.pk))
        context = self._context(request, record, _("Earlier state: %s") % record) | {
            "hour": hour,
            "then": self._state(request, then),
            "changes": [(change, not chosen or change.id in chosen) for change in changes],
            "seen": seen,
            "form": form,
            "error": error,
            "may_restore": may,
            "public": question is not None,
        }
        return TemplateResponse(request, "admin/restore.html", context)

    def _restore(self, request, record, picked, said):
        """Returns the refusal in words, "" once it is done."""

        def write():
            carry_out(picked, by=request.user, before_change=self.before_change)
            record.refresh_from_db()

        try:
            with transaction.atomic():
                self.put_back(request, record, write, said)
                self.log_change(request, record, [_("Restored an earlier state")])
        except ValidationError as refusal:
            return " ".join(refusal.messages)
        self.message_user(request, _("The earlier state is restored."), messages.SUCCESS)
        return ""

    def _bring_back_view(self, request, record, line, may):
        lines, error = lost(self.model, line), ""
        if request.method == "POST":
            error = self._bring_back(request, record, lines)
            if not error:
                return HttpResponseRedirect(self._url("change", record.pk))
        names = Names(lines)
        context = self._context(request, record, _("Bring back: %s") % record) | {
            "hour": line.history_date,
            "then": self._state(request, line),
            "along": [
                (model._meta.verbose_name, names.name(model, each)) for model, each in lines[1:]
            ],
            "gone": True,
            "error": error,
            "may_restore": may,
        }
        return TemplateResponse(request, "admin/restore.html", context)

    def _bring_back(self, request, record, lines):
        def write():
            bring_back(lines, by=request.user)
            record._state.adding = False

        try:
            with transaction.atomic():
                self.put_back(request, record, write, {})
                self.log_change(request, record, [_("Brought back")])
        except ValidationError as refusal:
            return " ".join(refusal.messages)
        self.message_user(request, _("“%s” is back.") % record, messages.SUCCESS)
        return ""

    def deleted_view(self, request):
        if not (self.has_view_or_change_permission(request) and self._could_delete(request)):
            raise PermissionDenied
        page = Paginator(deleted(self.model), PAGE).get_page(request.GET.get("p"))
        names = Names((self.model, line) for line in page)
        title = _("Deleted: %s") % self.opts.verbose_name_plural
        return TemplateResponse(
            request,
            "admin/deleted.html",
            self._context(request, None, title)
            | {"page": page, "rows": [(line, names.name(self.model, line)) for line in page]},
        )

    def log_undone(self, request, keys):
        """Note in the admin's log that an act on these records was taken back."""
        for start in range(0, len(keys), LOGGED):
            there = self.for_list(
                self.model._default_manager.filter(pk__in=keys[start : start + LOGGED])
            )
            LogEntry.objects.log_actions(request.user.pk, there, CHANGE, [_("Undone")])

    def _found(self, request, object_id):
        """The record, and the line of its deletion if it is no more. Raises Http404."""
        if not is_key(object_id):
            raise Http404
        record = self.get_queryset(request).filter(pk=object_id).first()
        if record:
            return record, None
        line = deletion(self.model, int(object_id))
        if line is None:
            raise Http404
        return Names([(self.model, line)]).record(self.model, line), line

    def _state(self, request, line):
        """(label, value) of what the record was then, empty fields left out."""
        names = Names([(self.model, line)])
        record = remembered(self.model, line)
        return [
            (field.verbose_name, value)
            for field in self.model._meta.concrete_fields
            if hasattr(line, field.attname) and not field.primary_key
            for value in [names.value(field, getattr(record, field.attname))]
            if value
        ]

    def _context(self, request, record, title):
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "record": record,
            "list_url": self._url("changelist"),
            "history_url": record and self._url("history", record.pk),
        }
