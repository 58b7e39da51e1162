"""What an editor does to records of a list at once: asked first, noted, and undone."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.template.response import TemplateResponse
from django.utils.translation import ngettext, override

from articles.editing.attempts import Attempts
from articles.editing.forms import NoteForm
from articles.models import Act, ActRow

BATCH = 100  # records in one transaction
FORESEEN = 200  # records on which an act is tried before it is asked about
NAMED = 20  # records, or refusals, that a page names


class Asked(Exception):
    """An action stops here: its editor gets `response` and is asked first."""

    def __init__(self, response):
        super().__init__()
        self.response = response


@dataclass
class Deed:
    """An action as it runs: its name in the list, and what it is called in English."""

    name: str
    reason: str


class Acting:
    """Before ModelAdmin: its actions, record by record.

    More than one record is asked about first: how many, which, and what will happen.
    What was done is an Act, which can be undone.
    """

    # Actions that can't be undone in silence, by name: what an editor is told before.
    final = {}

    def get_actions(self, request):
        return {
            name: (_asking(run, name, description), name, description)
            for name, (run, name, description) in super().get_actions(request).items()
        }

    def act(self, request, queryset, verb, label):
        """Do `verb` to each record; one that is refused says why and stays as it was."""
        keys = list(dict.fromkeys(queryset.values_list("pk", flat=True)))
        if len(keys) > 1 and _unasked(request, len(keys)):
            foreseen = Attempts() if len(keys) <= FORESEEN else None
            if foreseen:
                foreseen.foresee(queryset.defer(None).order_by().in_bulk(keys).values(), verb)
            raise Asked(self._ask(request, queryset, label, len(keys), foreseen=foreseen))
        act, attempts = self._do(request, queryset, keys, verb, label)
        _tell(self, request, attempts)
        if act.count:
            said = ngettext(
                "%(label)s: %(count)d record.", "%(label)s: %(count)d records.", act.count
            )
            self._tell_done(request, act, said % {"label": label, "count": act.count})

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
        return self._ask(request, queryset, label, queryset.count(), template, form=form)

    def delete_model(self, request, obj):
        chosen = self.model._base_manager.filter(pk=obj.pk)
        self._delete(request, chosen, [obj.pk])

    def delete_queryset(self, request, queryset):
        self._delete(request, queryset, list(queryset.values_list("pk", flat=True)))

    def _delete(self, request, queryset, keys):
        request.deed = Deed("delete_selected", "")
        act, attempts = self._do(request, queryset, keys, lambda record: record.delete(), None)
        _tell(self, request, attempts)
        if act.count:
            said = ngettext(
                "%(count)d record deleted; it can come back.",
                "%(count)d records deleted; they can come back.",
                act.count,
            )
            self._tell_done(request, act, said % {"count": act.count})

    def _ask(self, request, queryset, label, count, template="admin/ask.html", **more):
        """The page before an act: its records, what will happen, and what `more` asks."""
        first = list(queryset[:NAMED])
        across = request.POST.get("select_across", "0") == "1"
        chosen = request.POST.getlist("_selected_action")
        name = request.POST.get("action", "")
        return TemplateResponse(
            request,
            template,
            {
                **self.admin_site.each_context(request),
                "title": label,
                "opts": self.opts,
                "records": [(record.pk, self.describe(record)) for record in first],
                "count": count,
                "more": count - len(first),
                "across": across,
                "chosen": chosen[:1] if across else chosen,
                "other_than_said": request.POST.get("count", str(count)) != str(count),
                "kinds": self.opts.verbose_name if count == 1 else self.opts.verbose_name_plural,
                "final": self.final.get(name),
                "form": None,
                "foreseen": None,
                **more,
            },
        )

    def _do(self, request, queryset, keys, verb, label):
        """Returns the act and what became of each; what is done is logged as `label`, if any."""
        deed = getattr(request, "deed", None) or Deed(request.POST.get("action", ""), "")
        act = Act.objects.create(
            content_type=ContentType.objects.get_for_model(self.model),
            action=deed.name,
            final=deed.name in self.final,
            user=request.user,
        )
        attempts, queryset = Attempts(), queryset.defer(None).order_by()
        for start in range(0, len(keys), BATCH):
            with transaction.atomic():
                own = self.model._base_manager.filter(pk__in=keys[start : start + BATCH])
                self.hold(own)
                batch = queryset.in_bulk(keys[start : start + BATCH])
                done, rows = [], []
                for place, key in enumerate(keys[start : start + BATCH], start):
                    record = batch.get(key)
                    if record is None:
                        continue  # gone meanwhile
                    written = attempts.attempt(record, verb, deed.reason)
                    if written is None:
                        continue
                    done.append(record)
                    rows += _rows(act, place, self.model, key, written)
                ActRow.objects.bulk_create(rows)
                if label and done:
                    LogEntry.objects.log_actions(request.user.pk, done, CHANGE, [label])
                act.count += len(done)
                act.save(update_fields=["count"])
        if not act.count:
            act.delete()
        return act, attempts

    def _tell_done(self, request, act, said):
        undoable = not act.final and act.rows.exists()
        self.message_user(
            request, said, messages.SUCCESS, extra_tags=f"undo act-{act.pk}" if undoable else ""
        )


def _asking(run, name, description):
    """The action `run`, which may ask first."""

    def asking(admin, request, queryset):
        with override("en"):
            request.deed = Deed(name, str(description)[:100])
        try:
            return run(admin, request, queryset)
        except Asked as asked:
            return asked.response

    return asking


def _unasked(request, count):
    """Whether the editor hasn't yet said yes to so many."""
    deed = getattr(request, "deed", None)
    said = request.POST.get("count", str(count))
    return deed is not None and ("confirmed" not in request.POST or said != str(count))


def _rows(act, place, model, key, written):
    """What the act wrote for one record, that one first, each record once."""
    lines = {}
    for kind, own, line in sorted(written, key=lambda row: row[:2] != (model, key)):
        lines.setdefault((kind, own), []).append(line)
    return [
        ActRow(
            act=act,
            place=place,
            content_type=ContentType.objects.get_for_model(kind),
            key=own,
            first=min(those),
            last=max(those),
        )
        for (kind, own), those in lines.items()
    ]


def _tell(admin, request, attempts):
    """Say what was refused, each reason once, and what was so already."""
    reasons = attempts.reasons()
    for reason in reasons[:NAMED]:
        admin.message_user(request, reason, messages.ERROR)
    if len(reasons) > NAMED:
        more = len(reasons) - NAMED
        said = ngettext("%(count)d more was refused.", "%(count)d more were refused.", more)
        admin.message_user(request, said % {"count": more}, messages.ERROR)
    if attempts.unchanged:
        admin.message_user(request, attempts.already(), messages.INFO)
