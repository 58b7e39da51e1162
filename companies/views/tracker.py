"""The tracker: what companies announced, as a list, as files and as a picture."""

from datetime import timedelta

from django.http import Http404, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django_filters.views import FilterView

from articles.chips import chips, in_words
from articles.citations import ARCHIVE
from articles.fields import Precision, date_in_words
from articles.filters import ByCompany
from articles.models import Publisher
from articles.search import parse
from companies.downloads import FORMATS
from companies.drawings import download as drawing
from companies.editions import recall
from companies.facets import counts, offer
from companies.filters import AnnouncementFilter
from companies.marks import mark
from companies.models import Announcement
from companies.pictures import columns
from companies.serializers import AnnouncementSerializer
from companies.views.clocks import KnownThen


class AnnouncementList(ByCompany, KnownThen, FilterView):
    """The tracker: what companies announced, newest first, as cards or as a table."""

    queryset = Announcement.objects.public().for_listing()
    filterset_class = AnnouncementFilter
    template_name = "companies/announcement_list.html"
    paginate_by = 20
    strict = False

    def get_context_data(self, **context):
        context = super().get_context_data(**context)
        asked, form = self.request.GET, self.filterset.form
        if words := self.filterset.asked.get("q"):
            for announcement in context["object_list"]:
                mark(announcement, parse(words))
        publishers = dict(Publisher.objects.public().values_list("slug", "name"))
        chosen = chips(self.filterset, asked)  # before the counts stand in the choices
        offer(form, counts(self.filterset), {"publisher": publishers})
        return (
            context
            | self.since(context["paginator"].count)
            | {
                "chips": chosen,
                "as_table": asked.get("view") == "table",
                "citation": self.citation(chosen),
                "formats": list(FORMATS),
            }
        )

    def citation(self, chosen):
        """One sentence that names the question, its day, and where it is asked so that the
        answer stays: with the moment known, the next whole second, so that no edition made
        before is left out."""
        query = self.request.GET.copy()
        for name in ("page", "view"):
            query.pop(name, None)
        day = self.filterset.asked.get("as_of") or timezone.localdate()
        query["as_of"] = day.isoformat()
        if not self.filterset.asked.get("known_at"):
            moment = timezone.now().replace(microsecond=0) + timedelta(seconds=1)
            query["known_at"] = f"{moment:%Y-%m-%dT%H:%M:%SZ}"
        said = _("“{title}”, {archive}, as of {day}, {url} (read on {accessed})")
        return said.format(
            title=_("Announcements") + in_words(chosen, but=["as_of"]),
            archive=ARCHIVE,
            day=date_in_words(day, Precision.DAY),
            url=self.request.build_absolute_uri(f"{self.request.path}?{query.urlencode(safe=':')}"),
            accessed=date_in_words(timezone.localdate(), Precision.DAY),
        )

    def since(self, count):
        """The day asked for, and how many more the same question finds today, with the way
        to these."""
        asked = self.filterset.asked
        day = asked.get("as_of")
        if day is None or asked.get("known_at") or day >= timezone.localdate():
            return {"day": day}
        query = self.request.GET.copy()
        for name in ("as_of", "page"):
            query.pop(name, None)
        after = max(day + timedelta(1), asked.get("announced_after") or day)
        query["announced_after"] = after.isoformat()
        return {
            "day": day,
            "earlier": True,
            "since": self.filterset.without("as_of").qs.count() - count,
            "since_query": query.urlencode(),
        }


class AnnouncementDownload(FilterView):
    """The very rows of the tracker's list, all pages of it, as a file."""

    queryset = Announcement.objects.public()
    filterset_class = AnnouncementFilter
    PART = 250  # announcements at a time

    def get(self, request, ending):
        if ending not in FORMATS:
            raise Http404
        write, media = FORMATS[ending]
        found = self.filterset_class(request.GET, queryset=self.queryset.all())
        if refusal := found.refusal():
            return refusal
        keys = list(found.qs.values_list("pk", flat=True))
        day, moment = found.asked.get("as_of") or timezone.localdate(), found.asked.get("known_at")
        parts = self.parts(keys, moment)
        response = StreamingHttpResponse(write(parts, day, moment), content_type=media)
        known = f"-known-at-{timezone.localtime(moment):%Y-%m-%dT%H%M}" if moment else ""
        name = f"exeunt-{slugify(_('announcements'))}-{day}{known}.{ending}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def parts(self, keys, known_at):
        """The announcements of these keys as the API gives them, as lists, each in a fixed
        number of queries. What has been closed since the keys were asked is left out."""
        every = self.queryset.for_listing().with_edition().prefetch_related("replies")
        every = every.known_at(known_at) if known_at else every
        for start in range(0, len(keys), self.PART):
            part = keys[start : start + self.PART]
            found = every.in_bulk(part)
            rows = [found[key] for key in part if key in found]
            if known_at:
                recall(rows)
            if rows:
                asked = {"request": self.request}
                yield AnnouncementSerializer(rows, many=True, context=asked).data


class OverTimeDrawing(FilterView):
    """How many announcements of each action the tracker's question finds over time, as a
    file."""

    queryset = Announcement.objects.public()
    filterset_class = AnnouncementFilter

    def get(self, request):
        query = request.GET.copy()
        for name in ("ordering", "page", "view"):
            query.pop(name, None)
        found = self.filterset_class(query, queryset=self.queryset.all())
        if refusal := found.refusal():
            return refusal
        picture = columns(found.qs.by_day(found.asked.get("market")))
        if picture is None:
            raise Http404
        chosen = chips(found, query)
        asked = " · ".join(f"{chip.label} {chip.value}" for chip in chosen)
        title = _("Announcements over time, by action")
        page = reverse("announcements:list") + (f"?{query.urlencode()}" if query else "")
        return drawing(
            "columns",
            picture,
            f"{title} ({asked})" if asked else title,
            day=found.asked.get("as_of") or timezone.localdate(),
            known_at=found.asked.get("known_at"),
            page=request.build_absolute_uri(page),
            name=_("announcements"),
        )
