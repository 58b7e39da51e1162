from urllib.parse import urlencode

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Max, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from articles.facets import links
from articles.filters import RELEVANCE
from articles.hits import Hits
from articles.models import Article, Publisher
from articles.question import Question
from articles.search import parse
from companies.downloads import COLUMNS, FORMATS, MEASURES
from companies.marks import mark
from companies.models import Announcement, Company, Evidence, Measure, Mention
from companies.pictures import both, columns
from companies.standing import with_standings
from newsroom.protocol import MAX_PAGE_SIZE, PAGE_SIZE
from newsroom.reference import reference
from newsroom.signposts import signposts

SUGGESTED = 8  # companies, while one types; half as many pages, and announcements
FEW = 3  # hits, of which a misspelt name may be the reason
SHOWN = 10  # of each kind, on the home page and among the results of a search


class Home(TemplateView):
    """What the archive is and holds today, its most detailed announcement, and the newest."""

    template_name = "newsroom/home.html"

    def get(self, request, *args, **kwargs):
        """Another day than today is the tracker's, which shows any."""
        clocks = {name: request.GET[name] for name in ("as_of", "known_at") if name in request.GET}
        if clocks:
            return redirect(f"{reverse('announcements:list')}?{urlencode(clocks)}")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **context):
        announcements = Announcement.objects.public()
        shown = announcements.for_listing()
        measures = Measure.objects.public()
        over_time = announcements.by_day()
        sizes = measures.aggregate(
            companies=Count(
                Coalesce("announcement__company__absorbed_by", "announcement__company"),
                distinct=True,
            ),
            measures=Count("pk"),
            markets=Count("market", distinct=True),
        )
        return super().get_context_data(
            today=timezone.localdate(),
            sizes=sizes | {"announcements": sum(size for _day, _action, size in over_time)},
            sources=Evidence.objects.public()
            .filter(announcement__in=announcements)
            .aggregate(size=Count("article", distinct=True))["size"],
            pictures=both(columns, over_time),
            detailed=shown.filter(pk=Subquery(most_measures(measures))).first(),
            announcements=shown[: SHOWN // 2],
            markets=measures.values("market")
            .annotate(size=Count("announcement", distinct=True))
            .order_by("-size", "market")[:SHOWN],
            companies=in_the_news(),
            **context,
        )


def most_measures(measures):
    """The key of the announcement with most of them, and of such the newest."""
    sizes = measures.values("announcement").annotate(size=Count("pk"))
    in_order = sizes.order_by("-size", "-announcement__announced_by", "-announcement__pk")
    return in_order.values("announcement")[:1]


def in_the_news():
    """(company, its standings) pairs of the public companies that were named last."""
    named = Mention.objects.public().values(
        end=Coalesce("company__absorbed_by", "company"),
        name=Coalesce("company__absorbed_by__name", "company__name"),
    )
    newest = named.annotate(newest=Max("article__published_at")).order_by("-newest", "name", "end")
    keys = [row["end"] for row in newest[: SHOWN // 2]]
    shown = Company.objects.public().for_listing().in_bulk(keys)
    return with_standings(shown[key] for key in keys if key in shown)


class Search(TemplateView):
    """One question to companies, announcements and articles, the companies first, below the
    pages that it names; where little is found, the names that are written much alike."""

    template_name = "newsroom/search.html"
    asks = ("q",)

    def get_context_data(self, **context):
        words = asked_words(self.request)
        found = search(words) if words else {}
        apart = list(dict.fromkeys(words.split()))[:FEW]
        return super().get_context_data(
            words=words, apart=apart if len(apart) > 1 else [], shown=SHOWN, **found, **context
        )


def search(words):
    """What holds the words: of each kind how many, and the first; what narrows them."""
    every = Company.objects.public().for_listing()
    companies = every.matching(words)
    announcements = Announcement.objects.public().matching(words)
    shown = list(announcements.for_listing()[:SHOWN])
    for announcement in shown:
        mark(announcement, parse(words))
    hits = Hits(Article.objects.public().for_listing(), Question(words), "best")
    hits.showing_text = True
    facets = hits.facets()
    asked = QueryDict(mutable=True)
    asked.update({"q": words, "ordering": RELEVANCE})
    publishers = Publisher.objects.in_bulk([pk for pk, _hits in facets["publisher_id"]])
    sizes = {
        "companies": companies.count(),
        "announcements": announcements.count(),
        "articles": hits.count(),
    }
    total = sum(sizes.values())
    named = signposts(words)
    return {
        "signposts": named,
        "sizes": sizes,
        "total": total,
        "companies": with_standings(companies.begun_first(words)[:SHOWN]),
        "announcements": shown,
        "articles": hits[:SHOWN],
        "facets": list(links(facets, asked, publishers)),
        "meant": every.near(words) if not named and not sizes["companies"] and total < FEW else (),
    }


class Suggestions(TemplateView):
    """What a reader may mean while typing: companies, then pages, then announcements."""

    template_name = "newsroom/_suggestions.html"
    companies_alone = False

    def get_context_data(self, **context):
        words = asked_words(self.request)
        companies = announcements = pages = []
        if words:
            companies = Company.objects.public().for_listing().beginning(words)
        if words and not self.companies_alone:
            pages = signposts(words)
            announcements = Announcement.objects.public().for_listing().matching(f"{words}*")
        return super().get_context_data(
            companies=companies[:SUGGESTED],
            signposts=pages[: SUGGESTED // 2],
            announcements=announcements[: SUGGESTED // 2],
            **context,
        )


def asked_words(request):
    return request.GET.get("q", "").replace("\0", "").strip()[:200]


class About(TemplateView):
    """What the words mean, how a standing is derived, rights, citing, corrections."""

    template_name = "newsroom/about.html"
    extra_context = {"licence": settings.DATA_LICENCE}


class Data(TemplateView):
    """How to take the records along."""

    template_name = "newsroom/data.html"

    def get_context_data(self, **context):
        def address(name, *args):
            return self.request.build_absolute_uri(reverse(name, args=args))

        return super().get_context_data(
            formats=list(FORMATS),
            columns=COLUMNS,
            measures=MEASURES,
            licence=settings.DATA_LICENCE,
            dataset={
                "@type": "Dataset",
                "name": "Exeunt",
                "description": gettext(
                    "What companies announced about leaving a market, with the passage or the "
                    "source that proves it."
                ),
                "url": address("data"),
                "license": settings.DATA_LICENCE,
                "inLanguage": ["fr", "en"],
                "distribution": [
                    {
                        "@type": "DataDownload",
                        "encodingFormat": media,
                        "contentUrl": address("announcements:download", ending),
                    }
                    for ending, (_write, media) in FORMATS.items()
                ],
            },
            **context,
        )


class ApiDocs(TemplateView):
    """The API's description for people."""

    template_name = "newsroom/api_docs.html"

    def get_context_data(self, **context):
        addresses, objects = reference(get_language())
        return super().get_context_data(
            addresses=addresses,
            objects=objects,
            page_size=PAGE_SIZE,
            max_page_size=MAX_PAGE_SIZE,
            licence=settings.DATA_LICENCE,
            **context,
        )


@require_safe
def robots(request):
    """What crawlers may read, and where the map of the site is."""
    lines = ["User-agent: *", "Disallow: /admin/", "Allow: /"]
    lines.append(f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}")
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@require_safe
def favicon(request):
    """Where browsers look for the icon of what has no head: pictures, feeds. The name without
    a hash, since that stands at every release."""
    return redirect(f"{settings.STATIC_URL}favicon.svg", permanent=True)


@never_cache
def healthz(request):
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
def readyz(request):
    """The database answers, and every migration has been applied."""
    try:
        executor = MigrationExecutor(connection)
        ready = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        ready = False
    if ready:
        return HttpResponse("ok\n", content_type="text/plain")
    return HttpResponse(
        "not ready\n", status=503, content_type="text/plain", headers={"Retry-After": "5"}
    )
