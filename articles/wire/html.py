"""News pages: JSON-LD and meta tags for what a page says of itself, trafilatura for its text."""

import re
from urllib.parse import urlsplit

from django.utils.translation import gettext_noop as _

from articles.text import clean
from articles.wire.fragments import html_blocks, html_root, said_again, text_blocks
from articles.wire.item import NotAnArticle, Status, WireItem
from articles.wire.labels import SPONSORED_NOTE, agencies_in, names_of, sponsored
from articles.wire.markup import moment, words
from articles.wire.page_text import text_of
from articles.wire.pieces import once, piece, standing
from articles.wire.plain_text import picture
from articles.wire.structured_data import (
    article_among,
    lower,
    metadata,
    names,
    nodes,
    plain,
    said,
    types,
)
from articles.wire.topics import topic_codes

LONG = 800  # characters that make an article of a page that doesn't say that it is one
PAYWALL_NOTE = "Behind a paywall: the text may be cut off."
LIVE_NOTE = "A live blog, as it stood when it was saved."
TRUNCATED = 110  # characters to which some pages cut the headline in their JSON-LD
PATH = re.compile(r"[^?#]*")
CREDIT = re.compile(r"\s*(?:©\s*(?P<sign>[^©]{2,80})|\((?P<round>[^()]{2,80} / [^()]{2,40})\))\s*$")


def read(text: str) -> list[WireItem]:
    """The one piece on a page. Raises NotAnArticle for other pages, and for one without text."""
    root = html_root(text)
    if root is None:
        raise NotAnArticle(_("HTML without an element"))
    meta, found = metadata(root), nodes(root)
    address = canonical(root, meta)
    own = article_among(found, address)
    if address and urlsplit(address).path in ("", "/") and not urlsplit(address).query:
        raise NotAnArticle(_("a home page, no article"))
    body, cut = text_of(root, said_text(own.get("articlebody")))
    declared = own or "article" in meta.get("og:type", ()) or "article:published_time" in meta
    if not declared and (meta.get("og:type") or len(body) < LONG):
        raise NotAnArticle(_("a page that isn't declared as an article"))
    headline = headline_of(root, meta, own)
    if not headline:
        raise NotAnArticle(_("a page without a headline"))
    standfirst = said(own, "description") or first(meta, "og:description", "description")
    body = clean(without(body, headline, standfirst))
    if not body:
        raise NotAnArticle(_("an article's page without its text"))
    authors = names(own.get("author") or own.get("creator")) or meta.get("author", [])
    published = date(own, meta, "datepublished", "article:published_time", "date", "dc.date")
    published = published or date(own, meta, "coveragestarttime", "og:article:published_time")
    revised = date(own, meta, "datemodified", "article:modified_time", "og:updated_time")
    caption, credit = picture_of(root, meta, own)
    caption = "" if caption == headline else caption
    dated, unread = standing(
        Status.USABLE, expiries=[said(own, "expires") or first(meta, "article:expiration_time")]
    )
    terms = [said(own, key) for key in ("license", "usageinfo", "copyrightnotice")]
    return [
        piece(
            **dated,
            headline=headline,
            body=body,
            standfirst="" if standfirst == headline or said_again(standfirst, body) else standfirst,
            language=said(own, "inlanguage") or root.get("lang") or first(meta, "og:locale"),
            byline=", ".join(names_of(authors)),
            credit=agencies_in(", ".join(authors)),
            source_url=address,
            image_caption=caption,
            image_credit=credit,
            subjects=topic_codes(words_of(own.get("about")) + words_of(own.get("articlesection"))),
            published_at=published or revised,
            published_precision="day" if published or revised else "",
            revised_at=revised,
            copyright_holder=copyright_holder(own),
            usage_terms="\n\n".join(once(terms)),
            editors_note="\n\n".join(once([*unread, " ".join(notes(own, meta, authors, cut))])),
        )
    ]


def canonical(root, meta):
    """The page's own address; "" where it doesn't name one."""
    links = [link.get("href") for link in root.iter("link") if link.get("rel") == "canonical"]
    return next((url for url in [*links, *meta.get("og:url", ())] if absolute(url)), "")


