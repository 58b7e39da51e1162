"""IPTC's ninjs 1.x, 2.x and 3.x, and Superdesk's dialect of it, told apart by their shape.

1.x has one value a name (`headline`, `body_xhtml`, `subject`), 2.x lists of values
(`headlines`, `bodies`, `subjects`), 3.x the same in camelCase, Superdesk `guid` and
`body_html`. Since no file says which it is, each name is looked for under all of them.
https://iptc.org/standards/ninjs/
"""

import json
import re

from django.utils.translation import gettext_noop as _

from articles.reasons import numbered
from articles.text import clean, clean_line
from articles.wire.fragments import (
    first_words,
    html_blocks,
    said_again,
    text_blocks,
    without_headline,
)
from articles.wire.item import MAX_ITEMS, NotAnArticle, Status, WireItem
from articles.wire.markup import moment
from articles.wire.pieces import piece as made
from articles.wire.pieces import standing
from articles.wire.topics import topic_codes

MOST_PARTS = 1_000_000  # objects, lists and values in one file; each takes memory
TEXTS = ("", "text", "composite")
PICTURES = ("picture", "graphic")
# What Superdesk calls a piece that isn't out yet, and one that was taken back.
IN_WORK = "draft ingested routed fetched submitted in_progress spiked scheduled unpublished".split()
TAKEN_BACK = ("killed", "recalled")
# The richest first. NITF inside ninjs is passed over: a simpler wording stands beside it.
ROLES = ("html", "xhtml", "richtext", "html5", "richhtml5", "main", "text", "")


def read(text: str) -> list[WireItem | NotAnArticle]:
    """The pieces in a JSON document, in their order, refusals in their places."""
    pieces = pieces_in(load(text))
    found = []
    for place, piece in enumerate(pieces, 1):
        try:
            found.append(item_of(piece))
        except NotAnArticle as reason:
            if len(pieces) == 1:
                raise
            found.append(NotAnArticle(reason.reason.of(known_by(piece) or numbered(place))))
    return found


def load(text):
    """The value of a JSON document. Raises NotAnArticle, for too large or too deep ones too."""
    if sum(map(text.count, "{[,")) > MOST_PARTS:
        raise NotAnArticle(_("JSON of more than %(count)s parts"), count=MOST_PARTS)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        said = _("broken JSON, line %(line)s: %(error)s")
        raise NotAnArticle(said, line=str(error.lineno), error=error.msg) from None
    except RecursionError:
        raise NotAnArticle(_("JSON nested too deep")) from None
    except ValueError as error:  # a number of thousands of digits
        raise NotAnArticle(_("broken JSON: %(error)s"), error=str(error)[:180]) from None


def pieces_in(value):
    """The objects that may be pieces. Raises NotAnArticle for JSON that is known as other."""
    if isinstance(value, list):
        pieces = value
    elif isinstance(value, dict):
        if "jsonfeed.org" in str(value.get("version", ""))[:100]:
            raise NotAnArticle(_("JSON Feed: not read yet; RSS and Atom are"))
        if "conceptSet" in value:
            raise NotAnArticle(_("a vocabulary, no article"))
        if "@context" in value:
            raise NotAnArticle(_("JSON-LD without the page that it belongs to"))
        if "$schema" in value:
            raise NotAnArticle(_("a JSON schema"))
        if value.get("type") in ("Feature", "FeatureCollection"):
            raise NotAnArticle(_("GeoJSON: places, no article"))
        items = value.get("_items")
        pieces = items if isinstance(items, list) else [value]
    else:
        pieces = []
    if not pieces:
        raise NotAnArticle(_("JSON without an object in it"))
    if len(pieces) > MAX_ITEMS:
        raise NotAnArticle(_("a file of more than %(count)s pieces"), count=MAX_ITEMS)
    return pieces


