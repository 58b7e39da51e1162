"""Another tracker's file, as rows cleaned and checked one by one. Needs no database."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from html import unescape

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum import isin, lei

from articles.search import fold
from articles.text import clean_line
from companies.countries import NAMES
from companies.trackers.names import key

MAX_BYTES = 10_000_000
MAX_NAME, MAX_GRADE, MAX_CELL = 200, 40, 2_000  # characters
MAX_RAW = 131_072  # characters of a cell: beyond that, a quote was left open
DELIMITERS = ",;\t|"
SEPARATOR = re.compile(rf'"?sep=([{DELIMITERS}])"?')  # the first line that Excel writes and reads

# What a list may hold → the headings under which it is found, folded, letters and digits only.
COLUMNS = {
    "name": ["name", "company", "companyname", "brand", "organisation", "organization", "nom"],
    "grade": ["grade", "yalegrade", "status", "rating", "class", "classification", "note"],
    "country": ["country", "hqcountry", "headquarters", "countryofheadquarters", "pays"],
    "industry": ["industry", "sector", "industrysector", "secteur"],
    "action": ["action", "details", "comment", "description"],
    "lei": ["lei", "leicode"],
    "isin": ["isin", "isincode"],
    "ticker": ["ticker", "symbol", "tickersymbol"],
    "wikidata": ["wikidata", "wikidataid", "qid"],
}
LABELS = {
    "name": gettext_lazy("name"),
    "grade": gettext_lazy("grade"),
    "country": gettext_lazy("country"),
    "industry": gettext_lazy("industry"),
    "action": gettext_lazy("action"),
    "lei": "LEI",
    "isin": "ISIN",
    "ticker": gettext_lazy("ticker"),
    "wikidata": "Wikidata",
}
NEEDED = ("name", "grade")
IDENTIFIERS = ("lei", "isin", "ticker", "wikidata")

# A tracker's industry → section of ISIC, where the whole industry lies in one section. GICS
# cuts elsewhere: its Energy is B, C and D, its Health Care C, G and Q.
SECTORS = {
    "financials": "K",
    "finance and insurance": "K",
    "banking": "K",
    "insurance": "K",
    "real estate": "L",
    "construction": "F",
    "education": "P",
}
# English names of countries beside CLDR's and ISO's codes.
COUNTRIES = {
    "america": "US",
    "bosnia and herzegovina": "BA",
    "czech republic": "CZ",
    "great britain": "GB",
    "hong kong": "HK",
    "holland": "NL",
    "ivory coast": "CI",
    "korea": "KR",
    "macau": "MO",
    "republic of korea": "KR",
    "russian federation": "RU",
    "slovak republic": "SK",
    "turkey": "TR",
    "uae": "AE",
    "uk": "GB",
    "united states of america": "US",
    "usa": "US",
    "viet nam": "VN",
}


class TableError(ValidationError):
    """The file can't be read as a list; says why."""


@dataclass(frozen=True)
class Row:
    """One line of a list, cleaned. `refused` says why nothing can be made of it, `doubts`
    what was left aside, `cells` are all its cells under the file's own headings."""

    line: int  # in the file, from 1
    name: str = ""
    grade: str = ""
    country: str = ""  # ISO 3166-1 alpha-2
    sector: str = ""  # section of ISIC
    identifiers: dict[str, str] = field(default_factory=dict)  # scheme → value
    cells: dict[str, str] = field(default_factory=dict)
    industry: str = ""
    refused: str = ""
    doubts: tuple[str, ...] = ()
    cleaned: tuple[str, ...] = ()  # headings of the cells that cleaning changed
    place: str = ""  # the country as the list has it

    @cached_property
    def known_by(self):
        """What tells this row from others of the same name in the same list."""
        said = [f"{scheme} {value}" for scheme, value in sorted(self.identifiers.items())]
        place = self.country or key(self.place)
        return " | ".join([key(self.name), place, key(self.industry), *said])[:600]


@dataclass(frozen=True)
class Table:
    """A file taken apart: how it was written, which column holds what, its rows."""

    charset: str
    delimiter: str
    columns: dict[str, str]  # of COLUMNS → the file's heading
    rows: list[Row]


