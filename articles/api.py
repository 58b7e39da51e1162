from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import mixins, status, viewsets
from rest_framework.exceptions import APIException

from articles.filters import ArticleFilter, CorrectionFilter, PublisherFilter
from articles.models import Article, Correction, Publisher
from articles.models.story import ELSEWHERE
from articles.serializers import (
    ArticleDetailSerializer,
    ArticleSerializer,
    CorrectionOfArticle,
    CorrectionSerializer,
    PublisherSerializer,
)
from companies.models import Mention

SLUG = "[-a-zA-Z0-9_]+"

EXAMPLE = {
    "slug": "a-company-suspends-its-deliveries",
    "headline": "A company suspends its deliveries",
    "publisher": {"slug": "the-outlet", "name": "The Outlet", "kind": "outlet"},
    "published_at": "2022-03-09T00:00:00+01:00",
    "published_precision": "day",
    "language": "fr",
    "url": "https://archive.example/fr/articles/a-company-suspends-its-deliveries/",
    "source_url": "https://outlet.example/1",
    "companies": [{"slug": "company", "name": "Company", "role": "subject"}],
    "abstract": {"fr": "Ce que dit l’article.", "en": "What the piece says."},
    "access": "reference",
    "image_credit": "",
}


class Killed(APIException):
    """The article was withdrawn for good; its public notice is what is left."""

    status_code = status.HTTP_410_GONE
    default_code = "killed"
    default_detail = _("This article was withdrawn for good.")

    def __init__(self, corrections):
        super().__init__()
        self.members = {"corrections": CorrectionOfArticle(corrections, many=True).data}


@extend_schema_view(
    list=extend_schema(
        summary=_("Articles of the archive, newest first"),
        examples=[OpenApiExample("An article", EXAMPLE, response_only=True)],
    ),
    retrieve=extend_schema(
        summary=_("One article; 410 with the public notice if it was withdrawn for good")
    ),
)
class ArticleViewSet(viewsets.ReadOnlyModelViewSet):
    """The public archive."""

    queryset = (
        Article.objects.public()
        .for_listing()
        .prefetch_related(
            Prefetch(
                "mentions",
                Mention.objects.public().for_listing().weightiest_first(),
                "public_mentions",
            )
        )
    )
    filterset_class = ArticleFilter
    serializer_class = ArticleSerializer
    lookup_field = "slug"
    lookup_value_regex = SLUG

    def get_queryset(self):
        if not self.detail:
            return super().get_queryset()
        notes = Correction.objects.public().for_listing()
        held = Article.objects.public().for_listing()[: ELSEWHERE + 1]  # itself among them
        return (
            super()
            .get_queryset()
            .defer(None)
            .prefetch_related(
                Prefetch("corrections", notes, "public_corrections"),
                Prefetch("story__articles", held, "public_articles"),
            )
        )

    def get_serializer_class(self):
        return ArticleDetailSerializer if self.detail else ArticleSerializer

    def get_object(self):
        killed = Article.objects.killed().at(self.kwargs["slug"]).first()
        if killed:
            raise Killed(Correction.objects.public().filter(article=killed, kind="kill"))
        return super().get_object()


@extend_schema_view(
    list=extend_schema(summary=_("Publishers of the archive's articles")),
    retrieve=extend_schema(summary=_("One publisher")),
)
class PublisherViewSet(viewsets.ReadOnlyModelViewSet):
    """Who issued the public articles."""

    queryset = Publisher.objects.public()
    filterset_class = PublisherFilter
    serializer_class = PublisherSerializer
    lookup_field = "slug"
    lookup_value_regex = SLUG


@extend_schema_view(list=extend_schema(summary=_("Corrections of articles, newest first")))
class CorrectionViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """What changed in public articles, and the notices of withdrawn ones."""

    queryset = Correction.objects.public().for_listing()
    filterset_class = CorrectionFilter
    serializer_class = CorrectionSerializer
