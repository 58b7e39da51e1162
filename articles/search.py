"""The analyzer behind every search, and the index of small tables.

One analyzer in Python for every database: SQLite's FTS5 and PostgreSQL's GIN give the
same hits, since neither sees anything but our tokens. What a reader types never reaches
a query parser: it is analysed, and each token is quoted. A short row's tokens stand in a
`SearchField` beside its text; those of articles have a table of their own (articles.index).
"""

import os
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from django.db import models

from articles.fields import Derived

MAX_QUERY = 2_000  # characters; what comes after is ignored
MAX_CLAUSES = 32  # of one query; what comes after is ignored
MAX_PHRASE = 60  # words in a row; what comes after is ignored, or FTS5 looks for seconds
MIN_PREFIX = 2  # bytes; one letter begins half of all words
MAX_TOKEN = 64  # characters; PostgreSQL refuses lexemes of 2 kB
MAX_VECTOR = 1_000_000  # bytes of different tokens; from 2**20 on PostgreSQL finds wrongly
ELISIONS = frozenset("c d j l m n s t qu jusqu lorsqu puisqu quoiqu".split())
APOSTROPHES = dict.fromkeys(map(ord, "’ʼ`´‘＇"), "'")
LIGATURES = {"œ": "oe", "æ": "ae", "Œ": "oe", "Æ": "ae"}
QUOTES = dict.fromkeys(map(ord, "«»“”„"), '"')
PIECE = re.compile(r'(-?)"([^"]*)"?|([^\s"]+)')  # of a query: a phrase or a word


class Table(dict):
    """For `str.translate`: what becomes of each character, worked out when first met."""

    def __init__(self, rule):
        self.rule = rule

    def __missing__(self, code):
        self[code] = found = self.rule(chr(code))
        return found


def _folded(mark):
    mark = unicodedata.normalize("NFKD", LIGATURES.get(mark, mark)).casefold()
    return "".join(c for c in unicodedata.normalize("NFKD", mark) if not unicodedata.combining(c))


def _letters(mark):
    """A character's letters and digits, folded; a blank for whatever parts words."""
    if mark == "'" or ord(mark) in APOSTROPHES:
        return "'"
    return "".join(c if c.isalnum() else " " for c in FOLDED[ord(mark)])


FOLDED = Table(_folded)
LETTERS = Table(_letters)
# The same without a change of length: what stands between words is blank.
SHAPE = Table(lambda mark: " " if LETTERS[ord(mark)].isspace() else mark)


def fold(text):
    """Lower case without accents; ligatures are written out."""
    return text.translate(FOLDED)


def alphabetical(pairs):
    """(value, name) pairs by their names, in which accents and capitals count for nothing."""
    return sorted(pairs, key=lambda pair: fold(pair[1]))


@lru_cache(maxsize=2**16)
def singular(word):
    """`word` without its plural, in French or English; no stemming beyond that.

    *retraits* → *retrait*, never *retraite*; *companies* and *company* meet.
    """
    if len(word) <= 3 or not word.isalpha():
        return word
    if word.endswith("eaux"):
        return word[:-1]
    if word.endswith("aux"):
        return word[:-3] + "al"
    if word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    if word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + "ie"
    return word


def words(text):
    """The folded words of `text`, in order: no elision, no English possessive."""
    found = []
    for word in text.translate(LETTERS).split():
        if "'" in word:
            found += _parts(word)
        else:
            found.append(word[:MAX_TOKEN])
    return found


def _parts(word):
    """`l'oreal` → `oreal`; `nike's` → `nike`; `aujourd'hui` stays together."""
    parts = [part for part in word.split("'") if part]
    first = 0
    while first < len(parts) - 1 and parts[first] in ELISIONS:
        first += 1
    parts = parts[first:]
    if len(parts) == 2 and parts[1] == "s":
        parts = parts[:1]
    whole = "".join(parts)
    return [whole[:MAX_TOKEN]] if whole else []


