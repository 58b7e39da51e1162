"""The announcements of a list as files: exactly its rows, with the day and the licence.

CSV (RFC 4180, UTF-8 with a mark so that spreadsheets see it) and XLSX hold one row for
each announcement, and the XLSX file a second sheet with one row for each measure, where
exact days are dates; JSON holds what the API says. What each column holds is said here, for
the page on data too. Whatever a file's length, no more than a part of it is in memory:
each writer takes the announcements as lists, and yields bytes.
"""

import csv
import io
import json
import unicodedata
from datetime import date
from tempfile import TemporaryFile

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

CLOCKS = {  # the day shown; the moment whose knowledge, empty: today's
    "as_of": _("The day for which the question was asked."),
    "known_at": _("The moment whose knowledge it is; empty: what was known at the download."),
}
LICENCE = {"licence": _("The licence of our own texts and data.")}
# Each table's columns, in their order, and what each holds.
COLUMNS = {
    "id": _("The announcement; its address and the API name it so."),
    "edition": _("The number of the edition: the published state that the row shows."),
    "sha256": _("The hash of that edition."),
    "company": _("The company’s name."),
    "company_slug": _("The company, in addresses and in the API."),
    "announced_on": _("YYYY-MM-DD, YYYY-MM or YYYY, as exact as it is known."),
    "announced_sourced": _("Whether a source that we read gives that date: true or false."),
    "action": _("The weightiest action among its measures."),
    "stage": _("The least advanced stage among the measures of that action."),
    "title_fr": _("Our title, in French."),
    "title_en": _("Our title, in English."),
    "summary_fr": _("Our summary, in French."),
    "summary_en": _("Our summary, in English."),
    "measures_fr": _(
        "Its measures, parted by “; ”, each with five fields parted by “ · ”: activity in French "
        "(* for the whole business), market, action, stage, day in effect (? where none is known)."
    ),
    "measures_en": _("The same, with the activity in English."),
    "sources": _("Addresses of the articles that support it, parted by blanks."),
    "contradicting_sources": _("Addresses of the articles that contradict it, parted by blanks."),
    "last_checked_on": _("When an editor last said that it stands; empty: not since it was made."),
    "url": _("The announcement’s page, in French, which links to the English one."),
    **CLOCKS,
    **LICENCE,
}
MEASURES = {
    "announcement": _("The id of its announcement."),
    "company": COLUMNS["company"],
    "announced_on": COLUMNS["announced_on"],
    "announced_sourced": COLUMNS["announced_sourced"],
    "activity_fr": _("The activity it touches, in French; empty: the whole business."),
    "activity_en": _("The activity it touches, in English; empty: the whole business."),
    "market": _("A country: ISO 3166-1 alpha-2."),
    "action": _("What the company does there."),
    "stage": _("How far it has come."),
    "effective_on": _("The day in effect, as exact as it is known; empty where none is known."),
    **CLOCKS,
    **LICENCE,
}
ORDINARY = 15  # characters, of an XLSX column that isn't among these
WIDTHS = {
    column: width
    for width, columns in {
        8: ["edition", "market"],
        28: ["company", "activity_fr", "activity_en", *CLOCKS, *LICENCE],
        50: [name for name in COLUMNS if name.startswith(("title", "summary", "measures"))],
        60: ["sources", "contradicting_sources", "url"],
    }.items()
    for column in columns
}
DATES = {"announced_on", "effective_on", "last_checked_on", "as_of"}

BLOCK = 64 * 1024  # bytes


def as_csv(parts, as_of, known_at=None):
    """`parts` are lists of announcements as the API gives them (AnnouncementSerializer), none
    of them empty; `as_of` the day shown; `known_at` the moment whose knowledge it is, None:
    today's."""
    clocks = _clocks(as_of, known_at)
    yield "\ufeff".encode() + _lines([COLUMNS])
    for part in parts:
        yield _lines(_row(each, clocks) for each in part)


def as_xlsx(parts, as_of, known_at=None):
    clocks = _clocks(as_of, known_at)
    book = Workbook(write_only=True)  # its rows go to a file at once
    sheet = _sheet(book, gettext("Announcements"), COLUMNS)
    measures = _sheet(book, gettext("Measures"), MEASURES)
    for part in parts:
        for each in part:
            sheet.append(_dated(COLUMNS, _row(each, clocks)))
            for measure in each["measures"]:
                measures.append(_dated(MEASURES, _measure(each, measure, clocks)))
    with TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while block := file.read(BLOCK):
            yield block


