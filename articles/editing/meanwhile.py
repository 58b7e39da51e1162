"""The admin of a record that others may save while an editor types; see `merging`."""

from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db import transaction
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from articles.editing.fields import is_key
from articles.editing.merging import Opened, digest, fixed, in_words
from articles.editing.together import MergedFormSet, shown_by
from articles.history import LastChanges


class Meanwhile:
    """Before ModelAdmin: nothing that one of two editors typed is lost."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method == "POST":
            if object_id:
                request.opened = Opened(request.POST.get("opened", ""))
            if "_draft" in request.POST:
                request.refused = ValidationError(
                    _("This is what you had typed. Nothing of it is saved yet.")
                )
        response = super().changeform_view(request, object_id, form_url, extra_context)
        for text in kept_in_words(getattr(request, "opened", None)):
            self.message_user(request, text)
        return response

    def get_object(self, request, object_id, from_field=None):
        saves = request.method == "POST" and transaction.get_connection().in_atomic_block
        if saves and is_key(object_id):
            # Whoever saves it too waits here, and then reads what the first one saved.
            self.hold(self.model._base_manager.filter(pk=object_id))
        return super().get_object(request, object_id, from_field)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.opened = getattr(request, "opened", None)
        return form

    def get_formset_kwargs(self, request, obj, inline, prefix):
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        opened = getattr(request, "opened", None)
        if opened is not None and merges(inline, request, obj):
            kwargs["opened"] = opened
        return kwargs

    def render_change_form(self, request, context, obj=None, **kwargs):
        context["opened"] = shown(context, request, obj) if obj else ""
        if request.method == "POST" and getattr(request, "opened", None) is None:
            # Only looked at, not merged: what was typed still rests on what was shown then.
            context["opened"] = request.POST.get("opened", "")
        return super().render_change_form(request, context, obj=obj, **kwargs)

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        """What was typed for a record that was deleted meanwhile is given back to copy."""
        key = unquote(object_id)
        deleted = is_key(key) and self.model.history.filter(**{opts.pk.attname: key}).first()
        if not deleted or getattr(request, "opened", None) is None:
            return super()._get_obj_does_not_exist_redirect(request, opts, object_id)
        record = deleted.instance
        return TemplateResponse(
            request,
            "admin/gone.html",
            {
                **self.admin_site.each_context(request),
                "title": _("This record was deleted while you were typing"),
                "opts": opts,
                "change": LastChanges(self.model, [record.pk]).of(record.pk),
                "record": str(record),
                "typed": self._typed(request, record),
                "has_add_permission": self.has_add_permission(request),
            },
            status=410,
        )

    def _typed(self, request, record):
        """(label, words) of all that the form of a record that is no more was sent with."""
        request.opened = None  # there is nothing to merge it with
        form = self.get_form(request, record, change=True)(request.POST, instance=record)
        forms = [("", form)]
        for formset in self._create_formsets(request, record, change=True)[0]:
            name = formset.model._meta.verbose_name
            forms += [(f"{name} {n}: ", row) for n, row in enumerate(formset.forms, 1)]
        return [
            (f"{start}{bound.label}", words)
            for start, form in forms
            for bound in form.visible_fields()
            if (words := in_words(bound.field, bound.data))
        ]


def merges(inline, request, obj):
    """Whether the rows of an inline are merged: where the editor may change them."""
    return issubclass(inline.formset, MergedFormSet) and inline.has_change_permission(request, obj)


def shown(context, request, obj):
    """What a change form shows, for its hidden input."""
    admin_form, said = context["adminform"], Opened()
    inlines = context["inline_admin_formsets"]
    rows = [inline.formset for inline in inlines if merges(inline.opts, request, obj)]
    said.digests |= {n: digest(t) for n, t in fixed(obj, admin_form.readonly_fields).items()}
    said.digests |= shown_by(admin_form.form, rows)
    return said


def kept_in_words(opened):
    """One sentence for each person whose work was kept beside what was typed."""
    people = {}
    for change, what in opened.kept if opened else ():
        people.setdefault(change.who, []).append(what)
    return [
        _("%(who)s changed this meanwhile, and it is kept: %(what)s.")
        % {"who": who, "what": ", ".join(what)}
        for who, what in people.items()
    ]
