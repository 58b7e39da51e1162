"""NewsML 1.0 to 1.2, as AFP and other agencies write it (https://iptc.org/standards/newsml-1/)."""

from django.utils.translation import gettext_noop as _

from articles.reasons import Reason
from articles.wire import desk
from articles.wire.item import NotAnArticle, Status
from articles.wire.markup import LANG, moment, name, words
from articles.wire.newsml1_components import (
    ROLES,
    contents,
    formal,
    is_text,
    kind_of,
    newslines,
    picture,
    text_of,
)
from articles.wire.pieces import (
    any_read,
    author,
    checked,
    holder,
    language,
    number,
    once,
    piece,
    standing,
    urgency,
)
from articles.wire.topics import topic_codes

STATUSES = {
    **dict.fromkeys(["", "usable"], Status.USABLE),
    **dict.fromkeys(["embargoed", "withheld"], Status.WITHHELD),
    **dict.fromkeys(["canceled", "cancelled", "killed", "withdrawn"], Status.CANCELED),
}
INSTRUCTIONS = {
    **dict.fromkeys(["kill", "delete", "cancel", "withdraw", "retract"], Status.CANCELED),
    **dict.fromkeys(["hold", "withhold", "embargo"], Status.WITHHELD),
}


def read(root):
    """The pieces in a <NewsML> document: a WireItem each, or the NotAnArticle that says why not.

    Raises NotAnArticle when there is none at all.
    """
    if name(root) != "NewsML":
        raise NotAnArticle(_("<%(root)s> is no NewsML"), root=name(root))
    found = [read_item(item) for item in checked(root.iter("NewsItem"))]
    if not found:
        raise NotAnArticle(_("NewsML without a NewsItem"))
    return any_read(found)


def read_item(item):
    """One <NewsItem> as a WireItem, or why it can't be read, with its id."""
    wire_id = id_of(item)
    try:
        return piece(wire_id=wire_id, **story(item, management(item)))
    except NotAnArticle as refused:
        return NotAnArticle(refused.reason.of(wire_id) if wire_id else refused.reason)


def id_of(item):
    """`urn:newsml:afp.com:20140829T135002Z:TX-PAR-FXW86`: provider, date and id, no revision."""
    parts = [
        words(item.find(f"Identification/NewsIdentifier/{part}"))
        for part in ("ProviderId", "DateId", "NewsItemId")
    ]
    if all(parts) and parts[2] != "0":
        return "urn:newsml:" + ":".join(parts)
    return words(next(item.iter("guid"), None))  # TASS gives nothing else


def reference(urn):
    """`urn` as `id_of` has it: without the revision at its end."""
    start, _colon, revision = urn.rpartition(":")
    return start if urn.count(":") > 4 and revision.rstrip("NUA").isdigit() else urn


def management(item):
    """What <NewsManagement> and <Identification> say, as fields of WireItem.

    Its dates of embargo and expiry are left as they are written.
    """
    about = item.find("NewsManagement")
    about = item.makeelement("NewsManagement") if about is None else about
    status, embargoes, expiries = announced(about)
    links = [
        link.get("NewsItem", "")
        for link in about
        if name(link) in ("AssociatedWith", "DerivedFrom", "UpdateOf", "CorrectionOf")
    ]
    return {
        "version": number(words(item.find("Identification/NewsIdentifier/RevisionId"))) or 0,
        "status": status,
        "embargoes": embargoes,
        "expiries": expiries,
        "urgency": urgency(formal(about.find("Urgency")) or words(about.find("Urgency"))),
        "published_at": moment(words(about.find("FirstCreated"))),
        "revised_at": moment(words(about.find("ThisRevisionCreated"))),
        "related": tuple(once(map(reference, links))),
    }


def announced(about):
    """(status, dates of embargoes, dates of expiry) of a <NewsManagement>, as written there.

    What is held back now and will be usable waits until then; what will be held back or
    canceled expires. A status that IPTC doesn't know holds the piece back.
    """
    status = STATUSES.get(formal(about.find("Status")).lower(), Status.WITHHELD)
    for instruction in about.iterfind("Instruction"):
        status = INSTRUCTIONS.get(formal(instruction).lower(), status)
    embargoes, expiries = list(embargo_dates(about)), []
    for change in about.iterfind("StatusWillChange"):
        future = STATUSES.get(formal(change.find("FutureStatus")).lower(), Status.WITHHELD)
        at = words(change.find("DateAndTime"))
        if future is not Status.USABLE:
            expiries.append(at)
        elif status is Status.WITHHELD:
            embargoes.append(at)
    if status is Status.WITHHELD and embargoes:
        status = Status.USABLE  # from then on
    return status, embargoes, expiries


def embargo_dates(about):
    """What elements and properties named for an embargo say (`EmbargoDate` and the like)."""
    for element in about.iter("*"):
        if "embargo" in name(element).lower():
            yield words(element) or formal(element)
        elif name(element) == "Property" and "embargo" in formal(element).lower():
            yield element.get("Value", "")


