from functools import partial

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from articles.editing import PlainText, RecordSelect, is_key
from articles.models import Article
from companies.mentions import AT_ONCE, recognise
from companies.mergers import merge, outlook, part
from companies.models import Company
from companies.suggestions import suggest

PERMISSION = "companies.merge_company"


class CompanyChoice(forms.ModelChoiceField):
    """One of the companies that stand; a hostile key is none."""

    def __init__(self, **kwargs):
        super().__init__(queryset=Company.objects.standing(), **kwargs)

    def to_python(self, value):
        if value and not is_key(str(getattr(value, "pk", value))):
            raise ValidationError(self.error_messages["invalid_choice"], "invalid_choice")
        return super().to_python(value)


class MergeForm(forms.Form):
    """Which record goes into which, and why."""

    company = CompanyChoice(
        label=gettext_lazy("Record that is merged"),
        help_text=gettext_lazy("Its address will lead to the other one; nothing of it is moved."),
    )
    into = CompanyChoice(
        label=gettext_lazy("Record that stands"),
        help_text=gettext_lazy("Readers will see everything of both under this one."),
    )
    reason = PlainText(
        label=gettext_lazy("Reason"),
        max_length=100,
        widget=admin.widgets.AdminTextInputWidget,
        help_text=gettext_lazy("For the history: how you know that they are one company."),
    )

    def __init__(self, *args, site, merging, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = merging
        for name in ("company", "into"):
            field = self.fields[name]
            field.widget = RecordSelect(Company._meta.get_field("merged_into"), site)
            field.widget.choices = field.choices

    @property
    def pair(self):
        """The two records, as the page that showed what would become of them names them."""
        return "-".join(str(self.cleaned_data[name].pk) for name in ("company", "into"))


class Merging:
    """Before RecordAdmin: two companies are made one, and parted again."""

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        wrap = self.admin_site.admin_view
        return [
            path("merge/", wrap(self.merge_view), name=f"{name}_merge"),
            path("<int:pk>/part/", wrap(require_POST(self.part_view)), name=f"{name}_part"),
            *super().get_urls(),
        ]

    def has_merge_permission(self, request):
        return request.user.has_perm(PERMISSION)

    def get_search_results(self, request, queryset, search_term):
        if request.resolver_match.url_name == "autocomplete":
            queryset = queryset.standing()
        return super().get_search_results(request, queryset, search_term)

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj and self.has_merge_permission(request):
            address = reverse("admin:companies_company_merge")
            context |= {
                "merge_url": f"{address}?{urlencode({'company': obj.pk})}",
                "merged": list(obj.merged.all()),
            }
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    @admin.action(description=gettext_lazy("Merge two companies…"), permissions=["merge"])
    def merge_two(self, request, queryset):
        keys = list(queryset.standing().order_by("-pk").values_list("pk", flat=True)[:3])
        if len(keys) != 2 or queryset.count() != 2:
            text = _("Select two companies of which neither was merged.")
            return self.message_user(request, text, messages.ERROR)
        asked = urlencode(zip(("company", "into"), keys, strict=True))
        return HttpResponseRedirect(f"{reverse('admin:companies_company_merge')}?{asked}")

    def merge_view(self, request):
        """What a merger would make of two records, and the merger itself."""
        if not self.has_merge_permission(request):
            raise PermissionDenied
        form, step = self._asked(request)
        shown = None
        if form.is_bound and form.is_valid():
            told = step == "merge" and request.POST.get("shown") == form.pair
            try:
                if told:
                    return self._merge(request, **form.cleaned_data)
                shown = outlook(form.cleaned_data["company"], form.cleaned_data["into"])
            except ValidationError as refusal:
                form.add_error(None, refusal)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Merge two companies"),
            "opts": self.opts,
            "form": form,
            "media": self.media + form.media,
            "outlook": shown,
            "list_url": reverse("admin:companies_company_changelist"),
        }
        return TemplateResponse(request, "admin/companies/company/merge.html", context)

    def _asked(self, request):
        """The form as it was filled in or linked to, and the step asked for."""
        site = self.admin_site
        if request.method == "POST":
            said, step = request.POST.copy(), request.POST.get("step", "")
            if step == "exchange":
                one, other = said.get("company", ""), said.get("into", "")
                said["company"], said["into"] = other, one
            return MergeForm(said, site=site, merging=step == "merge"), step
        said = {name: request.GET.get(name, "") for name in ("company", "into")}
        if all(map(is_key, said.values())):
            return MergeForm(said, site=site, merging=False), ""
        known = {name: key for name, key in said.items() if is_key(key)}
        return MergeForm(initial=known, site=site, merging=False), ""

    def _merge(self, request, company, into, reason):
        with transaction.atomic():
            keys = merge(company, into, by=request.user, reason=reason)
            for record in (company, into):
                text = _("“%(name)s” merged into “%(into)s”: %(reason)s")
                said = text % {"name": company, "into": into, "reason": reason}
                self.log_change(request, record, said)
            self.search_later(request, keys)
        text = _("Readers see everything of “%(name)s” under “%(into)s” now.")
        self.message_user(request, text % {"name": company, "into": into}, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:companies_company_change", args=[into.pk]))

    def part_view(self, request, pk):
        """Take a merger back."""
        if not self.has_merge_permission(request):
            raise PermissionDenied
        company = get_object_or_404(Company, pk=pk)
        into = company.merged_into
        try:
            with transaction.atomic():
                keys = part(company, by=request.user, reason=_("Parted again"))
                for record in (company, into):
                    text = _("“%(name)s” parted from “%(into)s”")
                    self.log_change(request, record, text % {"name": company, "into": into})
                self.search_later(request, keys)
        except ValidationError as refusal:
            self.message_user(request, " ".join(refusal.messages), messages.ERROR)
        else:
            text = _("“%(name)s” and “%(into)s” are two again, each with what it had.")
            self.message_user(request, text % {"name": company, "into": into}, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:companies_company_change", args=[pk]))

    def search_later(self, request, keys):
        """The articles concerned wait from now on; as many as an editor may wait for are
        searched after the commit."""
        if keys:
            transaction.on_commit(partial(self._search, request, keys))

    def _search(self, request, keys):
        now = keys[-AT_ONCE:]
        found = Article.objects.filter(pk__in=now).order_by("-pk").defer("body")
        recognise(found)
        suggest(found)
        text = ngettext(
            "The names were looked for in %(count)d article that holds one.",
            "The names were looked for in %(count)d articles that hold one.",
            len(now),
        ) % {"count": len(now)}
        if len(keys) > len(now):
            text += " " + _(
                "%(count)d older ones follow with the next import, or with manage.py recognise."
            ) % {"count": len(keys) - len(now)}
        self.message_user(request, text, messages.INFO)
