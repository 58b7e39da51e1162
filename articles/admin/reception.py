"""What came in from the wire: imports, what became of each file, and the way in for more."""

from collections import Counter
from io import BytesIO

from django import forms
from django.contrib import admin
from django.db.models import Count, Q
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from articles.delivery import unpacked
from articles.editing import MineFilter, QueueFilter, RecordList
from articles.fields import date_in_words
from articles.intake import REFUSED, Rules, day_of, reworded, take_in
from articles.models import Article, Import, Publisher, Receipt
from articles.reasons import in_words
from articles.uploads import Preview, UploadForm, Uploading
from articles.wire.said import parse_date
from companies.mentions import recognise
from companies.placements import place
from companies.suggestions import suggest

MOST_LISTED = 500  # pieces that one address can name
LABELS = {
    "created": gettext_lazy("New"),
    "revised": gettext_lazy("New wording"),
    "unchanged": gettext_lazy("Unchanged"),
    "late": gettext_lazy("Older wording"),
    "killed": gettext_lazy("Killed"),
    "refused": gettext_lazy("Refused"),
    "skipped": gettext_lazy("Passed over"),
}


class WireForm(UploadForm):
    """A wire file, or a zip archive of them, with what is said of its pieces."""

    publisher = forms.ModelChoiceField(
        Publisher.objects.all(),
        label=gettext_lazy("publisher"),
        help_text=gettext_lazy("Who issued the pieces."),
    )
    status = forms.ChoiceField(
        choices=[choice for choice in Article.Status.choices if choice[0] != "canceled"],
        initial=Article.Status.WITHHELD,
        label=gettext_lazy("status"),
        help_text=gettext_lazy("How new pieces arrive whose rights are cleared."),
    )
    date = forms.CharField(
        label=gettext_lazy("date"),
        required=False,
        help_text=gettext_lazy(
            "YYYY-MM-DD, YYYY-MM or YYYY: when they were published, if the file doesn't say."
        ),
    )
    source_url = forms.URLField(
        label=gettext_lazy("address of the original"),
        required=False,
        assume_scheme="https",
        help_text=gettext_lazy("Of a single piece that doesn't name it."),
    )

    field_order = ["file", "publisher", "status", "date", "source_url"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        if not user.has_perm("articles.release_article"):
            self.fields["status"].choices = [
                (Article.Status.WITHHELD, Article.Status.WITHHELD.label)
            ]

    def clean_date(self):
        text = self.cleaned_data["date"]
        try:
            return parse_date(text) if text else {}
        except ValueError:
            raise forms.ValidationError(
                _("“%(text)s” is no date: YYYY-MM-DD, YYYY-MM or YYYY."), params={"text": text}
            ) from None

    def rules(self, **more):
        """What a valid form says of the pieces."""
        said = dict(self.cleaned_data["date"])
        if self.cleaned_data["source_url"]:
            said["source_url"] = self.cleaned_data["source_url"]
        return Rules(
            publisher=self.cleaned_data["publisher"],
            status=self.cleaned_data["status"],
            said=said,
            **more,
        )

    def batches(self, **more):
        return take_in(unpacked(self.name, BytesIO(self.content)), self.rules(**more))


@admin.register(Import)
class ImportAdmin(Uploading, RecordList, admin.ModelAdmin):
    """Runs of the import, by the command or by an upload."""

    list_display = ["__str__", "author", "finished_at", "files", "refused"]
    list_select_related = ["publisher", "author"]
    list_filter = [
        QueueFilter.of(("stopped", gettext_lazy("Not finished"), "stopped")),
        MineFilter,
        "publisher",
    ]
    date_hierarchy = "started_at"
    fields = ["publisher", "author", "started_at", "finished_at", "files", "refused"]
    upload_form = WireForm
    upload_title = gettext_lazy("Take in wire files…")
    upload_fieldsets = [
        (None, {"fields": ["file", "publisher", "status"]}),
        (gettext_lazy("What the file doesn't say"), {"fields": ["date", "source_url"]}),
    ]

    search_fields = ["publisher"]

    def matching(self, queryset, words):
        return queryset.filter(publisher__name__istartswith=words.rstrip("*"))

    def changelist_view(self, request, extra_context=None):
        # An import is made by its files alone.
        return super().changelist_view(
            request, {"has_add_permission": False} | (extra_context or {})
        )

    def add_view(self, request, form_url="", extra_context=None):
        return HttpResponseRedirect(reverse("admin:articles_import_upload"))

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .annotate(
                received=Count("receipts"),
                with_refusals=Count(
                    "receipts", filter=Q(receipts__in=Receipt.objects.with_refusals())
                ),
            )
        )

    @admin.display(description=gettext_lazy("files"))
    def files(self, run):
        return self._receipts(run, run.received, "")

    @admin.display(description=gettext_lazy("with refusals"))
    def refused(self, run):
        return self._receipts(run, run.with_refusals, "&refused=1") if run.with_refusals else "0"

    def _receipts(self, run, count, more):
        address = reverse("admin:articles_receipt_changelist")
        return format_html('<a href="{}?run={}{}">{}</a>', address, run.pk, more, count)

    def look(self, form):
        counts, rows, entries = Counter(), [], []
        for batch in form.batches(dry_run=True):
            for taken in batch:
                counts[taken.done] += 1
                rows.append(_cells(taken))
                entries.append(taken.as_json())
        rows.sort(key=lambda row: row[1] != LABELS[REFUSED])
        return Preview(
            counts=[(label, counts[done]) for done, label in LABELS.items() if counts[done]],
            headings=[_("File"), _("Outcome"), _("Headline"), _("Date"), _("Why")],
            rows=rows,
            report=lambda: {"pieces": entries},
        )

    def take(self, request, form):
        counts, found = Counter(), {}
        for batch in form.batches(by=request.user):
            found |= {taken.outcome.article: None for taken in batch if taken.outcome}
            recognise(reworded(batch))
            place(reworded(batch))
            suggest(reworded(batch))
            counts.update(taken.done for taken in batch)
        colon = pgettext("before an explanation", ":")
        said = [f"{label}{colon} {counts[done]}" for done, label in LABELS.items() if counts[done]]
        total = counts.total()
        text = ngettext("%(count)d piece. %(said)s.", "%(count)d pieces. %(said)s.", total) % {
            "count": total,
            "said": ", ".join(said),
        }
        return format_html_join(" ", "{}", ((part,) for part in (text, *_links(list(found)))))


