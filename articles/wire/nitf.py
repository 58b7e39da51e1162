"""NITF 2.5 to 3.x, on its own or inside NewsML (https://iptc.org/standards/nitf/)."""

from django.utils.translation import gettext_noop as _

from articles.wire import desk
from articles.wire.item import NotAnArticle, Status
from articles.wire.markup import LANG, blocks, moment, name, words
from articles.wire.pieces import author, language, number, once, piece, standing, urgency
from articles.wire.topics import topic_codes

STATUSES = {
    "": Status.USABLE,
    "usable": Status.USABLE,
    "embargoed": Status.WITHHELD,
    "withheld": Status.WITHHELD,
    "canceled": Status.CANCELED,
    "cancelled": Status.CANCELED,
}


def read(root):
    """The one piece that the <nitf> element `root` is. Raises NotAnArticle with the reason."""
    if name(root) != "nitf":
        raise NotAnArticle(_("<%(root)s> is no NITF"), root=name(root))
    return [piece(**{**head(root), **text(root)})]


def text(nitf):
    """What the <body> says, as fields of WireItem; what isn't there is left out."""
    body_head = nitf.find("body/body.head")
    lines = {}
    if body_head is not None:
        subheads = [words(line) for line in body_head.iterfind("hedline/hl2")]
        lines = {
            "headline": words(body_head.find("hedline/hl1")),
            "standfirst": blocks(*body_head.iterfind("abstract")) or " – ".join(subheads),
            "byline": author("; ".join(once(map(words, body_head.iterfind("byline"))))),
            "dateline": words(body_head.find("dateline")).rstrip(" -–—"),
            "credit": words(body_head.find("distributor")),
        }
    lines["headline"] = lines.get("headline") or words(nitf.find("head/title"))
    pictures = [media for media in nitf.iter("media") if media.get("media-type") != "video"]
    captions = once(blocks(*media.iterfind("media-caption")) for media in pictures)
    credits = once(words(maker) for media in pictures for maker in media.iterfind("media-producer"))
    body = blocks(*(nitf.findall("body/body.content") or nitf.findall("body")))
    found = {
        **lines,
        "body": desk.without_sign_off(body),
        "image_caption": "\n\n".join(captions),
        "image_credit": "; ".join(credits),
    }
    return {field: value for field, value in found.items() if value}


def head(nitf):
    """What the <head> says, as fields of WireItem."""
    docdata = nitf.find("head/docdata")
    if docdata is None:
        docdata = nitf.makeelement("docdata")
    attribute = {
        (name(child), key): value
        for child in reversed(docdata)  # of several, the first counts
        for key, value in child.attrib.items()
    }
    issued = moment(attribute.get(("date.issue", "norm")))
    released = attribute.get(("date.release", "norm"), "")
    ends = [attribute.get(end) for end in (("date.expire", "norm"), ("doc.rights", "enddate"))]
    dated, unread = held(docdata.get("management-status", ""), issued, released, ends)
    rights = [attribute.get(("doc.rights", key), "") for key in ("type", "limitations")]
    rights += [attribute.get(("doc.rights", "geography"), "")]
    notes = [message.get("info", "") for message in docdata.iterfind("ed-msg")]
    notes += [blocks(note) for note in nitf.iterfind("body/body.head/note")]
    sources = [source.get("src-name") for source in docdata.iterfind("del-list/from-src")]
    values = [subject.get("tobject.subject.refnum", "") for subject in nitf.iter("tobject.subject")]
    values += [
        meta.get("content", "") for meta in nitf.iterfind("head/meta[@name='category_iptc']")
    ]
    return {
        "wire_id": attribute.get(("doc-id", "id-string"), ""),
        "version": number(attribute.get(("du-key", "version"))) or 0,
        "credit": next(iter(once([*sources, attribute.get(("doc-id", "regsrc"))])), ""),
        **dated,
        "urgency": urgency(attribute.get(("urgency", "ed-urg"))),
        "language": language(nitf.get("baselang") or nitf.get(LANG)),
        "subjects": topic_codes(values),
        "places": places(nitf, docdata),
        "published_at": issued,
        "revised_at": issued,
        "copyright_holder": attribute.get(("doc.copyright", "holder"), ""),
        "usage_terms": "\n\n".join(once(rights)),
        "editors_note": "\n\n".join(once([*unread, *notes])),
        "notices": once(words(line) for line in docdata.iterfind("doc.copyright")),
        "related": tuple(once([docdata.get("management-doc-idref")])),
    }


def held(status, issued, released, ends):
    """`standing` of a piece: what is released later than issued waits until then."""
    status = STATUSES.get(status.strip().lower(), Status.WITHHELD)
    until = moment(released)
    if until and status is Status.WITHHELD:
        status = Status.USABLE
    elif until and not (issued and until > issued):
        released = ""
    return standing(status, [released] if released else [], ends)


def places(nitf, docdata):
    """Where it happened, and the city that it was written in."""
    names = [
        place.get(key, "")
        for place in docdata.iterfind("evloc")
        for key in ("city", "county-dist", "state-prov")
    ]
    names += [words(city) for city in nitf.iterfind("body/body.head/dateline/location/city")]
    return tuple(once(names))
