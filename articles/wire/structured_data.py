"""What a news page says of itself: schema.org in JSON-LD, Open Graph and other meta tags."""

import html
import json
import re
from urllib.parse import urljoin, urlsplit

from articles.text import clean, clean_line
from articles.wire.fragments import html_blocks

LARGEST = 2_000_000  # characters of JSON-LD in one page
MOST_NODES = 2000  # of one page
LINE_COMMENT = re.compile(r"(?<=[\s,])//[^\n]*")
TRAILING_COMMA = re.compile(r",(\s*[}\]])")
POSTINGS = ("blogposting", "liveblogposting", "report")


def metadata(root) -> dict[str, list[str]]:
    """Name in lower case → contents, of a page's meta tags."""
    found = {}
    for meta in root.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        content = clean_line(html.unescape(meta.get("content") or ""))
        if name and content:
            found.setdefault(name.lower(), []).append(content)
    return found


def nodes(root) -> list[dict]:
    """The objects of a page's JSON-LD, keys in lower case; those in lists and @graph too.

    Broken JSON is mended where comments or commas break it, and else passed over.
    """
    found = []
    scripts = (s.text or "" for s in root.iter("script") if "ld+json" in (s.get("type") or ""))
    for script in scripts:
        waiting = [loaded(script)]
        while waiting and len(found) < MOST_NODES:
            value = waiting.pop(0)
            if isinstance(value, list):
                waiting += value[:MOST_NODES]
            elif isinstance(value, dict):
                node = lower(value)
                found.append(node)
                waiting.append(node.get("@graph"))
                waiting.append(node.get("mainentity"))
    return found


def loaded(script):
    """The value of a JSON-LD script; None for one that can't be mended."""
    if len(script) > LARGEST:
        return None
    for text in (script, mended(script)):
        try:
            return json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def mended(script):
    """`script` without what isn't JSON, but stands in the JSON of many pages: comments of two
    kinds, and commas after the last value."""
    first, *others = script.split("<!--")
    script = first + "".join(other.partition("-->")[2] for other in others)
    return TRAILING_COMMA.sub(r"\1", LINE_COMMENT.sub("", script))


def lower(node):
    return {key.lower(): value for key, value in node.items()} if isinstance(node, dict) else {}


def types(node) -> list[str]:
    """The types of a node, in lower case and without their vocabulary."""
    said = node.get("@type")
    said = said if isinstance(said, list) else [said]
    return [one.rpartition("/")[2].lower() for one in said if isinstance(one, str)]


def is_article(node):
    return any(kind.endswith("article") or kind in POSTINGS for kind in types(node))


def article_among(found: list[dict], address: str) -> dict:
    """The node of the page's own article: the one with its address, else one with a headline."""

    def fitness(node):
        own = bool(address) and same_page(address_of(node), address)
        live = "liveblogposting" in types(node)
        return (own, bool(node.get("headline")), not live)

    return max(filter(is_article, found), key=fitness, default={})


def address_of(node):
    page = node.get("mainentityofpage")
    page = page.get("@id") if isinstance(page, dict) else page
    return next((one for one in (node.get("url"), page) if isinstance(one, str) and one), "")


def same_page(one, other):
    """Whether two addresses differ in nothing but host, scheme and a slash at the end."""
    try:
        paths = [urlsplit(urljoin("https://host/", url)).path.rstrip("/") for url in (one, other)]
    except ValueError:
        return False
    return bool(one) and paths[0] == paths[1]


def said(node, *keys) -> str:
    """The first of `keys` that holds words, on one line and without markup."""
    for key in keys:
        value = node.get(key)
        value = value[0] if isinstance(value, list) and value else value
        if isinstance(value, str) and (line := plain(value)):
            return line
    return ""


def plain(text):
    """Words on one line; some pages escape them twice, or leave their markup in."""
    return clean_line(clean(html_blocks(html.unescape(text))).replace("## ", ""))


def names(value) -> list[str]:
    """The names of persons or organisations, however they are given."""
    if isinstance(value, list):
        return [name for one in value[:50] for name in names(one)]
    if isinstance(value, dict):
        value = said(lower(value), "name")
    return [plain(value)] if isinstance(value, str) and value.strip() else []
