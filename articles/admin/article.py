"""The editors' door to the archive."""

from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms import Form
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.editing import (
    PlainText,
    ReadOnlyInline,
    RecordAdmin,
    RecordForm,
    RecordFormSet,
    RecordInline,
    RecordList,
)
from articles.fields import date_in_words
from articles.models import (
    Article,
    Correction,
    Publisher,
    Redaction,
    StoryLink,
    Topic,
    Version,
)
from articles.reprints import marked, shared_passages
from articles.stories import suggest
from companies.mentions import recognise
from companies.models import Mention
from companies.redaction import redact


@admin.register(Publisher)
class PublisherAdmin(RecordAdmin):
    list_display = ["name", "kind", "country", "website"]
    list_filter = ["kind"]
    search_fields = ["name"]
    slug_from = "name"
    held_by = ("articles", "assessments")

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


class MentionInline(RecordInline, admin.TabularInline):
    model = Mention
    fields = ["company", "role", "status"]
    autocomplete_fields = ["company"]

    def get_queryset(self, request):
        return super().get_queryset(request).for_listing()


class CorrectionForm(RecordForm):
    def clean_kind(self):
        kind, was = self.cleaned_data["kind"], self.initial.get("kind")
        if (kind == Correction.Kind.KILL) != (was == Correction.Kind.KILL):
            raise ValidationError(_("A piece is killed by the action “Kill”, and stays so."))
        return kind


class CorrectionFormSet(RecordFormSet):
    def save_new(self, form, commit=True):
        # The note goes with the wording that is saved along with it.
        form.instance.version = self.instance.current_version()
        return super().save_new(form, commit)


class CorrectionInline(RecordInline, admin.StackedInline):
    model = Correction
    form = CorrectionForm
    formset = CorrectionFormSet
    fields = ["kind", ("note_fr", "note_en"), "created_at", "version"]
    readonly_fields = ["version"]
    can_delete = False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("version").defer("version__body")


class VersionInline(ReadOnlyInline):
    model = Version
    fields = ["number", "created_at", "author", "note", "hash"]
    ordering = ["-number"]
    show_change_link = True

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("author").defer("body", "standfirst")


