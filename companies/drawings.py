"""Pictures as files: with a title, what their marks mean, and where they come from."""

from datetime import date, datetime

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.text import slugify

from articles.citations import ARCHIVE
from articles.fields import Precision, date_in_words
from companies.models.measure import Action
from companies.pictures import sheet
from companies.wording import as_known


def download(
    kind: str, picture, title: str, *, day: date, known_at: datetime | None, page: str, name: str
) -> HttpResponse:
    """A picture of `kind` ("columns", "timeline" or "grid") as an SVG file.

    `day` is the day that it shows, `known_at` the moment whose knowledge (None: today's) and
    `page` the full address where it stands: all are in its line of sources. `name` is what
    the file is called.
    """
    clocks = [date_in_words(day, Precision.DAY), *([as_known(known_at)] if known_at else [])]
    source = ", ".join([ARCHIVE, *clocks, page])
    labels = {action: str(Action(action).label) for action in picture.actions}
    context = {
        "kind": kind,
        "picture": picture,
        "title": title,
        "sheet": sheet(picture, title, labels, source),
    }
    answer = HttpResponse(
        render_to_string("pictures/_sheet.svg", context), content_type="image/svg+xml"
    )
    file = slugify(f"{ARCHIVE} {name} {kind} {day}")
    answer["Content-Disposition"] = f'inline; filename="{file}.svg"'
    return answer
