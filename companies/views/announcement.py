"""One announcement: as it reads now, as each of its editions told it, as a card elsewhere."""

from django.db.models.functions import Now
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import DetailView

from articles.citations import ARCHIVE, Citation, download
from articles.fields import Precision
from articles.linked_data import breadcrumbs
from companies import previews
from companies.changes import changes
from companies.countries import country_name
from companies.drawings import download as drawing
from companies.editions import recall
from companies.embedding import code, embeddable
from companies.linked_data import report
from companies.models import Announcement
from companies.pictures import grid
from companies.templatetags.records import as_table
from companies.views.clocks import Clocks


class OneAnnouncement(DetailView):
    """A public announcement; of a retracted one the reason alone."""

    queryset = Announcement.objects.public().for_listing()
    slug_field = slug_url_kwarg = "public_id"
    retracted_template = "companies/retracted.html"

    def get(self, request, public_id, **kwargs):
        retracted = (
            Announcement.objects.filter(public_id=public_id, status=Announcement.Status.RETRACTED)
            .select_related("company__absorbed_by")
            .first()
        )
        if retracted:
            context = {"announcement": retracted}
            return render(request, self.retracted_template, context, status=410)
        return super().get(request, public_id=public_id, **kwargs)

    def editions(self):
        """Those that readers may know of, the newest first."""
        made = self.object.editions.filter(made_at__lte=Now())
        return list(made.order_by("-number").defer("snapshot"))

    def address(self, name, *args):
        path = reverse(f"announcements:{name}", args=[self.object.public_id, *args])
        return self.request.build_absolute_uri(path)

    def cite(self, edition):
        """This edition, which may be None, as somebody else's work names it."""
        return edition and Citation(
            kind="record",
            key=f"{self.object.public_id}-{edition.number}",
            author=ARCHIVE,
            title=self.object.title,
            language=get_language(),
            day=timezone.localdate(edition.made_at),
            precision=Precision.DAY,
            url=self.address("edition", edition.number),
            state=str(edition),
            sha256=edition.sha256,
            accessed=timezone.localdate(),
        )


class AnnouncementDetail(Clocks, OneAnnouncement):
    """One announcement with its measures, its evidence and its editions. With `known_at`,
    as the edition of then told it."""

    template_name = "companies/announcement.html"

    def get_object(self):
        moment = self.clocks["known_at"]
        if moment is None:
            return super().get_object()
        return recall([super().get_object(self.get_queryset().known_at(moment))])[0]

    def get_context_data(self, **context):
        editions = self.editions()
        shown = getattr(self.object, "edition_number", None)  # of the one that was recalled
        edition = next((each for each in editions if shown in (None, each.number)), None)
        return super().get_context_data(
            editions=editions,
            edition=edition,
            citation=self.cite(edition),
            replies=self.object.replies.all(),
            embed_code=code(self.address("embed"), self.object.title, 560),
            linked_data=self.linked_data(editions),
            **context,
        )

    def linked_data(self, editions):
        announcement, absolute = self.object, self.request.build_absolute_uri
        company = announcement.company.shown_as
        about = absolute(company.get_absolute_url())
        trail = [
            (ARCHIVE, absolute(reverse("home"))),
            (_("Companies"), absolute(reverse("companies:list"))),
            (company.name, about),
            (announcement.title, self.address("detail")),
        ]
        return [
            report(announcement, editions, self.address("detail"), absolute),
            breadcrumbs(*trail),
        ]


class EditionDetail(OneAnnouncement):
    """An announcement as one of its editions told it, word for word, and what it changed."""

    template_name = "companies/edition.html"

    def get_object(self):
        announcement = super().get_object()
        made = announcement.editions.filter(made_at__lte=Now())
        self.edition = get_object_or_404(made, number=self.kwargs["number"])
        announcement.known_edition = self.edition.pk
        return recall([announcement])[0]

    def get_context_data(self, **context):
        editions, edition = self.editions(), self.edition
        before = self.object.editions.filter(number=edition.number - 1).first()
        return super().get_context_data(
            edition=edition,
            newest=editions[0],
            retracted=edition.status == Announcement.Status.RETRACTED,
            before=before,
            changes=changes(before.snapshot, edition.snapshot) if before else [],
            later=next((each for each in editions if each.number == edition.number + 1), None),
            citation=self.cite(edition),
            replies=self.object.replies.all(),
            **context,
        )


class AnnouncementCitation(OneAnnouncement):
    """How to cite an edition, by default the newest, as a file for a reference manager."""

    def get(self, request, public_id, ending, number=None):
        self.number, self.ending = number, ending
        return super().get(request, public_id=public_id)

    def get_object(self):
        self.object = super().get_object()
        found = [each for each in self.editions() if self.number in (None, each.number)]
        if not found:
            raise Http404
        self.edition = found[0]
        if self.number is not None:
            self.object.known_edition = self.edition.pk
            recall([self.object])
        return self.object

    def render_to_response(self, context):
        return download(self.cite(self.edition), self.ending)


class MeasuresDrawing(OneAnnouncement):
    """The measures of an announcement, activity by market, as a file."""

    def render_to_response(self, context):
        announcement = self.object
        table = as_table(announcement)
        rows = [
            (
                str(activity or _("Whole business")),
                [cell and (cell.action, cell.stage) for cell in cells],
            )
            for activity, cells in table["rows"]
        ]
        return drawing(
            "grid",
            grid(rows, [country_name(code) for code in table["markets"]]),
            announcement.title,
            day=timezone.localdate(),
            page=self.address("detail"),
            name=announcement.public_id,
        )


@embeddable
class AnnouncementEmbed(OneAnnouncement):
    """The newest edition as a card for other sites, which says which one it is."""

    template_name = "companies/announcement_card.html"
    retracted_template = "companies/retracted_card.html"

    def get_context_data(self, **context):
        edition = next(iter(self.editions()), None)
        return super().get_context_data(edition=edition, **context)


class AnnouncementPreview(DetailView):
    """What isn't public yet, as readers will see it, for whoever has a link that works.

    Evidence on pieces that aren't public stays hidden here too: whoever opens it is no
    reader of ours with other rights.
    """

    template_name = "companies/announcement.html"

    def dispatch(self, request, *args, **kwargs):
        response = never_cache(super().dispatch)(request, *args, **kwargs)
        # The address is the key: it goes to nobody else, and no machine keeps it.
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    def get(self, request, key):
        try:
            self.object, until = previews.opened(key)
        except (Announcement.DoesNotExist, previews.Ended) as reason:
            ended = isinstance(reason, previews.Ended)
            context = {"ended": ended}
            status = 410 if ended else 404
            return render(request, "companies/preview_ended.html", context, status=status)
        public = Announcement.objects.public().filter(pk=self.object.pk).exists()
        if public or self.object.status == Announcement.Status.RETRACTED:
            return redirect(self.object)
        return self.render_to_response(self.get_context_data(until=until))

    def get_context_data(self, **context):
        announcement = self.object
        shown = len(announcement.public_evidence)
        return super().get_context_data(
            preview=True,
            replies=announcement.replies.all(),
            hidden=announcement.evidence.count() - shown,
            **context,
        )