def absolute(url):
    try:
        return bool(url) and urlsplit(url).scheme in ("http", "https")
    except ValueError:
        return False


def first(meta, *names):
    return next((meta[name][0] for name in names if name in meta), "")


def headline_of(root, meta, own):
    """As the page has it in its JSON-LD, or above its text where that is cut off."""
    heads = [plain_words(head) for head in root.iter("h1")]
    found = said(own, "headline") or first(meta, "og:title") or next(filter(None, heads), "")
    found = found or said(own, "name") or next(map(plain_words, root.iter("title")), "")
    begins = found.rstrip("….")
    if begins != found or len(found) == TRUNCATED:
        return next((head for head in heads if begins and head.startswith(begins)), found)
    return found


def plain_words(element):
    return plain(words(element))


def said_text(value):
    return clean(text_blocks(html_blocks(value))) if isinstance(value, str) else ""


def without(body, headline, standfirst):
    """`body` without the headline, and without a standfirst that stands in the middle of it."""
    parts = [part for part in body.split("\n\n") if part.removeprefix("## ") != headline]
    return "\n\n".join(
        part for part in parts if part is parts[0] or part.removeprefix("## ") != standfirst
    )


def date(own, meta, key, *metas):
    return next(filter(None, map(moment, [said(own, key), *(first(meta, m) for m in metas)])), None)


def notes(own, meta, authors, cut):
    """What the desk should know: paid for, cut off, or still changing."""
    labels = [*meta.get("article:section", ()), *meta.get("keywords", ()), *authors]
    labels += (
        words_of(own.get("articlesection"))
        + words_of(own.get("genre"))
        + words_of(own.get("keywords"))
    )
    if "advertisercontentarticle" in types(own) or sponsored(*labels):
        yield SPONSORED_NOTE
    if cut or str(own.get("isaccessibleforfree")).lower() == "false":
        yield PAYWALL_NOTE
    if "liveblogposting" in types(own):
        yield LIVE_NOTE


def copyright_holder(own):
    """Some pages name the photographer here, as a thing; a holder is a person or a house."""
    holder = lower(own.get("copyrightholder"))
    return "" if types(holder) == ["thing"] else ", ".join(names(own.get("copyrightholder")))


def words_of(value):
    """The strings in a value, in lists or under the names of things."""
    if isinstance(value, list):
        return [word for one in value[:100] for word in words_of(one)]
    if isinstance(value, dict):
        return words_of([value.get("name"), value.get("@id")])
    return [value] if isinstance(value, str) else []


def picture_of(root, meta, own):
    """Caption and credit of the page's picture: of its JSON-LD, or below it on the page."""
    image = own.get("image")
    image = image[0] if isinstance(image, list) and image else image
    node = lower(image)
    caption = said(node, "caption", "description", "name")
    credit = said(node, "credittext", "copyrightnotice")
    credit = (credit or ", ".join(names(node.get("author") or node.get("creator")))).strip("- ©")
    urls = [*words_of([image, node.get("url"), node.get("contenturl")]), *meta.get("og:image", ())]
    files = {file_of(url) for url in urls} - {""}
    for figure in root.iter("figure") if not (caption and credit) else ():
        shown = " ".join(" ".join(img.attrib.values()) for img in figure.iter("img", "source"))
        if any(file in shown for file in files):
            below, signed = caption_below(figure)
            return caption or below, credit or signed
    return caption, credit


def file_of(url):
    """The name of a picture's file, where it is long enough to be known by it."""
    name = PATH.match(url)[0].rpartition("/")[2]
    return name if len(name) >= 8 else ""


def caption_below(figure):
    """Caption and credit of a figure on the page."""
    below = next(figure.iter("figcaption"), None)
    if below is None:
        return "", ""
    credit = ""
    for part in below.iter():
        if part is not below and "credit" in (part.get("class") or "").lower():
            credit = plain(words(part)).strip("©() ")
            break
    line = plain(words(below))
    if credit:
        return line.replace(credit, "").strip("©()-–— "), credit
    caption, credit = picture(line)
    if credit:
        return caption, credit
    if match := CREDIT.search(line):
        return line[: match.start()], match["sign"] or match["round"]
    return line, ""
