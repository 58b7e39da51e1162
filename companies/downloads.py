"""The announcements of a list as files: exactly its rows, with the day and the licence.

CSV (RFC 4180, UTF-8 with a mark so that spreadsheets see it) and XLSX hold one row for
each announcement, and the XLSX file a second sheet with one row for each measure; JSON
holds what the API says. Whatever a file's length, no more than a part of it is in memory:
each writer takes the announcements as lists, and yields bytes.
"""

import csv
import io
import json
import unicodedata
from tempfile import TemporaryFile

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook

CLOCKS = ["as_of", "known_at"]  # the day shown; the moment whose knowledge, empty: today's
COLUMNS = [
    "id",
    "edition",
    "sha256",
    "company",
    "company_slug",
    "announced_on",
    "announced_sourced",
    "action",
    "stage",
    "title_fr",
    "title_en",
    "summary_fr",
    "summary_en",
    "measures",
    "sources",
    "contradicting_sources",
    "last_checked_on",
    "url",
    *CLOCKS,
    "licence",
]
MEASURES = [
    "announcement",
    "company",
    "announced_on",
    "announced_sourced",
    "activity_fr",
    "activity_en",
    "market",
    "action",
    "stage",
    "effective_on",
    *CLOCKS,
    "licence",
]


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
    sheet, measures = (book.create_sheet(name) for name in (_("Announcements"), _("Measures")))
    sheet.append(COLUMNS)
    measures.append(MEASURES)
    for part in parts:
        for each in part:
            sheet.append(_row(each, clocks))
            for measure in each["measures"]:
                measures.append(_measure(each, measure, clocks))
    with TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while block := file.read(BLOCK):
            yield block


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
            "; ".join(map(_in_short, each["measures"])),
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


def _in_short(measure):
    """`new AWS customers · RU · suspend · in_effect`; without activity it is the whole business."""
    activity = [measure["activity"]["en"]] if measure["activity"] else []
    return " · ".join([*activity, measure["market"], measure["action"], measure["stage"]])


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
