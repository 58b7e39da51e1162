from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.editing import (
    Double,
    Doubling,
    Paged,
    RecordAdmin,
    RecordForm,
    RecordInline,
    is_key,
)
from companies.admin.merging import Merging
from companies.admin.way_back import FromReview
from companies.countries import country_choices
from companies.duplicates import Asked, candidates, holder
from companies.mentions import names_changed, names_of
from companies.models import Company, CompanyName, Identifier, Newcomer
from companies.models.company import free_slug
from companies.prospects import Typed, prospects

LOOK = "_names"  # the button that asks what the names would match; "live" by the script


class CompanyForm(RecordForm):
    """`looking` where an editor only asks what the names would match: nothing is saved."""

    looking = False
    country = forms.ChoiceField(
        label=capfirst(_("country")),
        required=False,
        choices=lambda: [("", "---------"), *country_choices()],
        help_text=_("Where it has its seat."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        kept, field = self.instance.country, self.fields.get("country")
        if field and kept not in dict(field.choices):
            field.choices = [*field.choices, (kept, kept)]

    def _get_validation_exclusions(self):
        # What was recorded before a code was known by the list may stay.
        kept = set() if "country" in self.changed_data else {"country"}
        return super()._get_validation_exclusions() | kept

    def clean_slug(self):
        slug = self.cleaned_data["slug"]
        other = Company.objects.filter(slug=slug).exclude(pk=self.instance.pk).first()
        if other:
            said = gettext("{company} has this address: open that record, or choose another.")
            raise ValidationError(format_html(said, company=_link(other)))
        return slug

    def is_valid(self):
        return super().is_valid() and not self.looking


def _link(company):
    url = reverse("admin:companies_company_change", args=[company.pk])
    return format_html('<a href="{}">{}</a>', url, company)


class IdentifierForm(RecordForm):
    def clean(self):
        data = super().clean()
        scheme, value = data.get("scheme"), (data.get("value") or "").strip()
        other = scheme and value and holder(scheme, value, but=self.instance.company_id)
        if other:
            said = gettext("{value} is {company}’s: open that record, or merge the two.")
            raise ValidationError({"value": format_html(said, value=value, company=_link(other))})
        return data


class NameInline(Paged, RecordInline, admin.TabularInline):
    model = CompanyName
    fields = ["name", "kind", "language", "ambiguous"]
    rows_per_page = 50


class IdentifierInline(RecordInline, admin.TabularInline):
    model = Identifier
    form = IdentifierForm
    fields = ["scheme", "value", "sourced"]


@admin.register(Company)
class CompanyAdmin(FromReview, Merging, Doubling, RecordAdmin):
    form = CompanyForm
    list_display = ["name", "legal_name", "country_in_words", "sector", "parent", "merged_into"]
    list_select_related = ["parent", "merged_into"]
    list_filter = [
        "sector",
        ("parent", admin.EmptyFieldListFilter),
        ("merged_into", admin.EmptyFieldListFilter),
        "country",
    ]
    search_fields = ["name"]
    autocomplete_fields = ["parent"]
    readonly_fields = ["merged_into", "created_at", "modified_at"]
    inlines = [NameInline, IdentifierInline]
    actions = ["merge_two"]
    slug_from = "name"
    held_by = (
        "announcements",
        "activities",
        "as_activity",
        "assessments",
        "brands",
        "merged",
        "tracker_rows",
    )
    fields = [
        "name",
        "slug",
        "legal_name",
        ("country", "sector"),
        "website",
        "parent",
        "merged_into",
        ("created_at", "modified_at"),
    ]

    class Media:
        js = ["editorial/names.js"]

    def for_list(self, queryset):
        return queryset.defer("search")

    def get_fields(self, request, obj=None):
        merged = obj and obj.merged_into_id
        return [name for name in self.fields if merged or name != "merged_into"]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.looking = LOOK in request.POST
        return form

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if LOOK in request.POST and (object_id is None or is_key(object_id)):
            # Nothing is written, so nobody else has to wait for a transaction of ours.
            return self._changeform_view(request, object_id, form_url, extra_context)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        context["may_look"] = self.has_change_permission(request, obj)
        if LOOK in request.POST:
            rows = [inline.formset for inline in context["inline_admin_formsets"]]
            typed = list(_typed(context["adminform"].form, rows))
            found, losses = prospects(typed, obj, _unshown(obj, rows))
            context |= {"looked": True, "prospects": found, "losses": losses}
            if request.POST[LOOK] == "live":
                page = "admin/companies/company/_matches.html"
                return TemplateResponse(request, page, context)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def doubles(self, request, form, formsets, change):
        """Companies like what is new on the form."""
        asked = _asked(form, formsets)
        merge = reverse("admin:companies_company_merge")
        own = form.instance.pk if change and self.has_merge_permission(request) else None
        return [
            Double(
                key=found.company.pk,
                name=str(found.company),
                reasons=found.reasons,
                facts=[
                    *([found.company.country_name] if found.company.country else []),
                    gettext("announcements: %(count)d") % {"count": found.company.announced},
                    gettext("mentions: %(count)d") % {"count": found.company.mentioned},
                ],
                url=reverse("admin:companies_company_change", args=[found.company.pk]),
                merge_url=f"{merge}?{urlencode({'company': own, 'into': found.company.pk})}"
                if own
                else "",
            )
            for found in candidates(asked)
        ]

    def save_model(self, request, obj, form, change):
        request.names_before = names_of(obj) if change else set()
        super().save_model(request, obj, form, change)

    def put_back(self, request, record, write, said):
        request.names_before = names_of(record)
        write()
        self.search_again(request, names_of(record))

    def get_changeform_initial_data(self, request):
        """Of a name that nobody knew, from which a company is made."""
        initial = super().get_changeform_initial_data(request)
        newcomer = self._newcomer(request)
        if newcomer:
            taken = set(Company.objects.values_list("slug", flat=True))
            initial |= {"name": newcomer.name, "slug": free_slug(newcomer.name, taken)}
        return initial

    def _newcomer(self, request):
        key = request.GET.get("newcomer", "")
        return Newcomer.objects.filter(pk=key).first() if is_key(key) else None

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        newcomer = None if change else self._newcomer(request)
        if newcomer:
            newcomer.settle(form.instance, by=request.user)
        self.search_again(request, names_of(form.instance))

    def delete_model(self, request, obj):
        request.names_before = names_of(obj)
        super().delete_model(request, obj)
        self.search_again(request, set())

    def delete_queryset(self, request, queryset):
        request.names_before = set().union(*map(names_of, queryset))
        super().delete_queryset(request, queryset)
        self.search_again(request, set())

    def search_again(self, request, names_now):
        """Apply what has become of the names to the archive."""
        changed = {name for _company, name, _ambiguous in request.names_before ^ names_now}
        self.search_later(request, names_changed(changed))

    @admin.display(description=_("country"), ordering="country")
    def country_in_words(self, company):
        return company.country_name


def _typed(form, formsets):
    """The names on a form as they stand now, valid or not."""
    for name in ("name", "legal_name"):
        if name in form.fields:
            yield Typed(form[name].html_name, str(form[name].value() or "").strip())
    for formset in formsets:
        for row in formset.forms:
            said = {name: row[name].value() for name in row.fields}
            if said.get("DELETE"):
                continue
            if formset.model is CompanyName:
                yield Typed(row["name"].html_name, said["name"] or "", bool(said["ambiguous"]))
            elif said.get("scheme") == Identifier.Scheme.TICKER and ":" in (said["value"] or ""):
                yield Typed(row["value"].html_name, said["value"])


def _unshown(company, formsets):
    """The names on other pages of the form."""
    if company is None:
        return []
    forms = [row for rows in formsets if rows.model is CompanyName for row in rows.forms]
    shown = [form.instance.pk for form in forms if form.instance.pk]
    rows = company.names.exclude(pk__in=shown)
    return [Typed("", name, ambiguous) for name, ambiguous in rows.values_list("name", "ambiguous")]


def _asked(form, formsets):
    """What valid forms hold that wasn't saved before."""
    rows = [
        (formset.model, row.cleaned_data)
        for formset in formsets
        for row in formset.staying()
        if {"name", "scheme", "value"} & set(row.changed_data)
    ]
    own = [form.cleaned_data[name] for name in ("name", "legal_name") if name in form.changed_data]
    names = own + [said["name"] for model, said in rows if model is CompanyName]
    return Asked(
        names=tuple(filter(None, names)),
        identifiers=tuple(
            (said["scheme"], said["value"]) for model, said in rows if model is Identifier
        ),
        website=form.cleaned_data["website"] if "website" in form.changed_data else "",
        but=_family(form.instance),
    )


def _family(company):
    """Keys of the record, the one that stands for it, its parent and its brands: alike they
    may be, but nobody's doubles."""
    brands = company.brands.values_list("pk", flat=True) if company.pk else []
    return frozenset({company.pk, company.absorbed_by_id, company.parent_id, *brands})
