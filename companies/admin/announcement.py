from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.editing import (
    NoteForm,
    PlainText,
    ReadOnlyInline,
    RecordAdmin,
    RecordForm,
    RecordFormSet,
    RecordInline,
    RecordSelect,
    is_key,
)
from articles.fields import date_in_words
from articles.models import Article
from companies.models import Announcement, Edition, Evidence, Measure, Reply
from companies.placements import place


class ActivitySelect(RecordSelect):
    """Suggests the activities of one announcement's company and its brands."""

    def __init__(self, *args, announcement, **kwargs):
        super().__init__(*args, **kwargs)
        self.announcement = announcement

    def get_url(self):
        return f"{super().get_url()}?announcement={self.announcement}"


class MeasureFormSet(RecordFormSet):
    def clean(self):
        super().clean()
        rows = [form.cleaned_data for form in self.staying()]
        named = [(row.get("activity"), row["market"]) for row in rows if row.get("market")]
        if len(set(named)) < len(named):
            raise ValidationError(
                _("Two measures name the same activity in the same market; keep one.")
            )
        if self.instance.status == Announcement.Status.PUBLISHED and not rows:
            raise ValidationError(
                _("A published announcement needs a measure; leave one, or retract it.")
            )


class MeasureInline(RecordInline, admin.TabularInline):
    model = Measure
    formset = MeasureFormSet
    fields = ["activity", "market", "action", "stage", "effective_on", "effective_precision"]
    autocomplete_fields = ["activity"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("activity__company")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        announcement = request.resolver_match.kwargs.get("object_id", "")
        if db_field.name == "activity" and is_key(announcement):
            kwargs["widget"] = ActivitySelect(db_field, self.admin_site, announcement=announcement)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class EvidenceFormSet(RecordFormSet):
    def clean(self):
        super().clean()
        supports = any(
            form.cleaned_data.get("stance") == Evidence.Stance.SUPPORTS for form in self.staying()
        )
        if self.instance.status == Announcement.Status.PUBLISHED and not supports:
            raise ValidationError(
                _("A published announcement needs supporting evidence; leave some, or retract it.")
            )

    def save(self, commit=True):
        # What replaces the last support must stand before that one goes: new rows
        # first, then what supports, then what no longer does, last what is deleted.
        known = self.initial_form_count()
        self.forms[:known] = sorted(self.forms[:known], key=self._turn)
        new = self.save_new_objects(commit)
        return self.save_existing_objects(commit) + new

    def save_existing(self, form, obj, commit=True):
        if {"article", "version", "exact"} & set(form.changed_data):
            obj.placements.all().delete()  # those of other words
        return super().save_existing(form, obj, commit)

    def _turn(self, form):
        stays = not self._should_delete_form(form)
        supports = form.cleaned_data.get("stance") == Evidence.Stance.SUPPORTS
        return (not stays, not supports)


class EvidenceInline(RecordInline, admin.StackedInline):
    model = Evidence
    formset = EvidenceFormSet
    fields = [
        "article",
        ("stance", "speaker"),
        "exact",
        "version",
        ("paraphrase_fr", "paraphrase_en"),
    ]
    autocomplete_fields = ["article", "version"]

    def get_queryset(self, request):
        return super().get_queryset(request).for_listing()


class ReplyInline(RecordInline, admin.StackedInline):
    model = Reply
    fields = [("asked_on", "answered_on"), ("answer_fr", "answer_en")]


class EditionInline(ReadOnlyInline):
    model = Edition
    fields = ["number", "status", "made_at", "made_by", "note_fr", "note_en", "hash"]
    ordering = ["-number"]
    kept_at, kept_by = "made_at", "made_by"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("made_by").defer("snapshot")


class AnnouncementForm(RecordForm):
    note_fr = PlainText(
        label=gettext_lazy("Public note on the change, in French"),
        required=False,
        max_length=500,
        widget=AdminTextInputWidget,
        help_text=gettext_lazy("Once it is published: what readers are told about the change."),
    )
    note_en = PlainText(
        label=gettext_lazy("Public note on the change, in English"),
        required=False,
        max_length=500,
        widget=AdminTextInputWidget,
        help_text=gettext_lazy("Once it is published: what readers are told about the change."),
    )

    def clean(self):
        data = super().clean()
        if self.instance.status == Announcement.Status.PUBLISHED:
            for name in ("title_fr", "title_en", "summary_fr", "summary_en"):
                if name not in self.errors and not data.get(name):
                    self.add_error(name, _("It is published, so this can't be empty."))
        return data


class SourceFilter(admin.SimpleListFilter):
    """Announcements whose evidence an editor has to look at again."""

    title = gettext_lazy("sources")
    parameter_name = "sources"

    def lookups(self, request, model_admin):
        return [("killed", _("A source was killed"))]

    def queryset(self, request, queryset):
        return queryset.on_killed_sources() if self.value() == "killed" else queryset


@admin.register(Announcement)
class AnnouncementAdmin(RecordAdmin):
    form = AnnouncementForm
    list_display = ["__str__", "status", "company", "announced", "action"]
    list_select_related = ["company"]
    list_filter = [
        "status",
        SourceFilter,
        "measures__action",
        "measures__stage",
        "measures__market",
    ]
    date_hierarchy = "announced_by"
    search_fields = ["title_fr"]
    search_help_text = gettext_lazy("Searches titles, summaries and the names of companies.")
    autocomplete_fields = ["company"]
    readonly_fields = [
        "status",
        "public_id",
        "retraction_reason_fr",
        "retraction_reason_en",
        "created_at",
        "modified_at",
    ]
    inlines = [MeasureInline, EvidenceInline, ReplyInline, EditionInline]
    actions = ["publish", "retract"]
    held_by = ("editions",)
    final = {
        "publish": gettext_lazy(
            "Publishing can't be undone in silence: what was published is taken back by "
            "“Retract”, with a note that readers see."
        ),
        "retract": gettext_lazy(
            "Retracting can't be undone in silence: what was retracted comes back by “Publish”, "
            "as a new edition."
        ),
    }
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "status",
                    "company",
                    ("announced_on", "announced_precision"),
                    "title_fr",
                    "title_en",
                    "summary_fr",
                    "summary_en",
                    "last_checked_on",
                ]
            },
        ),
        (gettext_lazy("Sale"), {"fields": ["buyer", "terms_fr", "terms_en"]}),
        (gettext_lazy("Change"), {"fields": ["note_fr", "note_en"]}),
        (
            gettext_lazy("Record"),
            {
                "fields": [
                    "public_id",
                    ("retraction_reason_fr", "retraction_reason_en"),
                    ("created_at", "modified_at"),
                ]
            },
        ),
    ]

    def for_list(self, queryset):
        return queryset.defer("search").prefetch_related("measures")

    @admin.display(description=gettext_lazy("announced on"), ordering="announced_by")
    def announced(self, announcement):
        return date_in_words(announcement.announced_on, announcement.announced_precision)

    @admin.display(description=gettext_lazy("action"))
    def action(self, announcement):
        return announcement.get_action_display()

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        notes = {name: form.cleaned_data[name] for name in ("note_fr", "note_en")}
        self._amend(request, form.instance, notes)

    def _amend(self, request, announcement, notes):
        place(Article.objects.filter(evidence__announcement=announcement).only("pk").distinct())
        announcement.amend(by=request.user, **notes)

    def question(self, record):
        return NoteForm if record.status == Announcement.Status.PUBLISHED else None

    def before_change(self, record, values):
        if isinstance(record, Evidence) and {"article_id", "version_id", "exact"} & values.keys():
            record.placements.all().delete()  # those of other words

    def put_back(self, request, record, write, said):
        write()
        self._amend(request, Announcement.objects.get(pk=record.pk), said)

    @admin.action(description=gettext_lazy("Publish"), permissions=["change"])
    def publish(self, request, queryset):
        self.act(request, queryset, lambda a: a.publish(by=request.user), _("Publish"))
        published = queryset.filter(status=Announcement.Status.PUBLISHED)
        for unseen in published.exclude(pk__in=Announcement.objects.public().values("pk")):
            text = _("Nobody sees “%(title)s” before an article that supports it is released.")
            self.message_user(request, text % {"title": unseen}, messages.WARNING)

    @admin.action(description=gettext_lazy("Retract"), permissions=["change"])
    def retract(self, request, queryset):
        return self.act_with_note(
            request,
            queryset,
            lambda a, fr, en: a.retract(reason_fr=fr, reason_en=en, by=request.user),
            _("Retract"),
        )
