"""One announcement: as it reads now, as each of its editions told it, as a card elsewhere."""

from django.db.models.functions import Now
from django.http import Http404, HttpResponse
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
from companies.tombstones import tombstone
from companies.views.clocks import Clocks, FileOfClocks


class OneAnnouncement(DetailView):
    """A public announcement; of one that readers could read once what is left of it."""

    queryset = Announcement.objects.public().for_listing()
    slug_field = slug_url_kwarg = "public_id"
    retracted_template = "companies/retracted.html"
    withdrawn_template = "companies/withdrawn.html"

    def get(self, request, public_id, **kwargs):
        left = tombstone(public_id)
        if left:
            name = self.retracted_template if left.retracted else self.withdrawn_template
            context = {"announcement": left.announcement} if left.retracted else {}
            return render(request, name, context | {"notices": left.notices}, status=410)
        return super().get(request, public_id=public_id, **kwargs)

    def editions(self):
        """Those that readers may know of, the newest first."""
        made = self.object.editions.filter(made_at__lte=Now())
        return list(made.order_by("-number").defer("snapshot"))

    def address(self, name, *args):
        path = reverse(f"announcements:{name}", args=[self.object.public_id, *args])
        return self.request.build_absolute_uri(path)

    def breadcrumbs(self, *below):
        """From the home page by the company down to (name, full address) pairs."""
        company, absolute = self.object.company.shown_as, self.request.build_absolute_uri
        return breadcrumbs(
            (ARCHIVE, absolute(reverse("home"))),
            (_("Companies"), absolute(reverse("companies:list"))),
            (company.name, absolute(company.get_absolute_url())),
            *below,
        )

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


class AnnouncementThen(Clocks, OneAnnouncement):
    """A public announcement as it reads now; with `known_at`, as the edition of then told
    it."""

    def get_object(self):
        moment = self.clocks["known_at"]
        if moment is None:
            return super().get_object()
        return recall([super().get_object(self.get_queryset().known_at(moment))])[0]

    def edition(self, editions):
        """The one of its editions that is shown; None where it has none."""
        shown = getattr(self.object, "edition_number", None)  # of the one that was recalled
        return next((each for each in editions if shown in (None, each.number)), None)


class AnnouncementDetail(AnnouncementThen):
    """One announcement with its measures, its evidence and its editions."""

    template_name = "companies/announcement.html"

    def get_context_data(self, **context):
        editions = self.editions()
        edition = self.edition(editions)
        made = editions[editions.index(edition) :] if edition else []  # up to the one shown
        return super().get_context_data(
            editions=editions,
            edition=edition,
            citation=self.cite(edition),
            replies=self.object.replies.all(),
            drawing=reverse("announcements:measures", args=[self.object.public_id]) + self.query,
            embed_code=code(self.address("embed"), self.object.title, 560),
            linked_data=self.linked_data(made),
            **context,
        )

    def linked_data(self, editions):
        announcement, page = self.object, self.address("detail")
        return [
            report(announcement, editions, page, self.request.build_absolute_uri),
            self.breadcrumbs((announcement.title, page)),
        ]


class OneEdition(OneAnnouncement):
    """A public announcement as one of its editions told it, which is `self.edition`."""

    def get_object(self):
        announcement = super().get_object()
        made = announcement.editions.filter(made_at__lte=Now())
        self.edition = get_object_or_404(made, number=self.kwargs["number"])
        announcement.known_edition = self.edition.pk
        return recall([announcement])[0]

    @property
    def is_whole(self):
        """Whether anyone may read all that it told: every piece that it names is public."""
        told = self.edition.snapshot["evidence"]
        retracted = self.edition.status == Announcement.Status.RETRACTED
        return not retracted and len(self.object.public_evidence) == len(told)


class EditionDetail(OneEdition):
    """One edition word for word, and what it changed."""

    template_name = "companies/edition.html"

    def get_context_data(self, **context):
        editions, edition = self.editions(), self.edition
        before = self.object.editions.filter(number=edition.number - 1).first()
        return super().get_context_data(
            edition=edition,
            is_whole=self.is_whole,
            newest=editions[0],
            retracted=edition.status == Announcement.Status.RETRACTED,
            before=before,
            changes=changes(before.snapshot, edition.snapshot) if before else [],
            later=next((each for each in editions if each.number == edition.number + 1), None),
            citation=self.cite(edition),
            replies=self.object.replies.all(),
            breadcrumbs=self.breadcrumbs(
                (self.object.title, self.address("detail")),
                (edition, self.address("edition", edition.number)),
            ),
            **context,
        )


class EditionSnapshot(OneEdition):
    """All that an edition told, in the very bytes that its hash is of."""

    def render_to_response(self, context):
        if not self.is_whole:
            raise Http404
        told = self.edition.written(self.edition.snapshot)
        return HttpResponse(told, content_type="application/json")


class AnnouncementCitation(FileOfClocks, AnnouncementThen):
    """How to cite the newest edition, or the one known then, as a file for a reference
    manager."""

    def render_to_response(self, context):
        edition = self.edition(self.editions())
        if edition is None:
            raise Http404
        return download(self.cite(edition), self.kwargs["ending"])


class EditionCitation(OneEdition):
    """How to cite one edition, as a file for a reference manager."""

    def render_to_response(self, context):
        return download(self.cite(self.edition), self.kwargs["ending"])


class MeasuresDrawing(FileOfClocks, AnnouncementThen):
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
            day=self.day,
            known_at=self.clocks["known_at"],
            page=self.address("detail") + self.query,
            name=announcement.public_id,
        )


@embeddable
class AnnouncementEmbed(FileOfClocks, AnnouncementThen):
    """The newest edition, or the one known then, as a card for other sites, which says which
    one it is."""

    template_name = "companies/announcement_card.html"
    retracted_template = "companies/retracted_card.html"
    withdrawn_template = "companies/withdrawn_card.html"

    def get_context_data(self, **context):
        edition = self.edition(self.editions())
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