class ArticleForm(RecordForm):
    note = PlainText(
        label=gettext_lazy("Note on the change"),
        required=False,
        max_length=500,
        widget=AdminTextInputWidget,
        help_text=gettext_lazy("For the desk: why the wording changed. Kept with the version."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "wire_id" in self.fields:
            self.fields["wire_id"].required = False

    def clean(self):
        data = super().clean()
        if not data.get("wire_id") and "wire_id" not in self.errors:
            data["wire_id"] = data.get("source_url", "")
            if not data["wire_id"]:
                self.add_error(
                    "wire_id", _("Give the agency's own id, or the address of the original.")
                )
        return data


class RedactionForm(Form):
    """Why the law asks for it."""

    reason = PlainText(
        label=gettext_lazy("Reason"),
        max_length=2000,
        widget=AdminTextareaWidget,
        help_text=gettext_lazy("The decision that asks for it; without the words themselves."),
    )


@admin.register(Article)
class ArticleAdmin(RecordAdmin):
    form = ArticleForm
    list_display = ["headline", "status", "publisher", "published", "access"]
    list_select_related = ["publisher"]
    list_filter = ["status", "access", "publisher__kind", "published_precision"]
    date_hierarchy = "published_at"
    search_fields = ["headline"]
    search_help_text = gettext_lazy(
        "Searches the whole text. “words in a row”, -without, begin* work too."
    )
    autocomplete_fields = ["publisher", "topics"]
    readonly_fields = [
        *("status", "same_story", "wire_version", "revised_at"),
        *("created_at", "modified_at"),
    ]
    actions = ["release", "withhold", "kill", "redact", "leave_story"]
    slug_from = "headline"
    held_by = ("versions", "evidence", "corrections")
    fieldsets = [
        (None, {"fields": ["headline", "standfirst", "body", "note"]}),
        (gettext_lazy("In our own words"), {"fields": ["abstract_fr", "abstract_en"]}),
        (
            gettext_lazy("Where it comes from"),
            {
                "fields": [
                    "publisher",
                    "source_url",
                    "wire_id",
                    "slug",
                    ("published_at", "published_precision"),
                    ("language", "urgency"),
                    ("wire_version", "revised_at"),
                    ("byline", "dateline", "credit"),
                    ("image_caption", "image_credit"),
                ]
            },
        ),
        (
            gettext_lazy("What the public may read"),
            {
                "fields": [
                    ("status", "public_from"),
                    ("rights", "rights_until"),
                    ("access", "copyright_holder"),
                    "usage_terms",
                ]
            },
        ),
        (
            gettext_lazy("For the desk"),
            {"fields": ["topics", "same_story", "editors_note", ("created_at", "modified_at")]},
        ),
    ]

    def for_list(self, queryset):
        return queryset.for_listing()

    def matching(self, queryset, words):
        return queryset.matching_inside(words)

    def describe(self, record):
        return f"{record.headline} · {record.publisher} · {self.published(record)}"

    @admin.display(description=gettext_lazy("published"), ordering="published_at")
    def published(self, article):
        return date_in_words(localdate(article.published_at), article.published_precision)

    @admin.display(description=gettext_lazy("same story"))
    def same_story(self, article):
        return format_html_join(
            ", ",
            '<a href="{}">{}</a>',
            (
                (reverse("admin:articles_article_change", args=[other.pk]), self.describe(other))
                for other in Article.objects.same_story_as(article).for_listing()
            ),
        )

    def get_inlines(self, request, obj):
        return [MentionInline, CorrectionInline, VersionInline] if obj else [MentionInline]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        form.reworded = obj.keep(note=form.cleaned_data["note"], by=request.user)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if form.reworded:
            suggest([form.instance])
            recognise([form.instance])

    @admin.action(description=gettext_lazy("Release"), permissions=["change"])
    def release(self, request, queryset):
        self.act(request, queryset, lambda article: article.release(), _("Release"))

    @admin.action(description=gettext_lazy("Withhold"), permissions=["change"])
    def withhold(self, request, queryset):
        self.act(request, queryset, lambda article: article.withhold(), _("Withhold"))

    @admin.action(description=gettext_lazy("Kill"), permissions=["change"])
    def kill(self, request, queryset):
        return self.act_with_note(
            request,
            queryset,
            lambda article, fr, en: article.kill(note_fr=fr, note_en=en),
            _("Kill"),
        )

    @admin.action(description=gettext_lazy("Part from its story"), permissions=["change"])
    def leave_story(self, request, queryset):
        self.act(
            request,
            queryset,
            lambda article: article.leave_story(by=request.user),
            _("Part from its story"),
        )

    def has_redact_permission(self, request):
        return request.user.has_perm("articles.redact_article")

    def has_change_permission(self, request, obj=None):
        # Of a redacted piece nothing is left to edit, and nothing may be typed in again.
        redacted = obj is not None and Redaction.objects.filter(article=obj).exists()
        return super().has_change_permission(request, obj) and not redacted

    @admin.action(description=gettext_lazy("Redact"), permissions=["redact"])
    def redact(self, request, queryset):
        return self.act_with_form(
            request,
            queryset,
            lambda article, said: redact(article, said["reason"], by=request.user),
            _("Redact"),
            RedactionForm,
            "admin/redact.html",
        )


class StoryLinkForm(RecordForm):
    def clean(self):
        data = super().clean()
        ends = [data.get("article"), data.get("other")]
        if None not in ends:
            data["other"], data["article"] = sorted(ends, key=lambda article: article.pk)
            if ends[0] == ends[1]:
                self.add_error("other", _("Choose two different articles."))
        return data


class Waiting(admin.SimpleListFilter):
    """The desk's queue of links, or all that ever were."""

    title = gettext_lazy("decision")
    parameter_name = "waiting"

    def lookups(self, request, model_admin):
        return [("1", _("Waiting for an editor"))]

    def queryset(self, request, queryset):
        return queryset.waiting() if self.value() == "1" else queryset


@admin.register(StoryLink)
class StoryLinkAdmin(RecordAdmin):
    """Two texts side by side, and an editor's word on whether they are one story."""

    form = StoryLinkForm
    list_display = ["article", "other", "reason", "share", "status"]
    list_filter = [Waiting, "status", "reason"]
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


def side_by_side(*articles):
    """Two articles, each with its paragraphs, in which the shared passages are marked."""
    passages = shared_passages(*(article.body for article in articles))
    spans = [(start, end) for start, end, *_ in passages], [tuple(p[2:]) for p in passages]
    return [
        (article, marked(article.body, own)) for article, own in zip(articles, spans, strict=True)
    ]


@admin.register(Version)
class VersionAdmin(RecordList, admin.ModelAdmin):
    """One wording, to be read and chosen, never changed."""

    list_display = ["article", "number", "created_at", "author", "note"]
    list_select_related = ["article", "author"]
    search_fields = ["article"]
    ordering = ["-pk"]
    fields = [
        "article",
        "number",
        "created_at",
        "author",
        "note",
        "sha256",
        "received",
        "redaction",
        "headline",
        "standfirst",
        "body",
    ]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=gettext_lazy("file"))
    def received(self, version):
        """The file that it came in; a redaction may have blanked it for another's sake."""
        file = version.file
        return f"{file}: {file.redaction}" if file and file.redaction else file

    def for_list(self, queryset):
        return queryset.select_related("article").defer("body", "article__body")

    def matching(self, queryset, words):
        return queryset.filter(article__in=Article.objects.matching_inside(words))

    def describe(self, record):
        return f"{record.article} · {record}"
