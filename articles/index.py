"""What the search index holds of an article, and how it gets there.

An article's words are analysed in Python when the row is written, and travel in a
column of that very row. A trigger files them in `articles_entry` and leaves the
column empty: text and index change in one statement, whoever writes, and the
article's own row stays lean. A write that changes what is indexed and brings no
words along takes the entry away: a piece may be missing from the index until it is
rebuilt, but it is never found by words that it no longer shows.

The key of an entry is its second and its article, so "newest first" and "between two
days" are a walk along the index, and a hit names its article without a look-up.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import models
from django.utils import timezone

from articles.search import MAX_VECTOR, FullText, fitting, parse, size, tokens

EPOCH = datetime(1900, 1, 1, tzinfo=UTC)
SECONDS = 2**33 - 1  # until 2172; what is dated beyond stands at the end
PK_BITS = 30
PK_MASK = 2**PK_BITS - 1
MAX_LANGUAGE = 36  # characters; one more than a language has
TABLE, INDEX = "articles_entry", "articles_entry_fts"
PUBLIC, ALL = ("headline", "text"), ("headline", "text", "inside")
FACTS = ("publisher_id", "language", "year")
FILED = ("article_id", "key", *FACTS, *ALL, "meta")


@dataclass(frozen=True)
class Texts:
    """The texts of a row by who may find them: the public by the first two, editors by all."""

    headline: str
    text: str
    inside: str


def seconds(moment):
    """Whole seconds since 1900, as far as a key has room for them."""
    return min(max(int((moment - EPOCH).total_seconds()), 0), SECONDS)


def first_key(moment):
    """The smallest key of what was published at `moment` or later."""
    return seconds(moment) << PK_BITS


def facts(*, publisher=None, language=""):
    """The tokens that stand for an article's publisher (its id) and language."""
    found = [f"p{publisher}"] if publisher is not None else []
    code = language[:MAX_LANGUAGE].encode(errors="surrogatepass").hex()
    return found + ([f"l{code}"] if language else [])


def filed(article, texts):
    """What the index is to hold of an article, as the triggers read it."""
    moment = article._meta.get_field("published_at").to_python(article.published_at)
    if timezone.is_naive(moment):
        moment = timezone.make_aware(moment)
    headline, text, inside = (tokens(part) for part in (texts.headline, texts.text, texts.inside))
    # PostgreSQL keeps all in one vector, where each token of what is inside bears a mark.
    text = fitting(text, MAX_VECTOR - size(headline))
    if inside:
        inside = fitting(inside, MAX_VECTOR - size(headline) - size(text), mark=1)
    return {
        "seconds": seconds(moment),
        "year": timezone.localtime(moment).year,
        "headline": " ".join(headline),
        "text": " ".join(text),
        "inside": " ".join(inside),
        "meta": " ".join(facts(publisher=article.publisher_id, language=article.language)),
    }


class Filing(models.TextField):
    """An article's words on their way to the index; the database leaves the column empty.

    `derive` takes the instance and returns its Texts. It runs in `pre_save`, so
    `save()` and `bulk_create()` send the words along; `save(update_fields=…)` does
    when it names this column too.
    """

    def __init__(self, *args, derive=None, **kwargs):
        self.derive = derive
        super().__init__(*args, **{"default": "", **kwargs, "editable": False})

    def pre_save(self, instance, add):
        if self.derive is None:  # in a migration
            return ""
        return json.dumps(filed(instance, self.derive(instance)), ensure_ascii=False)


# --- Asking -----------------------------------------------------------------


def fts5(clauses, columns=PUBLIC, meta=()):
    """The clauses as SQLite's FTS5 reads them; facts come first, since they are rarer."""
    asked = " AND ".join(c.fts5() for c in clauses if not c.excluded)
    asked += "".join(f" NOT {c.fts5()}" for c in clauses if c.excluded)
    return (
        "".join(f'meta : "{fact}" AND ' for fact in meta) + f"{{{' '.join(columns)}}} : ({asked})"
    )