def item_of(piece) -> WireItem:
    """One ninjs object as an item. Raises NotAnArticle with the reason."""
    if not isinstance(piece, dict):
        raise NotAnArticle(_("JSON, but no object"))
    if "@context" in piece:
        raise NotAnArticle(_("JSON-LD without the page that it belongs to"))
    piece = {key.lower(): value for key, value in piece.items()}
    kind = line(piece, "type")
    if kind not in TEXTS:
        raise NotAnArticle(_("type %(kind)s: no article"), kind=kind[:40])
    if "eventdetails" in piece or "plannedcoverage" in piece or "coverages" in piece:
        raise NotAnArticle(_("an event or its planned coverage: no article"))
    status, notes = status_of(piece)
    headline = line(piece, "headline", "headline_main") or spoken(piece, "headlines")
    body = without_headline(body_of(piece), headline)
    standfirst = standfirst_of(piece, body)
    associated = associations(piece)
    if "renditions" in piece and not (headline or body):
        raise NotAnArticle(_("a picture, sound or video, though its type is not named"))
    if not (headline or body or standfirst) and not (status == Status.CANCELED and known_by(piece)):
        raise NotAnArticle(_("no headline and no text"))
    embargoed = line(piece, "embargoed")
    dated, unread = standing(status, [embargoed] if embargoed else [], [line(piece, "expires")])
    published = first(piece, "firstcreated", "firstpublished", "contentcreated", "versioncreated")
    return made(
        **dated,
        alone=True,
        notices=[line(piece, "copyrightnotice")],
        headline=headline or line(piece, "title") or first_words(body or standfirst),
        body=body,
        standfirst=standfirst,
        wire_id=known_by(piece),
        version=version_of(piece),
        urgency=urgency_of(piece),
        language=line(piece, "language"),
        byline=line(piece, "byline", "by"),
        dateline=line(piece, "located"),
        credit=line(piece, "source") or ", ".join(names(piece, "infosource", "infosources")),
        image_caption="\n\n".join(unique(map(caption, pictures(associated)))),
        image_credit="; ".join(unique(map(credit, pictures(associated)))),
        subjects=subjects_of(piece),
        places=tuple(unique(names(piece, "place", "places"))),
        published_at=published,
        published_precision="day" if published else "",
        revised_at=first(piece, "versioncreated"),
        copyright_holder=line(piece, "copyrightholder", "copyrightnotice"),
        usage_terms=usage_terms(piece),
        editors_note="\n\n".join([*notes, *unread, *filter(None, [block(piece, "ednote")])]),
        related=related_to(piece, associated),
    )


def known_by(piece):
    """The id that a piece is known by, its version apart."""
    if not isinstance(piece, dict):
        return ""
    found = (piece.get(key) for key in ("guid", "uri", "_id"))
    return next((clean_line(value) for value in found if isinstance(value, str) and value), "")


def line(piece, *keys):
    """The first of `keys` that says something, on one line."""
    return next(filter(None, (clean_line(text(piece, key)) for key in keys)), "")


def block(piece, *keys):
    """The first of `keys` that says something, its paragraphs kept."""
    return next(filter(None, (clean(html_blocks(text(piece, key))) for key in keys)), "")


def text(piece, key):
    """The string under `key`, "" for none. Raises NotAnArticle for anything else."""
    value = piece.get(key)
    if value is not None and not isinstance(value, str):
        raise NotAnArticle(_("%(key)s is no text"), key=key)
    return value or ""


def objects(piece, *keys):
    """The objects in the lists (2.x, 3.x) or objects by name (associations in 1.x) of `keys`."""
    for key in keys:
        value = piece.get(key) or ()
        if not isinstance(value, list | tuple | dict):
            raise NotAnArticle(_("%(key)s is no list"), key=key)
        for found in value.values() if isinstance(value, dict) else value:
            if isinstance(found, dict):
                yield {key.lower(): value for key, value in found.items()}


def spoken(piece, key, *roles):
    """The value whose role stands first in `roles`, of a list of values with roles (2.x, 3.x)."""
    values = {}
    for value in objects(piece, key):
        values.setdefault(line(value, "role"), clean_line(text(value, "value")))
    return next(filter(None, (values.get(role) for role in (*roles, "main", *values))), "")


