"""What the readers share in making a piece: small readings, its standing, limits, cleaning."""

from hashlib import sha256

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_noop as _

from articles.reasons import Reason
from articles.text import clean, clean_line
from articles.wire.item import MAX_ITEMS, MAX_TEXT, NotAnArticle, Status, WireItem
from articles.wire.markup import is_endless, moment
from articles.wire.terms import beyond_names

RESERVED = ("all rights reserved", "alle rechte", "tous droits", "click for", "check for")
BY = frozenset("By BY by Par PAR par Von VON von".split())
MAX_NUMBER = 2**31
TOLD = 5  # reasons of one file
REPEATED = 60  # characters at least that are no chance, inside a text
HEADLINE = 500  # characters at most
LIMITS = {"byline": 300} | dict.fromkeys(
    ["dateline", "credit", "image_credit", "copyright_holder"], 200
)  # characters at most, as the archive has room for
WIRE_ID, LANGUAGE, ADDRESS, TOPIC, PLACE = 500, 35, 1000, 40, 200
TEXTS = frozenset("headline body standfirst image_caption usage_terms editors_note".split())
EMBARGO_NOTE = "Its embargo has no end that can be read: {}"
EXPIRY_NOTE = "The end of its right of use can't be read: {}"
is_address = URLValidator(schemes=["http", "https", "ftp"])


def language(tag):
    """A language's tag in BCP 47's usual letters (`FR-fr` gives `fr-FR`); empty when it is none."""
    first, *more = (tag or "").strip().replace("_", "-").split("-")
    if not (2 <= len(first) <= 3 and first.isascii() and first.isalpha()):
        return ""
    sizes = {2: str.upper, 4: str.title}
    return "-".join([first.lower(), *(sizes.get(len(part), str.lower)(part) for part in more)])


def number(text):
    """A whole number that a database takes; None when it is none."""
    text = (text or "").strip()
    found = int(text) if text.isascii() and text.isdigit() and len(text) < 11 else MAX_NUMBER
    return found if found < MAX_NUMBER else None


def urgency(text):
    """1 to 9; None for what isn't."""
    found = number(text)
    return found if found and found <= 9 else None


def holder(line):
    """Who holds the copyright, from a line such as `© 2022 Agence Boréale`."""
    for mark in RESERVED:
        place = line.lower().find(mark)
        line = line[:place].rstrip(" ,.;-–") if place > 0 else line
    marks = ("©", "(c)", "copyright", "copr.")
    return " ".join(
        part for part in line.split() if part.lower() not in marks and not number(part.strip(",."))
    )


def author(line):
    """A byline without the word before the name: `By Ann Lee` gives `Ann Lee`."""
    first, _gap, rest = line.partition(" ")
    return rest if first in BY and rest else line


def checked(items):
    """`items` as a list. Raises NotAnArticle when one file holds too many of them."""
    items = list(items)
    if len(items) > MAX_ITEMS:
        raise NotAnArticle(_("more than %(count)s items in one file"), count=MAX_ITEMS)
    return items


def any_read(found):
    """`found`, the items and refusals of one file. Raises NotAnArticle when there is no item."""
    refused = [item.reason for item in found if isinstance(item, NotAnArticle)]
    if len(refused) == len(found):
        raise NotAnArticle(_all_of(refused))
    return found


def _all_of(reasons):
    """The first reasons as one, and how many more there are."""
    if not reasons:
        return Reason("")
    first, *others = reasons[:TOLD]
    for other in others:
        first = Reason(_("%(one)s; %(other)s"), one=first, other=other)
    more = len(reasons) - TOLD
    return Reason(_("%(some)s; and %(count)s more"), some=first, count=more) if more > 0 else first


def once(texts):
    """Those that aren't empty, each once, in their order."""
    return list(dict.fromkeys(text for text in texts if text))


def shortened(line, length):
    """`line` cut between words where it is longer than `length` characters."""
    if len(line) <= length:
        return line
    return (line[: length - 2].rpartition(" ")[0] or line[: length - 2]) + " …"


