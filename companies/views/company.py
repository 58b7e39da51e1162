"""Companies: where they stand, what they announced, and several side by side."""

from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import ListView, TemplateView
from django_filters.views import FilterView

from articles.chips import Chip, chips
from articles.filters import asking_for, meant
from articles.linked_data import breadcrumbs
from articles.models import Article
from companies.countries import country_name
from companies.drawings import download as drawing
from companies.embedding import code, embeddable
from companies.facets import company_counts, offer
from companies.filters import AnnouncementFilter, CompanyFilter
from companies.linked_data import organization
from companies.models import Announcement, Assessment, Company, Mention
from companies.models.company import Pick
from companies.pictures import both, timeline, wide_enough
from companies.standing import by_company, changed, standings, with_standings
from companies.views.clocks import Clocks, FileOfClocks, KnownThen
from companies.views.moved import OfOneCompany
from companies.wording import parts_in_words


class CompanyList(FilterView):
    """The companies of the archive with their standings of today, by name."""

    queryset = Company.objects.public().for_listing()
    filterset_class = CompanyFilter
    template_name = "companies/company_list.html"
    paginate_by = 20
    strict = False

    def get_context_data(self, **context):
        context = super().get_context_data(**context)
        chosen = chips(self.filterset, self.request.GET)  # before the counts stand in the choices
        offer(self.filterset.form, company_counts(self.filterset), {})
        return context | {"rows": with_standings(context["page_obj"]), "chips": chosen}


class CompanyDetail(OfOneCompany, KnownThen, Clocks, ListView):
    """One company: where it stands, what it announced, what others say of it."""

    template_name = "companies/company.html"
    context_object_name = "announcements"
    companies = Company.objects.public().for_listing().in_full()
    paginate_by = 20

    def get_queryset(self):
        """What it announced, and what others announced for it or for its brands."""
        return self.found.qs

    @cached_property
    def found(self):
        asked = self.filterset.data | {"company": self.company.slug}
        every = Announcement.objects.public().for_listing().prefetch_related("replies")
        return AnnouncementFilter(asked, queryset=every)

    def get_context_data(self, **context):
        company = self.company
        records = company.records().values("pk")
        mentions = Mention.objects.public().for_listing().filter(company__in=records)
        if self.clocks["as_of"]:
            mentions = mentions.filter(article__in=Article.objects.as_of(self.day))
        grades = Assessment.objects.public().for_listing().filter(company__in=records)
        found, *now = self.on_days(Company.objects.filter(pk=company.pk))
        return super().get_context_data(
            company=company,
            standings=found,
            moved=changed(found, *now) if now else [],
            pictures=both(timeline, *announced(self.found)),
            drawing=reverse("companies:timeline", args=[company.slug]) + self.query,
            grades=beside(grades.as_of(self.day), found),
            identifiers=company.all_identifiers,
            names=company.all_names,
            brands=company.all_brands,
            mentions=mentions.order_by("-article__published_at", "-pk")[:20],
            embed_code=self.embed_code(),
            linked_data=self.linked_data(),
            **context,
        )

    def embed_code(self):
        path = reverse("companies:embed", args=[self.company.slug])
        return code(self.request.build_absolute_uri(path), self.company.name, 260)

    def linked_data(self):
        company, address = self.company, self.request.build_absolute_uri
        page = address(company.get_absolute_url())
        trail = [
            ("Exeunt", address(reverse("home"))),
            (_("Companies"), address(reverse("companies:list"))),
            (company.name, page),
        ]
        return [
            organization(company, company.all_names, company.all_identifiers, page),
            breadcrumbs(*trail),
        ]


def announced(found):
    """What companies.pictures.timeline takes: the rows of the announcements that an
    AnnouncementFilter finds, of the measures that it asks about, and the markets' names."""
    rows = [drawn(row) for row in found.qs.by_market(found.measures_asked())]
    return rows, {market: country_name(market) for _day, market, *_rest in rows}


def drawn(row):
    """A row of `by_market` as companies.pictures.timeline takes it, its parts in words."""
    *said, parts, _company, _parent = row
    return *said, parts_in_words(parts)


def beside(grades, found):
    """(grade, the nearest class of the same scale where that is another) pairs: others'
    grades beside our standings."""
    ours, pairs = {standing.market: standing for standing in found}, []
    for grade in grades:
        standing = ours.get(grade.market)
        nearest = standing and standing.nearest_on_scale_of(grade.grade)
        pairs.append((grade, nearest if nearest != grade.grade else None))
    return pairs


