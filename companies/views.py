from django.db.models import Q
from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.generic import DetailView, ListView
from django_filters.views import FilterView

from companies.countries import NAMES, country_name
from companies.filters import AnnouncementFilter, CompanyFilter
from companies.forms import ClockForm
from companies.models import Activity, Announcement, Assessment, Company, Measure, Mention
from companies.standing import standings


def described(found):
    """Standings with the names of what they touch, for the page: one query for each
    kind of name, however many there are."""
    found = list(found)
    keys = {key for standing in found for key in standing.touched}
    activities = Activity.objects.in_bulk([key for key in keys if key > 0])
    brands = Company.objects.in_bulk([-key for key in keys if key < 0])
    names = activities | {-key: brand for key, brand in brands.items()}
    return [
        {
            "standing": standing,
            "touched": [(names[key], standing.activities[key]) for key in standing.touched],
        }
        for standing in found
    ]


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


class CompanyDetail(ListView):
    """One company: where it stands, what it announced, what others say of it."""

    template_name = "companies/company.html"
    context_object_name = "announcements"
    paginate_by = 20

    def get(self, request, slug):
        company = get_object_or_404(
            Company.objects.select_related("parent", "merged_into"), slug=slug
        )
        if company.merged_into and Company.objects.public().filter(pk=company.merged_into_id):
            return HttpResponsePermanentRedirect(company.merged_into.get_absolute_url())
        self.company = get_object_or_404(Company.objects.public().for_listing(), slug=slug)
        self.form = ClockForm(request.GET)
        self.day, self.known_at = self.form.clocks
        return super().get(request, slug=slug)

    def get_queryset(self):
        """What it announced, and what others announced for it or for its brands."""
        company = self.company
        concerned = Measure.objects.filter(
            Q(activity__brand=company) | Q(activity__company=company)
        )
        found = (
            Announcement.objects.public()
            .for_listing()
            .filter(
                Q(company=company)
                | Q(company__parent=company)
                | Q(pk__in=concerned.values("announcement"))
            )
        )
        if self.day:
            found = found.as_of(self.day)
        return found.known_at(self.known_at) if self.known_at else found

    def get_context_data(self, **context):
        company, day = self.company, self.day or timezone.localdate()
        mentions = Mention.objects.public().for_listing().filter(company=company)
        return super().get_context_data(
            company=company,
            form=self.form,
            day=day,
            standings=described(
                standings(Company.objects.filter(pk=company.pk), day=day, known_at=self.known_at)
            ),
            assessments=Assessment.objects.public()
            .as_of(day)
            .for_listing()
            .filter(company=company),
            identifiers=company.identifiers.all(),
            names=company.names.all(),
            brands=Company.objects.public().filter(parent=company).defer("search"),
            mentions=mentions.order_by("-article__published_at", "-pk")[:20],
            **context,
        )


class AnnouncementList(FilterView):
    """What companies announced, newest first."""

    queryset = Announcement.objects.public().for_listing()
    filterset_class = AnnouncementFilter
    template_name = "companies/announcement_list.html"
    paginate_by = 20
    strict = False


class AnnouncementDetail(DetailView):
    """One announcement with its measures, its evidence and its editions; of a
    retracted one the reason alone."""

    queryset = Announcement.objects.public().for_listing()
    slug_field = slug_url_kwarg = "public_id"
    template_name = "companies/announcement.html"

    def get(self, request, public_id):
        retracted = (
            Announcement.objects.filter(public_id=public_id, status=Announcement.Status.RETRACTED)
            .select_related("company")
            .first()
        )
        if retracted:
            context = {"announcement": retracted}
            return render(request, "companies/retracted.html", context, status=410)
        return super().get(request, public_id=public_id)

    def get_context_data(self, **context):
        return super().get_context_data(
            editions=self.object.editions.order_by("-number").defer("snapshot"),
            replies=self.object.replies.all(),
            **context,
        )


class MarketDetail(ListView):
    """Where the companies stand in one market on a day."""

    template_name = "companies/market.html"
    context_object_name = "standings"
    paginate_by = 20

    def get(self, request, code):
        if code.upper() not in NAMES["en"]:
            raise Http404
        if code != code.upper():
            return redirect("markets:detail", code.upper(), permanent=True)
        self.form = ClockForm(request.GET)
        self.day, self.known_at = self.form.clocks
        return super().get(request, code=code)

    def get_queryset(self):
        return list(
            standings(
                Company.objects.public().for_listing(),
                day=self.day,
                markets=[self.kwargs["code"]],
                known_at=self.known_at,
            )
        )

    def get_context_data(self, **context):
        context = super().get_context_data(**context)
        return context | {
            "code": self.kwargs["code"],
            "name": country_name(self.kwargs["code"]),
            "form": self.form,
            "day": self.day or timezone.localdate(),
            "rows": described(context["page_obj"]),
        }
