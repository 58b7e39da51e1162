from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.editing import (
    MineFilter,
    NoteForm,
    Paged,
    QueueFilter,
    ReadOnlyInline,
    RecordAdmin,
    RecordFormSet,
    RecordInline,
    RecordSelect,
    is_key,
)
from articles.fields import date_in_words
from articles.models import Article
from companies.admin.market import MarketField
from companies.admin.publishing import ParisHour, PublicNoteForm, Publishing
from companies.models import Announcement, Edition, Evidence, Measure, Placement, Reply
from companies.models.announcement import TEXTS
from companies.placements import place
from companies.suggestions import suggest


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
        shown = {form.instance.pk for form in self.forms if form.instance.pk}
        every = Measure.objects.filter(announcement=self.instance.pk).select_related("activity")
        elsewhere = list(every.exclude(pk__in=shown))  # on other pages of the form
        rows = [form.cleaned_data for form in self.staying()]
        named = [(row.get("activity"), row["market"]) for row in rows if row.get("market")]
        named += [(measure.activity, measure.market) for measure in elsewhere]
        if len(set(named)) < len(named):
            raise ValidationError(
                _("Two measures name the same activity in the same market; keep one.")
            )
        if self.instance.status == Announcement.Status.PUBLISHED and not (rows or elsewhere):
            raise ValidationError(
                _("A published announcement needs a measure; leave one, or retract it.")
            )