def read_table(data: bytes, columns: dict[str, str] | None = None) -> Table:
    """The rows of a CSV file.

    Charset: UTF-8 or UTF-16 with a mark, UTF-8, else Windows-1252. Delimiter: comma,
    semicolon, tab or bar, as a first line `sep=;` has it, else whichever cuts the header
    into most cells. `columns` says under which heading something stands where it isn't
    found by itself. Raises TableError.
    """
    if len(data) > MAX_BYTES:
        raise TableError(_("The file is larger than %(size)d MB.") % {"size": MAX_BYTES / 10**6})
    text, charset = decode(data)
    if "\0" in text:
        raise TableError(_("The file is no text: it holds NUL characters."))
    delimiter, told = find_delimiter(text)
    csv.field_size_limit(MAX_BYTES)  # one cell too long is its row's trouble, not the file's
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines = iter(_records(reader))
    if told:
        next(lines)
    first = next((each for each in lines if any(map(_says, each[1]))), None)
    if first is None:
        raise TableError(_("The file is empty."))
    header = distinct(clean_cell(cell) for cell in first[1])
    found = find_columns(header, columns or {})
    places = {what: header.index(heading) for what, heading in found.items()}
    rows = [read_row(line, cells, header, places) for line, cells in lines]
    if not rows:
        raise TableError(_("The file holds a header and no rows."))
    return Table(charset, delimiter, found, rows)


def decode(data):
    """The text of a file and the name of its charset. Raises TableError."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        charsets = ["utf-16"]
    else:
        charsets = ["utf-8-sig", "cp1252"]
    for charset in charsets:
        try:
            return data.decode(charset), charset.removesuffix("-sig")
        except UnicodeDecodeError:
            continue
    raise TableError(_("The file's charset is none of UTF-8, UTF-16 and Windows-1252."))


def find_delimiter(text: str) -> tuple[str, bool]:
    """What parts the cells, and whether a line before the header says so."""
    lines = (line.strip() for line in io.StringIO(text, newline=None))
    head = next(filter(_says, lines), "")
    told = SEPARATOR.fullmatch(head)
    if told:
        return told[1], True
    cells = {mark: next(csv.reader([head], delimiter=mark), []) for mark in DELIMITERS}
    return max(DELIMITERS, key=lambda mark: len(cells[mark])), False


def _says(line):
    """Whether there is more to it than blanks, delimiters and quotes."""
    return any(not (c.isspace() or c in DELIMITERS or c == '"') for c in line)


def distinct(headings: Iterable[str]) -> list[str]:
    """Headings of which none is another's: the second *Action* becomes *Action (2)*."""
    times, found = Counter(), {}
    for heading in headings:
        own = heading
        while own in found:
            times[heading] += 1
            own = f"{heading} ({times[heading] + 1})".strip()
        found[own] = None
    return list(found)


def _records(reader):
    """(line on which it begins, cells) of each record that isn't blank."""
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise TableError(
                _("Line %(line)d can't be read: %(error)s.") % {"line": line, "error": error}
            ) from error
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield line, cells


def find_columns(header: list[str], told: dict[str, str]) -> dict[str, str]:
    """Which heading holds what: as told, else by its usual name. Raises TableError."""
    found = {}
    for what, heading in told.items():
        if what not in COLUMNS:
            raise TableError(
                _("“%(what)s” is nothing that a list holds: %(known)s.")
                % {"what": what, "known": ", ".join(COLUMNS)}
            )
        match = [each for each in header if _plain(each) == _plain(heading)]
        if not match:
            raise TableError(
                _("No column is headed “%(heading)s”. The headings: %(header)s.")
                % {"heading": heading, "header": ", ".join(header)}
            )
        found[what] = match[0]
    for what, usual in COLUMNS.items():
        free = {_plain(each): each for each in reversed(header) if each not in found.values()}
        match = [free[name] for name in usual if name in free]
        if what not in found and match:
            found[what] = match[0]
    missing = [str(LABELS[what]) for what in NEEDED if what not in found]
    if missing:
        raise TableError(
            _("No column found for: %(missing)s. The headings: %(header)s.")
            % {"missing": ", ".join(missing), "header": ", ".join(header)}
        )
    return found


