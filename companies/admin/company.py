from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.editing import RecordAdmin, RecordInline, is_key
from companies.models import Activity, Company, CompanyName, Identifier


class NameInline(RecordInline, admin.TabularInline):
    model = CompanyName
    fields = ["name", "kind", "language", "ambiguous"]


class IdentifierInline(RecordInline, admin.TabularInline):
    model = Identifier
    fields = ["scheme", "value", "sourced"]


@admin.register(Company)
class CompanyAdmin(RecordAdmin):
    list_display = ["name", "legal_name", "country_in_words", "sector", "parent", "merged_into"]
    list_select_related = ["parent", "merged_into"]
    list_filter = [
        "sector",
        ("parent", admin.EmptyFieldListFilter),
        ("merged_into", admin.EmptyFieldListFilter),
        "country",
    ]
    search_fields = ["name"]
    autocomplete_fields = ["parent", "merged_into"]
    readonly_fields = ["created_at", "modified_at"]
    inlines = [NameInline, IdentifierInline]
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

    def for_list(self, queryset):
        return queryset.defer("search")

    @admin.display(description=_("country"), ordering="country")
    def country_in_words(self, company):
        return company.country_name


@admin.register(Activity)
class ActivityAdmin(RecordAdmin):
    list_display = ["name", "company", "brand"]
    list_select_related = ["company", "brand"]
    search_fields = ["name_en"]
    autocomplete_fields = ["company", "brand"]
    fields = ["company", "name_fr", "name_en", "brand"]
    held_by = ("measures", "editionmeasures")

    def get_search_results(self, request, queryset, search_term):
        announcement = request.GET.get("announcement", "")
        if request.resolver_match.url_name == "autocomplete" and is_key(announcement):
            queryset = queryset.filter(
                Q(company__announcements=announcement)
                | Q(company__parent__announcements=announcement)
            )
        return super().get_search_results(request, queryset, search_term)

    def for_list(self, queryset):
        return queryset.select_related("company")

    def matching(self, queryset, words):
        # Some thousand rows with names of a few words: they need no index.
        return queryset.filter(
            Q(name_fr__icontains=words.rstrip("*"))
            | Q(name_en__icontains=words.rstrip("*"))
            | Q(company__in=Company.objects.matching(words))
        )

    def describe(self, record):
        return f"{record.company} · {record}"
