from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from newsroom.desk import RULE, queues, shown


class Suggestions(AutocompleteJsonView):
    """Suggests records with enough beside their name to tell them apart."""

    def serialize_result(self, obj, to_field_name):
        describe = getattr(self.model_admin, "describe", str)
        return super().serialize_result(obj, to_field_name) | {"text": describe(obj)}


class EditorialSite(admin.AdminSite):
    site_title = "Exeunt"
    site_header = "Exeunt"
    index_title = _("The desk")

    def index(self, request, extra_context=None):
        show = shown(request)
        found = queues(request.user, mine=show == "mine")
        desk = {
            "show": show,
            "rule": RULE,
            "queues": [queue for queue in found if queue.count],
            "empty": [queue for queue in found if not queue.count],
        }
        return super().index(request, desk | (extra_context or {}))

    def get_urls(self):
        rooms = ("companies.admin.review", "articles.admin.compare")
        ours = [path("articles/article/", include(room)) for room in rooms]
        return [*ours, *super().get_urls()]

    def autocomplete_view(self, request):
        return Suggestions.as_view(admin_site=self)(request)
