"""How a record is cited: in a sentence, and in the formats of reference managers.

BibTeX as in btxdoc (Patashnik, 1988), RIS as in the specification of Research Information
Systems (2001, with the fields of 2011), CSL-JSON as in citeproc's input schema 1.0.2.
"""

import json
from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from articles.fields import Precision, date_in_words, iso_date

ARCHIVE = "Exeunt"


@dataclass(frozen=True)
class Citation:
    """One state of a record of the archive, as somebody else's work names it."""

    kind: str  # "article": a publisher's piece; "record": our own
    key: str  # names it among others, for instance its slug
    author: str  # who issued it
    title: str
    language: str  # BCP 47, of the title
    day: date
    precision: str  # of Precision
    url: str  # where this very state is read
    state: str  # "version 2", "edition 1"
    sha256: str
    accessed: date
    original: str = ""  # where the publisher has it

    @property
    def plain(self):
        """One sentence in the reader's language."""
        if self.kind == "record":
            said = _("“{title}”, {archive}, {state} of {day}, {url} (read on {accessed})")
        elif self.original:
            said = _(
                "{author}, “{title}”, {day}, {original}. "
                "{archive}, {state}, {url} (read on {accessed})"
            )
        else:
            said = _("{author}, “{title}”, {day}. {archive}, {state}, {url} (read on {accessed})")
        return said.format(
            author=self.author,
            title=self.title,
            day=date_in_words(self.day, self.precision),
            archive=ARCHIVE,
            state=self.state,
            url=self.url,
            original=self.original,
            accessed=date_in_words(self.accessed, Precision.DAY),
        )

    @property
    def note(self):
        """What no field of its own takes in every format."""
        said = [ARCHIVE, self.state, f"SHA-256 {self.sha256}"]
        if self.original:
            said.append(_("original: {url}").format(url=self.original))
        return ", ".join(said)

    @property
    def date_parts(self):
        """Year, month, day: as many as are known."""
        return [int(part) for part in iso_date(self.day, self.precision).split("-")]


def bibtex(cited: Citation) -> str:
    """An entry for BibLaTeX and BibTeX; a name in double braces isn't taken apart."""
    fields = {
        "author": f"{{{_tex(cited.author)}}}",
        "title": f"{{{_tex(cited.title)}}}",
        "date": iso_date(cited.day, cited.precision),
        "year": str(cited.day.year),
        "langid": {"fr": "french", "en": "english"}.get(cited.language[:2], ""),
        "url": cited.url,
        "urldate": cited.accessed.isoformat(),
        "note": _tex(cited.note),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    key = f"exeunt-{slugify(cited.key)}"
    return f"@{_BIBTEX[cited.kind]}{{{key},\n" + ",\n".join(lines) + "\n}\n"


def ris(cited: Citation) -> str:
    """A record that reference managers import; lines end with CR LF."""
    parts = [f"{part:02}" for part in cited.date_parts]
    fields = [
        ("TY", _RIS[cited.kind]),
        ("AU", cited.author),
        ("TI", cited.title),
        ("PY", parts[0]),
        ("DA", "/".join([*parts, "", "", ""][:3]) + "/"),
        ("LA", cited.language),
        ("DB", ARCHIVE),
        ("UR", cited.url),
        ("L2", cited.original),
        ("Y2", f"{cited.accessed:%Y/%m/%d}/"),
        ("N1", cited.note),
        ("ID", cited.key),
    ]
    lines = [f"{tag}  - {_one_line(value)}" for tag, value in fields if value]
    return "\r\n".join([*lines, "ER  - ", ""])


def csl(cited: Citation) -> str:
    """A list of one item, for citeproc."""
    item = {
        "id": cited.key,
        "type": _CSL[cited.kind],
        "title": cited.title,
        "author": [{"literal": cited.author}],
        "issued": {"date-parts": [cited.date_parts]},
        "accessed": {
            "date-parts": [[cited.accessed.year, cited.accessed.month, cited.accessed.day]]
        },
        "language": cited.language,
        "archive": ARCHIVE,
        "version": cited.state,
        "URL": cited.url,
        "note": cited.note,
    }
    return json.dumps([item], ensure_ascii=False, indent=2) + "\n"


# The file's ending → (its writer, media type).
FORMATS = {
    "bib": (bibtex, "application/x-bibtex; charset=utf-8"),
    "ris": (ris, "application/x-research-info-systems; charset=utf-8"),
    "json": (csl, "application/vnd.citationstyles.csl+json"),
}


def download(cited, ending):
    """The answer to who asked for one of the formats. Raises Http404 for any other."""
    if ending not in FORMATS:
        raise Http404
    write, media = FORMATS[ending]
    answer = HttpResponse(write(cited), content_type=media)
    answer["Content-Disposition"] = f'attachment; filename="{slugify(cited.key)}.{ending}"'
    return answer


_BIBTEX = {"article": "article", "record": "misc"}
_RIS = {"article": "NEWS", "record": "ELEC"}
_CSL = {"article": "article-newspaper", "record": "webpage"}
_TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{mark: f"\\{mark}" for mark in "&%$#_"},
    }
)


def _tex(text):
    return _one_line(text).translate(_TEX)


def _one_line(text):
    return " ".join(text.split())
