from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.editing import MineFilter, RecordAdmin
from companies.models import CorrectionRequest


@admin.register(CorrectionRequest)
class CorrectionRequestAdmin(RecordAdmin):
    """What readers say is wrong: answered here, mended on the record itself."""

    list_display = ["received_at", "about", "text", "status"]
    list_filter = ["status", MineFilter]
    date_hierarchy = "received_at"
    search_fields = ["text"]
    actions = ["accept", "decline"]
    readonly_fields = ["record", "text", "source", "email", "received_at"]
    fields = ["record", "text", "source", "email", "received_at", "status", "remark"]

    def for_list(self, queryset):
        return queryset.for_listing()

    def matching(self, queryset, words):
        return queryset.filter(text__icontains=words.rstrip("*"))  # some hundred rows

    def has_add_permission(self, request):
        return False

    @admin.display(description=gettext_lazy("about"))
    def record(self, asked):
        about = asked.about
        name = f"admin:{about._meta.app_label}_{about._meta.model_name}_change"
        return format_html('<a href="{}">{}</a>', reverse(name, args=[about.pk]), about)

    @admin.action(description=gettext_lazy("Accept"), permissions=["change"])
    def accept(self, request, queryset):
        return self.act(request, queryset, lambda asked: asked.accept(), _("Accept"))

    @admin.action(description=gettext_lazy("Decline"), permissions=["change"])
    def decline(self, request, queryset):
        return self.act(request, queryset, lambda asked: asked.decline(), _("Decline"))
