from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView
from django_filters.views import FilterView

from articles.chips import chips
from articles.citations import ARCHIVE, Citation, download
from articles.facets import links, offer, tally
from articles.filters import ArticleFilter, ByCompany, CorrectionFilter
from articles.hits import Hits
from articles.linked_data import breadcrumbs, news_article
from articles.models import Article, Correction, Publisher, Version
from articles.models.story import ELSEWHERE
from articles.reading import change, reading
from articles.reprints import in_common
from companies.models import Announcement, Mention

DEFAULT_ORDER = "-published_at"
ORDERS = {
    DEFAULT_ORDER: gettext_lazy("Newest first"),
    "relevance": gettext_lazy("Best match first"),
    "published_at": gettext_lazy("Oldest first"),
    "headline": gettext_lazy("By headline"),
}


class ArticleList(ByCompany, FilterView):
    """The public archive, newest first."""

    queryset = Article.objects.public().for_listing()
    filterset_class = ArticleFilter
    template_name = "articles/list.html"
    paginate_by = 20
    strict = False  # a question that makes no sense is marked in the form, and the rest answered

    def get_context_data(self, **context):
        asked, form = self.request.GET, self.filterset.form
        if isinstance(self.object_list, Hits):
            self.object_list.showing_text = True
        publishers = Publisher.objects.public().in_bulk()
        self.size, counts = tally(self.filterset)
        offer(form, counts, publishers)
        return super().get_context_data(
            facets=list(links(counts, asked, publishers)),
            chips=chips(self.filterset, asked),
            orders=orders(self.filterset.asked, asked),
            **context,
        )

    def get_paginator(self, *args, **options):
        """Counted already: what is told beside the filters adds up to it."""
        paginator = super().get_paginator(*args, **options)
        paginator.count = self.size
        return paginator


def orders(said, asked):
    """(name, the address's query for it, whether it is the present one) of each order that
    the list can have; by relevance only where there are words to find."""
    present = (said.get("ordering") or [DEFAULT_ORDER])[0]
    names = dict(ORDERS)
    if not said.get("q"):
        names.pop("relevance")
        present = DEFAULT_ORDER if present == "relevance" else present
    for order, name in names.items():
        query = asked.copy()
        for key in ("page", "ordering"):
            query.pop(key, None)
        if order != DEFAULT_ORDER:
            query["ordering"] = order
        yield name, query.urlencode(), order == present


def cite(article, version, request):
    """The article as it reads in `version`, whose own page is its address."""
    published = timezone.localtime(article.published_at).date()
    return Citation(
        kind="article",
        key=article.slug,
        author=article.publisher.name,
        title=version.headline or article.headline,
        language=article.language,
        day=published,
        precision=article.published_precision,
        url=request.build_absolute_uri(version_address(article, version)),
        state=str(version),
        sha256=version.sha256,
        accessed=timezone.localdate(),
        original=article.source_url,
    )


def version_address(article, version):
    return reverse("articles:version", args=[article.slug, version.number])


def trail(request, article, *more):
    """Where the page stands, for linked data: the home page, the list, the article, and
    what (name, address) pairs are below it."""
    steps = [
        (ARCHIVE, reverse("home")),
        (_("Articles"), reverse("articles:list")),
        (article.headline, article.get_absolute_url()),
        *more,
    ]
    return breadcrumbs(*((name, request.build_absolute_uri(path)) for name, path in steps))


class OfOneArticle(DetailView):
    """A page on one public article; of a killed one the notice alone is left."""

    queryset = Article.objects.public().select_related("publisher")

    def get(self, request, slug, **rest):
        killed = Article.objects.killed().at(slug).select_related("publisher").first()
        if killed:
            notices = killed.corrections.filter(kind=Correction.Kind.KILL)
            context = {"publisher": killed.publisher, "notices": notices}
            return render(request, "articles/killed.html", context, status=410)
        return super().get(request, slug=slug, **rest)


class ArticleDetail(OfOneArticle):
    """One story: what the public may read of it, and what rests on it."""

    template_name = "articles/detail.html"

    def get_context_data(self, **context):
        article = self.object
        versions = article.versions.order_by("-number").defer("standfirst", "body")
        others = (
            Article.objects.public().same_story_as(article).select_related("publisher")[:ELSEWHERE]
        )
        # What both texts share is shown as far as the public may read both.
        shared = in_common(article.readable_body, [other.readable_body for other in others])
        corrections = list(article.corrections.select_related("version"))
        current = next((version for version in versions if not version.late), None)
        mentions = Mention.objects.public().for_listing().filter(article=article)
        announcements = Announcement.objects.public().for_listing()
        announcements = announcements.filter(evidence__article=article).distinct()
        resting = [
            (one, [item for item in one.public_evidence if item.article_id == article.pk])
            for one in announcements
        ]
        address = self.request.build_absolute_uri(article.get_absolute_url())
        mentions = list(mentions.weightiest_first())
        return super().get_context_data(
            elsewhere=list(zip(others, shared, strict=True)),
            holds_text=bool(article.standfirst or article.body),
            corrections=corrections,
            current=current,
            versions=versions,
            citation=current and cite(article, current, self.request),
            linked_data=news_article(article, corrections, address, article.readable_body),
            breadcrumbs=trail(self.request, article),
            mentions=mentions,
            resting=resting,
            reading=reading(
                article, current, mentions, [item for _one, items in resting for item in items]
            ),
            **context,
        )


class VersionDetail(OfOneArticle):
    """One wording of an article, as far as its rights allow, and what changed since the one
    before it; one that came in late was never the article's text, and follows on none.

    A note that came along with a file is the publisher's word to the desk, and stays there.
    """

    template_name = "articles/version.html"

    def get_context_data(self, **context):
        article, number = self.object, self.kwargs["number"]
        versions = list(article.versions.defer("headline", "standfirst", "body"))
        version = next((one for one in versions if one.number == number), None)
        if version is None:
            raise Http404
        told = [one for one in versions if not one.late]
        before = next((one for one in reversed(told) if one.number < number), None)
        before = None if version.late else before
        current = told[-1] if told else None
        texts = Version.objects.in_bulk([one.pk for one in (version, before) if one])
        version, before = texts[version.pk], before and texts[before.pk]
        blanked = version.redaction_id or (before and before.redaction_id)
        part = article.readable_part(version.body)
        address = version_address(article, version)
        return super().get_context_data(
            version=version,
            before=before,
            versions=versions,
            note="" if version.file_id or not version.author_id else version.note,
            is_current=version == current,
            current=current,
            holds_text=bool(version.redaction_id or version.standfirst or version.body),
            shows_text=article.access != Article.Access.REFERENCE,
            part=part,
            cut=part != version.body,
            change=change(article, before, version) if before and not blanked else None,
            corrections=version.corrections.all(),
            citation=cite(article, version, self.request),
            breadcrumbs=trail(self.request, article, (version, address)),
            **context,
        )


class ArticleCitation(OfOneArticle):
    """How to cite an article, as it reads now or in one of its versions, as a file for a
    reference manager."""

    def render_to_response(self, context):
        article, ending = self.object, self.kwargs["ending"]
        number = self.kwargs.get("number")
        version = article.current_version()
        if number is not None:
            version = article.versions.filter(number=number).first()
        if version is None:
            raise Http404
        return download(cite(article, version, self.request), ending)


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
