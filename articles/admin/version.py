from django.contrib import admin
from django.utils.translation import gettext_lazy

from articles.editing import RecordList
from articles.models import Article, Version


@admin.register(Version)
class VersionAdmin(RecordList, admin.ModelAdmin):
    """One wording, to be read and chosen, never changed."""

    list_display = ["article", "number", "created_at", "author", "note"]
    list_select_related = ["article", "author"]
    search_fields = ["article"]
    ordering = ["-pk"]
    fields = [
        "article",
        "number",
        "created_at",
        "author",
        "note",
        "sha256",
        "received",
        "redaction",
        "headline",
        "standfirst",
        "body",
    ]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=gettext_lazy("file"))
    def received(self, version):
        """The file that it came in; a redaction may have blanked it for another's sake."""
        file = version.file
        return f"{file}: {file.redaction}" if file and file.redaction else file

    def for_list(self, queryset):
        return queryset.select_related("article").defer("body", "article__body")

    def matching(self, queryset, words):
        return queryset.filter(article__in=Article.objects.matching_inside(words))

    def describe(self, record):
        return f"{record.article} · {record}"