def tsquery(clauses, columns=PUBLIC, meta=()):
    """The clauses as PostgreSQL's GIN reads them; words in a row need `in_a_row` too."""

    def lexeme(token, prefix):
        ending = ":*" if prefix else ""
        found = f"'{token}'{ending}"
        return f"({found} | '~{token}'{ending})" if "inside" in columns else found

    asked = [f"'={fact}'" for fact in meta]
    for clause in clauses:
        last = len(clause.tokens) - 1
        every = [
            lexeme(token, clause.prefix and place == last)
            for place, token in enumerate(clause.tokens)
        ]
        if not clause.excluded:
            asked += every
        elif not last:
            asked.append(f"!{every[0]}")
    return " & ".join(asked)


def standing(clauses, columns=PUBLIC, alias=TABLE):
    """SQL and parameters of PostgreSQL: each clause stands in the tokens themselves."""
    sql, params = [], []
    for clause in clauses:
        pattern = f"% {' '.join(clause.tokens)}{'' if clause.prefix else ' '}%"
        within = " OR ".join(f"' ' || {alias}.{column} || ' ' LIKE %s" for column in columns)
        sql.append(f"{'NOT ' * clause.excluded}({within})")
        params += [pattern] * len(columns)
    return sql, params


def in_a_row(clauses):
    """The clauses that a tsquery can't tell: words in a row."""
    return [clause for clause in clauses if len(clause.tokens) > 1]


VECTOR = (
    "array_to_tsvector(string_to_array({0}headline, ' ') || string_to_array({0}text, ' ') || "
    "string_to_array(CASE {0}inside WHEN '' THEN '' "
    "ELSE '~' || replace({0}inside, ' ', ' ~') END, ' ') || "
    "string_to_array('=' || replace({0}meta, ' ', ' ='), ' '))"
)


class Matches(models.Lookup):
    """`search__matches=words`: what the public may find. Composable with any filter."""

    lookup_name = "matches"
    columns = PUBLIC
    prepare_rhs = False

    def get_db_prep_lookup(self, value, connection):
        return "%s", [value]

    def pk(self, compiler):
        quote = compiler.quote_name_unless_alias
        return f"{quote(self.lhs.alias)}.{quote(self.lhs.target.model._meta.pk.column)}"

    def as_sqlite(self, compiler, connection):
        clauses = parse(self.rhs)
        if not clauses:
            return "1 = 0", []
        hits = f"SELECT rowid & {PK_MASK} FROM {INDEX} WHERE {INDEX} MATCH %s"
        return f"{self.pk(compiler)} IN ({hits})", [fts5(clauses, self.columns)]

    def as_postgresql(self, compiler, connection):
        clauses = parse(self.rhs)
        if not clauses:
            return "1 = 0", []
        sql, params = standing(in_a_row(clauses), self.columns)
        where = " AND ".join([f"{VECTOR.format('')} @@ %s::tsquery", *sql])
        hits = f"SELECT article_id FROM {TABLE} WHERE {where}"
        return f"{self.pk(compiler)} IN ({hits})", [tsquery(clauses, self.columns), *params]


class MatchesInside(Matches):
    """`search__matches_inside=words`: all that the archive holds, for editors alone."""

    lookup_name = "matches_inside"
    columns = ALL


Filing.register_lookup(Matches)
Filing.register_lookup(MatchesInside)


# --- Keeping ----------------------------------------------------------------

FULL_TEXT = FullText(INDEX, TABLE, (*ALL, "meta"), rowid="key", vector=VECTOR.format(""))


