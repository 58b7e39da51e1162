"""The announcements of a list as files: exactly its rows, with the day and the licence.

CSV (RFC 4180, UTF-8 with a mark so that spreadsheets see it) and XLSX hold one row for
each announcement, and the XLSX file a second sheet with one row for each measure; JSON
holds what the API says. Whatever a file's length, no more than a part of it is in memory:
each writer takes the announcements as lists, and yields bytes.
"""

import csv
import io
import json
from tempfile import TemporaryFile

from django.conf import settings
from django.utils.translation import gettext as _
from openpyxl import Workbook

COLUMNS = [
    "id",
    "edition",
    "sha256",
    "company",
    "company_slug",
    "announced_on",
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
    "as_of",
    "licence",
]
MEASURES = [
    "announcement",
    "company",
    "announced_on",
    "activity_fr",
    "activity_en",
    "market",
    "action",
    "stage",
    "effective_on",
    "as_of",
    "licence",
]


BLOCK = 64 * 1024  # bytes


def as_csv(parts, as_of):
    """`parts` are lists of announcements as the API gives them (AnnouncementSerializer),
    none of them empty; `as_of` is the day shown."""
    yield "\ufeff".encode() + _lines([COLUMNS])
    for part in parts:
        yield _lines(_row(each, as_of) for each in part)


def as_xlsx(parts, as_of):
    book = Workbook(write_only=True)  # its rows go to a file at once
    sheet, measures = (book.create_sheet(name) for name in (_("Announcements"), _("Measures")))
    sheet.append(COLUMNS)
    measures.append(MEASURES)
    for part in parts:
        for each in part:
            sheet.append(_row(each, as_of))
            for measure in each["measures"]:
                measures.append(_measure(each, measure, as_of))
    with TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while block := file.read(BLOCK):
            yield block


def as_json(parts, as_of):
    """One line for each announcement."""
    head = {"as_of": as_of.isoformat(), "licence": settings.DATA_LICENCE, "announcements": []}
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


def _lines(rows):
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue().encode()


def _row(each, as_of):
    return _safe(
        [
            each["id"],
            each["edition"]["number"],
            each["edition"]["sha256"],
            each["company"]["name"],
            each["company"]["slug"],
            each["announced_on"],
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
            as_of.isoformat(),
            settings.DATA_LICENCE,
        ]
    )


def _measure(each, measure, as_of):
    activity = measure["activity"] or {"fr": "", "en": ""}
    return _safe(
        [
            each["id"],
            each["company"]["name"],
            each["announced_on"],
            activity["fr"],
            activity["en"],
            *(measure[name] for name in ("market", "action", "stage", "effective_on")),
            as_of.isoformat(),
            settings.DATA_LICENCE,
        ]
    )


def _in_short(measure):
    """`new AWS customers · RU · suspend · in_effect`; without activity it is the whole business."""
    activity = [measure["activity"]["en"]] if measure["activity"] else []
    return " · ".join([*activity, measure["market"], measure["action"], measure["stage"]])


def _sources(each, stance):
    return [item["url"].split("#")[0] for item in each["evidence"] if item["stance"] == stance]


def _safe(cells):
    """Cells that no spreadsheet takes for a formula: a mark before what begins like one
    (OWASP, “CSV Injection”)."""
    return [
        f"'{cell}" if isinstance(cell, str) and cell.startswith(tuple("=+-@\t\r")) else cell
        for cell in cells
    ]
