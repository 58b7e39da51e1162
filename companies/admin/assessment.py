from django.contrib import admin
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.editing import RecordAdmin
from articles.uploads import Preview, UploadForm, Uploading
from companies.models import Assessment, Company
from companies.trackers.form import TrackerForm
from companies.trackers.intake import count, gone, preview, report, take_in
from companies.trackers.judge import Done
from companies.trackers.table import COLUMNS, read_table

FIRST = [Done.REFUSED, Done.UNCERTAIN]  # what an editor looks at first


class TrackerUpload(UploadForm, TrackerForm):
    """A tracker's list with what must be said of it."""

    field_order = ["file", "assessor", "assessed_on", "market", "licence", "source_url"]

    def table(self):
        """The file as rows. Raises TableError."""
        return read_table(self.content, self.columns)


@admin.register(Assessment)
class AssessmentAdmin(Uploading, RecordAdmin):
    list_display = ["company", "assessor", "market", "grade", "assessed_on"]
    list_select_related = ["company", "assessor"]
    list_filter = ["market", "grade"]
    date_hierarchy = "assessed_on"
    search_fields = ["company"]
    autocomplete_fields = ["company", "assessor"]
    fields = [
        "company",
        "assessor",
        ("market", "grade"),
        "assessed_on",
        "source_url",
        "licence",
    ]
    upload_form = TrackerUpload
    upload_title = gettext_lazy("Import a tracker…")
    upload_fieldsets = [
        (None, {"fields": ["file", "assessor", "assessed_on", "market", "licence", "source_url"]}),
        (
            gettext_lazy("Headings of the columns, where they aren't found by themselves"),
            {"fields": [f"column_{what}" for what in COLUMNS], "classes": ["collapse"]},
        ),
    ]

    def matching(self, queryset, words):
        return queryset.filter(
            Q(company__in=Company.objects.matching(words))
            | Q(assessor__name__istartswith=words.rstrip("*"))
        )

    def look(self, form):
        table, tracker = form.table(), form.tracker
        verdicts = preview(tracker, table.rows)
        left = gone(tracker, verdicts)
        names = dict(
            Company.objects.filter(
                pk__in={v.company for v in verdicts} | {c for v in verdicts for c in v.candidates}
            ).values_list("pk", "name")
        )
        headings = ", ".join(f"{what} ← {heading}" for what, heading in table.columns.items())
        return Preview(
            counts=[(done.label, rows) for done, rows in count(verdicts).items()]
            + [(_("Gone since the list before"), len(left))],
            headings=[_("Line"), _("Name"), _("Grade"), _("Outcome"), _("Why"), _("Company")],
            rows=[
                _cells(verdict, names)
                for verdict in sorted(verdicts, key=lambda v: v.done not in FIRST)
            ],
            report=lambda: report(tracker, table, verdicts),
            notes=[_("Columns: %(headings)s.") % {"headings": headings}],
        )

    def take(self, request, form):
        verdicts = take_in(form.tracker, form.table().rows, by=request.user)
        counts = count(verdicts)
        said = [f"{done.label}: {rows}" for done, rows in counts.items() if rows]
        return _("%(list)s taken in. %(counts)s.") % {
            "list": f"{form.tracker.assessor}, {date_format(form.tracker.assessed_on)}",
            "counts": ", ".join(said),
        }


def _cells(verdict, names):
    """One row of the preview."""
    row = verdict.row
    why = [row.refused or str(verdict.why.label), *row.doubts]
    lines = ", ".join(map(str, verdict.lines))
    if lines:
        why.append(_("see line %(lines)s") % {"lines": lines})
    companies = [names.get(key, "") for key in [verdict.company, *verdict.candidates] if key]
    return [
        row.line,
        row.name,
        row.grade,
        verdict.done.label,
        "; ".join(why),
        (" ? " if verdict.candidates else "") + ", ".join(companies),
    ]
