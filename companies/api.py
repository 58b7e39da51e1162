from django.db.models import Prefetch
from django.http import HttpResponsePermanentRedirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    extend_schema,
    extend_schema_view,
)
from rest_framework import mixins, status, viewsets
from rest_framework.exceptions import APIException

from articles.serializers import CorrectionOfArticle, InBothLanguages
from companies import editions
from companies.filters import (
    AnnouncementFilter,
    AssessmentFilter,
    CompanyFilter,
    MentionFilter,
    StandingFilter,
)
from companies.models import Announcement, Assessment, Company, Edition, Mention
from companies.serializers import (
    AnnouncementDetailSerializer,
    AnnouncementSerializer,
    AssessmentSerializer,
    CompanyDetailSerializer,
    CompanySerializer,
    MentionSerializer,
    StandingSerializer,
)
from companies.standing import Standing, standings
from companies.tombstones import tombstone

SLUG = "[-a-zA-Z0-9_]+"

ANNOUNCEMENT = {
    "id": "k7m3xq9rta",
    "company": {"slug": "company", "name": "Company"},
    "announced_on": "2022-03",
    "announced_precision": "month",
    "announced_sourced": True,
    "action": "suspend",
    "stage": "in_effect",
    "title": {"fr": "L’entreprise suspend ses livraisons", "en": "It suspends its deliveries"},
    "summary": {"fr": "Les livraisons cessent.", "en": "Deliveries stop."},
    "measures": [
        {
            "activity": {"fr": "Livraisons", "en": "Deliveries"},
            "market": "RU",
            "action": "suspend",
            "stage": "in_effect",
            "effective_on": "2022-03-07",
        }
    ],
    "evidence": [
        {
            "article": {
                "slug": "a-company-suspends-its-deliveries",
                "headline": "A company suspends its deliveries",
                "publisher": {"slug": "the-outlet", "name": "The Outlet", "kind": "outlet"},
            },
            "version": 1,
            "exact": "We stopped our deliveries",
            "prefix": "On Monday the company said: “",
            "suffix": " to Russia.”",
            "start": 29,
            "in_headline": False,
            "selectors": [
                {
                    "type": "TextQuoteSelector",
                    "exact": "We stopped our deliveries",
                    "prefix": "On Monday the company said: “",
                    "suffix": " to Russia.”",
                },
                {"type": "TextPositionSelector", "start": 29, "end": 54},
            ],
            "now": {"state": "changed", "selectors": []},
            "paraphrase": {"fr": "", "en": ""},
            "stance": "supports",
            "speaker": "company",
            "url": "https://archive.example/fr/articles/a-company-suspends-its-deliveries/",
        }
    ],
    "buyer": "",
    "terms": {"fr": "", "en": ""},
    "last_checked_on": None,
    "replies": [{"asked_on": "2022-03-09", "answered_on": None, "answer": {"fr": "", "en": ""}}],
    "edition": {
        "number": 1,
        "made_at": "2022-03-10T09:00:00+01:00",
        "note": {"fr": "", "en": ""},
        "sha256": 64 * "0",
    },
    "url": "https://archive.example/fr/announcements/k7m3xq9rta/",
}
STANDING = {
    "company": {"slug": "company", "name": "Company"},
    "market": "RU",
    "as_of": "2022-03-07",
    "known_at": None,
    "action": None,
    "stage": None,
    "since": None,
    "since_precision": None,
    "since_sourced": None,
    "since_reported": None,
    "announcement": None,
    "partial": False,
    "words": {"fr": "rien d’annoncé", "en": "nothing announced"},
    "activities": [],
    "nearest": None,
}


class Retracted(APIException):
    """The announcement was taken back; the public reason is what is left."""

    status_code = status.HTTP_410_GONE
    default_code = "retracted"
    default_detail = _("This announcement was retracted.")

    def __init__(self, announcement):
        super().__init__()
        reason = InBothLanguages()
        reason.bind("retraction_reason", None)
        self.members = {"retraction_reason": reason.to_representation(announcement)}


class Withdrawn(APIException):
    """All that the announcement rested on was withdrawn; the public notices are what is left."""

    status_code = status.HTTP_410_GONE
    default_code = "withdrawn"
    default_detail = _("What this announcement rested on was withdrawn for good.")

    def __init__(self, notices):
        super().__init__()
        self.members = {"corrections": CorrectionOfArticle(notices, many=True).data}


