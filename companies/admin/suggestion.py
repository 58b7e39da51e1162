from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.editing import MineFilter, RecordAdmin
from articles.models import Article
from articles.reprints import marked
from companies.countries import NAMES, country_name
from companies.mentions import AT_ONCE
from companies.models import Company, Suggestion
from companies.placements import place
from companies.recorded import recorded, suggested
from companies.suggestions import suggest


class WaitingFilter(admin.SimpleListFilter):
    """The desk's queue, or all that was ever suggested."""

    title = gettext_lazy("decision")
    parameter_name = "waiting"

    def lookups(self, request, model_admin):
        return [("1", _("Waiting for an editor"))]

    def queryset(self, request, queryset):
        return queryset.open() if self.value() == "1" else queryset


class MarketFilter(admin.SimpleListFilter):
    """Markets that an open suggestion names."""

    title = gettext_lazy("market")
    parameter_name = "market"

    def lookups(self, request, model_admin):
        named = Suggestion.objects.open().order_by().values_list("markets", flat=True).distinct()
        codes = {code for markets in named for code in markets.split()}
        return sorted(((code, country_name(code)) for code in codes), key=lambda pair: pair[1])

    def queryset(self, request, queryset):
        known = self.value() in NAMES["en"]
        return queryset.filter(markets__contains=self.value()) if known else queryset


