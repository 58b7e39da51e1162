"""What every reader returns, or refuses with."""

from dataclasses import dataclass
from datetime import datetime


class NotAnArticle(ValueError):
    """What was received holds no article that can be read; says why."""


@dataclass(frozen=True)
class WireItem:
    """One piece as it came in, cleaned, under the names that `Article` has for it.

    Empty is what the wire doesn't say. `wire_id` is the agency's own id.
    """

    headline: str
    body: str = ""
    standfirst: str = ""
    wire_id: str = ""
    source_url: str = ""
    language: str = ""
    byline: str = ""
    dateline: str = ""
    credit: str = ""
    image_caption: str = ""
    image_credit: str = ""
    published_at: datetime | None = None
    published_precision: str = ""
