from functools import partial

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from articles.editing import RecordAdmin, RecordInline, is_key
from articles.models import Article
from companies.mentions import AT_ONCE, names_changed, names_of, recognise
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

    def save_model(self, request, obj, form, change):
        request.names_before = names_of(obj) if change else set()
        super().save_model(request, obj, form, change)

    def put_back(self, request, record, write, said):
        request.names_before = names_of(record)
        write()
        self.search_again(request, names_of(record))

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
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
        """Apply what has become of the names to the archive: the articles concerned wait
        from now on, and as many as an editor may wait for are searched after the commit."""
        changed = {name for _company, name, _ambiguous in request.names_before ^ names_now}
        keys = names_changed(changed)
        if keys:
            transaction.on_commit(partial(self._search, request, keys))

    def _search(self, request, keys):
        now = keys[-AT_ONCE:]
        recognise(Article.objects.filter(pk__in=now).order_by("-pk").defer("body"))
        text = ngettext(
            "The names were looked for in %(count)d article that holds one.",
            "The names were looked for in %(count)d articles that hold one.",
            len(now),
        ) % {"count": len(now)}
        if len(keys) > len(now):
            text += " " + gettext(
                "%(count)d older ones follow with the next import, or with manage.py recognise."
            ) % {"count": len(keys) - len(now)}
        self.message_user(request, text, messages.INFO)

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
