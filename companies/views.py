from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import CreateView, DetailView, ListView, TemplateView
from django_filters.views import FilterView

from articles.chips import chips
from articles.models import Article, Correction, Publisher
from companies import previews
from companies.countries import NAMES, country_name
from companies.downloads import FORMATS
from companies.editions import recall
from companies.facets import counts, offer
from companies.filters import AnnouncementFilter, CompanyFilter, StandingFilter
from companies.forms import CorrectionRequestForm
from companies.models import Announcement, Assessment, Company, Mention
from companies.pictures import both, columns, timeline, wide_enough
from companies.serializers import AnnouncementSerializer
from companies.standing import standings, tally


class Clocks:
    """A page about one day: `as_of` is what the world could know, `known_at` what this
    archive knew. What makes no sense is marked in the form and left aside."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        asked = {name: request.GET.get(name, "") for name in ("as_of", "known_at")}
        self.form = StandingFilter(asked, queryset=Company.objects.none()).form
        self.form.is_valid()
        self.clocks = {name: self.form.cleaned_data.get(name) for name in asked}
        self.day = self.clocks["as_of"] or timezone.localdate()

    def get_context_data(self, **context):
        return super().get_context_data(form=self.form, day=self.day, clocks=self.clocks, **context)


class KnownThen:
    """A list of announcements that, with `known_at`, reads as their editions told them."""

    def get_context_data(self, **context):
        context = super().get_context_data(**context)
        if "known_edition" in self.object_list.query.annotations:
            recall(context["page_obj"].object_list)
        return context


class CompanyList(FilterView):
    """The companies of the archive with their standings of today, by name."""

    queryset = Company.objects.public().for_listing()
    filterset_class = CompanyFilter
    template_name = "companies/company_list.html"
    paginate_by = 20
    strict = False

    def get_context_data(self, **context):
        context = super().get_context_data(**context)
        shown = list(context["page_obj"])
        found = {}
        for standing in standings(Company.objects.filter(pk__in=[c.pk for c in shown])):
            found.setdefault(standing.company.pk, []).append(standing)
        return context | {"rows": [(company, found.get(company.pk, [])) for company in shown]}


class CompanyDetail(KnownThen, Clocks, ListView):
    """One company: where it stands, what it announced, what others say of it."""

    template_name = "companies/company.html"
    context_object_name = "announcements"
    paginate_by = 20

    def get(self, request, slug):
        merged = Company.objects.filter(slug=slug, merged_into__isnull=False).first()
        if merged:
            stands = get_object_or_404(Company.objects.public(), pk=merged.absorbed_by_id)
            return redirect(stands, permanent=True)
        self.company = get_object_or_404(
            Company.objects.public().for_listing().in_full(), slug=slug
        )
        return super().get(request, slug=slug)

    def get_queryset(self):
        """What it announced, and what others announced for it or for its brands."""
        asked = self.form.data | {"company": self.company.slug}
        return AnnouncementFilter(asked, queryset=Announcement.objects.public().for_listing()).qs

    def get_context_data(self, **context):
        company = self.company
        records = company.records().values("pk")
        mentions = Mention.objects.public().for_listing().filter(company__in=records)
        return super().get_context_data(
            company=company,
            standings=list(
                standings(
                    Company.objects.filter(pk=company.pk),
                    day=self.day,
                    known_at=self.clocks["known_at"],
                )
            ),
            assessments=Assessment.objects.public()
            .as_of(self.day)
            .for_listing()
            .filter(company__in=records),
            identifiers=company.all_identifiers,
            names=company.all_names,
            brands=company.all_brands,
            mentions=mentions.order_by("-article__published_at", "-pk")[:20],
            **context,
        )


class AnnouncementList(KnownThen, FilterView):
    """The tracker: what companies announced, newest first, as cards or as a table."""

    queryset = Announcement.objects.public().for_listing()
    filterset_class = AnnouncementFilter
    template_name = "companies/announcement_list.html"
    paginate_by = 20
    strict = False

    def get_context_data(self, **context):
        context = super().get_context_data(**context)
        asked, form = self.request.GET, self.filterset.form
        publishers = dict(Publisher.objects.values_list("slug", "name"))
        company = Company.objects.filter(slug=form.data.get("company", "")).first()
        names = {
            "company": company and company.name,
            "publisher": publishers.get(asked.get("publisher")),
        }
        chosen = chips(self.filterset, asked, names)  # before the counts stand in the choices
        offer(form, counts(self.filterset), {"publisher": publishers})
        return context | {
            "chips": chosen,
            "as_table": asked.get("view") == "table",
            "formats": list(FORMATS),
        }


class AnnouncementDownload(FilterView):
    """The very rows of the tracker's list, all pages of it, as a file."""

    queryset = (
        Announcement.objects.public().for_listing().with_edition().prefetch_related("replies")
    )
    filterset_class = AnnouncementFilter

    def get(self, request, ending):
        if ending not in FORMATS:
            raise Http404
        write, media = FORMATS[ending]
        found = self.filterset_class(request.GET, queryset=self.queryset.all())
        rows = list(found.qs)
        if found.asked.get("known_at"):
            recall(rows)
        day = found.asked.get("as_of") or timezone.localdate()
        held = AnnouncementSerializer(rows, many=True, context={"request": request}).data
        response = HttpResponse(write(held, day), content_type=media)
        name = f"exeunt-{slugify(_('announcements'))}-{day}.{ending}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


