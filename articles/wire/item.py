"""What every reader returns, or refuses with."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from articles.reasons import Refusal

MAX_ITEMS = 10_000  # of one file; a day of an agency has a tenth
MAX_TEXT = 2_000_000  # characters of one text; a live blog of a whole day has a thirtieth


class NotAnArticle(Refusal):
    """What was received holds no article that can be read."""


class Status(StrEnum):
    """IPTC's publishing statuses; the values are those of `Article.Status`."""

    USABLE = "usable"
    WITHHELD = "withheld"
    CANCELED = "canceled"


@dataclass(frozen=True)
class WireItem:
    """One piece as it came in, cleaned, under the names that `Article` has for it.

    Empty is what the wire doesn't say. All moments bear a time zone.
    """

    headline: str
    body: str = ""  # paragraphs a blank line apart, "## " before a subhead
    standfirst: str = ""
    wire_id: str = ""  # the agency's own id, without its version
    version: int = 0  # the agency's count of wordings; 0 where it keeps none
    status: Status = Status.USABLE
    embargo: datetime | None = None  # public from this moment; without one it is `withheld`
    expires_at: datetime | None = None  # the right to show it ends at this moment
    urgency: int | None = None  # 1 (flash) to 9
    language: str = ""  # BCP 47
    byline: str = ""
    dateline: str = ""
    credit: str = ""  # of the text
    source_url: str = ""
    image_caption: str = ""  # several pictures' captions stand a blank line apart
    image_credit: str = ""  # several pictures' credits are parted by "; ", each once
    subjects: tuple[str, ...] = ()  # codes of IPTC Media Topics, for instance medtop:04000000
    places: tuple[str, ...] = ()  # names, as the wire has them
    published_at: datetime | None = None  # first created
    published_precision: str = ""
    revised_at: datetime | None = None  # when this version was created
    copyright_holder: str = ""
    usage_terms: str = ""
    editors_note: str = ""  # advisory lines and notes to editors; for the desk
    related: tuple[str, ...] = ()  # ids or addresses of other pieces, as `wire_id` has them
