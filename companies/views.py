from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.generic import DetailView, ListView
from django_filters.views import FilterView

from companies import previews
from companies.countries import NAMES, country_name
from companies.editions import recall
from companies.filters import AnnouncementFilter, CompanyFilter, StandingFilter
from companies.models import Announcement, Assessment, Company, Mention
from companies.standing import standings


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
    """What companies announced, newest first."""

    queryset = Announcement.objects.public().for_listing()
    filterset_class = AnnouncementFilter
    template_name = "companies/announcement_list.html"
    paginate_by = 20
    strict = False


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


class MarketDetail(Clocks, ListView):
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
        return super().get(request, code=code)

    def get_queryset(self):
        return list(
            standings(
                Company.objects.public().for_listing(),
                day=self.day,
                markets=[self.kwargs["code"]],
                known_at=self.clocks["known_at"],
            )
        )

    def get_context_data(self, **context):
        context = super().get_context_data(**context)
        return context | {
            "code": self.kwargs["code"],
            "name": country_name(self.kwargs["code"]),
        }