@extend_schema_view(
    list=extend_schema(summary=_("Companies with something public to show")),
    retrieve=extend_schema(summary=_("One company; 301 to the one that it was merged into")),
)
class CompanyViewSet(viewsets.ReadOnlyModelViewSet):
    """Public companies, and brands with a record of their own."""

    queryset = Company.objects.public().for_listing()
    filterset_class = CompanyFilter
    serializer_class = CompanySerializer
    lookup_field = "slug"
    lookup_value_regex = SLUG

    def get_queryset(self):
        if not self.detail:
            return super().get_queryset()
        return super().get_queryset().in_full()

    def get_serializer_class(self):
        return CompanyDetailSerializer if self.detail else CompanySerializer

    def retrieve(self, request, *args, **kwargs):
        [slug] = Company.objects.now_at([kwargs["slug"]])
        if slug == kwargs["slug"]:
            return super().retrieve(request, *args, **kwargs)
        self.kwargs["slug"] = slug
        return HttpResponsePermanentRedirect(
            self.reverse_action("detail", args=[self.get_object().slug])
        )


KNOWN_AT = OpenApiParameter(
    "known_at",
    OpenApiTypes.DATETIME,
    description=AnnouncementFilter.base_filters["known_at"].extra["help_text"],
)


@extend_schema_view(
    list=extend_schema(
        summary=_("Announcements, newest first"),
        examples=[OpenApiExample("Announcements", ANNOUNCEMENT, response_only=True)],
    ),
    retrieve=extend_schema(
        summary=_(
            "One announcement, as it reads today or was known at a moment; 410 if it was "
            "retracted, or if all that it rested on was withdrawn for good"
        ),
        parameters=[KNOWN_AT],
        examples=[
            OpenApiExample(
                "An announcement",
                ANNOUNCEMENT | {"editions": [ANNOUNCEMENT["edition"] | {"status": "published"}]},
                response_only=True,
            )
        ],
    ),
)
class AnnouncementViewSet(viewsets.ReadOnlyModelViewSet):
    """What companies made known, measure by measure, and what proves it."""

    queryset = (
        Announcement.objects.public().for_listing().with_edition().prefetch_related("replies")
    )
    all_editions = Prefetch("editions", Edition.objects.order_by("-number").defer("snapshot"))
    filterset_class = AnnouncementFilter
    serializer_class = AnnouncementSerializer
    lookup_field = "public_id"
    lookup_value_regex = "[a-z0-9]+"
    detail_parameters = ["known_at"]

    def get_queryset(self):
        queryset = super().get_queryset()
        return queryset.prefetch_related(self.all_editions) if self.detail else queryset

    def get_serializer_class(self):
        return AnnouncementDetailSerializer if self.detail else AnnouncementSerializer

    def paginate_queryset(self, queryset):
        return self.as_known(super().paginate_queryset(queryset))

    def get_object(self):
        left = tombstone(self.kwargs["public_id"])
        if left:
            raise Retracted(left.announcement) if left.retracted else Withdrawn(left.notices)
        return self.as_known([super().get_object()])[0]

    def as_known(self, announcements):
        return editions.recall(announcements) if self.asked.get("known_at") else announcements


@extend_schema_view(list=extend_schema(summary=_("Which article names which company")))
class MentionViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """Companies in public articles, as an editor confirmed them."""

    queryset = Mention.objects.public().for_listing()
    filterset_class = MentionFilter
    serializer_class = MentionSerializer


@extend_schema_view(list=extend_schema(summary=_("Grades that others gave, newest first")))
class AssessmentViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """Somebody else's grades of public companies."""

    queryset = Assessment.objects.public().for_listing()
    filterset_class = AssessmentFilter
    serializer_class = AssessmentSerializer


@extend_schema_view(
    list=extend_schema(
        summary=_("Where companies stand in a market on a day"),
        description=_(
            "Derived from the announcements. Without `as_of` it is today's standing. Asked for "
            "one company and one market, it always answers, if only that nothing is announced."
        ),
        examples=[OpenApiExample("Nothing announced yet", STANDING, response_only=True)],
    )
)
class StandingViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """Companies' states, derived and never typed in."""

    queryset = Company.objects.public().defer("search")
    filterset_class = StandingFilter
    serializer_class = StandingSerializer

    def list(self, request, *args, **kwargs):
        page = self.paginate_queryset(self.standings())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def standings(self):
        companies = self.filter_queryset(self.get_queryset())
        day, market = self.asked["as_of"] or timezone.localdate(), self.asked["market"]
        found = list(
            standings(
                companies,
                day=day,
                markets=[market] if market else None,
                known_at=self.asked["known_at"],
            )
        )
        if not found and market and self.asked["company"]:
            known_at = self.asked["known_at"]
            return [Standing(company, market, day, known_at=known_at) for company in companies]
        return found