@admin.register(Suggestion)
class SuggestionAdmin(RecordAdmin):
    """What articles seem to announce; an editor makes a draft of it, or dismisses it."""

    list_display = ["what", "in_words", "words", "hearsay", "status", "review"]
    list_filter = [WaitingFilter, MineFilter, "status", "hearsay", MarketFilter]
    search_fields = ["article"]
    search_help_text = gettext_lazy("Searches the articles’ texts and the names of companies.")
    fields = [
        ("whose", "where", "draft"),
        "others",
        "in_words",
        ("said_by", "hearsay", "reason"),
        ("status", "created_at"),
    ]
    readonly_fields = [
        *("whose", "where", "draft", "others", "in_words", "said_by", "hearsay", "reason"),
        *("status", "created_at"),
    ]
    ordering = ["-pk"]
    actions = ["accept", "dismiss", "reopen"]
    part_of = "article"

    def has_add_permission(self, request):
        return False  # the rules suggest; an editor adds an announcement

    def has_delete_permission(self, request, obj=None):
        return False  # a decision outlives the next search

    def has_change_permission(self, request, obj=None):
        return self.has_accept_permission(request) or self.has_decide_permission(request)

    def has_accept_permission(self, request):
        return request.user.has_perm("companies.add_announcement")

    def has_decide_permission(self, request):
        return request.user.has_perm("companies.decide_suggestion")

    def for_list(self, queryset):
        return queryset.for_listing()

    def matching(self, queryset, words):
        return queryset.filter(
            article__in=Article.objects.matching_inside(words)
        ) | queryset.filter(company__in=Company.objects.matching(words))

    @admin.display(description=gettext_lazy("suggested announcement"), ordering="company__name")
    def what(self, suggestion):
        return format_html(
            "{} · <span lang='{}'>{}</span>",
            suggestion.company,
            suggestion.article.language,
            suggestion.article,
        )

    @admin.display(description=gettext_lazy("review"))
    def review(self, suggestion):
        address = reverse("admin:articles_article_review", args=[suggestion.article_id])
        return format_html('<a href="{}#suggestion-{}">{}</a>', address, suggestion.pk, _("Review"))

    @admin.display(description=gettext_lazy("measures"))
    def in_words(self, suggestion):
        return format_html_join("\n", "<div>{}</div>", ((one,) for one in suggestion.in_words()))

    @admin.display(description=gettext_lazy("passage"))
    def words(self, suggestion):
        return suggestion.passages[0]["exact"] if suggestion.passages else "–"

    @admin.display(description=gettext_lazy("company"))
    def whose(self, suggestion):
        return self._link(suggestion.company)

    @admin.display(description=gettext_lazy("article"))
    def where(self, suggestion):
        return self._link(suggestion.article)

    @admin.display(description=gettext_lazy("announcement"))
    def draft(self, suggestion):
        found = suggestion.announcement
        return self._link(found) if found else "–"

    @admin.display(description=gettext_lazy("in the archive already?"))
    def others(self, suggestion):
        """It may be one of these."""
        [found] = recorded([suggested(suggestion)])
        links = format_html_join(", ", "{}", ((self._link(one),) for one in found))
        return links or "–"

    def _link(self, record):
        address = reverse(
            f"admin:{record._meta.label_lower.replace('.', '_')}_change", args=[record.pk]
        )
        return format_html('<a href="{}">{}</a>', address, record)

    @admin.display(description=gettext_lazy("speaker"))
    def said_by(self, suggestion):
        return suggestion.get_speaker_display()

    def render_change_form(self, request, context, obj=None, **kwargs):
        if obj:
            spans = [(passage["start"], passage["end"]) for passage in obj.passages]
            context["paragraphs"] = marked(obj.version.body, spans)
            context["may_accept"] = self.has_accept_permission(request)
            context["may_decide"] = self.has_decide_permission(request)
        return super().render_change_form(request, context, obj=obj, **kwargs)

    def save_model(self, request, obj, form, change):
        if "_accept" in request.POST:
            self._allow(self.has_accept_permission(request))
            seen = request.POST.get("seen", "")
            request.draft = obj.accept(by=request.user, seen=seen)
        elif "_dismiss" in request.POST:
            self._allow(self.has_decide_permission(request))
            obj.dismiss(by=request.user)
        elif "_reopen" in request.POST:
            self._allow(self.has_decide_permission(request))
            obj.reopen(by=request.user)
        # Nothing else can be typed here.

    def _allow(self, allowed):
        if not allowed:
            raise PermissionDenied

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        self._look_again([form.instance.article_id])

    def _look_again(self, articles):
        """What was decided may leave less to suggest, or more."""
        articles = Article.objects.filter(pk__in=articles).defer("body")
        place(articles)
        suggest(articles)

    def response_change(self, request, obj):
        """To the draft, or on to the next suggestion."""
        if "_accept" in request.POST:
            text = _("A draft of it was made. Read it over, and publish it when it is right.")
            self.message_user(request, text, messages.SUCCESS)
            address = reverse("admin:companies_announcement_change", args=[request.draft.pk])
            return HttpResponseRedirect(address)
        if "_dismiss" not in request.POST:
            return super().response_change(request, obj)
        self.message_user(request, _("Dismissed: %(suggestion)s") % {"suggestion": obj})
        waiting = Suggestion.objects.open().order_by("-pk")
        following = waiting.filter(pk__lt=obj.pk).first() or waiting.first()
        if following:
            address = reverse("admin:companies_suggestion_change", args=[following.pk])
            return HttpResponseRedirect(address)
        return HttpResponseRedirect(reverse("admin:companies_suggestion_changelist"))

    def _decide(self, request, queryset, verb, label):
        articles = queryset.order_by("-article").values_list("article", flat=True).distinct()
        articles = list(articles[:AT_ONCE])
        self.act(request, queryset, verb, label)
        self._look_again(articles)

    @admin.action(description=gettext_lazy("Accept: make a draft"), permissions=["accept"])
    def accept(self, request, queryset):
        self._decide(request, queryset, lambda one: one.accept(by=request.user), _("Accepted"))

    @admin.action(description=gettext_lazy("Dismiss"), permissions=["decide"])
    def dismiss(self, request, queryset):
        self._decide(request, queryset, lambda one: one.dismiss(by=request.user), _("Dismissed"))

    @admin.action(description=gettext_lazy("Reopen"), permissions=["decide"])
    def reopen(self, request, queryset):
        self._decide(request, queryset, lambda one: one.reopen(by=request.user), _("Reopened"))