def story(item, managed):
    """What all of `item` says, as fields of WireItem; `managed` is what its management says.

    Raises NotAnArticle when it holds no text.
    """
    texts = {"headline": [], "standfirst": [], "body": [], "image_caption": [], "image_credit": []}
    chain, inner, kinds = (), {}, set()
    for role, element, components in contents(item):
        if role == "media":
            kinds.add(kind_of(element))
            caption, credit = picture(element)
            texts["image_caption"].append(caption)
            texts["image_credit"].append(credit)
            continue
        taken = text_of(element)
        field = ROLES.get(role, "body")
        if taken and field:
            texts[field].append(taken.pop("body", ""))
            if field == "body" or not chain:
                chain, inner = components, {**taken, **inner}
        kinds.add(formal(element.find("MediaType")).lower())
    body = "\n\n".join(texts["body"]) or "\n\n".join(texts["standfirst"])
    if not body and managed["status"] is not Status.CANCELED:
        raise NotAnArticle(instead_of_text(item, kinds - {"", "text", "complexdata"}))
    lines = newslines(chain or item.findall("NewsComponent")[:1])
    terms, ends = rights(chain)
    dated, unread = standing(
        managed.pop("status"), managed.pop("embargoes"), [*managed.pop("expiries"), *ends]
    )
    notes, body = desk.advisories(desk.subheads(desk.without_sign_off(body)))
    notes = [*unread, *lines["advisoryline"], *lines["instructions"], *notes]
    held = desk.embargo_lines([*notes, *body.split("\n\n")[:2]])
    if held and not dated["embargo"] and dated["status"] is Status.USABLE:
        dated["status"] = Status.WITHHELD
    headline = next(iter(once([*lines["headline"], *texts["headline"], inner.get("headline")])), "")
    standfirst = once([*lines["subheadline"], *texts["standfirst"], inner.get("standfirst")])
    captions = once([*texts["image_caption"], inner.get("image_caption")])
    return {
        **managed,
        **dated,
        **described(item, chain),
        "usage_terms": terms,
        "notices": lines["copyrightline"],
        "headline": headline,
        "standfirst": "\n\n".join(standfirst),
        "body": body,
        "byline": author("; ".join(lines["byline"]) or inner.get("byline", "")),
        "dateline": dateline(lines["dateline"]) or inner.get("dateline", ""),
        "credit": credit_of(chain, lines) or inner.get("credit", ""),
        "copyright_holder": copyright_of(chain, lines),
        "editors_note": "\n\n".join(once([*notes, *(text for text in held if text not in body)])),
        "image_caption": "\n\n".join(text for text in captions if text != headline),
        "image_credit": "; ".join(once([*texts["image_credit"], inner.get("image_credit")])),
    }


def instead_of_text(item, kinds):
    """Why a piece without text is refused."""
    if item.find("Update") is not None:
        return Reason(_("no text, only changes to an earlier version"))
    if any(content.get("Href") for content in item.iter("ContentItem") if is_text(content)):
        return Reason(_("its text is in a file of its own"))
    if kinds:
        return Reason(_("no text, only %(what)s"), what=", ".join(sorted(kinds)))
    count = len(list(item.iter("NewsItemRef")))
    if count:
        return Reason(_("no text, a list of %(count)s other pieces"), count=count)
    return Reason(_("no text"))


def dateline(lines):
    """Where it was written; a line that is a date alone says nothing of it."""
    line = lines[0].rstrip(" -–—") if lines else ""
    return "" if line[:1].isdigit() else line


def described(item, chain):
    """Language, subjects and places from <DescriptiveMetadata>, as fields of WireItem."""
    about = [found for part in chain for found in part if name(found) in DESCRIPTIVE]
    tags = [formal(found.find("Language")) for found in about]
    tags += [part.get(LANG, "") for part in chain]
    tags += [line.get(LANG, "") for part in chain for line in part.iterfind("NewsLines/HeadLine")]
    codes = [formal(subject) for found in about for subject in found.iterfind("SubjectCode/*")]
    places = [
        place.get("Value", "").strip()
        for found in about
        for part in [*found.iterfind("Location"), found]
        for wanted in ("City", "CountryArea", "Area", "Country")
        for place in part.iterfind("Property")
        if formal(place) == wanted
    ]
    tags = map(language, [*tags, item.get(LANG, "")])
    return {
        "language": next(filter(None, tags), ""),
        "subjects": topic_codes(codes),
        "places": tuple(place for place in once(places) if place != "ZZZ"),  # AFP: nowhere
    }


DESCRIPTIVE = ("DescriptiveMetadata", "DescriptiveMetada")  # TASS misspells it


def rights(chain):
    """Usage terms from <RightsMetadata>, and the dates at which the right ends, as written."""
    found = [use for part in chain for use in part.iterfind("RightsMetadata/UsageRights")]
    terms = [words(term) for use in found for term in use if name(term) not in RIGHTS_DATES]
    return "\n\n".join(once(terms)), [words(use.find("EndDate")) for use in found]


RIGHTS_DATES = ("StartDate", "EndDate", "RightsHolder")


def credit_of(chain, lines):
    """Whom to credit: the credit line, else the source, else the provider."""
    parties = [
        formal(party) or words(party)
        for role in ("Source", "Provider")
        for part in chain
        for party in part.iterfind(f"AdministrativeMetadata/{role}/Party")
    ]
    parties.sort(key=lambda party: "." in party)  # a name before afp.com
    return next(iter(once([*lines["creditline"], *parties])), "")


def copyright_of(chain, lines):
    holders = [
        words(found)
        for part in chain
        for found in part.iterfind("RightsMetadata/Copyright/CopyrightHolder")
    ]
    return next(iter(once([*holders, *map(holder, lines["copyrightline"])])), "")