def tokens(text):
    """What the index holds of `text`: its words in the singular."""
    found = []
    for line in text.split("\n"):
        found += _line_tokens(line)
    return found


@lru_cache(maxsize=2048)  # index and fingerprints ask for the same paragraphs in a row
def _line_tokens(line):
    return tuple(singular(word) for word in words(line))


def size(found):
    """Bytes of the different tokens."""
    return sum(len(token.encode()) for token in set(found))


def fitting(found, room=MAX_VECTOR, mark=0):
    """The tokens from the first on, as many as fit into `room` bytes of different ones;
    each takes `mark` bytes more than its letters."""
    if sum(map(len, found)) * 4 + len(found) * mark <= room:  # UTF-8 takes at most 4 a letter
        return found
    seen = set()
    for place, token in enumerate(found):
        if token not in seen:
            seen.add(token)
            room -= len(token.encode()) + mark
            if room < 0:
                return found[:place]
    return found


@dataclass(frozen=True)
class Clause:
    """One thing asked for: a word, or words in a row; maybe excluded, maybe the start of a word."""

    tokens: tuple[str, ...]
    excluded: bool = False
    prefix: bool = False

    def fts5(self):
        """As SQLite's FTS5 reads it: quoted, so nothing in it is a command."""
        return f'"{" ".join(self.tokens)}"' + "*" * self.prefix


def parse(query):
    """What a reader typed, as clauses: words, "words in a row", -excluded, begin*.

    Never fails; what has no letter or digit in it is left out. A query of nothing
    but exclusions finds nothing.
    """
    clauses = []
    for minus, phrase, word in PIECE.findall(query[:MAX_QUERY].translate(QUOTES)):
        if len(clauses) == MAX_CLAUSES:
            break
        found, prefix = tokens(phrase or word), word.endswith("*")
        if found and prefix:
            # What a word and its singular have in common begins both: compan, industr, cheva.
            both = [words(word)[-1], found[-1]]
            begin = os.path.commonprefix(both)  # noqa: RUF071  letters are meant
            prefix = len(begin.encode()) >= MIN_PREFIX
            found[-1] = begin if prefix else found[-1]
        if found:
            excluded = bool(minus) or word.startswith("-")
            whole = len(found) <= MAX_PHRASE
            clauses.append(Clause(tuple(found[:MAX_PHRASE]), excluded, prefix and whole))
    clauses = list(dict.fromkeys(clauses))  # each of them once
    return clauses if any(not clause.excluded for clause in clauses) else []


class SearchField(Derived, models.TextField):
    """The tokens of a row, parted by blanks. `derive` returns the text to analyse."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"default": "", **kwargs})

    def pre_save(self, instance, add):
        value = " ".join(fitting(tokens(self.derive(instance))))
        setattr(instance, self.attname, value)
        return value


def fts_table(model, column):
    return f"{model._meta.db_table}_{column}_fts"


@SearchField.register_lookup
class Matches(models.Lookup):
    """`search__matches=words`: rows that hold all that was asked and nothing excluded."""

    lookup_name = "matches"
    prepare_rhs = False

    def get_db_prep_lookup(self, value, connection):
        return "%s", [value]

    def clauses(self):
        wanted = parse(self.rhs)
        return [c for c in wanted if not c.excluded], [c for c in wanted if c.excluded]

    def as_sqlite(self, compiler, connection):
        wanted, excluded = self.clauses()
        if not wanted:
            return "1 = 0", []
        match = " AND ".join(c.fts5() for c in wanted)
        match += "".join(f" NOT {c.fts5()}" for c in excluded)
        quote = connection.ops.quote_name
        model = self.lhs.target.model
        table = quote(fts_table(model, self.lhs.target.column))
        key = f"{quote(self.lhs.alias)}.{quote(model._meta.pk.column)}"
        return f"{key} IN (SELECT rowid FROM {table} WHERE {table} MATCH %s)", [match]

    def as_postgresql(self, compiler, connection):
        wanted, excluded = self.clauses()
        if not wanted:
            return "1 = 0", []
        column, _ = self.process_lhs(compiler, connection)
        sql, params = [f"{vector(column)} @@ %s::tsquery"], []
        params.append(
            " & ".join([_tsquery(c) for c in wanted])
            # A phrase is excluded by its words in a row, below, not by its words alone.
            + "".join(f" & !({_tsquery(c)})" for c in excluded if len(c.tokens) == 1)
        )
        for clause in wanted + excluded:
            if len(clause.tokens) > 1:
                sql.append(f"(' ' || {column} || ' ') {'NOT ' * clause.excluded}LIKE %s")
                params.append(f"% {' '.join(clause.tokens)}{'' if clause.prefix else ' '}%")
        return f"({' AND '.join(sql)})", params


def vector(column):
    """PostgreSQL's expression for the indexed tokens; no parser of its own sees them."""
    return f"array_to_tsvector(string_to_array({column}, ' '))"


