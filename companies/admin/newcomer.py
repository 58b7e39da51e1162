from functools import partial
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.editing import MineFilter, RecordAdmin
from articles.models import Article
from companies.admin.suggestion import WaitingFilter
from companies.mentions import AT_ONCE, names_changed, recognise
from companies.models import Newcomer, Sighting
from companies.models.newcomer import name_key
from companies.suggestions import suggest

EXAMPLES = 10  # articles that the page of a name shows


@admin.register(Newcomer)
class NewcomerAdmin(RecordAdmin):
    """Names that may be companies': make one of it, add it to one, or say that it is none."""

    list_display = ["name", "in_articles", "shown", "because", "status"]
    list_filter = [WaitingFilter, MineFilter, "status"]
    search_fields = ["name"]
    autocomplete_fields = ["company"]
    fields = ["name", ("status", "created_at"), "company"]
    ordering = ["-pk"]
    actions = ["dismiss", "reopen"]

    def get_readonly_fields(self, request, obj=None):
        decided = obj and obj.status != Newcomer.Status.OPEN
        fixed = ["name", "status", "created_at"]
        return [*fixed, "company"] if decided else fixed

    def has_add_permission(self, request):
        return False  # the rules find them

    def has_delete_permission(self, request, obj=None):
        return False  # a decision outlives the next search

    def has_change_permission(self, request, obj=None):
        return self.has_name_permission(request) or self.has_decide_permission(request)

    def has_decide_permission(self, request):
        return request.user.has_perm("companies.decide_suggestion")

    def has_name_permission(self, request):
        return request.user.has_perm("companies.change_company")

    def for_list(self, queryset):
        return queryset.for_listing()

    def matching(self, queryset, words):
        # Some ten thousand rows with names of a few words: they need no index.
        return queryset.filter(key__contains=name_key(words.rstrip("*")))

    @admin.display(description=gettext_lazy("articles"), ordering="articles")
    def in_articles(self, newcomer):
        return newcomer.articles

    @admin.display(description=gettext_lazy("example"))
    def shown(self, newcomer):
        if not newcomer.example_article:
            return "–"
        address = reverse("admin:articles_article_change", args=[newcomer.example_article])
        said = newcomer.example, address, newcomer.example_headline
        return format_html('{} <a href="{}">{}</a>', *said)

    @admin.display(description=gettext_lazy("reason"))
    def because(self, newcomer):
        return newcomer.reason or "–"

    def render_change_form(self, request, context, obj=None, **kwargs):
        if obj:
            seen = Sighting.objects.standing().filter(newcomer=obj).select_related("article")
            seen = seen.defer("article__body").order_by("-article__published_at")
            context["sightings"] = seen[:EXAMPLES]
            context["count"] = seen.count()
            context["may_decide"] = self.has_decide_permission(request)
            context["may_name"] = self.has_name_permission(request)
            if request.user.has_perm("companies.add_company"):
                said = urlencode({"newcomer": obj.pk})
                context["create_url"] = f"{reverse('admin:companies_company_add')}?{said}"
        return super().render_change_form(request, context, obj=obj, **kwargs)

    def save_model(self, request, obj, form, change):
        newcomer = Newcomer.objects.get(pk=obj.pk)
        if "_settle" in request.POST:
            self._allow(self.has_name_permission(request))
            company = form.cleaned_data.get("company")
            if company is None:
                raise ValidationError(_("Choose the company whose name it is."))
            newcomer.settle(company, by=request.user)
            self._search(newcomer.name)
        elif "_dismiss" in request.POST:
            self._allow(self.has_decide_permission(request))
            newcomer.dismiss(by=request.user)
        elif "_reopen" in request.POST:
            self._allow(self.has_decide_permission(request))
            newcomer.reopen(by=request.user)

    def _allow(self, allowed):
        if not allowed:
            raise PermissionDenied

    def _search(self, name):
        """Have the archive searched for it: as much as an editor may wait for at once."""
        keys = names_changed([name])[-AT_ONCE:]
        articles = Article.objects.filter(pk__in=keys).order_by("-pk").defer("body")
        transaction.on_commit(partial(_look_through, articles))

    def response_change(self, request, obj):
        """On to the next name."""
        if not {"_settle", "_dismiss"} & set(request.POST):
            return super().response_change(request, obj)
        said = _("“%(name)s” is no company, in all articles. “Reopen” takes it back.")
        self.message_user(request, said % {"name": obj} if "_dismiss" in request.POST else str(obj))
        waiting = Newcomer.objects.open().order_by("-pk")
        following = waiting.filter(pk__lt=obj.pk).first() or waiting.first()
        if following:
            address = reverse("admin:companies_newcomer_change", args=[following.pk])
            return HttpResponseRedirect(address)
        return HttpResponseRedirect(reverse("admin:companies_newcomer_changelist"))

    @admin.action(description=gettext_lazy("Not a company"), permissions=["decide"])
    def dismiss(self, request, queryset):
        self.act(request, queryset, lambda one: one.dismiss(by=request.user), _("Not a company"))

    @admin.action(description=gettext_lazy("Reopen"), permissions=["decide"])
    def reopen(self, request, queryset):
        self.act(request, queryset, lambda one: one.reopen(by=request.user), _("Reopened"))


def _look_through(articles):
    recognise(articles)
    suggest(articles)