def body_of(piece):
    """The text of a piece, of its richest form."""
    for role in ROLES:
        key = f"body_{role}"
        if text(piece, key):
            return as_text(piece[key], role)
        for body in objects(piece, "bodies"):
            if line(body, "role") == role and text(body, "value"):
                plain = line(body, "contenttype") == "text/plain"
                return as_text(body["value"], "text" if plain else role)
    return ""


def as_text(value, role):
    plain = role == "text" and "</p>" not in value  # some put HTML where text is announced
    return clean(text_blocks(value) if plain else html_blocks(value))


def standfirst_of(piece, body):
    """The summary, unless it is the beginning of the text said twice."""
    said = block(piece, "description_text", "description_main", "description_html", "abstract")
    said = (said or spoken(piece, "descriptions", "summary", "text")).replace("\n\n", " ")
    return "" if said_again(said, body) else said


def status_of(piece):
    """The publishing status, and what the desk should know of it."""
    state = line(piece, "state") or line(piece, "operation")
    said = line(piece, "pubstatus").lower()
    if state in TAKEN_BACK or said in ("canceled", "cancelled"):
        return Status.CANCELED, []
    if said == "withheld" or state in IN_WORK:
        return Status.WITHHELD, []
    if said in ("", "usable"):
        return Status.USABLE, []
    return Status.WITHHELD, [f"Its status is not known: {said[:40]}"]


def version_of(piece):
    """The agency's count of wordings: 11, "11" and "11.2" are the eleventh."""
    found = re.match(r"\d{1,9}", str(piece.get("version") or "")[:20])
    return int(found[0]) if found else 0


def urgency_of(piece):
    said = str(piece.get("urgency"))
    return int(said) if said in "123456789" and len(said) == 1 else None


def first(piece, *keys):
    """The first moment that one of `keys` gives."""
    return next(filter(None, (moment(line(piece, key)) for key in keys)), None)


def names(piece, *keys):
    return [name for found in objects(piece, *keys) if (name := line(found, "name"))]


def subjects_of(piece):
    """The topics among its subjects; Superdesk's codes are IPTC's unless they name a scheme."""
    codes = []
    for subject in objects(piece, "subject", "subjects"):
        scheme, uri = line(subject, "scheme"), line(subject, "uri")
        code = line(subject, "code", "qcode", "literal")
        codes += [uri, f"{scheme}{code}" if "iptc" in scheme.lower() else code]
    return topic_codes(codes)


def unique(values):
    return list(dict.fromkeys(filter(None, values)))


def associations(piece):
    return list(objects(piece, "associations"))


def pictures(associated):
    return [found for found in associated if line(found, "type") in PICTURES]


def caption(picture):
    said = block(picture, "description_text", "description_main", "description_html")
    return clean_line(said or spoken(picture, "descriptions", "caption", "text"))


def credit(picture):
    """`PHOTOGRAPHER - AGENCY`, as far as it is said."""
    agency = line(picture, "creditline", "source")
    return " - ".join(unique([line(picture, "byline", "by"), agency]))


def usage_terms(piece):
    """Its terms in words, and the address or code of its rights."""
    rights = piece.get("rightsinfo")
    rights = next(objects({"": [rights]}, ""), {})
    coded = line(rights, "linkedrights", "encodedrights")
    return "\n\n".join(filter(None, [block(piece, "usageterms"), coded]))


def related_to(piece, associated):
    """Other pieces: those packed or linked with it, and what it was written from."""
    packed = [known_by(found) for found in associated if line(found, "type") in TEXTS]
    older = [line(piece, key) for key in ("evolvedfrom", "rewrite_of")]
    replaced = piece.get("replacing")
    if isinstance(replaced, list):
        older += [clean_line(one) for one in replaced if isinstance(one, str)]
    return tuple(unique([*packed, *older]))
