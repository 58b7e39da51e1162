from django.contrib import admin
from django.db.models import Q

from articles.editing import RecordAdmin
from companies.models import Assessment, Company


@admin.register(Assessment)
class AssessmentAdmin(RecordAdmin):
    list_display = ["company", "assessor", "market", "grade", "assessed_on"]
    list_select_related = ["company", "assessor"]
    list_filter = ["market", "grade"]
    date_hierarchy = "assessed_on"
    search_fields = ["company"]
    autocomplete_fields = ["company", "assessor"]
    fields = [
        "company",
        "assessor",
        ("market", "grade"),
        "assessed_on",
        "source_url",
        "licence",
    ]

    def matching(self, queryset, words):
        return queryset.filter(
            Q(company__in=Company.objects.matching(words))
            | Q(assessor__name__istartswith=words.rstrip("*"))
        )
