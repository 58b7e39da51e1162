"""What a person says of pieces beside their files."""

from datetime import datetime

from django.utils import timezone

from articles.wire.markup import YEARS

DATES = {"%Y-%m-%d": "day", "%Y-%m": "month", "%Y": "year"}


def parse_date(text: str) -> dict:
    """A day, a month or a year as fields of a WireItem, begun at midnight in the newsroom's zone.

    Raises ValueError.
    """
    for layout, precision in DATES.items():
        try:
            day = datetime.strptime(text.strip(), layout)
        except ValueError:
            continue
        if day.year not in YEARS:
            break
        return {"published_at": timezone.make_aware(day), "published_precision": precision}
    raise ValueError(text)