class TimelineDrawing(FileOfClocks, OfOneCompany, TemplateView):
    """When a company announced what in which market, as a file."""

    def render_to_response(self, context):
        company, request = self.company, self.request
        asked = self.filterset.data | {"company": company.slug}
        found = AnnouncementFilter(asked, queryset=Announcement.objects.public())
        picture = timeline(*announced(found))
        if picture is None:
            raise Http404
        title = _("%(company)s: what was announced, market by market") % {"company": company}
        page = company.get_absolute_url() + self.query
        return drawing(
            "timeline",
            picture,
            title,
            day=self.day,
            known_at=self.clocks["known_at"],
            page=request.build_absolute_uri(page),
            name=company.slug,
        )


@embeddable
class CompanyEmbed(FileOfClocks, OfOneCompany, TemplateView):
    """Where a company stands on a day, as a card for other sites."""

    template_name = "companies/company_card.html"

    def get_context_data(self, **context):
        one = Company.objects.filter(pk=self.company.pk)
        found = standings(one, day=self.day, known_at=self.clocks["known_at"])
        return super().get_context_data(
            company=self.company, standings=self.with_editions(found), **context
        )

    def with_editions(self, found):
        """(standing, the edition of the announcement that decides: the newest, or the one
        known then) pairs."""
        keys = {standing.announcement for standing in found}
        deciding = Announcement.objects.filter(public_id__in=keys)
        moment = self.clocks["known_at"]
        numbers = dict(deciding.with_edition(moment).values_list("public_id", "edition_number"))
        return [(standing, numbers.get(standing.announcement)) for standing in found]


class Compare(Clocks, TemplateView):
    """Two to six companies side by side: where they stand, and when they announced what."""

    template_name = "companies/compare.html"
    asks = ("company",)
    MOST = 6

    def get(self, request):
        texts = dict.fromkeys(text.strip() for text in request.GET.getlist("company"))
        texts = [text for text in texts if text and "\0" not in text][: self.MOST]
        every = Company.objects.public().for_listing()
        known = {company.slug: company for company in every.filter(slug__in=texts)}
        self.picks = [
            Pick(text, known[text]) if text in known else every.pick(text) for text in texts
        ]
        pairs = zip(texts, self.picks, strict=True)
        slugs = [pick.company.slug if pick.company else text for text, pick in pairs]
        if slugs != texts:
            return redirect(f"{request.path}?{asking_for(dict.fromkeys(slugs), request.GET)}")
        return super().get(request)

    def get_context_data(self, **context):
        chosen = [pick.company for pick in self.picks if pick.company]
        stand = by_company(
            Company.objects.filter(pk__in=[c.pk for c in chosen]),
            day=self.day,
            known_at=self.clocks["known_at"],
        )
        stand = {key: {one.market: one for one in found} for key, found in stand.items()}
        announced = self.announced(chosen)
        days = [day for rows in announced.values() for day, *_rest in rows]
        span = wide_enough(min(days), max(days)) if days else None
        markets = sorted({m for each in stand.values() for m in each}, key=country_name)
        names = {market: country_name(market) for market in markets}
        cells = [[stand.get(c.pk, {}).get(market) for c in chosen] for market in markets]
        slugs, query = [company.slug for company in chosen], self.request.GET
        return super().get_context_data(
            chosen=chosen,
            chips=[
                Chip(_("Company"), c.name, asking_for([s for s in slugs if s != c.slug], query))
                for c in chosen
            ],
            unsure=[meant(pick, query, slugs) for pick in self.picks if not pick.company],
            room=self.MOST - len(chosen),
            rows=list(zip(markets, cells, strict=True)),
            columns=[(c, both(timeline, announced[c.pk], names, span=span)) for c in chosen],
            **context,
        )

    def announced(self, companies):
        """Company's key → what it and its brands announced, as a timeline takes it."""
        found = {company.pk: [] for company in companies}
        own = Q()
        for company in companies:
            own |= Q(company__in=Company.objects.under(company.slug).values("pk"))
        theirs = self.known(Announcement.objects.public()).filter(own)
        rows = theirs.as_of(self.day).by_market() if companies else []
        for row in rows:
            for key in {*row[-2:]} & found.keys():
                found[key].append(drawn(row))
        return found
