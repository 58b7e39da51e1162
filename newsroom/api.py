"""The API under /api/: version 1, its description, its documentation."""

from csp.constants import SELF
from csp.decorators import csp_update
from django.urls import include, path, re_path
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView
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


# The vendored sheet draws its arrows as data: images; nothing else comes from outside files.
@method_decorator(csp_update({"img-src": [SELF, "data:"]}), name="dispatch")
class Docs(TemplateView):
    """The API's description for people, and a form to try it out."""

    template_name = "newsroom/api_docs.html"


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
    path("docs/", Docs.as_view(), name="api-docs"),
    # With a slash at the end, so that addresses without one are still led to theirs.
    re_path(r"^(?:.*/)?$", Unknown.as_view()),
]