class MeasureInline(Paged, RecordInline, admin.TabularInline):
    model = Measure
    formset = MeasureFormSet
    fields = ["activity", "market", "action", "stage", "effective_on", "effective_precision"]
    autocomplete_fields = ["activity"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("activity__company")

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "market":
            return MarketField(label=capfirst(db_field.verbose_name))
        return super().formfield_for_dbfield(db_field, request, **kwargs)

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


class EditionInline(Paged, ReadOnlyInline):
    model = Edition
    fields = ["number", "status", "made_at", "made_by", "note_fr", "note_en", "hash"]
    ordering = ["-number"]
    order = "-number"
    kept_at, kept_by = "made_at", "made_by"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("made_by").defer("snapshot")


class AnnouncementForm(PublicNoteForm):
    publish_at = ParisHour(
        label=gettext_lazy("Opens at"),
        required=False,
        help_text=gettext_lazy("Paris time, with “Save and schedule”: exact to the second."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.scheduled and "publish_at" in self.fields:
            self.initial["publish_at"] = self.instance.public_from

    def clean(self):
        data = super().clean()
        if self.instance.status == Announcement.Status.PUBLISHED:
            for name in TEXTS:
                if name not in self.errors and not data.get(name):
                    self.add_error(name, _("It is published, so this can't be empty."))
        return data


@admin.register(Announcement)
class AnnouncementAdmin(Publishing, RecordAdmin):
    form = AnnouncementForm
    list_display = ["__str__", "state", "company", "announced", "action"]
    list_select_related = ["company"]
    list_filter = [
        QueueFilter.of(
            ("today", gettext_lazy("Opening today"), "opening_today"),
            ("scheduled", gettext_lazy("Scheduled"), "scheduled"),
            ("drafts", gettext_lazy("Drafts"), "drafts"),
            ("sources", gettext_lazy("On a killed or corrected source"), "on_troubled_sources"),
            ("unsupported", gettext_lazy("Without public evidence"), "unsupported"),
            ("unchecked", gettext_lazy("Unchecked for 180 days"), "unchecked"),
        ),
        MineFilter,
        "status",
        "measures__action",
        "measures__stage",
        "measures__market",
    ]
    date_hierarchy = "announced_by"
    search_fields = ["title_fr"]
    search_help_text = gettext_lazy("Searches titles, summaries and the names of companies.")
    autocomplete_fields = ["company"]
    readonly_fields = [
        "state",
        "readers_see",
        "public_id",
        "retraction_reason_fr",
        "retraction_reason_en",
        "created_at",
        "modified_at",
    ]
    inlines = [MeasureInline, EvidenceInline, ReplyInline, EditionInline]
    actions = ["publish", "unschedule", "retract", "say_it_stands"]
    held_by = ("editions",)
    typed_only = ("note_fr", "note_en")
    final = {
        "publish": gettext_lazy(
            "Publishing can't be undone in silence: what was published is taken back by "
            "“Retract”, with a note that readers see."
        ),
        "retract": gettext_lazy(
            "Retracting can't be undone in silence: what was retracted comes back by “Publish”, "
            "as a new edition."
        ),
        "unschedule": gettext_lazy(
            "Cancelling an hour can't be undone by itself: set it again with “Save and schedule”."
        ),
    }
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "state",
                    "readers_see",
                    "company",
                    ("announced_on", "announced_precision", "announced_sourced"),
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
        (gettext_lazy("Publication"), {"fields": ["publish_at"]}),
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

    def get_fieldsets(self, request, obj=None):
        """Without what doesn't apply: an hour for what is open, a note for what isn't."""
        listed = super().get_fieldsets(request, obj)
        if obj is not None and self.restores(request):
            obj = Announcement.objects.get(pk=obj.pk)  # it is today's that readers see
        was_open = obj is not None and not obj.scheduled and obj.status != "draft"
        schedules = self.has_publish_permission(request) and not was_open
        absent = set() if was_open else {"note_fr"}
        absent |= set() if schedules else {"publish_at"}
        return [fieldset for fieldset in listed if not absent & set(fieldset[1]["fields"][:1])]

    def for_list(self, queryset):
        return queryset.defer("search").prefetch_related("measures")

    def has_publish_permission(self, request):
        return request.user.has_perm("companies.publish_announcement")

    def has_amend_permission(self, request):
        return request.user.has_perm("companies.amend_announcement")

    def get_deleted_objects(self, objs, request):
        listed, counts, lacking, protected = super().get_deleted_objects(objs, request)
        # Where a passage stands goes along with it, and needs no permission of its own.
        return listed, counts, set(lacking) - {Placement._meta.verbose_name}, protected

    def delete_model(self, request, obj):
        quoted = self._quoted(pk=obj.pk)
        super().delete_model(request, obj)
        suggest(quoted)

    def delete_queryset(self, request, queryset):
        quoted = self._quoted(pk__in=list(queryset.values_list("pk", flat=True)))
        super().delete_queryset(request, queryset)
        suggest(quoted)

    def _quoted(self, **which):
        """The articles that these rest on."""
        chosen = Announcement.objects.filter(**which)
        rows = Article.objects.filter(evidence__announcement__in=chosen).only("pk").distinct()
        return list(rows)

    @admin.display(description=gettext_lazy("announced on"), ordering="announced_by")
    def announced(self, announcement):
        return date_in_words(announcement.announced_on, announcement.announced_precision)

    @admin.display(description=gettext_lazy("action"))
    def action(self, announcement):
        return announcement.get_action_display()

    def save_model(self, request, obj, form, change):
        if "last_checked_on" in form.changed_data:
            obj.checked_at = timezone.now()
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        self.read_anew(form.instance)
        self.publish_as_asked(request, form.instance, form)

    def read_anew(self, announcement):
        """What a change of evidence owes: its passages' places, and no more suggestions of it."""
        quoted = self._quoted(pk=announcement.pk)
        place(quoted)
        suggest(quoted)

    def question(self, record):
        """A note, where readers have read it."""
        return NoteForm if record.is_open else None

    def before_change(self, record, values):
        if isinstance(record, Evidence) and {"article_id", "version_id", "exact"} & values.keys():
            record.placements.all().delete()  # those of other words

    def put_back(self, request, record, write, said):
        told = _told(record)
        write()
        self.read_anew(record)
        if _told(record) != told:  # what had changed before is no matter of this
            Announcement.objects.get(pk=record.pk).amend(by=request.user, **said)


def _told(record):
    """What readers see of it as it stands; None where there is no such announcement."""
    announcement = Announcement.objects.filter(pk=record.pk).first()
    return announcement and announcement.snapshot()
