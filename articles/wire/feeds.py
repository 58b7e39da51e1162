"""RSS 0.9x, 1.0 and 2.0, WordPress's export in RSS, and Atom.

Read by lxml: feedparser takes half a minute over 1 MB of attributes or categories, and lets
a picture's `media:description` stand for the item's. That an item is no longer in a feed
says nothing about it. https://www.rssboard.org/rss-specification, RFC 4287, Media RSS 1.5.1
"""

import re
from urllib.parse import urljoin

from django.utils.translation import gettext_noop as _

from articles.reasons import numbered
from articles.text import clean, clean_line
from articles.wire import fragments
from articles.wire.fragments import first_words, html_blocks, said_again, text_blocks
from articles.wire.item import MAX_ITEMS, NotAnArticle, Status, WireItem
from articles.wire.labels import SPONSORED_NOTE, agencies_in, names_of, sponsored
from articles.wire.markup import LANG, MAX_MARKS, blocks, document, mail_date, moment, name, words
from articles.wire.pieces import piece, standing
from articles.wire.topics import topic_codes

# Namespace → the prefix that this module knows its names by; the feeds' own have none.
PREFIXES = {
    "": "",
    "http://purl.org/rss/1.0/": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://channel.netscape.com/rdf/simple/0.9/": "",
    "http://backend.userland.com/rss2": "",
    "http://www.w3.org/2005/Atom": "",
    "http://purl.org/atom/ns#": "",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/terms/": "dcterms:",
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://search.yahoo.com/mrss/": "media:",
    "http://search.yahoo.com/mrss": "media:",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes:",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner:",
    "http://prismstandard.org/namespaces/1.2/basic/": "prism:",
    "http://prismstandard.org/namespaces/basic/1.2/": "prism:",
    "http://prismstandard.org/namespaces/basic/2.0/": "prism:",
    "http://prismstandard.org/namespaces/basic/2.1/": "prism:",
    "http://prismstandard.org/namespaces/basic/3.0/": "prism:",
    "http://wordpress.org/export/1.0/": "wp:",
    "http://wordpress.org/export/1.1/": "wp:",
    "http://wordpress.org/export/1.2/": "wp:",
}
RIGHTS = ("dc:rights", "rights", "copyright", "media:copyright")
AUTHORS = ("dc:creator", "author", "itunes:author")
PICTURES = ("media:group", "media:content", "media:thumbnail")
ITEMS = ("item", "entry")
MOST_REREAD = 20_000_000  # characters of a broken feed's head, read again with each item
START = re.compile(r"<((?:\w+:)?(?:item|entry))(?=[\s>])")
BARE_AMPERSAND = re.compile(r"&(?!#?\w{1,31};)")
PARAGRAPH = re.compile(r"<(?:p|div|pre)[\s>]", re.IGNORECASE)
BLANK_LINE = re.compile(r"\n[ \t\r]*\n\s*")
MAIL = re.compile(r"\S+@\S+(?:\s*\((.+)\))?$")
SHORTCODE = re.compile(r"\[/?[a-z][a-z0-9]*_\w*[^\]]{0,80}\]|\[(\w{1,30})\]([^\[\]]{0,80})\[/\1\]")


def read(text: str) -> list[WireItem | NotAnArticle]:
    """The pieces in a feed, in its order, refusals in their places.

    Where the feed as a whole is no XML, each item is read by itself, and only the broken
    ones are refused. Raises NotAnArticle for a feed without items.
    """
    try:
        return pieces_of(document(text))
    except NotAnArticle as broken:
        if "broken XML" not in str(broken) or text.count("&") > MAX_MARKS:
            raise
    text = BARE_AMPERSAND.sub("&amp;", text)
    try:
        return pieces_of(document(text))
    except NotAnArticle as broken:
        return one_by_one(text, broken)


def one_by_one(text, broken):
    """The items of a feed that is no XML, each parsed between the feed's head and its end."""
    first = START.search(text)
    if first is None:
        raise broken
    head, closing, found = text[: first.start()], f"</{first[1]}>", []
    end = "".join(f"</{tag}>" for tag in reversed(left_open(head)))
    *whole, rest = text[first.start() :].split(closing)
    if len(head) * len(whole) > MOST_REREAD:
        raise broken
    for place, item in enumerate(whole, 1):
        try:
            found += pieces_of(document(head + item + closing + end))
        except NotAnArticle as reason:
            found.append(NotAnArticle(reason.reason.of(numbered(place))))
    if START.search(rest):
        found.append(NotAnArticle(_("the feed breaks off in its last item")))
    return found