def _links(articles):
    """To the piece that was taken in and its review screen, or to the list of exactly those."""
    if not articles:
        return
    if len(articles) == 1:
        [article] = articles
        yield _link(reverse("admin:articles_article_change", args=[article.pk]), article)
        review = reverse("admin:articles_article_review", args=[article.pk])
        yield _link(review, _("Review it"))
    elif len(articles) <= MOST_LISTED:
        keys = ",".join(str(article.pk) for article in articles)
        address = reverse("admin:articles_article_changelist")
        yield _link(f"{address}?id__in={keys}", _("List these pieces"))


def _link(address, words):
    return format_html('<a href="{}">{}</a>', address, words)


def _cells(taken):
    """One row of the preview."""
    article = taken.outcome and taken.outcome.article
    headline = article.headline if article else ""
    day = date_in_words(day_of(article), article.published_precision) if article else ""
    reason = in_words(taken.reason.as_json()) if taken.reason else ""
    return [taken.name, LABELS[taken.done], headline, day, reason]


class RefusedFilter(admin.SimpleListFilter):
    title = gettext_lazy("refusals")
    parameter_name = "refused"

    def lookups(self, request, model_admin):
        return [("1", _("With refusals"))]

    def queryset(self, request, queryset):
        return queryset.with_refusals() if self.value() == "1" else queryset


@admin.register(Receipt)
class ReceiptAdmin(RecordList, admin.ModelAdmin):
    """What became of each file; the file itself is kept, and may be had."""

    list_display = ["outcome", "reasons", "name", "run", "seen"]
    list_display_links = ["outcome"]
    actions = ["see"]
    list_select_related = ["run__publisher"]
    list_filter = [RefusedFilter, MineFilter, "finished", "run__publisher"]
    search_fields = ["name"]
    fields = ["name", "run", "outcome", "reasons", "finished", "original"]
    ordering = ["-pk"]

    def matching(self, queryset, words):
        return queryset.filter(name__contains=words.rstrip("*"))

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_see_permission(self, request):
        """Who takes wire files in sees to those that were refused."""
        return request.user.has_perm("articles.add_import")

    def for_list(self, queryset):
        return queryset.select_related("run__publisher")

    @admin.action(description=gettext_lazy("Seen to"), permissions=["see"])
    def see(self, request, queryset):
        for receipt in queryset:
            receipt.see()
        self.message_user(request, _("The desk asks no more about these files."))

    def lookup_allowed(self, lookup, value, request):
        return lookup == "run" or super().lookup_allowed(lookup, value, request)

    def get_urls(self):
        view = self.admin_site.admin_view(self.original_view)
        address = path("<int:pk>/original/", view, name="articles_receipt_original")
        return [address, *super().get_urls()]

    def original_view(self, request, pk):
        """The file as it came, to be saved: nothing of it runs here."""
        receipt = self.get_object(request, str(pk))
        if receipt is None or receipt.file is None or not self.has_view_permission(request):
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(pk))
        return HttpResponse(
            receipt.file.content,
            content_type="application/octet-stream",
            headers={"Content-Disposition": f'attachment; filename="{receipt.file.sha256}"'},
        )

    @admin.display(description=gettext_lazy("outcome"))
    def outcome(self, receipt):
        return ", ".join(
            f"{LABELS.get(done, done)}: {count}" for done, count in sorted(receipt.done.items())
        )

    @admin.display(description=gettext_lazy("refusals"))
    def reasons(self, receipt):
        return "; ".join(map(in_words, receipt.refusals))

    @admin.display(description=gettext_lazy("the file as it came"))
    def original(self, receipt):
        if receipt.file is None:
            return "–"
        address = reverse("admin:articles_receipt_original", args=[receipt.pk])
        return format_html('<a href="{}">{}</a>', address, receipt.file.sha256)
