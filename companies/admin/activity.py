"""The parts of a company's business, and what a new name of one owes to its readers."""

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Q, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.editing import NoteForm, RecordAdmin, is_key
from companies.admin.publishing import PublicNoteForm
from companies.models import Activity, Company


class ActivityForm(PublicNoteForm):
    class Meta:
        model = Activity
        fields = ["company", "name_fr", "name_en", "brand"]


@admin.register(Activity)
class ActivityAdmin(RecordAdmin):
    list_display = ["name", "company", "brand"]
    list_select_related = ["company", "brand"]
    search_fields = ["name_en"]
    autocomplete_fields = ["company", "brand"]
    form = ActivityForm
    fields = ["company", "name_fr", "name_en", "brand", "note_fr", "note_en"]
    typed_only = ("note_fr", "note_en")
    held_by = ("measures", "editionmeasures")

    def get_fields(self, request, obj=None):
        """With a note where readers have read its name."""
        told = obj is not None and self._told(obj)
        return [name for name in self.fields if told or name not in self.typed_only]

    def save_model(self, request, obj, form, change):
        before = Activity.objects.get(pk=obj.pk) if change else None
        super().save_model(request, obj, form, change)
        self._retell(request, before, obj, form.cleaned_data)

    def question(self, record):
        """A note, where readers have read its name."""
        return NoteForm if self._told(record) else None

    def put_back(self, request, record, write, said):
        before = Activity.objects.filter(pk=record.pk).first()
        write()
        self._retell(request, before, Activity.objects.filter(pk=record.pk).first(), said)

    def _told(self, activity):
        return any(each.is_open for each in activity.published())

    def _retell(self, request, before, now, said):
        """A new edition of each announcement that tells of it, by whoever may change these."""
        if not before or not now or not now.tells(before) or not now.published().exists():
            return
        if not request.user.has_perm("companies.amend_announcement"):
            raise ValidationError(
                _(
                    "Published announcements name it, so that another name or brand changes what "
                    "readers see: whoever may change published announcements can do that."
                )
            )
        notes = {name: said.get(name, "") for name in self.typed_only}
        editions = now.retell(by=request.user, **notes)
        text = ngettext(
            "%(count)d published announcement has a new edition.",
            "%(count)d published announcements have a new edition.",
            len(editions),
        )
        self.message_user(request, text % {"count": len(editions)}, messages.SUCCESS)

    def get_search_results(self, request, queryset, search_term):
        announcement = request.GET.get("announcement", "")
        if request.resolver_match.url_name == "autocomplete" and is_key(announcement):
            slug = Company.objects.filter(announcements=announcement).values("slug")
            companies = Company.objects.under(Subquery(slug))
            queryset = queryset.filter(company__in=companies.values("pk"))
        return super().get_search_results(request, queryset, search_term)

    def for_list(self, queryset):
        return queryset.select_related("company")

    def matching(self, queryset, words):
        # Some thousand rows with names of a few words: they need no index.
        return queryset.filter(
            Q(name_fr__icontains=words.rstrip("*"))
            | Q(name_en__icontains=words.rstrip("*"))
            | Q(company__in=Company.objects.matching(words))
        )

    def describe(self, record):
        return f"{record.company} · {record}"
