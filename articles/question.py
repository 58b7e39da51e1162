"""A search of the articles, answered from the index alone: ids, a count, counts for filters.

Beneath `Article.objects.matching()`, which composes with any filter. A Question is for
pages, where the newest twenty of a hundred thousand hits cost no more than twenty.
"""

from collections import Counter
from functools import lru_cache, partial
from math import prod
from time import monotonic

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models.expressions import RawSQL

from articles.index import (
    ALL,
    FACTS,
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

WALK = 30  # what PostgreSQL needs to read an entry's words, over what a hit of its index costs
REMEMBERED = 600  # seconds that its statistics of words are kept in mind
RANKED = 1_000  # the newest hits, of which the best are told; who wants older ones narrows
RANKED_IN_A_ROW = 250  # the same where words in a row are asked for, which take longer
HEADLINE = 8  # a word of the headline weighs as much as so many of the text


class Question:
    """What is asked of the articles, and what narrows it.

    `inside` searches all that the archive holds, for editors; else the hits are public,
    by `Article.objects.public()` at the time of asking. `within` is a queryset of
    articles that takes the place of these two. `publisher` is an id; `since` and `until`
    are moments of publication, the second excluded. Words that hold nothing to look for
    find nothing.
    """

    def __init__(
        self,
        words,
        *,
        inside=False,
        within=None,
        language="",
        publisher=None,
        since=None,
        until=None,
        using="default",
    ):
        self.clauses = parse(words)
        self.columns = ALL if inside else PUBLIC
        self.meta = facts(publisher=publisher, language=language)
        self.since, self.until = since and first_key(since), until and first_key(until)
        self.within, self.inside, self.using = within, inside, using
        self.ranked = RANKED_IN_A_ROW if in_a_row(self.clauses) else RANKED
        self.asked = {"sqlite": Fts5, "postgresql": Gin}[connections[using].vendor](self)

    def newest(self, limit=20, offset=0):
        """Ids of hits by date of publication."""
        return self._page(self.asked.by_date("DESC", limit, offset), limit)

    def oldest(self, limit=20, offset=0):
        return self._page(self.asked.by_date("ASC", limit, offset), limit)

    def best(self, limit=20, offset=0):
        """Ids of hits, of the newest RANKED those first that say most of what was asked (of
        fewer for words in a row); the older ones follow by date."""
        found = self._page(self.asked.by_rank(limit, offset), limit)
        if len(found) < limit:
            found += self.newest(limit - len(found), offset + len(found))
        return found

    def count(self):
        """How many hits there are."""
        return sum(hits for (hits,) in self._counted(()))

    def facets(self):
        """[(value, hits), …], the most first, for "publisher_id", "language" and "year"."""
        found = {name: Counter() for name in FACTS}
        for *values, hits in self._counted(FACTS):
            for name, value in zip(FACTS, values, strict=True):
                found[name][value] += hits
        return {name: counter.most_common() for name, counter in found.items()}

    def _counted(self, by):
        """Rows of `by` and a number of hits, of the public's those that aren't out of their
        time: these are few, and looked up together, where each hit's own row would be read."""
        asks_each = self.within is not None or self.inside
        seen = self.seen if asks_each else partial(settled, self.using)
        return self._rows(*self.asked.grouped(by, seen))

    def seen(self, pk):
        """SQL and its parameters: `pk` (SQL itself) is an article that may be found."""
        if self.within is not None:
            return among(self.within, self.using, pk)
        return ("1 = 1", []) if self.inside else public(self.using, pk)

    def _page(self, ways, limit):
        """Ids by the first way that fills the page, or else by the last."""
        found = []
        if limit > 0 and self.clauses:
            for sql, params in ways:
                found = [pk for (pk,) in self._rows(sql, params)]
                if len(found) == limit:
                    break
        return found

    def _rows(self, sql, params):
        if not self.clauses:
            return []
        with connections[self.using].cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchall()


def among(queryset, using, pk):
    """SQL and its parameters: `pk` (SQL itself) is the id of an article of `queryset`."""
    one = queryset.order_by().filter(pk=RawSQL(pk, ())).values("pk")
    try:
        sql, params = one.query.get_compiler(using).as_sql()
    except EmptyResultSet:
        return "1 = 0", []
    # Kept by PostgreSQL from becoming a join: it is asked of few rows, one by one.
    fence = " OFFSET 0" if connections[using].vendor == "postgresql" else ""
    return f"EXISTS ({sql}{fence})", list(params)


@lru_cache
def public(using, pk):
    """The same for what is public; worded once, since wording takes longer than asking."""
    return among(Article.objects.public(), using, pk)


@lru_cache
def settled(using, pk):
    """The same for what isn't out of its time, told by the entry's key where that is asked.
    Of what the index shows to the public, this is public."""
    waiting = Article.objects.awaiting().order_by()
    sqlite = connections[using].vendor == "sqlite"
    one = waiting if sqlite else waiting.filter(pk=RawSQL(pk, ()))
    sql, params = one.values("pk").query.get_compiler(using).as_sql()
    if sqlite:
        keys = f"SELECT key FROM {TABLE} WHERE article_id IN ({sql})"
        return f"{INDEX}.rowid NOT IN ({keys})", list(params)
    return f"NOT EXISTS ({sql})", list(params)


def scored(question, length):
    """SQL and its parameters: how often each clause stands in the columns of `said`, tokens
    with a blank at both ends, and a hit in the headline counting as HEADLINE others.

    The first times weigh most, and more in a short text (Robertson's k = 1.2, b = 0.75, for
    some 3,000 bytes). `length` is how the database tells a text's bytes.
    """
    terms, params = [], []
    for clause in question.clauses:
        if clause.excluded:
            continue
        words, often = f" {' '.join(clause.tokens)}{'' if clause.prefix else ' '}", []
        size = len(words.encode())
        for column in question.columns:
            weight = (HEADLINE if column == "headline" else 1) / size
            kept = length.format(f"replace(said.{column}, %s, '')")
            often.append(f"({length.format(f'said.{column}')} - {kept}) * {weight}")
            params.append(words)
        scale = f"1.2 * (0.25 + 0.75 * {length.format('said.text')} / 3000.0)"
        terms.append(f"(SELECT n / (n + {scale}) FROM (SELECT {' + '.join(often)} AS n) counted)")
    return " + ".join(terms) or "0", params


class Fts5:
    """A question as SQLite is asked: along the index, whose rowid is the key."""

    pk = f"({INDEX}.rowid & {PK_MASK})"

    def __init__(self, question):
        self.question = question
        where, params = [f"{INDEX} MATCH %s"], []
        if question.clauses:
            params = [fts5(question.clauses, question.columns, question.meta)]
        for bound, sign in ((question.since, ">="), (question.until, "<")):
            if bound is not None:
                where.append(f"{INDEX}.rowid {sign} %s")
                params.append(bound)
        self.where, self.params = " AND ".join(where), params

    def by_date(self, order, limit, offset):
        seen, among_them = self.question.seen(self.pk)
        sql = (
            f"SELECT {self.pk} FROM {INDEX} WHERE {self.where} AND {seen} "
            f"ORDER BY {INDEX}.rowid {order} LIMIT %s OFFSET %s"
        )
        yield sql, [*self.params, *among_them, limit, offset]

    def by_rank(self, limit, offset):
        sql, params = self._ranked()
        seen, among_them = self.question.seen(f"(ranked.hit & {PK_MASK})")
        # What is public is asked last, in the order found, of as many as are shown.
        sql = (
            f"SELECT hit & {PK_MASK} FROM "
            f"({sql} ORDER BY score, hit DESC LIMIT {self.question.ranked}) ranked "
            f"WHERE {seen} LIMIT %s OFFSET %s"
        )
        yield sql, [*params, *among_them, limit, offset]

    def _ranked(self):
        # A narrower circle is asked first, or it might be missing from the newest.
        narrow = self.question.within is not None
        seen, among_them = self.question.seen(self.pk) if narrow else ("1 = 1", [])
        newest = (
            f"WHERE {self.where} AND {seen} ORDER BY {INDEX}.rowid DESC "
            f"LIMIT {self.question.ranked}"
        )
        if not in_a_row(self.question.clauses):
            bm25 = f"bm25({INDEX}, {HEADLINE}, 1, 1, 0)"
            sql = f"SELECT * FROM (SELECT rowid AS hit, {bm25} AS score FROM {INDEX} {newest})"
            return sql, [*self.params, *among_them]
        # For words in a row bm25 goes through all hits twice: to count is quicker.
        score, score_params = scored(self.question, "length(CAST({} AS BLOB))")
        texts = ", ".join(f"' ' || e.{c} || ' ' AS {c}" for c in self.question.columns)
        sql = (
            f"SELECT said.hit, -({score}) AS score FROM (SELECT found.hit, {texts} FROM "
            f"(SELECT rowid AS hit FROM {INDEX} {newest}) found "
            f"CROSS JOIN {TABLE} e ON e.key = found.hit) said"
        )
        return sql, [*score_params, *self.params, *among_them]

    def grouped(self, by, seen):
        said, among_them = seen(self.pk)
        names = "".join(f"e.{name}, " for name in by)
        facts = f"JOIN {TABLE} e ON e.key = {INDEX}.rowid " if by else ""
        sql = f"SELECT {names}count(*) FROM {INDEX} {facts}WHERE {self.where} AND {said}"
        if by:
            sql += f" GROUP BY {names.removesuffix(', ')}"
        return sql, [*self.params, *among_them]


class Gin:
    """A question as PostgreSQL is asked.

    Its planner takes a rare word for a common one and walks the whole archive for it, so
    which way to go is settled here: along the newest entries where the words are common
    enough that a page is soon full, else by the index of words, all hits first.
    """

    pk = "e.article_id"

    def __init__(self, question):
        self.question = question
        clauses, columns = question.clauses, question.columns
        bounds, self.bound_params = ["true"], []
        for bound, sign in ((question.since, ">="), (question.until, "<")):
            if bound is not None:
                bounds.append(f"e.key {sign} %s")
                self.bound_params.append(bound)
        self.bounds = " AND ".join(bounds)
        self.indexed = f"{VECTOR.format('e.')} @@ %s::tsquery AND {self.bounds}"
        asked = tsquery(clauses, columns, question.meta)
        self.indexed_params = [asked, *self.bound_params]
        rows, self.row_params = standing(in_a_row(clauses), columns, "e")
        self.rows = " AND ".join(rows or ["true"])

    def by_date(self, order, limit, offset):
        steps = self._steps(limit + offset) if order == "DESC" else 0
        if steps:
            seen, among_them = self.question.seen(self.pk)
            hits, params = self._walked(seen, steps)
            yield f"{hits} LIMIT %s OFFSET %s", [*params, *among_them, limit, offset]
        sql, params = self._found(order, self.question.seen("found.article_id"))
        yield f"{sql} LIMIT %s OFFSET %s", [*params, limit, offset]

    def by_rank(self, limit, offset):
        narrow = self.question.within is not None
        steps = self._steps(self.question.ranked)
        if steps:
            near, near_params = self.question.seen(self.pk) if narrow else ("true", [])
            hits, params = self._walked(near, steps)
            # Too few of them, and this way has led nowhere.
            enough = f" AND (SELECT count(*) FROM newest) = {self.question.ranked}"
            yield self._ranked(hits, [*params, *near_params], enough, limit, offset)
        near = self.question.seen("found.article_id") if narrow else ("true", [])
        yield self._ranked(*self._found("DESC", near), "", limit, offset)

    def _found(self, order, seen):
        """The hits by the index of words, in order. What it can't tell, words in a row and
        what may be seen, is asked of one after the other until a page is full."""
        condition, params = seen
        in_a_row = (
            f"EXISTS (SELECT 1 FROM {TABLE} e WHERE e.article_id = found.article_id "
            f"AND {self.rows} OFFSET 0)"
        )
        sql = (
            f"WITH hits AS MATERIALIZED (SELECT e.article_id, e.key FROM {TABLE} e "
            f"WHERE {self.indexed}) SELECT article_id FROM "
            f"(SELECT article_id FROM hits ORDER BY key {order}) found "
            f"WHERE {in_a_row if self.row_params else 'true'} AND {condition}"
        )
        return sql, [*self.indexed_params, *self.row_params, *params]

    def _steps(self, wanted):
        """How many of the newest entries hold so many hits, with ease; 0 where to look
        through them costs more than to ask the index of words."""
        question = self.question
        common = common_tokens(question.using, monotonic() // REMEMBERED)
        asked = [token for c in question.clauses if not c.excluded for token in c.tokens]
        chance = prod(common.get(token, 0) for token in asked)
        chance *= prod(common.get(f"={fact}", 0) for fact in question.meta)
        worth_it = wanted * WALK < chance**2 * common.get("", 0)
        return int(3 * wanted / chance) if worth_it else 0

    def _walked(self, seen, steps):
        """The hits among the newest entries that `seen` allows, newest first."""
        question = self.question
        rows, params = standing(question.clauses, question.columns, "e")
        meta = [f"% {fact} %" for fact in question.meta]
        rows += ["' ' || e.meta || ' ' LIKE %s"] * len(meta)
        sql = (
            f"SELECT article_id FROM (SELECT * FROM {TABLE} e WHERE {self.bounds} "
            f"ORDER BY key DESC LIMIT {steps}) e WHERE {' AND '.join([*rows, seen])}"
        )
        return sql, [*self.bound_params, *params, *meta]

    def _ranked(self, newest, params, enough, limit, offset):
        """`newest` and `params` are the hits, newest first; `enough` a condition more."""
        score, score_params = scored(self.question, "octet_length({})")
        seen, among_them = self.question.seen("ranked.article_id")
        texts = ", ".join(f"' ' || e.{c} || ' ' AS {c}" for c in self.question.columns)
        sql = (
            f"WITH newest AS MATERIALIZED ({newest} LIMIT {self.question.ranked}) "
            f"SELECT article_id FROM (SELECT said.article_id, {score} AS score, "
            f"said.key FROM (SELECT e.article_id, e.key, {texts} FROM newest "
            f"JOIN {TABLE} e USING (article_id) OFFSET 0) said "
            f"ORDER BY score DESC, said.key DESC) ranked WHERE {seen}{enough} LIMIT %s OFFSET %s"
        )
        return sql, [*params, *score_params, *among_them, limit, offset]

    def grouped(self, by, seen):
        said, among_them = seen(self.pk)
        names = "".join(f"e.{name}, " for name in by)
        sql = f"SELECT {names}count(*) FROM {TABLE} e "
        sql += f"WHERE {self.indexed} AND {self.rows} AND {said}"
        if by:
            sql += f" GROUP BY {names.removesuffix(', ')}"
        return sql, [*self.indexed_params, *self.row_params, *among_them]


@lru_cache(maxsize=4)
def common_tokens(using, age):
    """The most common tokens and the share of entries with each, as PostgreSQL's ANALYZE
    last counted them; under "" the number of entries."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT most_common_elems::text::text[], most_common_elem_freqs, reltuples "
            "FROM pg_stats JOIN pg_class ON relname = tablename "
            "WHERE tablename = %s AND most_common_elems IS NOT NULL",
            [INDEX],
        )
        tokens, shares, entries = cursor.fetchone() or ([], [], 0)
    return dict(zip(tokens, shares, strict=False)) | {"": entries}