class AnnouncementDetail(Clocks, DetailView):
    """One announcement with its measures, its evidence and its editions; of a
    retracted one the reason alone. With `known_at`, as the edition of then told it."""

    queryset = Announcement.objects.public().for_listing()
    slug_field = slug_url_kwarg = "public_id"
    template_name = "companies/announcement.html"

    def get(self, request, public_id):
        retracted = (
            Announcement.objects.filter(public_id=public_id, status=Announcement.Status.RETRACTED)
            .select_related("company__absorbed_by")
            .first()
        )
        if retracted:
            context = {"announcement": retracted}
            return render(request, "companies/retracted.html", context, status=410)
        return super().get(request, public_id=public_id)

    def get_object(self):
        moment = self.clocks["known_at"]
        if moment is None:
            return super().get_object()
        return recall([super().get_object(self.get_queryset().known_at(moment))])[0]

    def get_context_data(self, **context):
        return super().get_context_data(
            editions=self.object.editions.order_by("-number").defer("snapshot"),
            replies=self.object.replies.all(),
            **context,
        )


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


class Overview(Clocks):
    """A page on a part of the archive: how many stand where on a day, what was announced
    over time, the newest and the contradicted."""

    SHOWN = 5  # of the newest, and of the contradicted
    market = None  # to which the picture and the standings are limited

    def announcements(self):
        """The public announcements that it is about."""
        raise NotImplementedError

    def get_context_data(self, **context):
        found = self.announcements().as_of(self.day)
        shown = found.for_listing()
        against = AnnouncementFilter({"contradicted": "true"}, queryset=shown).qs
        return super().get_context_data(
            pictures=both(columns, list(found.by_day(self.market))),
            newest=shown[: self.SHOWN],
            contradicted=against[: self.SHOWN],
            **context,
        )


class MarketDetail(Overview, ListView):
    """Where the companies stand in one market on a day."""

    template_name = "companies/market.html"
    context_object_name = "standings"
    paginate_by = 20

    def get(self, request, code):
        if code.upper() not in NAMES["en"]:
            raise Http404
        if code != code.upper():
            address = reverse("markets:detail", args=[code.upper()])
            query = request.META["QUERY_STRING"]
            return redirect(f"{address}?{query}" if query else address, permanent=True)
        self.market = code
        return super().get(request, code=code)

    def announcements(self):
        return AnnouncementFilter(
            {"market": self.market}, queryset=Announcement.objects.public()
        ).qs

    def get_queryset(self):
        return list(
            standings(
                Company.objects.public().for_listing(),
                day=self.day,
                markets=[self.market],
                known_at=self.clocks["known_at"],
            )
        )

    def get_context_data(self, **context):
        context = super().get_context_data(**context)
        return context | {
            "code": self.market,
            "name": country_name(self.market),
            "tally": tally(self.object_list),
        }


class SectorDetail(Overview, TemplateView):
    """Where the companies of one sector stand on a day, market by market."""

    template_name = "companies/sector.html"

    def get(self, request, code):
        if code.upper() not in Company.Sector.values:
            raise Http404
        if code != code.upper():
            return redirect("sectors:detail", code.upper(), permanent=True)
        self.code = code
        return super().get(request)

    def announcements(self):
        asked = {"sector": self.code}
        return AnnouncementFilter(asked, queryset=Announcement.objects.public()).qs

    def get_context_data(self, **context):
        companies = Company.objects.public().filter(sector=self.code)
        by_market = {}
        for standing in standings(companies, day=self.day, known_at=self.clocks["known_at"]):
            by_market.setdefault(standing.market, []).append(standing)
        return super().get_context_data(
            code=self.code,
            name=Company.Sector(self.code).label,
            markets=[
                (market, tally(found))
                for market, found in sorted(by_market.items(), key=lambda pair: -len(pair[1]))
            ],
            companies=companies.for_listing().order_by("name", "pk"),
            **context,
        )


