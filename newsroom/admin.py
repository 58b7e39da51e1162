from functools import partial, update_wrapper

from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.http import HttpResponseRedirect
from django.urls import include, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect

from newsroom.accounts import second_factor, views
from newsroom.accounts.events import note
from newsroom.accounts.sessions import stir
from newsroom.desk import RULE, queues, shown
from newsroom.models import Login

# What is open to someone who must set up a second factor before anything else.
BEFORE_SET_UP = {"security", "security_picture", "logout"}
# Django's own headings, of which our catalogue has a French that fits any name of a model.
REWORDED = [_("Add %s"), _("Change %s"), _("View %s"), _("Add another %(verbose_name)s")]


class Suggestions(AutocompleteJsonView):
    """Suggests records with enough beside their name to tell them apart."""

    def serialize_result(self, obj, to_field_name):
        describe = getattr(self.model_admin, "describe", str)
        return super().serialize_result(obj, to_field_name) | {"text": describe(obj)}


class EditorialSite(admin.AdminSite):
    site_title = "Exeunt"
    site_header = "Exeunt"
    index_title = _("The desk")
    enable_nav_sidebar = False  # the lists need the width; the desk is one step away

    def get_urls(self):
        def own(view):
            return self.admin_view(partial(view, site=self))

        rooms = ("companies.admin.review", "articles.admin.compare")
        return [
            *(path("articles/article/", include(room)) for room in rooms),
            path("login/code/", self.login_code, name="login_code"),
            path("security/", own(views.security), name="security"),
            path("security/secret.svg", own(views.secret_picture), name="security_picture"),
            *super().get_urls(),
        ]

    def has_permission(self, request):
        if not super().has_permission(request) or not second_factor.owed(request):
            return super().has_permission(request)
        return bool(request.resolver_match) and request.resolver_match.url_name in BEFORE_SET_UP

    def admin_view(self, view, cacheable=False):
        def stirring(request, *args, **kwargs):
            stir(request)
            return view(request, *args, **kwargs)

        return super().admin_view(update_wrapper(stirring, view), cacheable)

    @method_decorator(never_cache)
    def login(self, request, extra_context=None):
        """Name and password; the second step is `login_code`."""
        if request.method == "GET" and super().has_permission(request):
            owed = second_factor.owed(request)
            return HttpResponseRedirect(reverse("admin:security" if owed else "admin:index"))
        context = {
            **self.each_context(request),
            "title": _("Log in"),
            "subtitle": None,
            "app_path": request.get_full_path(),
            "username": request.user.get_username(),
            **(extra_context or {}),
        }
        view = views.FirstStep.as_view(
            site=self,
            extra_context=context,
            authentication_form=AdminAuthenticationForm,
            template_name="admin/login.html",
            next_page="admin:index",
        )
        return view(request)

    @method_decorator([never_cache, csrf_protect])
    def login_code(self, request):
        return views.second_step(request, self)

    def password_change(self, request, extra_context=None):
        answer = super().password_change(request, extra_context)
        if request.method == "POST" and answer.status_code == 302:
            note(request, request.user.get_username(), Login.Kind.PASSWORD)
        return answer

    def index(self, request, extra_context=None):
        show = shown(request)
        found = queues(request.user, mine=show == "mine")
        desk = {
            "show": show,
            "rule": RULE,
            "queues": [queue for queue in found if queue.count],
            "empty": [queue for queue in found if not queue.count],
            "unprotected": second_factor.offered(request),
        }
        return super().index(request, desk | (extra_context or {}))

    def autocomplete_view(self, request):
        return Suggestions.as_view(admin_site=self)(request)