def standing(status, embargoes=(), expiries=()):
    """What a status and dates, as they are written, make of a piece: (fields, notes).

    Fields of WireItem: the latest embargo counts, and the earliest end of the right. A date
    that can't be read, or an embargo without an end, withholds what isn't canceled, and
    leaves a note to editors. A right that ends in far centuries has no end.
    """
    until = [moment(said) for said in embargoes]
    expiries = [said for said in expiries if said and not is_endless(said)]
    ends = [moment(said) for said in expiries]
    notes = [
        note.format(said[:60].strip() or "no date")
        for note, dates, found in ((EMBARGO_NOTE, embargoes, until), (EXPIRY_NOTE, expiries, ends))
        for said, at in zip(dates, found, strict=True)
        if at is None
    ]
    fields = {
        "status": Status.WITHHELD if notes and status is Status.USABLE else status,
        "embargo": max(filter(None, until), default=None),
        "expires_at": min(filter(None, ends), default=None),
    }
    return fields, once(notes)


def known_as(wire_id):
    """An agency's id on one line; where the archive has no room for it, its hash."""
    wire_id = clean_line(wire_id)
    if len(wire_id) <= WIRE_ID:
        return wire_id
    return f"sha256:{sha256(wire_id.encode()).hexdigest()}"


def address(url):
    """(url, note): an address that the archive takes, else "" and a note to editors."""
    url = clean_line(url)
    try:
        if url:
            is_address(url)
    except ValidationError:
        return "", f"Its address is none, and was left out: {url[:200]}"
    if len(url) > ADDRESS:
        return "", f"Its address is too long, and was left out: {url[:200]}"
    return url, ""


def piece(*, notices=(), alone=False, **found):
    """A WireItem of what a reader found, cleaned, and cut to what the archive has room for.

    `notices` are lines on its copyright; `alone` is whether a headline or a summary may
    stand without a text. Without a headline the first paragraph is the headline, as in a
    flash; one that is cut stands whole above the text. A kill may come without text. Raises
    NotAnArticle when there is no text.
    """
    found = {"headline": "", "body": "", "standfirst": "", "status": Status.USABLE, **found}
    found["usage_terms"] = "\n\n".join(terms(found, notices))
    found["source_url"], note = address(found.get("source_url", ""))
    found["editors_note"] = "\n\n".join(once([found.get("editors_note"), note]))
    if any(len(found[field]) > MAX_TEXT for field in TEXTS & found.keys()):
        raise NotAnArticle(_("a text of more than %(count)s characters"), count=MAX_TEXT)
    for field in LIMITS.keys() & found.keys():
        found[field] = shortened(clean_line(found[field]), LIMITS[field])
    for field in TEXTS & found.keys():
        found[field] = clean(found[field])
    return WireItem(**{**found, **marks(found), **wording(found, alone)})


def terms(found, notices):
    """Terms of use, and what the lines on the copyright say of use."""
    notices = "\n\n".join(beyond_names(*notices))
    holder_said = found.get("copyright_holder", "")
    known = [found.get("usage_terms"), notices]
    return once(known if holder_said in notices else [*known, *beyond_names(holder_said)])


def wording(found, alone):
    """Headline, standfirst and body, none of them said twice. Raises NotAnArticle."""
    headline, body, standfirst = clean_line(found["headline"]), found["body"], found["standfirst"]
    wire_id = known_as(found.get("wire_id", ""))
    killed = found["status"] is Status.CANCELED and wire_id
    if not (body or killed or (alone and (headline or standfirst))):
        raise NotAnArticle(_("a headline without text") if headline else _("no text"))
    if body.startswith(standfirst) or (len(standfirst) > REPEATED and standfirst in body):
        standfirst = ""  # some wires repeat the beginning of the text, also cut off
    body = body.removeprefix(f"## {headline}\n\n")  # some repeat it there
    first = clean_line((body or standfirst).partition("\n\n")[0].removeprefix("## "))
    headline = headline or first or wire_id
    if len(headline) > HEADLINE and headline != first:
        body = f"{headline}\n\n{body}".strip()
    return {
        "headline": shortened(headline, HEADLINE),
        "body": body,
        "standfirst": standfirst,
    }


def marks(found):
    """Ids, numbers, codes and names, as fields of WireItem that the archive takes."""
    version, level = found.get("version") or 0, found.get("urgency")
    language_said = clean_line(found.get("language") or "")
    places = (shortened(clean_line(place), PLACE) for place in found.get("places", ()))
    return {
        "wire_id": known_as(found.get("wire_id", "")),
        "version": version if 0 <= version < MAX_NUMBER else 0,
        "urgency": level if level in range(1, 10) else None,
        "language": language_said if len(language_said) <= LANGUAGE else "",
        "subjects": tuple(code for code in found.get("subjects", ()) if len(code) <= TOPIC),
        "places": tuple(once(places)),
        "related": tuple(once(map(known_as, found.get("related", ())))),
    }
