"""What an editor does to several records of a list at once."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.template.response import TemplateResponse
from django.utils.translation import ngettext

from articles.editing.forms import NoteForm
from articles.editing.refusals import refused_by_database


class Acting:
    """Before ModelAdmin: the verbs of its actions, record by record."""

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
