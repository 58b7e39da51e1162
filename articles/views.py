from django.shortcuts import render
from django.views.generic import DetailView
from django_filters.views import FilterView

from articles.chips import chips
from articles.facets import links
from articles.filters import FIRST_DAY, LAST_DAY, ArticleFilter, CorrectionFilter
from articles.hits import Hits
from articles.models import Article, Correction
from articles.models.story import ELSEWHERE
from articles.reprints import in_common
from companies.models import Announcement, Mention

YEARS = range(FIRST_DAY.year, LAST_DAY.year + 1)


class ArticleList(FilterView):
    """The public archive, newest first."""

    queryset = Article.objects.public().for_listing()
    filterset_class = ArticleFilter
    template_name = "articles/list.html"
    paginate_by = 20
    strict = False  # a question that makes no sense is marked in the form, and the rest answered

    def get_context_data(self, **context):
        hits, facets = self.object_list, None  # None without words
        if isinstance(hits, Hits):
            hits.showing_text = True
            facets = list(links(hits.facets(), self.request.GET, YEARS))
        return super().get_context_data(facets=facets, **context)


class ArticleDetail(DetailView):
    """One story: what the public may read of it, and what rests on it; of a killed
    one the notice alone."""

    queryset = Article.objects.public().select_related("publisher")
    template_name = "articles/detail.html"

    def get(self, request, slug):
        killed = Article.objects.killed().at(slug).select_related("publisher").first()
        if killed:
            notices = killed.corrections.filter(kind=Correction.Kind.KILL)
            context = {"publisher": killed.publisher, "notices": notices}
            return render(request, "articles/killed.html", context, status=410)
        return super().get(request, slug=slug)

    def get_context_data(self, **context):
        article = self.object
        versions = article.versions.order_by("-number").defer("headline", "standfirst", "body")
        others = (
            Article.objects.public().same_story_as(article).select_related("publisher")[:ELSEWHERE]
        )
        # What both texts share is shown as far as the public may read both.
        shared = in_common(article.readable_body, [other.readable_body for other in others])
        return super().get_context_data(
            elsewhere=list(zip(others, shared, strict=True)),
            corrections=article.corrections.select_related("version"),
            current=next((version for version in versions if not version.late), None),
            versions=versions,
            mentions=Mention.objects.public()
            .for_listing()
            .filter(article=article)
            .weightiest_first(),
            announcements=Announcement.objects.public()
            .for_listing()
            .filter(evidence__article=article)
            .distinct(),
            **context,
        )


class CorrectionList(FilterView):
    """The public log: what was corrected, clarified and killed, the last first."""

    queryset = Correction.objects.public().for_listing()
    filterset_class = CorrectionFilter
    template_name = "articles/correction_list.html"
    paginate_by = 20
    strict = False

    def get_context_data(self, **context):
        context = super().get_context_data(**context)
        return context | {"chips": chips(self.filterset, self.request.GET)}