def _plain(heading):
    return "".join(c for c in fold(heading) if c.isalnum())


def read_row(line: int, cells: list[str], header: list[str], places: dict[str, int]) -> Row:
    """One record, cleaned; whatever can't be told for certain is left empty, with a doubt."""
    clean = [clean_cell(cell) for cell in cells]
    row = Row(
        line,
        cells=dict(zip(header, clean, strict=False)),
        cleaned=tuple(h for h, a, b in zip(header, cells, clean, strict=False) if a != b),
    )
    if len(cells) != len(header):
        given = {"cells": len(cells), "header": len(header)}
        return replace(row, refused=_("%(cells)d cells where the header has %(header)d") % given)
    for heading, cell in zip(header, cells, strict=True):
        if len(cell) > MAX_RAW:
            return replace(row, refused=_too_long(heading, MAX_RAW))
    said = {what: clean[place] for what, place in places.items()}
    country, sector = said.get("country", ""), said.get("industry", "")
    identifiers, doubts = check_identifiers({n: said[n] for n in IDENTIFIERS if said.get(n)})
    code = country_code(country)
    if country and not code:
        doubts.append(_("country “%(country)s” is none we know: left empty") % {"country": country})
    return replace(
        row,
        name=said["name"],
        grade=said["grade"],
        country=code,
        place=country,
        industry=sector,
        sector=sector_code(sector),
        identifiers=identifiers,
        refused=refusal(said),
        doubts=tuple(doubts),
    )


def refusal(said):
    """Why nothing can be made of a row, or ""."""
    if not key(said["name"]):
        return _("no name")
    if not said["grade"]:
        return _("no grade")
    for what, most in (("name", MAX_NAME), ("grade", MAX_GRADE)):
        if len(said[what]) > most:
            return _too_long(LABELS[what], most)
    return ""


def _too_long(what, most):
    return _("%(what)s longer than %(most)d characters") % {"what": what, "most": most}


def clean_cell(cell: str) -> str:
    """One line without entities (`&amp;`), tabs, runs of blanks, or what can't be seen."""
    return clean_line(unescape(cell))[:MAX_CELL]


def country_code(name: str) -> str:
    """ISO 3166-1 alpha-2 of a country's English name or code; "" where that isn't certain."""
    if name.upper() in NAMES["en"]:
        return name.upper()
    return COUNTRY_OF.get(key(name), "")


COUNTRY_OF = {key(name): code for code, name in NAMES["en"].items()} | COUNTRIES


def sector_code(industry: str) -> str:
    """The section of ISIC that an industry lies in as a whole, else ""."""
    return SECTORS.get(key(industry), "")


def check_identifiers(said: dict[str, str]) -> tuple[dict[str, str], list[str]]:
    """The identifiers whose digits are right, and a doubt for each other one."""
    valid = {
        "lei": lei.is_valid,
        "isin": isin.is_valid,
        "wikidata": lambda value: value[:1] == "Q" and value[1:].isascii() and value[1:].isdigit(),
        "ticker": lambda value: len(value) <= 60,
    }
    right, doubts = {}, []
    for scheme, value in said.items():
        value = value.upper().rpartition("/")[2] if scheme == "wikidata" else value.upper()
        if valid[scheme](value):
            right[scheme] = value
        else:
            told = {"scheme": LABELS[scheme], "value": value}
            doubts.append(_("%(scheme)s “%(value)s” is none: left aside") % told)
    return right, doubts


def decides(scheme: str, value: str) -> bool:
    """Whether an identifier is one company's alone: a ticker is only with its exchange."""
    return scheme != "ticker" or ":" in value


def parse_columns(options: Iterable[str]) -> dict[str, str]:
    """`name=Company` options as {"name": "Company"}. Raises TableError."""
    told = {}
    for option in options:
        what, equals, heading = option.partition("=")
        if not (equals and what.strip() and heading.strip()):
            raise TableError(_("“%(option)s” isn't of the form name=Heading.") % {"option": option})
        told[what.strip()] = heading.strip()
    return told