class PublisherDetail(Overview, DetailView):
    """One publisher: what kind of source it is, what rests on it, what it corrected."""

    queryset = Publisher.objects.public()
    template_name = "companies/publisher.html"

    def announcements(self):
        asked = {"publisher": self.object.slug}
        return AnnouncementFilter(asked, queryset=Announcement.objects.public()).qs

    def get_context_data(self, **context):
        pieces = Article.objects.public().filter(publisher=self.object)
        corrections = Correction.objects.public().filter(article__publisher=self.object)
        return super().get_context_data(
            articles=pieces.for_listing()[: self.SHOWN],
            corrections=corrections.for_listing()[: self.SHOWN],
            **context,
        )


class Compare(Clocks, TemplateView):
    """Two to six companies side by side: where they stand, and when they announced what."""

    template_name = "companies/compare.html"
    MOST = 6

    def get_context_data(self, **context):
        asked = list(dict.fromkeys(self.request.GET.getlist("company")))
        found = {c.slug: c for c in Company.objects.public().filter(slug__in=asked).for_listing()}
        chosen = [found[slug] for slug in asked if slug in found][: self.MOST]
        stand = {}
        for standing in standings(
            Company.objects.filter(pk__in=[c.pk for c in chosen]), day=self.day
        ):
            stand.setdefault(standing.company.pk, {})[standing.market] = standing
        announced = self.announced(chosen)
        days = [day for rows in announced.values() for day, *_rest in rows]
        span = wide_enough(min(days), max(days)) if days else None
        markets = sorted({m for each in stand.values() for m in each}, key=country_name)
        names = {market: country_name(market) for market in markets}
        columns = [
            (
                company,
                [stand.get(company.pk, {}).get(market) for market in markets],
                both(timeline, [row[:5] for row in announced[company.pk]], names, span=span),
            )
            for company in chosen
        ]
        return super().get_context_data(
            asked=asked,
            most=self.MOST,
            columns=columns,
            rows=[
                (market, [each[1][place] for each in columns])
                for place, market in enumerate(markets)
            ],
            choices=Company.objects.public().order_by("name").values_list("slug", "name"),
            **context,
        )

    def announced(self, companies):
        """Company's key → what it and its brands announced, as `by_market` gives it."""
        found = {company.pk: [] for company in companies}
        own = Q()
        for company in companies:
            own |= Q(company__in=Company.objects.under(company.slug).values("pk"))
        theirs = (
            Announcement.objects.public().filter(own) if companies else Announcement.objects.none()
        )
        for *row, company, parent in theirs.filter(own).as_of(self.day).by_market():
            for key in {company, parent} & found.keys():
                found[key].append(row)
        return found


@method_decorator([csrf_exempt, never_cache], name="dispatch")
class CorrectionRequestCreate(CreateView):
    """A reader's form: what is wrong with a record. It sets no cookie, so its own token
    and the sender's origin stand for Django's."""

    form_class = CorrectionRequestForm
    template_name = "companies/correction_request.html"
    KINDS = {
        "companies": (Company, "slug"),
        "announcements": (Announcement, "public_id"),
        "articles": (Article, "slug"),
    }

    def dispatch(self, request, kind, key):
        if kind not in self.KINDS:
            raise Http404
        model, name = self.KINDS[kind]
        self.about = get_object_or_404(model.objects.public(), **{name: key})
        origin = request.headers.get("Origin")
        if request.method == "POST" and origin and urlsplit(origin).netloc != request.get_host():
            raise PermissionDenied
        return super().dispatch(request)

    def get_form_kwargs(self):
        sender = self.request.META.get("REMOTE_ADDR", "")
        return super().get_form_kwargs() | {"about": self.about, "sender": sender}

    def get_success_url(self):
        return f"{self.request.path}?sent=1"

    def get_context_data(self, **context):
        sent = "sent" in self.request.GET
        return super().get_context_data(about=self.about, sent=sent, **context)