def left_open(head):
    """The names of the elements that begin in `head` and don't end there."""
    found = []
    for end, tag, alone in re.findall(r"<(/?)([\w:]+)(?:[^<>]{0,2000}?)(/?)>", head):
        if end and tag in found:
            del found[len(found) - 1 - found[::-1].index(tag) :]
        elif not end and not alone:
            found.append(tag)
    return found


def pieces_of(root):
    """The items under the root of a feed, as WireItem or NotAnArticle."""
    channel = next((child for child in root if name(child) == "channel"), root)
    feed = fields(channel)
    feed[LANG] = channel.get(LANG) or root.get(LANG) or ""
    parents = [root] if channel is root else [channel, root]  # RSS 1.0 has its items outside
    items = [child for parent in parents for child in parent if name(child) in ITEMS]
    if not items:
        raise NotAnArticle(_("a feed without items"))
    if len(items) > MAX_ITEMS:
        raise NotAnArticle(_("a feed of more than %(count)s items"), count=MAX_ITEMS)
    found = []
    for place, item in enumerate(items, 1):
        own = fields(item)
        try:
            found.append(item_of(item, own, feed))
        except NotAnArticle as reason:
            known = line(own, "guid", "id") or address(own, feed) or numbered(place)
            found.append(NotAnArticle(reason.reason.of(known)))
    return found


def fields(element):
    """The children by their names, prefixed as in PREFIXES; those of other formats left out."""
    found = {}
    for child in element:
        if isinstance(child.tag, str):
            space, _brace, tag = child.tag.rpartition("}")
            prefix = PREFIXES.get(space.removeprefix("{"))
            if prefix is not None:
                found.setdefault(prefix + tag, []).append(child)
    return found


def item_of(item, own, feed) -> WireItem:
    """One item or entry. Raises NotAnArticle where it says nothing, or is something else."""
    status = wordpress_status(own)
    headline = line(own, "title", "dc:title", "media:title")
    body, standfirst = texts(own, headline)
    if not (headline or body or standfirst):
        raise NotAnArticle(_("no headline and no text"))
    authors = authors_of(own) or authors_of(feed)
    labels = [label.text or label.get("term") or "" for label in own.get("category", ())]
    published = date(own, "pubDate", "published", "issued", "dc:date", "dcterms:issued")
    revised = date(own, "updated", "modified", "dcterms:modified")
    captions, credits = pictures(own)
    dated, unread = standing(
        status, dates(own, "prism:embargoDate"), dates(own, "prism:expirationDate")
    )
    sponsor = SPONSORED_NOTE if sponsored(*labels, *authors) else ""
    return piece(
        **dated,
        alone=True,
        notices=[line({key: own[key]}, key) for own in (own, feed) for key in RIGHTS if key in own],
        headline=headline or first_words(body or standfirst),
        body=body,
        standfirst=standfirst,
        wire_id=line(own, "guid", "id"),
        language=item.get(LANG) or line(own, "dc:language") or language_of(feed),
        byline=", ".join(names_of(authors)),
        credit=source_of(own) or agencies_in(", ".join(authors)),
        source_url=address(own, feed),
        image_caption="\n\n".join(captions),
        image_credit="; ".join(credits),
        subjects=topic_codes(codes(own)),
        published_at=published or revised,
        published_precision="day" if published or revised else "",
        revised_at=revised,
        copyright_holder=line(own, *RIGHTS) or line(feed, *RIGHTS),
        editors_note="\n\n".join(filter(None, [*unread, sponsor])),
    )


def texts(own, headline):
    """Body and standfirst. A description of several paragraphs, and no other text, is the body;
    one that the body begins with isn't said again."""
    body = block(own, "content:encoded", "content", "body")
    summary = block(own, "description", "summary", "dc:description", "itunes:summary")
    body = fragments.without_headline(body, headline)
    if not body and "\n\n" in summary:
        return summary, ""
    if body == summary:
        return "", summary
    return body, "" if said_again(summary, body) else clean_line(summary.replace("## ", ""))


