from django.contrib import admin
from django.contrib.admin.utils import flatten
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.editing import MineFilter, RecordAdmin, RecordForm
from companies.models import Company, TrackerRow


class DecisionForm(RecordForm):
    """The company whose grade it is; the row itself is the list's."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "company" in self.fields:
            self.fields["company"].required = True


@admin.register(TrackerRow)
class TrackerRowAdmin(RecordAdmin):
    """The desk's queue of grades of which it isn't certain whose they are."""

    form = DecisionForm
    list_display = ["name", "country", "grade", "why", "whose", "assessed_on", "status"]
    list_filter = [
        MineFilter,
        "status",
        "why",
        ("assessor", admin.RelatedOnlyFieldListFilter),
        "market",
    ]
    search_fields = ["name"]
    autocomplete_fields = ["company"]
    fields = [
        ("name", "country", "sector"),
        ("grade", "market", "assessor", "assessed_on", "line"),
        "row",
        ("why", "suggested"),
        "company",
        ("status", "decided_by", "decided_at"),
    ]
    actions = ["match_suggested", "create_company", "dismiss", "reopen"]

    def get_readonly_fields(self, request, obj=None):
        decided = obj and obj.status != TrackerRow.Status.OPEN
        flat = flatten(self.fields)
        return flat if decided else [name for name in flat if name != "company"]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False  # a decision outlives the next import

    def for_list(self, queryset):
        return queryset.for_listing()

    def matching(self, queryset, words):
        # Some hundred rows with names of a few words: they need no index.
        return queryset.filter(
            Q(name__icontains=words.rstrip("*")) | Q(company__in=Company.objects.matching(words))
        )

    def get_changelist_instance(self, request):
        """The candidates of the whole page in one query."""
        page = super().get_changelist_instance(request)
        rows = list(page.result_list)
        found = Company.objects.defer("search").in_bulk({k for r in rows for k in r.candidates})
        for row in rows:
            row.companies = [found[key] for key in row.candidates if key in found]
        page.result_list = rows
        return page

    @admin.display(description=gettext_lazy("company"))
    def whose(self, row):
        """In the list: the company decided on, else those that it may be."""
        return row.company or ", ".join(f"{company}?" for company in row.companies) or None

    @admin.display(description=gettext_lazy("candidates"))
    def suggested(self, row):
        return ", ".join(map(str, Company.objects.filter(pk__in=row.candidates))) or None

    @admin.display(description=gettext_lazy("the whole row"))
    def row(self, row):
        return format_html_join("\n", "<p>{}: {}</p>", row.cells.items())

    def save_model(self, request, obj, form, change):
        row = TrackerRow.objects.get(pk=obj.pk)
        row.match(form.cleaned_data["company"], by=request.user)

    def offered(self, request, record):
        return set()  # a decision isn't restored: reopen the row and decide anew

    @admin.action(description=gettext_lazy("Match with the one candidate"), permissions=["change"])
    def match_suggested(self, request, queryset):
        def match(row):
            companies = list(Company.objects.filter(pk__in=row.candidates))
            if len(companies) != 1:
                raise ValidationError(
                    _("%(row)s: it has not one candidate; open it and choose.") % {"row": row}
                )
            row.match(companies[0], by=request.user)

        self.act(request, queryset, match, _("Matched"))

    @admin.action(description=gettext_lazy("Create the company"), permissions=["change"])
    def create_company(self, request, queryset):
        self.act(request, queryset, lambda r: r.create_company(request.user), _("Company created"))

    @admin.action(description=gettext_lazy("Dismiss"), permissions=["change"])
    def dismiss(self, request, queryset):
        self.act(request, queryset, lambda row: row.dismiss(request.user), _("Dismissed"))

    @admin.action(description=gettext_lazy("Reopen"), permissions=["change"])
    def reopen(self, request, queryset):
        self.act(request, queryset, lambda row: row.reopen(request.user), _("Reopened"))
