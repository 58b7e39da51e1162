"""The articles that a question finds, as a page shows them."""

from articles.models import in_language
from articles.snippets import marked, snippet


class Hits:
    """What a paginator cuts and counts: the hits of a Question, in one of its orders.

    `queryset` says which articles may be shown and with what; `order` names the
    Question's method. With `showing_text`, each article has `marked_headline`, `snippet`
    and `snippet_language`, from nothing but what the public may read.
    """

    def __init__(self, queryset, question, order="newest"):
        self.queryset, self.question, self.order = queryset, question, order
        self.showing_text = False
        self._facets = None

    def count(self):
        if self._facets is not None:  # each hit has one year
            return sum(hits for _, hits in self._facets["year"])
        return self.question.count()

    __len__ = count

    def facets(self):
        """See Question.facets; asked once."""
        if self._facets is None:
            self._facets = self.question.facets()
        return self._facets

    def __getitem__(self, cut):
        """The articles of a slice, as a list."""
        start = cut.start or 0
        ask = getattr(self.question, self.order)
        pks = ask(limit=max(cut.stop - start, 0), offset=start)
        queryset = self.queryset.defer(None) if self.showing_text else self.queryset
        found = queryset.in_bulk(pks)
        articles = [found[pk] for pk in pks if pk in found]
        if self.showing_text:
            for article in articles:
                mark(article, self.question.clauses)
        return articles


def mark(article, clauses):
    """Put on an article where the clauses stand in what the public may read of it."""
    article.marked_headline = marked(article.headline, clauses)
    article.snippet, article.snippet_language = [], article.language
    for text, language in (
        (f"{article.readable_standfirst}\n\n{article.readable_body}", article.language),
        (in_language(article, "abstract"), None),  # in the page's own
    ):
        article.snippet = snippet(text, clauses)
        if article.snippet:
            article.snippet_language = language
            break
