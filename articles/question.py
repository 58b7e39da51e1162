"""A search of the articles, answered from the index alone: ids, counts, counts for filters.

Beneath `Article.objects.matching()`, which composes with any filter: a Question is for
pages, where the newest twenty of a hundred thousand hits must not cost more than twenty.
"""

from collections import Counter
from functools import lru_cache, partial
from itertools import chain

from django.db import connections
from django.db.models.expressions import RawSQL
from django.utils import timezone

from articles.index import (
    ALL,
    INDEX,
    PK_MASK,
    PUBLIC,
    TABLE,
    VECTOR,
    facts,
    first_key,
    fts5,
    in_a_row,
    standing,
    tsquery,
)
from articles.models import Article
from articles.search import parse

RANKED = 1_000  # of the newest hits; what is older isn't among the best
HEADLINE = 8  # times a word of the text
WALKED = 5_000  # of the newest entries, before PostgreSQL's index of words is asked
FACETS = ("publisher_id", "language", "year")


class Question:
    """What a reader asks, and what narrows it.

    `within` is a queryset of articles that the hits must be of; by default what is
    public, for editors (`inside`) everything. `since` and `until` are moments, the
    second one excluded; `publisher` is an id. Words that hold nothing to look for
    find nothing.
    """

    def __init__(
        self,
        words,
        *,
        inside=False,
        language="",
        publisher=None,
        since=None,
        until=None,
        within=None,
        typing=False,
        using="default",
    ):
        self.clauses = parse(f"{words}*" if typing else words)
        self.columns = ALL if inside else PUBLIC
        self.facts = facts(publisher=publisher, language=language)
        self.since, self.until = since, until
        self.within, self.plain = within, within is None and not inside
        self.using, self.connection = using, connections[using]
        asker = {"sqlite": Fts5, "postgresql": Gin}[self.connection.vendor]
        self.asker = asker(self)

    def newest(self, limit=20, offset=0, oldest_first=False):
        """The ids of hits by their date."""
        if not self.clauses:
            return []
        order = "ASC" if oldest_first else "DESC"
        return self._ids(*self.asker.by_date(order, limit, offset))

    def best(self, limit=20, offset=0):
        """The ids of the newest RANKED hits, those first that say most of what was asked."""
        if not self.clauses:
            return []
        return self._ids(*self.asker.by_rank(limit, offset))

    def count(self):
        """How many hits there are."""
        if not self.clauses:
            return 0
        return sum(self._counted("count(*)", ""))

    def facets(self):
        """How many hits each publisher (its id), language and year has, the most first."""
        if not self.clauses:
            return {name: [] for name in FACETS}
        found = {name: Counter() for name in FACETS}
        for *values, hits in self._rows(*self.asker.by_facet()):
            for name, value in zip(FACETS, values, strict=True):
                found[name][value] += hits
        return {name: (+counter).most_common() for name, counter in found.items()}

    def _ids(self, sql, params):
        return [pk for (pk,) in self._rows(sql, params)]

    def _rows(self, sql, params):
        with self.connection.cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchall()