def _tsquery(clause):
    last = len(clause.tokens) - 1
    return " & ".join(
        f"'{token}'" + (":*" if clause.prefix and place == last else "")
        for place, token in enumerate(clause.tokens)
    )


@dataclass(frozen=True)
class FullText:
    """One full-text index: `columns` of tokens in `table`, where `rowid` numbers the rows.

    `vector` is PostgreSQL's expression for all of them.
    """

    name: str
    table: str
    columns: tuple[str, ...]
    rowid: str
    vector: str

    def statements(self, vendor, standing=()):
        """The SQL that puts it up; each may be run again.

        `standing` names the triggers that stand already: where one of its own is
        missing, rows may have passed by it, and it is built anew.
        """
        if vendor == "postgresql":
            yield (
                f'CREATE INDEX IF NOT EXISTS "{self.name}" ON "{self.table}" USING gin '
                f"(({self.vector})) WITH (fastupdate = off)"
            )
            # The long columns apart, uncompressed: what is counted or sorted stays small.
            yield f'ALTER TABLE "{self.table}" SET (toast_tuple_target = 128)'
            for column in self.columns:
                yield f'ALTER TABLE "{self.table}" ALTER "{column}" SET STORAGE EXTERNAL'
            return
        columns = ", ".join(self.columns)
        yield (
            f'CREATE VIRTUAL TABLE IF NOT EXISTS "{self.name}" USING fts5({columns}, '
            f"content='{self.table}', content_rowid='{self.rowid}', tokenize='ascii')"
        )
        old, new = (", ".join(f"{row}.{c}" for c in self.columns) for row in ("old", "new"))
        enter = f'INSERT INTO "{self.name}"(rowid, {columns}) VALUES (new.{self.rowid}, {new});'
        leave = (
            f'INSERT INTO "{self.name}"("{self.name}", rowid, {columns}) '
            f"VALUES ('delete', old.{self.rowid}, {old});"
        )
        triggers = {
            f"{self.name}_insert": ("INSERT", enter),
            f"{self.name}_delete": ("DELETE", leave),
            f"{self.name}_update": (f"UPDATE OF {self.rowid}, {columns}", leave + enter),
        }
        for name, (event, body) in triggers.items():
            yield f'DROP TRIGGER IF EXISTS "{name}"'
            yield f'CREATE TRIGGER "{name}" AFTER {event} ON "{self.table}" BEGIN {body} END'
        if not triggers.keys() <= set(standing):
            yield f'INSERT INTO "{self.name}"("{self.name}") VALUES (\'rebuild\')'


def full_texts(model):
    """The full-text indexes of one model: one for each SearchField, or the one it names."""
    if hasattr(model, "full_text"):
        return [model.full_text]
    table = model._meta.db_table
    return [
        FullText(fts_table(model, f.column), table, (f.column,), "id", vector(f.column))
        for f in model._meta.local_fields
        if isinstance(f, SearchField)
    ]


def statements(model, vendor, standing=()):
    """The SQL that puts up the indexes of one model; each may be run again."""
    for index in full_texts(model):
        yield from index.statements(vendor, standing)