def block(own, *keys):
    """The first of `keys` that says something, as paragraphs."""
    return next(filter(None, (clean(paragraphs(e)) for key in keys for e in own.get(key, ()))), "")


def paragraphs(element):
    """The text of an element: markup inside it, markup quoted in it, or plain."""
    if len(element):
        return blocks(element)
    text = element.text or ""
    if element.get("type") in ("text", "text/plain"):
        return text_blocks(text)
    if not PARAGRAPH.search(text):  # WordPress stores paragraphs as blank lines
        if any("wordpress.org/export" in space for space in element.nsmap.values()):
            text = SHORTCODE.sub(lambda found: found[2] or "", text)
        text = BLANK_LINE.sub("<p>", text)
    return html_blocks(text)


def line(own, *keys):
    """The first of `keys` that says something, on one line and without markup."""
    return clean_line(block(own, *keys).replace("## ", ""))


def date(own, *keys):
    """The first moment that one of `keys` gives, in either way of writing it."""
    return next(filter(None, (mail_date(one) or moment(one) for one in dates(own, *keys))), None)


def dates(own, *keys):
    """What stands under `keys`, as it is written."""
    return [words(element) for key in keys for element in own.get(key, ())]


def language_of(feed):
    return line(feed, "language", "dc:language") or feed[LANG]


def authors_of(own):
    """The authors by name. RSS writes `address (name)`, and an address alone is no name."""
    found = []
    for author in (e for key in AUTHORS for e in own.get(key, ())):
        names = [words(child) for child in author if name(child) == "name"]
        said = clean_line(", ".join(names) if len(author) else html_blocks(author.text or ""))
        if match := MAIL.match(said):
            said = match[1] or ""
        found.append(said)
    return unique(found)


def source_of(own):
    """What an item was taken over from. Atom copies the head of the other feed, RSS its title."""
    sources = own.get("source", ())
    titles = [fields(source).get("title", [None])[0] for source in sources if len(source)]
    return ", ".join(unique([words(title) for title in titles] or map(words, sources)))


def address(own, feed):
    """The address of the page: a link, or a guid that is one."""
    links = [words(e) for e in own.get("feedburner:origLink", ())]
    for rel in ("alternate", "self"):
        said = [e for e in own.get("link", ()) if e.get("rel", "alternate") == rel]
        links += [e.get("href") or words(e) for e in said]
    links += [words(e) for e in own.get("guid", ()) if e.get("isPermaLink") != "false"]
    base = next((words(link) for link in feed.get("link", ()) if words(link)), "")
    for link in filter(None, links):
        try:
            link = urljoin(base, link)
        except ValueError:
            continue
        if link.startswith(("http://", "https://")):
            return clean_line(link)
    return ""


def pictures(own):
    """The captions and the credits of an item's pictures, each once."""
    shown = [e for key in PICTURES for e in own.get(key, ()) if is_picture(e)]
    captions = [e for media in shown for e in media.iter("{*}description", "{*}text")]
    credits = [e for media in shown for e in media.iter("{*}credit")]
    captions += own.get("media:description", ())
    credits += own.get("media:credit", ())
    return (
        unique(clean_line(html_blocks(e.text or "")) for e in captions),
        unique(clean_line(words(e)) for e in credits),
    )


def is_picture(media):
    return (media.get("medium") or media.get("type") or "image").startswith("image")


def codes(own):
    """What its categories may have of IPTC's codes, with the vocabulary where it is named."""
    for label in own.get("category", ()):
        yield label.get("term") or words(label)
        yield f"{label.get('domain') or label.get('scheme') or ''}{words(label)}"


def wordpress_status(own):
    """The status of a post in WordPress's export. Raises NotAnArticle for what is no post."""
    kind, status = line(own, "wp:post_type"), line(own, "wp:status")
    if kind not in ("", "post", "page"):
        raise NotAnArticle(_("WordPress's %(kind)s: no article"), kind=kind[:40])
    if status in ("trash", "auto-draft"):
        raise NotAnArticle(_("thrown away in WordPress (%(status)s)"), status=status)
    return Status.USABLE if status in ("", "publish", "inherit") else Status.WITHHELD


def unique(values):
    return list(dict.fromkeys(filter(None, values)))
