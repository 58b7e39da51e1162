from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.forms import Form
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.doubles import same_articles
from articles.editing import (
    Double,
    Doubling,
    MineFilter,
    Paged,
    PlainText,
    QueueFilter,
    ReadOnlyInline,
    RecordAdmin,
    RecordForm,
    RecordFormSet,
    RecordInline,
)
from articles.fields import date_in_words
from articles.history import Change
from articles.models import Article, Correction, Redaction, Version
from articles.stories import suggest
from companies import suggestions
from companies.mentions import recognise
from companies.models import Mention
from companies.placements import place
from companies.redaction import redact


class MentionInline(Paged, RecordInline, admin.TabularInline):
    model = Mention
    fields = ["company", "role", "status", "reason", "named_as"]
    readonly_fields = ["reason", "named_as"]
    reserved = {"companies.confirm_mention": ["status"]}
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


class VersionInline(Paged, ReadOnlyInline):
    model = Version
    fields = ["number", "created_at", "author", "note", "hash"]
    ordering = ["-number"]
    order = "-number"
    kept_at, kept_by = "created_at", "author"
    show_change_link = True

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("author").defer("body", "standfirst")


class ArticleForm(RecordForm):
    note = PlainText(
        label=gettext_lazy("Public note on the change"),
        required=False,
        max_length=500,
        widget=AdminTextInputWidget,
        help_text=gettext_lazy(
            "Why the wording changed. Readers see it with the version, as it is written here."
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "wire_id" in self.fields:
            self.fields["wire_id"].required = False

    def last_changes(self, names):
        """The text's own from its versions, since its history leaves it to them."""
        changes = super().last_changes(names)
        if "body" in changes:
            wordings = self.instance.versions.filter(late=False)
            others = wordings.exclude(body=self.initial["body"]).values_list("number", flat=True)
            latest = others.order_by("-number").first() or 0
            version = wordings.filter(number__gt=latest).order_by("number").first()
            if version:
                changes["body"] = Change(version.author, version.created_at)
        return changes

    def clean(self):
        data = super().clean()
        if not data.get("wire_id") and "wire_id" not in self.errors:
            data["wire_id"] = data.get("source_url", "")
            if not data["wire_id"]:
                self.add_error(
                    "wire_id", _("Give the agency's own id, or the address of the original.")
                )
        self._refuse_taken_id(data)
        return data

    def _refuse_taken_id(self, data):
        taken = Article.objects.exclude(pk=self.instance.pk).filter(
            publisher=data.get("publisher"), wire_id=data.get("wire_id") or ""
        )
        for other in taken:
            said = _("The archive has it already: {article}")
            url = reverse("admin:articles_article_change", args=[other.pk])
            link = format_html('<a href="{}">{}</a>', url, other.headline)
            self.add_error("wire_id", format_html(said, article=link))


class RedactionForm(Form):
    """Why the law asks for it."""

    reason = PlainText(
        label=gettext_lazy("Reason"),
        max_length=2000,
        widget=AdminTextareaWidget,
        help_text=gettext_lazy("The decision that asks for it; without the words themselves."),
    )


@admin.register(Article)
class ArticleAdmin(Doubling, RecordAdmin):
    form = ArticleForm
    list_display = ["headline", "status", "rights", "publisher", "published", "access", "review"]
    list_select_related = ["publisher"]
    list_filter = [
        QueueFilter.of(
            ("uncleared", gettext_lazy("Rights not cleared"), "uncleared"),
            ("unreleased", gettext_lazy("Cleared, not released"), "unreleased"),
            ("today", gettext_lazy("Opening today"), "opening_today"),
        ),
        MineFilter,
        "status",
        "rights",
        "access",
        "publisher__kind",
        "published_precision",
    ]
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
    actions = ["clear_rights", "release", "withhold", "kill", "redact", "leave_story"]
    reserved = {
        "articles.release_article": [
            *("public_from", "rights", "rights_until"),
            *("access", "copyright_holder", "usage_terms"),
        ]
    }
    slug_from = "headline"
    typed_only = ("note",)
    held_by = ("versions", "evidence", "corrections")
    unrestored = (Mention,)  # they follow from the text, and have histories of their own
    final = {
        "kill": gettext_lazy("A kill can't be undone: the piece is off every door for good."),
        "redact": gettext_lazy("A redaction can't be undone: nothing that could be read is left."),
    }
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
        return f"{record.headline} · {record.publisher} · {self.published(record)} · {record.slug}"

    @admin.display(description=gettext_lazy("published"), ordering="published_at")
    def published(self, article):
        return date_in_words(localdate(article.published_at), article.published_precision)

    @admin.display(description=gettext_lazy("review"))
    def review(self, article):
        address = reverse("admin:articles_article_review", args=[article.pk])
        return format_html('<a href="{}">{}</a>', address, _("Review"))

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

    def doubles(self, request, form, formsets, change):
        """Of a new piece; a correction may well bring an earlier wording back."""
        return [
            Double(
                key=other.pk,
                name=other.headline,
                reasons=reasons,
                facts=[str(other.publisher), self.published(other), other.get_status_display()],
                url=reverse("admin:articles_article_change", args=[other.pk]),
            )
            for other, reasons in ([] if change else same_articles(form.instance))
        ]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        form.reworded = obj.keep(note=form.cleaned_data["note"], by=request.user)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if form.reworded:
            self.read_anew(form.instance)
        suggestions.suggest([form.instance])  # mentions may have been decided here, too

    def read_anew(self, article):
        """What a new wording owes: its story, its companies, its passages."""
        suggest([article])
        recognise([article])
        place([article])

    def wording_then(self, record, hour):
        held = record.versions.filter(late=False, created_at__lte=hour)
        version = held.order_by("-number").first()
        return {"body": version.body} if version else {}

    def put_back(self, request, record, write, said):
        write()
        article = Article.objects.get(pk=record.pk)
        if article.keep(note=_("Earlier state restored"), by=request.user):
            self.read_anew(article)
        suggestions.suggest([article])

    @admin.action(description=gettext_lazy("Clear the rights"), permissions=["release"])
    def clear_rights(self, request, queryset):
        self.act(request, queryset, lambda article: article.clear_rights(), _("Clear the rights"))

    @admin.action(description=gettext_lazy("Release"), permissions=["release"])
    def release(self, request, queryset):
        self.act(request, queryset, lambda article: article.release(), _("Release"))
        for article in queryset.filter(status=Article.Status.USABLE):
            hindrance = article.hindrance()
            if hindrance:
                self.message_user(request, f"{article}: {hindrance}.", messages.WARNING)

    @admin.action(description=gettext_lazy("Withhold"), permissions=["release"])
    def withhold(self, request, queryset):
        self.act(request, queryset, lambda article: article.withhold(), _("Withhold"))

    @admin.action(description=gettext_lazy("Kill"), permissions=["kill"])
    def kill(self, request, queryset):
        return self.act_with_note(
            request,
            queryset,
            lambda article, fr, en: article.kill(note_fr=fr, note_en=en),
            _("Kill"),
        )

    @admin.action(description=gettext_lazy("Part from its story"), permissions=["part"])
    def leave_story(self, request, queryset):
        self.act(
            request,
            queryset,
            lambda article: article.leave_story(by=request.user),
            _("Part from its story"),
        )

    def has_release_permission(self, request):
        return request.user.has_perm("articles.release_article")

    def has_kill_permission(self, request):
        return request.user.has_perm("articles.kill_article")

    def has_part_permission(self, request):
        return request.user.has_perm("articles.change_storylink")

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
