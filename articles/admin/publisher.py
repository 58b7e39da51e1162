from django.contrib import admin
from django.db.models import Q
from django.urls import reverse

from articles.doubles import same_publishers
from articles.editing import Double, Doubling, RecordAdmin, RecordList
from articles.models import Publisher, Topic


@admin.register(Publisher)
class PublisherAdmin(Doubling, RecordAdmin):
    list_display = ["name", "kind", "country", "rights", "access", "website"]
    list_filter = ["kind", "rights"]
    search_fields = ["name"]
    reserved = {"articles.release_article": ["rights", "access"]}
    slug_from = "name"
    held_by = ("articles", "assessments")

    def doubles(self, request, form, formsets, change):
        if not {"name", "website"} & set(form.changed_data):
            return []
        return [
            Double(
                key=other.pk,
                name=str(other),
                reasons=reasons,
                facts=[other.get_kind_display(), other.country],
                url=reverse("admin:articles_publisher_change", args=[other.pk]),
            )
            for other, reasons in same_publishers(form.instance)
        ]

    def matching(self, queryset, words):
        # Some hundred rows: they need no index.
        words = words.rstrip("*")
        return queryset.filter(Q(name__icontains=words) | Q(slug__contains=words.lower()))


@admin.register(Topic)
class TopicAdmin(RecordList, admin.ModelAdmin):
    list_display = ["code", "name_fr", "name_en"]
    search_fields = ["code"]

    def matching(self, queryset, words):
        # IPTC has some 1,200: they need no index.
        words = words.rstrip("*")
        return queryset.filter(
            Q(code__icontains=words) | Q(name_fr__icontains=words) | Q(name_en__icontains=words)
        )
