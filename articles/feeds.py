"""What subscribers get of the articles and of what was corrected in them."""

from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.atom import ListFeed
from articles.filters import ArticleFilter, CorrectionFilter
from articles.models import Article, Correction


class InLanguages(Atom1Feed):
    """An Atom feed whose entries say in which language each is: its title, as `language`,
    and what is said of it, which is in the feed's own."""

    def item_attributes(self, item):
        return super().item_attributes(item) | {"xml:lang": item["language"]}

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item | {"description": None})
        if item["description"]:
            attributes = {"type": "html", "xml:lang": self.feed["language"]}
            handler.addQuickElement("summary", item["description"], attributes)


class ArticleFeed(ListFeed):
    """What the list's filters leave, newest first: headline, source and our own words, as
    of any piece whatever its rights."""

    feed_type = InLanguages
    namespace, kind = "articles", "article"
    name = gettext_lazy("Exeunt: articles")
    queryset = Article.objects.public().for_listing()
    filterset_class = ArticleFilter

    def subtitle(self, asked):
        return _("The pieces that the archive holds or refers to, newest first.")

    def item_title(self, article):
        return article.headline

    def item_description(self, article):
        return escape(article.abstract)  # it is HTML

    def item_extra_kwargs(self, article):
        return {"language": article.language}

    def item_guid(self, article):
        return self.entry_id(article.slug)

    def item_author_name(self, article):
        return article.publisher.name

    def item_pubdate(self, article):
        return article.published_at

    def item_updateddate(self, article):
        return article.revised_at or article.published_at


class CorrectionFeed(ListFeed):
    """What was corrected, clarified and killed, the last first. A killed piece is named by
    its notice alone."""

    namespace, kind = "corrections", "correction"
    name = gettext_lazy("Exeunt: corrections")
    queryset = Correction.objects.public().for_listing()
    filterset_class = CorrectionFilter

    def subtitle(self, asked):
        return _("What was corrected, clarified and taken back.")

    def item_title(self, correction):
        kind = correction.get_kind_display()
        if correction.kind == Correction.Kind.KILL:
            return f"{kind}, {correction.article.publisher}"
        return f"{kind}: {correction.article.headline}"

    def item_description(self, correction):
        return escape(correction.note)  # it is HTML

    def item_link(self, correction):
        if correction.kind == Correction.Kind.KILL:
            return reverse("corrections:list")  # its address may hold the headline's words
        return correction.article.get_absolute_url()

    def item_guid(self, correction):
        return self.entry_id(correction.pk)

    def item_author_name(self, correction):
        return correction.article.publisher.name

    def item_pubdate(self, correction):
        return correction.created_at

    def item_updateddate(self, correction):
        return correction.created_at