def _sheet(book, name, columns):
    """A sheet with its head, which stays in sight."""
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    for place, column in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(place)].width = WIDTHS.get(column, ORDINARY)
    sheet.append(list(columns))
    return sheet


def _dated(columns, cells):
    """The same cells, where an exact day is a date; a month or a year stays text."""
    return [
        date.fromisoformat(cell) if name in DATES and cell and len(cell) == 10 else cell
        for name, cell in zip(columns, cells, strict=True)
    ]


def as_json(parts, as_of, known_at=None):
    """One line for each announcement."""
    clocks = [clock or None for clock in _clocks(as_of, known_at)]
    head = dict(zip(CLOCKS, clocks, strict=True))
    head |= {"licence": settings.DATA_LICENCE, "announcements": []}
    opening = json.dumps(head, ensure_ascii=False).removesuffix("]}")
    for part in parts:
        lines = (json.dumps(each, ensure_ascii=False, default=str) for each in part)
        yield (opening + "\n" + ",\n".join(lines)).encode()
        opening = ","
    yield (opening.removesuffix(",") + "\n]}\n").encode()


# The file's ending → (its writer, media type).
FORMATS = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "json": (as_json, "application/json"),
}


def _clocks(as_of, known_at):
    known = timezone.localtime(known_at).isoformat(timespec="seconds") if known_at else ""
    return [as_of.isoformat(), known]


def _lines(rows):
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue().encode()


def _row(each, clocks):
    return _safe(
        [
            each["id"],
            each["edition"]["number"],
            each["edition"]["sha256"],
            each["company"]["name"],
            each["company"]["slug"],
            each["announced_on"],
            _yes(each["announced_sourced"]),
            each["action"],
            each["stage"],
            each["title"]["fr"],
            each["title"]["en"],
            each["summary"]["fr"],
            each["summary"]["en"],
            *(_in_short(each["measures"], language) for language in ("fr", "en")),
            *(" ".join(_sources(each, stance)) for stance in ("supports", "contradicts")),
            each["last_checked_on"],
            each["url"],
            *clocks,
            settings.DATA_LICENCE,
        ]
    )


def _measure(each, measure, clocks):
    activity = measure["activity"] or {"fr": "", "en": ""}
    return _safe(
        [
            each["id"],
            each["company"]["name"],
            each["announced_on"],
            _yes(each["announced_sourced"]),
            activity["fr"],
            activity["en"],
            *(measure[name] for name in ("market", "action", "stage", "effective_on")),
            *clocks,
            settings.DATA_LICENCE,
        ]
    )


def _in_short(measures, language):
    """`new AWS customers · RU · suspend · in_effect · 2022-03-08; * · BY · exit · announced · ?`,
    with the activity's name in one language, without what parts the fields."""
    told = []
    for each in measures:
        name = each["activity"][language] if each["activity"] else "*"
        name = name.replace(";", ",").replace("·", "-")
        fields = name, each["market"], each["action"], each["stage"], each["effective_on"] or "?"
        told.append(" · ".join(fields))
    return "; ".join(told)


def _yes(so):
    """As JSON writes it."""
    return "true" if so else "false"


def _sources(each, stance):
    return [item["url"].split("#")[0] for item in each["evidence"] if item["stance"] == stance]


def _safe(cells):
    """Cells that no spreadsheet takes for a formula: a mark before what begins like one
    (OWASP, “CSV Injection”)."""
    return [
        f"'{cell}" if isinstance(cell, str) and _begins_a_formula(cell) else cell for cell in cells
    ]


def _begins_a_formula(text):
    """Whether a spreadsheet may read a formula: a mark of one first, in any of its widths
    (＝, ﹢), behind blanks and what can't be seen, too; or a tab or a line's end first."""
    seen = (mark for mark in text if not mark.isspace() and unicodedata.category(mark)[0] != "C")
    first = unicodedata.normalize("NFKC", next(seen, ""))
    return first in set("=+-@") or text[:1] in set("\t\r\n")
