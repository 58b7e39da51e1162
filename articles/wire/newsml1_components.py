"""The components of a NewsML 1 item: its texts with their roles, its pictures, its lines."""

from articles.wire import nitf
from articles.wire.fragments import block_markup
from articles.wire.markup import blocks, name, plain_blocks, words
from articles.wire.pieces import once

PICTURES = frozenset("photo image picture graphic graphics animation infographic".split())
MEDIA = PICTURES | frozenset("logo audio sound video icon".split())
ROLES = {
    **dict.fromkeys(["title", "headline"], "headline"),
    **dict.fromkeys(["lead", "subheadline", "abstract", "summary", "intro"], "standfirst"),
    **dict.fromkeys(["caption"], "image_caption"),
    **dict.fromkeys(["stylesheet", "contact", *MEDIA], ""),  # not the text
}
NO_HEADLINE = "No Headline !"  # Belga writes so when there is none


def formal(element):
    """The FormalName of an element that may be None."""
    return "" if element is None else element.get("FormalName", "").strip()


def contents(part, above=()):
    """(role, element, components from the inside out) of what `part` holds.

    The element is a ContentItem, or a whole NewsComponent under the role "media".
    """
    for component in part.iterfind("NewsComponent"):
        chain = (component, *above)
        role = formal(component.find("Role")).lower()
        if is_media(component, role):
            yield "media", component, chain
            continue
        for content in component.iterfind("ContentItem"):
            yield role, content, chain
        yield from contents(component, chain)


def is_media(component, role):
    """Whether a component is a picture, a sound or a film with what belongs to it."""
    if role in MEDIA:
        return True
    roles = {formal(child).lower() for child in component.iterfind("NewsComponent/Role")}
    return bool(roles & {"caption", "sound", "image"}) and not any(
        ROLES.get(formal(content.getparent().find("Role")).lower(), "body") == "body"
        and text_of(content)
        for content in component.iter("ContentItem")
    )


def kind_of(component):
    """`photo`, `audio` …: what a component under the role "media" is."""
    types = [formal(found).lower() for found in component.iter("MediaType")]
    types += [formal(found).lower() for found in component.iter("Role")]
    found = next((found for found in types if found in MEDIA), "media")
    return "audio" if found == "sound" else found


def picture(component):
    """(caption, credit) of a picture; ("", "") of a sound or a film."""
    if kind_of(component) not in PICTURES:
        return "", ""
    lines = newslines([component])
    captions = [
        text_of(content).get("body", "")
        for inner in component.iter("NewsComponent")
        if formal(inner.find("Role")).lower() == "caption"
        for content in inner.iterfind("ContentItem")
    ]
    caption = next(iter(once([*captions, *lines["headline"]])), "")
    return caption, " - ".join(once([*lines["byline"], *lines["creditline"]]))


def text_of(content):
    """What a ContentItem says, as fields of WireItem with the text as `body`; {} for no text."""
    data = content.find("DataContent")
    if data is None or formal(content.find("MediaType")).lower() in MEDIA:
        return {}
    if formal(content.find("MimeType")).lower() == "text/css":
        return {}
    inner = data.find("nitf")
    if inner is not None:
        return nitf.text(inner)
    if len(data):
        body = blocks(data)
    else:
        text = (data.text or "").strip()
        body = block_markup(text) if text.startswith("<") else plain_blocks(text)
    return {"body": body} if body else {}


def is_text(content):
    return formal(content.find("MediaType")).lower() == "text"


def newslines(chain):
    """The lines of <NewsLines> by their lower-case names, the innermost component's first."""
    found = {name: [] for name in LINES}
    for component in chain:
        level = {}
        for line in component.iterfind("NewsLines/*"):
            tag, text = name(line).lower(), words(line)
            if tag == "newsline":
                tag = formal(line.find("NewsLineType")).lower()
                text = words(line.find("NewsLineText"))
            if tag in LINES and text and text != NO_HEADLINE:
                level.setdefault(tag, []).append(text)
        for tag, texts in level.items():
            found[tag] = found[tag] or texts
    return found


LINES = ["headline", "subheadline", "byline", "dateline", "creditline", "copyrightline"]
LINES += ["advisoryline", "instructions"]
