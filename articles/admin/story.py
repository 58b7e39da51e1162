from django.contrib import admin
from django.db.models import Q
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.editing import MineFilter, QueueFilter, RecordAdmin, RecordForm
from articles.models import Article, Story, StoryLink
from articles.reprints import marked, shared_passages

WAITING = ("1", gettext_lazy("Waiting for an editor"), "waiting")


class StoryLinkForm(RecordForm):
    def clean(self):
        data = super().clean()
        ends = [data.get("article"), data.get("other")]
        if None not in ends:
            data["other"], data["article"] = sorted(ends, key=lambda article: article.pk)
            if ends[0] == ends[1]:
                self.add_error("other", _("Choose two different articles."))
        return data


@admin.register(StoryLink)
class StoryLinkAdmin(RecordAdmin):
    """Two texts side by side, and an editor's word on whether they are one story."""

    form = StoryLinkForm
    list_display = ["article", "other", "reason", "share", "status"]
    list_filter = [QueueFilter.of(WAITING), MineFilter, "status", "reason"]
    search_fields = ["article"]
    autocomplete_fields = ["article", "other"]
    fields = ["article", "other", ("reason", "share", "status")]
    actions = ["confirm", "reject"]
    verbs = {"_confirm": StoryLink.confirm, "_reject": StoryLink.reject}

    def get_readonly_fields(self, request, obj=None):
        settled = ["article", "other", "reason"] if obj else []
        return [*super().get_readonly_fields(request, obj), *settled, "share", "status"]

    def has_delete_permission(self, request, obj=None):
        return False  # a link is rejected, so that it isn't suggested again

    def for_list(self, queryset):
        return queryset.for_listing()

    def matching(self, queryset, words):
        found = Article.objects.matching_inside(words)
        return queryset.filter(Q(article__in=found) | Q(other__in=found))

    @admin.display(description=gettext_lazy("score"), ordering="score")
    def share(self, link):
        return f"{link.score:.0%}"

    def render_change_form(self, request, context, obj=None, **kwargs):
        if obj:
            context["texts"] = side_by_side(*obj.earlier_first)
        return super().render_change_form(request, context, obj=obj, **kwargs)

    def decided(self, request):
        """The verb that an editor pressed on the page of one link, if any."""
        return next((verb for name, verb in self.verbs.items() if name in request.POST), None)

    def save_model(self, request, obj, form, change):
        verb = self.decided(request) if change else None
        if verb:
            verb(obj, by=request.user)
        else:
            super().save_model(request, obj, form, change)

    def response_change(self, request, obj):
        """On to the next link in the queue."""
        if not self.decided(request):
            return super().response_change(request, obj)
        self.message_user(request, f"{obj} · {obj.get_status_display()}")
        following = StoryLink.objects.waiting().filter(article__lte=obj.article_id).first()
        following = following or StoryLink.objects.waiting().first()
        if following:
            return HttpResponseRedirect(
                reverse("admin:articles_storylink_change", args=[following.pk])
            )
        return HttpResponseRedirect(reverse("admin:articles_storylink_changelist"))

    @admin.action(description=gettext_lazy("Confirm"), permissions=["change"])
    def confirm(self, request, queryset):
        self.act(request, queryset, lambda link: link.confirm(by=request.user), _("Confirm"))

    @admin.action(description=gettext_lazy("Reject"), permissions=["change"])
    def reject(self, request, queryset):
        self.act(request, queryset, lambda link: link.reject(by=request.user), _("Reject"))


@admin.register(Story)
class StoryAdmin(RecordAdmin):
    """What confirmed links hold together; its history says when it began and ended."""

    list_display = ["__str__", "created_at"]
    fields = ["members", "created_at"]
    readonly_fields = ["members", "created_at"]
    ordering = ["-pk"]

    def has_add_permission(self, request):
        return False  # links alone make and part stories

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def matching(self, queryset, words):
        found = Article.objects.matching_inside(words)
        return queryset.filter(pk__in=found.values("story"))

    @admin.display(description=gettext_lazy("articles"))
    def members(self, story):
        return format_html_join(
            ", ",
            '<a href="{}">{}</a>',
            (
                (reverse("admin:articles_article_change", args=[article.pk]), article)
                for article in story.articles.for_listing()
            ),
        )


def side_by_side(*articles):
    """Two articles, each with its paragraphs, in which the shared passages are marked."""
    passages = shared_passages(*(article.body for article in articles))
    spans = [(start, end) for start, end, *_ in passages], [tuple(p[2:]) for p in passages]
    return [
        (article, marked(article.body, own)) for article, own in zip(articles, spans, strict=True)
    ]
