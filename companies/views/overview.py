"""Pages on a part of the archive: a market, a sector, a publisher."""

from urllib.parse import urlencode

from django.db.models.functions import Coalesce
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import DetailView, ListView

from articles.citations import ARCHIVE
from articles.linked_data import breadcrumbs
from articles.models import Article, Correction, Publisher
from companies.countries import NAMES, country_name
from companies.filters import AnnouncementFilter
from companies.models import Announcement, Company
from companies.pictures import both, columns
from companies.standing import changed, counted, standings, tally, with_brands
from companies.views.clocks import Clocks, as_told
from companies.views.moved import led_on


class Overview(Clocks):
    """A page on a part of the archive: how many stand where on a day, what was announced
    over time, the newest and the most contradicted."""

    SHOWN = 5  # of the newest, and of the most contradicted
    market = None  # to which the picture and the standings are limited

    def asked(self):
        """What it asks of the announcements, as the tracker's filters."""
        raise NotImplementedError

    def above(self):
        """(name, path) of the list that it is a part of, and its own name."""
        raise NotImplementedError

    def breadcrumbs(self):
        (above, path), own = self.above()
        address = self.request.build_absolute_uri
        return breadcrumbs(
            (ARCHIVE, address(reverse("home"))),
            (above, address(path)),
            (own, address(self.request.path)),
        )

    @cached_property
    def every(self):
        """Its announcements, of any day."""
        asked = self.asked() | {"known_at": self.filterset.data["known_at"]}
        return AnnouncementFilter(asked, queryset=Announcement.objects.public()).qs

    def get_context_data(self, **context):
        asked, every = self.asked(), self.every
        found = every.as_of(self.day)
        shown = found.for_listing()
        question = urlencode(self.with_clocks(asked))
        return super().get_context_data(
            pictures=both(columns, found.by_day(self.market)),
            newest=as_told(shown[: self.SHOWN]),
            contradicted=as_told(shown.most_contradicted()[: self.SHOWN]),
            since=every.filter(announced_by__gt=self.day).count() if self.earlier else None,
            everything=f"{reverse('announcements:list')}?{question}",
            drawing=f"{reverse('announcements:over-time')}?{question}",
            feed=f"{reverse('announcements:feed')}?{urlencode(asked)}",
            breadcrumbs=self.breadcrumbs(),
            **context,
        )

    def by_market(self, companies):
        """(market, how many of these companies stand where, whether brands are counted with
        their company) triples, on its day; the market with most of them first."""
        found = {}
        for standing in standings(companies, day=self.day, known_at=self.clocks["known_at"]):
            found.setdefault(standing.market, []).append(standing)
        in_order = sorted(found.items(), key=lambda pair: -len(pair[1]))
        return [(market, tally(each), with_brands(each)) for market, each in in_order]


class MarketDetail(Overview, ListView):
    """Where the companies stand in one market on a day."""

    template_name = "companies/market.html"
    context_object_name = "standings"
    paginate_by = 20

    def get(self, request, code):
        if code.upper() not in NAMES["en"]:
            raise Http404
        if code != code.upper():
            return led_on(request, reverse("markets:detail", args=[code.upper()]))
        self.market = code
        return super().get(request, code=code)

    def asked(self):
        return {"market": self.market}

    def above(self):
        return (_("Announcements"), reverse("announcements:list")), country_name(self.market)

    def get_queryset(self):
        companies = Company.objects.public().for_listing()
        then, *self.now = self.on_days(companies, markets=[self.market])
        return then

    def get_context_data(self, **context):
        found = self.object_list
        changes = changed(found, *self.now) if self.now else []
        moved_to = tally([each.now for each in changes if not each.is_of_parts])
        in_parts = counted([each.now for each in changes if each.is_of_parts])
        context = super().get_context_data(**context)
        return context | {
            "code": self.market,
            "name": country_name(self.market),
            "tally": tally(found),
            "with_brands": with_brands(found),
            "moved": sum(size for _word, size in moved_to) + len(in_parts),
            "moved_to": moved_to,
            "moved_in_parts": len(in_parts),
        }


class SectorDetail(Overview, ListView):
    """Where the companies of one sector stand on a day, market by market."""

    template_name = "companies/sector.html"
    context_object_name = "companies"
    paginate_by = 100

    def get(self, request, code):
        if code.upper() not in Company.Sector.values:
            raise Http404
        if code != code.upper():
            return led_on(request, reverse("sectors:detail", args=[code.upper()]))
        self.code = code
        return super().get(request)

    def get_queryset(self):
        return Company.objects.public().filter(sector=self.code).order_by("name", "pk")

    def asked(self):
        return {"sector": self.code}

    def above(self):
        return (_("Companies"), reverse("companies:list")), Company.Sector(self.code).label

    def get_context_data(self, **context):
        return super().get_context_data(
            code=self.code,
            name=Company.Sector(self.code).label,
            markets=self.by_market(self.object_list),
            **context,
        )


class PublisherDetail(Overview, DetailView):
    """One publisher: what kind of source it is, what rests on it, what it corrected."""

    queryset = Publisher.objects.public()
    template_name = "companies/publisher.html"

    def asked(self):
        return {"publisher": self.object.slug}

    def above(self):
        return (_("Articles"), reverse("articles:list")), self.object

    def get_context_data(self, **context):
        pieces = Article.objects.public().filter(publisher=self.object)
        if self.clocks["as_of"]:
            pieces = pieces.as_of(self.day)
        announced = self.every.as_of(self.day).order_by()
        named = announced.values(stands=Coalesce("company__absorbed_by", "company"))
        corrections = Correction.objects.public().filter(article__publisher=self.object)
        return super().get_context_data(
            markets=self.by_market(Company.objects.public().filter(pk__in=named)),
            articles=pieces.for_listing()[: self.SHOWN],
            corrections=corrections.for_listing()[: self.SHOWN],
            **context,
        )
