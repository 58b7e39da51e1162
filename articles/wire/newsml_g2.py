"""NewsML-G2: news items, news messages, packages (https://iptc.org/standards/newsml-g2/)."""

from django.utils.translation import gettext_noop as _

from articles.reasons import Reason
from articles.wire import desk, nitf
from articles.wire.fragments import block_markup
from articles.wire.item import NotAnArticle, Status
from articles.wire.markup import (
    BLOCKS,
    LANG,
    blocks,
    moment,
    name,
    plain_blocks,
    words,
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
    **dict.fromkeys(["canceled", "cancelled"], Status.CANCELED),
}  # any other holds the piece back
NOT_NEWS = {
    "planningItem": _("a planning item"),
    "conceptItem": _("a concept item"),
    "knowledgeItem": _("a knowledge item"),
    "catalogItem": _("a catalogue"),
    "conceptSet": _("a set of concepts"),
    "newsItem": _("a news item"),
    "packageItem": _("a package"),
}
MEDIA = frozenset(["picture", "graphic", "graphics", "animation", "audio", "video"])


def read(root):
    """The pieces in `root`: a WireItem each, or the NotAnArticle that says why not, with its id.

    Raises NotAnArticle when there is none at all.
    """
    if name(root) == "newsMessage":
        elements = checked(root.iterfind("itemSet/*"))
        if not elements:
            raise NotAnArticle(_("an empty news message"))
    elif name(root) in NOT_NEWS:
        elements = [root]
    else:
        raise NotAnArticle(_("<%(root)s> is no NewsML-G2"), root=name(root))
    found = [read_item(element) for element in elements]
    return any_read(found)


def read_item(element):
    """One item as a WireItem, or why it can't be read."""
    readers = {"newsItem": news_item, "packageItem": package_item}
    guid = element.get("guid", "").strip()
    try:
        if name(element) not in readers:
            known = NOT_NEWS.get(name(element))
            what = Reason(known) if known else f"<{name(element)}>"
            raise NotAnArticle(_("%(what)s, no article"), what=what)
        return piece(**readers[name(element)](element))
    except NotAnArticle as refused:
        return NotAnArticle(refused.reason.of(guid) if guid else refused.reason)


def news_item(item):
    """What a <newsItem> says, as fields of WireItem. Raises NotAnArticle for pictures and such."""
    found = described(item)
    kind = code(item.find("itemMeta/itemClass"))
    if kind in MEDIA:
        raise NotAnArticle(_("no text, only %(what)s"), what=kind)
    inner = text_of(item)
    if not inner.get("body") and found["status"] is not Status.CANCELED:
        parts = [part for content in item.iterfind("contentSet/inlineXML") for part in content]
        if parts:
            what = f"<{name(parts[0])}>"
            raise NotAnArticle(_("no text, only %(what)s"), what=what)
        raise NotAnArticle(_("no text"))
    body = inner.get("body", "")
    notes, body = desk.advisories(desk.without_sign_off(body))
    held = desk.embargo_lines(body.split("\n\n")[:2])
    if held and not found["embargo"] and found["status"] is Status.USABLE:
        found["status"] = Status.WITHHELD
    found["editors_note"] = "\n\n".join(once([found["editors_note"], *notes]))
    # What the item says of itself counts before what its text repeats.
    return {**inner, **{key: value for key, value in found.items() if value}, "body": body}


def package_item(item):
    """A package as a list of what it links to, as fields of WireItem."""
    refs = list(item.iterfind("groupSet//itemRef"))
    titles = [words(ref.find("headline")) or words(ref.find("title")) for ref in refs]
    if not any(titles):
        raise NotAnArticle(_("a package of %(count)s items without titles"), count=len(refs))
    found = described(item)
    ids = [ref.get("residref") or ref.get("href") for ref in refs]
    return {
        **found,
        "headline": found["headline"] or words(item.find("contentMeta/slugline")) or titles[0],
        "body": "\n".join(f"- {title}" for title in titles if title),
        "related": tuple(once([*found["related"], *ids])),
    }


def text_of(item):
    """What the first readable content says, as fields of WireItem; {} when there is none.

    The parts of a <contentSet> are renditions of one content.
    """
    for content in item.iterfind("contentSet/*"):
        found = {}
        first = next((part for part in content if name(part)), None)
        if first is not None and name(first) == "nitf":
            found = nitf.text(first)
        elif first is not None and name(first) in BLOCKS:
            captions = once(words(caption) for caption in content.iter("figcaption"))
            found = {"body": blocks(*content), "image_caption": "\n\n".join(captions)}
        elif first is None and name(content) in ("inlineData", "inlineXML"):
            found = {"body": plain_text(content)}
        if found.get("body"):
            return {key: value for key, value in found.items() if value}
    return {}


def plain_text(content):
    """The text of <inlineData>; empty when it is encoded or of another kind."""
    text, kind = (content.text or "").strip(), content.get("contenttype", "text/plain")
    if content.get("encoding") or not (kind.startswith("text/") or "html" in kind):
        return ""
    return block_markup(text) if text.startswith("<") else plain_blocks(text)


