from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.editing import RecordAdmin
from articles.models import Article
from companies.models import Company, Mention


@admin.register(Mention)
class MentionAdmin(RecordAdmin):
    list_display = ["article", "company", "role", "status", "reason", "named_as"]
    list_filter = ["status", "role", "reason"]
    search_fields = ["article"]
    autocomplete_fields = ["article", "company"]
    fields = ["article", "company", "role", "status", "reason", "named_as", "version", "places"]
    readonly_fields = ["reason", "named_as", "version", "places"]
    reserved = {"companies.confirm_mention": ["status"]}
    ordering = ["-pk"]
    actions = ["confirm", "reject"]

    def for_list(self, queryset):
        return queryset.for_listing()

    def has_confirm_permission(self, request):
        return request.user.has_perm("companies.confirm_mention")

    def matching(self, queryset, words):
        return queryset.filter(
            Q(article__in=Article.objects.matching_inside(words))
            | Q(company__in=Company.objects.matching(words))
        )

    @admin.action(description=gettext_lazy("Confirm"), permissions=["confirm"])
    def confirm(self, request, queryset):
        self.act(request, queryset, lambda mention: mention.confirm(), _("Confirm"))

    @admin.action(description=gettext_lazy("Reject"), permissions=["confirm"])
    def reject(self, request, queryset):
        self.act(request, queryset, lambda mention: mention.reject(), _("Reject"))
