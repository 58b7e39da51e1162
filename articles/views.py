from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.generic import DetailView
from django_filters.views import FilterView

from articles.chips import chips
from articles.citations import Citation, download
from articles.facets import links
from articles.filters import FIRST_DAY, LAST_DAY, ArticleFilter, CorrectionFilter
from articles.hits import Hits
from articles.linked_data import news_article
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


def cite(article, version, address):
    """The article as it reads in `version`; `address` is its page's."""
    published = timezone.localtime(article.published_at).date()
    return Citation(
        kind="article",
        key=article.slug,
        author=article.publisher.name,
        title=article.headline,
        language=article.language,
        day=published,
        precision=article.published_precision,
        url=address,
        state=str(version),
        sha256=version.sha256,
        accessed=timezone.localdate(),
        original=article.source_url,
    )


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
        corrections = article.corrections.select_related("version")
        current = next((version for version in versions if not version.late), None)
        address = self.request.build_absolute_uri(article.get_absolute_url())
        return super().get_context_data(
            elsewhere=list(zip(others, shared, strict=True)),
            corrections=corrections,
            current=current,
            versions=versions,
            citation=current and cite(article, current, address),
            linked_data=news_article(article, corrections, address, article.readable_body),
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


class ArticleCitation(DetailView):
    """How to cite an article, as a file for a reference manager."""

    queryset = Article.objects.public().select_related("publisher")

    def get(self, request, slug, ending):
        article = self.get_object()
        version = article.current_version()
        if version is None:
            raise Http404
        address = request.build_absolute_uri(article.get_absolute_url())
        return download(cite(article, version, address), ending)


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