def described(item):
    """What <rightsInfo>, <itemMeta> and <contentMeta> say, as fields of WireItem."""
    about, content = section(item, "itemMeta"), section(item, "contentMeta")
    infos = list(item.iterfind("rightsInfo"))
    dated, unread = standing(
        STATUSES.get(code(about.find("pubStatus")).lower(), Status.WITHHELD),
        list(map(words, about.iterfind("embargoed"))),  # without an hour it is held back
        [*map(words, about.iterfind("expires")), *(info.get("validto", "") for info in infos)],
    )
    created = [
        moment(words(part.find(tag)))
        for part, tag in [
            (about, "firstCreated"),
            (content, "contentCreated"),
            (about, "versionCreated"),
        ]
    ]
    return {
        **headlines(about, content),
        **rights(infos),
        **dated,
        "wire_id": item.get("guid", "").strip(),
        "version": number(item.get("version")) or 0,
        "urgency": urgency(words(content.find("urgency"))),
        "language": language(attribute(content.find("language"), "tag") or item.get(LANG)),
        "subjects": topic_codes(
            subject.get("qcode") or subject.get("uri") or "" for subject in content.iter("subject")
        ),
        "places": places(content),
        "published_at": next(filter(None, created), None),
        "revised_at": moment(words(about.find("versionCreated"))),
        "editors_note": "\n\n".join(once([*unread, *map(blocks, notes(about))])),
        "related": related(item, about),
    }


def headlines(about, content):
    """Headline, standfirst, byline, dateline and credit, as fields of WireItem."""
    lines = {False: [], True: []}
    for line in content.iterfind("headline"):
        lines["sub" in line.get("role", "").lower()].append(words(line))
    summaries = [
        blocks(text)
        for text in content.iterfind("description")
        if code(text, "role") in ("summary", "standfirst", "abstract", "")
    ]
    credit = once(
        [
            *map(words, content.iterfind("creditline")),
            *map(called, content.iterfind("infoSource")),
            *map(called, about.iterfind("provider")),
        ]
    )
    authors = once(map(called, content.iterfind("creator")))
    authors = [who for who in authors if who not in credit and not is_login(who)]
    dateline = words(content.find("dateline")).rstrip(" -–—")
    return {
        "headline": next(iter(once([*lines[False], words(about.find("title"))])), ""),
        "standfirst": next(iter(once([*lines[True], *summaries])), ""),
        "byline": author("; ".join(once(map(words, content.iterfind("by")))) or "; ".join(authors)),
        "dateline": "" if dateline[:1].isdigit() else dateline,
        "credit": credit[0].rstrip(" -–—") if credit else "",
    }


def is_login(who):
    """Whether a creator is the initials or the login of one (`kunigkeit.sebastian`)."""
    return len(who) < 4 or (" " not in who and who == who.lower())


def rights(infos):
    """Copyright and usage terms from <rightsInfo>, as fields of WireItem."""
    holders = [called(found) for info in infos for found in info.iterfind("copyrightHolder")]
    notices = [words(found) for info in infos for found in info.iterfind("copyrightNotice")]
    terms = [words(found) for info in infos for found in info.iterfind("usageTerms")]
    terms = [text for text in terms if text != "None"]  # so a program wrote nothing down
    return {
        "copyright_holder": next(iter(once([*holders, *map(holder, notices)])), ""),
        "notices": notices,
        "usage_terms": "\n\n".join(once(terms)),
    }


def notes(about):
    """The notes to editors; dpa's note pad repeats the others, its closing line is a sign-off."""
    return [
        note
        for note in about.iterfind("edNote")
        if code(note, "role") not in ("notepad", "closingline", "closing")
    ]


def related(item, about):
    """Ids or addresses of other pieces that <link> names; pictures and sounds are none."""
    links = [
        link
        for link in [*item.iterfind("link"), *about.iterfind("link")]
        if code(link.find("itemClass")) not in MEDIA
    ]
    found = once(link.get("residref") or link.get("guidref") or link.get("href") for link in links)
    return tuple(found_id for found_id in found if found_id != item.get("guid"))


def places(content):
    """Where it was written and where it happens, as named there."""
    located = [
        words(place.find("name")) or place.get("literal", "")
        for found in content.iterfind("located")
        for place in [found, *found.iterfind("broader")]
    ]
    areas = [
        words(subject.find("name"))
        for subject in content.iterfind("subject")
        if code(subject, "type") == "geoArea"
    ]
    return tuple(once([*located, *areas]))


def called(element):
    """The name of a party or a place: <name>, else the literal, else the end of its code."""
    return words(element.find("name")) or element.get("literal", "") or code(element)


def section(item, tag):
    """The child `tag` of `item`, or an empty one."""
    found = item.find(tag)
    return item.makeelement(tag) if found is None else found


def attribute(element, key):
    return "" if element is None else element.get(key, "")


def code(element, key="qcode"):
    """`usable` of `stat:usable`, or of an address that ends so; empty for None."""
    value = attribute(element, key) or (attribute(element, "uri") if key == "qcode" else "")
    return value.rpartition(":")[2].rpartition("/")[2].strip()
