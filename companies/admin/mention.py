from functools import partial

from django.contrib import admin
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.editing import MineFilter, QueueFilter, RecordAdmin
from articles.models import Article
from companies.admin.way_back import FromReview
from companies.mentions import AT_ONCE
from companies.models import Company, Mention
from companies.suggestions import suggest

WAITING = ("1", gettext_lazy("Waiting for an editor"), "suggested")


@admin.register(Mention)
class MentionAdmin(FromReview, RecordAdmin):
    list_display = ["article", "company", "role", "status", "reason", "named_as", "review"]
    list_filter = [QueueFilter.of(WAITING), MineFilter, "status", "role", "reason"]
    search_fields = ["article"]
    autocomplete_fields = ["article", "company"]
    fields = ["article", "company", "role", "status", "reason", "named_as", "version", "places"]
    readonly_fields = ["reason", "named_as", "version", "places"]
    reserved = {"companies.confirm_mention": ["status"]}
    ordering = ["-pk"]
    actions = ["confirm", "reject"]
    part_of = "article"

    def for_list(self, queryset):
        return queryset.for_listing()

    def has_confirm_permission(self, request):
        return request.user.has_perm("companies.confirm_mention")

    def matching(self, queryset, words):
        return queryset.filter(
            Q(article__in=Article.objects.matching_inside(words))
            | Q(company__in=Company.objects.matching(words))
        )

    @admin.display(description=gettext_lazy("review"))
    def review(self, mention):
        address = reverse("admin:articles_article_review", args=[mention.article_id])
        return format_html('<a href="{}#mention-{}">{}</a>', address, mention.pk, _("Review"))

    @admin.action(description=gettext_lazy("Confirm"), permissions=["confirm"])
    def confirm(self, request, queryset):
        self._decide(request, queryset, lambda mention: mention.confirm(), _("Confirm"))

    @admin.action(description=gettext_lazy("Reject"), permissions=["confirm"])
    def reject(self, request, queryset):
        self._decide(request, queryset, lambda mention: mention.reject(), _("Reject"))

    def _decide(self, request, queryset, verb, label):
        articles = queryset.order_by("-article").values_list("article", flat=True).distinct()
        articles = list(articles[:AT_ONCE])
        self.act(request, queryset, verb, label)
        suggest(Article.objects.filter(pk__in=articles).defer("body"))

    def put_back(self, request, record, write, said):
        """Undone or restored, it changes what its article may announce."""
        write()
        articles = Article.objects.filter(pk=record.article_id).defer("body")
        transaction.on_commit(partial(suggest, articles))

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        suggest([form.instance.article])
