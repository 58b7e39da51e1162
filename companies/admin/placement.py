from django.contrib import admin
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.editing import MineFilter, QueueFilter, RecordAdmin, is_key
from articles.models import Article
from articles.reprints import marked
from companies.models import Placement
from companies.placements import look_again

WAITING = ("1", gettext_lazy("Waiting for an editor"), "waiting")


@admin.register(Placement)
class PlacementAdmin(RecordAdmin):
    """A passage as it was quoted beside what became of it, and an editor's word on that."""

    list_display = ["passage", "announcement", "article", "state", "text", "review"]
    list_filter = [QueueFilter.of(WAITING), MineFilter, "state", "settled"]
    search_fields = ["evidence"]
    fields = [("announcement", "article"), ("state", "share", "settled")]
    readonly_fields = ["announcement", "article", "state", "share", "settled"]
    ordering = ["-pk"]
    actions = ["accept", "say_gone", "ask_again"]

    def has_add_permission(self, request):
        return False  # the archive looks for each passage by itself

    def has_delete_permission(self, request, obj=None):
        return False

    def for_list(self, queryset):
        return queryset.for_listing()

    def matching(self, queryset, words):
        return queryset.filter(evidence__article__in=Article.objects.matching_inside(words))

    @admin.display(description=gettext_lazy("passage"))
    def passage(self, placement):
        return placement.evidence.exact

    @admin.display(description=gettext_lazy("announcement"))
    def announcement(self, placement):
        found = placement.evidence.announcement
        address = reverse("admin:companies_announcement_change", args=[found.pk])
        return format_html('<a href="{}">{}</a>', address, found)

    @admin.display(description=gettext_lazy("article"))
    def article(self, placement):
        found = placement.evidence.article
        address = reverse("admin:articles_article_change", args=[found.pk])
        return format_html('<a href="{}">{}</a>', address, found)

    @admin.display(description=gettext_lazy("review"))
    def review(self, placement):
        address = reverse("admin:articles_article_review", args=[placement.evidence.article_id])
        return format_html('<a href="{}#placement-{}">{}</a>', address, placement.pk, _("Review"))

    @admin.display(description=gettext_lazy("similarity"), ordering="similarity")
    def share(self, placement):
        return f"{placement.similarity:.0%}"

    def render_change_form(self, request, context, obj=None, **kwargs):
        if obj and not obj.version.redaction_id:
            context["texts"] = side_by_side(obj)
            context["offered"] = obj.offered()
            context["waits"] = not obj.stands or obj.settled
        return super().render_change_form(request, context, obj=obj, **kwargs)

    def save_model(self, request, obj, form, change):
        if "_accept" in request.POST:
            obj.accept(self._chosen(request, obj), by=request.user)
        elif "_gone" in request.POST:
            obj.say_gone(by=request.user)
        # Nothing else can be typed here.

    def _chosen(self, request, placement):
        """The place that the editor pointed at; where they didn't, the likeliest."""
        number, offered = request.POST.get("place", ""), placement.offered()
        known = is_key(number) and int(number) < len(offered)
        return offered[int(number)] if known else None

    def response_change(self, request, obj):
        """On to the next passage in the queue."""
        if not {"_accept", "_gone"} & set(request.POST):
            return super().response_change(request, obj)
        self.message_user(request, str(obj))
        following = Placement.objects.waiting().filter(pk__lt=obj.pk).order_by("-pk").first()
        following = following or Placement.objects.waiting().order_by("-pk").first()
        if following:
            address = reverse("admin:companies_placement_change", args=[following.pk])
            return HttpResponseRedirect(address)
        return HttpResponseRedirect(reverse("admin:companies_placement_changelist"))

    @admin.action(description=gettext_lazy("Accept how it reads now"), permissions=["change"])
    def accept(self, request, queryset):
        label = _("Accept how it reads now")
        self.act(request, queryset, lambda placement: placement.accept(by=request.user), label)

    @admin.action(description=gettext_lazy("Say that it is gone"), permissions=["change"])
    def say_gone(self, request, queryset):
        label = _("Say that it is gone")
        self.act(request, queryset, lambda placement: placement.say_gone(by=request.user), label)

    @admin.action(description=gettext_lazy("Look for it anew"), permissions=["change"])
    def ask_again(self, request, queryset):
        label = _("Look for it anew")
        self.act(request, queryset, lambda one: look_again(one, by=request.user), label)


def side_by_side(placement):
    """Both versions, each with its paragraphs, in which the passage, or what may stand for
    it now, is marked."""
    evidence = placement.evidence
    spans = [[evidence.place], placement.offered()]
    return [
        (version, marked(evidence.text_in(version), [(place.start, place.end) for place in places]))
        for version, places in zip((evidence.version, placement.version), spans, strict=True)
    ]
