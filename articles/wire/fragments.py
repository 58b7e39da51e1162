"""Pieces of HTML and of plain text inside other formats, as the archive's paragraphs."""

import html
import re

from django.utils.translation import gettext_noop as _
from lxml import etree
from lxml import html as lxml_html

from articles.wire.item import MAX_TEXT, NotAnArticle
from articles.wire.markup import BLOCKS, FORBIDDEN, blocks, few_attributes

TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!--")
BEFORE_WORDS = re.compile(r"^(?:\[[^\]]{1,20}\])?[^\w«\"“(]*")  # [VIDÉO] ▶
MAX_TAGS = 100_000  # of one document; each takes memory
PARSER = {"encoding": "utf-8", "remove_comments": True, "remove_pis": True, "huge_tree": False}


def html_blocks(text: str) -> str:
    """A piece of HTML as paragraphs, "## " before a subhead; not yet cleaned.

    In text without a single tag, blank lines part paragraphs.
    """
    refuse_long(text)
    if not TAG.search(text):
        parts = re.split(r"\n[ \t\r]*\n", html.unescape(text))
        return "\n\n".join(" ".join(part.split("\n")).strip() for part in parts if part.strip())
    root = html_root(text)
    return "" if root is None else blocks(root)


def block_markup(text: str) -> str:
    """`html_blocks` of markup with a block in it; "" of other markup: data, not text."""
    root = html_root(text)
    inner = () if root is None else root.iter(*(BLOCKS - {"html", "body"}), "br")
    return "" if next(iter(inner), None) is None else blocks(root)


def refuse_long(text):
    if len(text) > MAX_TEXT:
        raise NotAnArticle(_("a text of more than %(count)s characters"), count=MAX_TEXT)


def html_root(text: str):
    """The root element of an HTML document or fragment, or None for one without elements.

    Nothing is fetched; comments and processing instructions are left out. Raises
    NotAnArticle where there are too many elements, or where they are nested deeper than
    libxml2 reads (256): it would leave out the rest.
    """
    if text.count("<") > MAX_TAGS:
        raise NotAnArticle(_("HTML of more than %(count)s tags"), count=MAX_TAGS)
    data = without_heaps(FORBIDDEN.sub("", text)).encode("utf-8", "replace")
    parser = lxml_html.HTMLParser(**PARSER)
    try:
        root = lxml_html.document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        root = None
    if any(error.level == etree.ErrorLevels.FATAL for error in parser.error_log):
        raise NotAnArticle(_("HTML nested too deep"))
    return root


def without_heaps(text):
    """HTML without tags of thousands of attributes; what stands in a script stays as it is."""
    first, *others = text.split("<script")
    found = [few_attributes(first)]
    for other in others:
        script = f"<script{other}"
        begin = script.find(">") + 1 or len(script)
        end = script.find("</script", begin)
        end = len(script) if end < 0 else end
        found += [few_attributes(script[:begin]), script[begin:end], few_attributes(script[end:])]
    return "".join(found)


def text_blocks(text: str) -> str:
    """Plain text as paragraphs: blank lines part them, or each line is one where none is."""
    refuse_long(text)
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if re.search(r"\n[ \t]*\n", text):
        return re.sub(r"\n[ \t]*\n\s*", "\n\n", text)
    return re.sub(r"\n\s*", "\n\n", text)


def first_words(text: str, most: int = 200) -> str:
    """The first paragraph of a body, to stand for a missing headline.

    Where it is longer than `most` characters, its first sentence; where that is too, as
    many whole words as fit, and an ellipsis.
    """
    first = text.partition("\n\n")[0].removeprefix("## ").replace("\n", " ").strip()
    if len(first) <= most:
        return first
    sentence = re.match(r".{20,}?[.!?…](?=\s)", first[: most + 1])
    if sentence:
        return sentence[0]
    return first[:most].rpartition(" ")[0] + "…"


def without_headline(body: str, headline: str) -> str:
    """`body`, the headline cut off where it is said again as its first paragraph."""
    first, _gap, rest = body.partition("\n\n")
    return rest if headline and first.removeprefix("## ") == headline else body


def said_again(standfirst: str, body: str) -> bool:
    """Whether a summary is but cut from the beginning of the text, a mark before it apart."""
    said = (
        BEFORE_WORDS.sub("", " ".join(standfirst.split()))
        .removesuffix("[…]")
        .removesuffix("[...]")
        .rstrip(".… ")
    )
    return bool(said) and said[:100] in " ".join(body[: 2 * len(standfirst) + 1000].split())