@dataclass(frozen=True)
class Filer:
    """The triggers that file what comes in `column` of `table`.

    `sources` are the columns that an entry is derived from. Has the shape of a guard
    (see articles.guards): a name, statements, and one to lift it.
    """

    name: str
    event: str  # INSERT, UPDATE, DELETE; CHANGE for an update that brings no words along
    sources: tuple[str, ...] = ()
    table: str = "articles_article"
    column: str = "search"

    def statements(self, vendor):
        yield self.lift_statement(vendor)
        yield from self._sqlite() if vendor == "sqlite" else self._postgresql()

    def lift_statement(self, vendor):
        on = f' ON "{self.table}"' if vendor == "postgresql" else ""
        return f'DROP TRIGGER IF EXISTS "{self.name}"{on}'

    def _sqlite(self):
        said, drop = f"new.{self.column}", f"DELETE FROM {TABLE} WHERE article_id = "
        values = dict.fromkeys((*ALL, "meta", "year"), f"json_extract({said}, '$.{{}}')") | {
            "article_id": "new.id",
            "key": f"json_extract({said}, '$.seconds') << {PK_BITS} | new.id",
            "publisher_id": "new.publisher_id",
            "language": "new.language",
        }
        values = {column: values[column].format(column) for column in FILED}
        same = " AND ".join(f"{column} = {value}" for column, value in values.items())
        enter = (
            f"{drop} new.id AND NOT ({same}); "
            f"INSERT INTO {TABLE} ({', '.join(values)}) SELECT {', '.join(values.values())} "
            f"WHERE NOT EXISTS (SELECT 1 FROM {TABLE} WHERE article_id = new.id); "
            f"UPDATE {self.table} SET {self.column} = '' WHERE id = new.id;"
        )
        changed = " OR ".join(f"new.{source} IS NOT old.{source}" for source in self.sources)
        event, body = {
            "INSERT": (f"INSERT ON {self.table} WHEN {said} <> ''", enter),
            "UPDATE": (f"UPDATE OF {self.column} ON {self.table} WHEN {said} <> ''", enter),
            "CHANGE": (
                f"UPDATE OF {', '.join(self.sources)} ON {self.table} "
                f"WHEN {said} = '' AND ({changed})",
                f"{drop} new.id;",
            ),
            "DELETE": (f"DELETE ON {self.table}", f"{drop} old.id;"),
        }[self.event]
        yield f'CREATE TRIGGER "{self.name}" AFTER {event} BEGIN {body} END'

    def _postgresql(self):
        said, drop = f"NEW.{self.column}", f"DELETE FROM {TABLE} WHERE article_id = "
        values = dict.fromkeys((*ALL, "meta", "year"), "said ->> '{}'") | {
            "article_id": "NEW.id",
            "key": f"(said ->> 'seconds')::bigint << {PK_BITS} | NEW.id",
            "publisher_id": "NEW.publisher_id",
            "language": "NEW.language",
            "year": "(said ->> 'year')::int",
        }
        values = {column: values[column].format(column) for column in FILED}
        enter = (
            f"INSERT INTO {TABLE} AS e ({', '.join(values)}) VALUES ({', '.join(values.values())}) "
            f"ON CONFLICT (article_id) DO UPDATE SET "
            f"{', '.join(f'{column} = excluded.{column}' for column in FILED)} "
            f"WHERE ({', '.join(f'e.{column}' for column in FILED)}) IS DISTINCT FROM "
            f"({', '.join(f'excluded.{column}' for column in FILED)}); {said} := '';"
        )
        old, new = (
            ", ".join(f"{row}.{source}" for source in self.sources) for row in ("OLD", "NEW")
        )
        event, condition, body = {
            "INSERT": ("BEFORE INSERT", f"{said} <> ''", enter),
            "UPDATE": (f"BEFORE UPDATE OF {self.column}", f"{said} <> ''", enter),
            # "change" comes before "update" in the alphabet, by which triggers fire here.
            "CHANGE": (
                "BEFORE UPDATE",
                f"{said} = '' AND ({old}) IS DISTINCT FROM ({new})",
                f"{drop} NEW.id;",
            ),
            "DELETE": ("AFTER DELETE", "true", f"{drop} OLD.id;"),
        }[self.event]
        read = f"said := {said}::json; " if "said" in body else ""
        yield (
            f'CREATE OR REPLACE FUNCTION "{self.name}"() RETURNS trigger AS $$ '
            f"DECLARE said json; BEGIN {read}{body} "
            f"RETURN {'OLD' if self.event == 'DELETE' else 'NEW'}; END $$ LANGUAGE plpgsql"
        )
        yield (
            f'CREATE TRIGGER "{self.name}" {event} ON "{self.table}" FOR EACH ROW '
            f'WHEN ({condition}) EXECUTE FUNCTION "{self.name}"()'
        )
