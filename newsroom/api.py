"""The API under /api/: version 1, its description, the way to its documentation."""

from django.urls import include, path, re_path
from django.views.generic import RedirectView
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from drf_spectacular.views import SpectacularAPIView
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.routers import DefaultRouter
from rest_framework.views import APIView

from articles.api import ArticleViewSet, CorrectionViewSet, PublisherViewSet
from companies.api import (
    AnnouncementViewSet,
    AssessmentViewSet,
    CompanyViewSet,
    MentionViewSet,
    StandingViewSet,
)
from newsroom.protocol import unknown_parameters


class Unknown(APIView):
    """Every address under /api/ that leads nowhere."""

    schema = None

    def initial(self, request, *args, **kwargs):
        raise NotFound


class Schema(SpectacularAPIView):
    """The API's description, as OpenAPI 3.1 in JSON or YAML."""

    renderer_classes = [
        OpenApiJsonRenderer2,
        OpenApiJsonRenderer,
        OpenApiYamlRenderer,
        OpenApiYamlRenderer2,
    ]

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        unknown = unknown_parameters(request.query_params, set())
        if unknown:
            raise ValidationError(unknown)


router = DefaultRouter()
router.include_format_suffixes = False
for prefix, viewset in (
    ("articles", ArticleViewSet),
    ("publishers", PublisherViewSet),
    ("corrections", CorrectionViewSet),
    ("companies", CompanyViewSet),
    ("announcements", AnnouncementViewSet),
    ("mentions", MentionViewSet),
    ("assessments", AssessmentViewSet),
    ("standings", StandingViewSet),
):
    router.register(prefix, viewset, basename=f"api-{prefix}")

urlpatterns = [
    path("v1/", include(router.urls)),
    path("schema/", Schema.as_view(), name="api-schema"),
    path("docs/", RedirectView.as_view(pattern_name="api-docs")),  # in the reader's language
    # With a slash at the end, so that addresses without one are still led to theirs.
    re_path(r"^(?:.*/)?$", Unknown.as_view()),
]
