"""The text of a news page, found among its menus, teasers and buttons by trafilatura."""

import logging
import re
from copy import deepcopy

from django.utils.translation import gettext_noop as _
from lxml import etree, html
from trafilatura import bare_extraction

from articles.text import clean, clean_line
from articles.wire.fragments import refuse_long
from articles.wire.item import NotAnArticle
from articles.wire.markup import words

# It logs each page without text as a warning; here that is an answer.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

MOST_ELEMENTS = 10_000  # a live blog of 55,000 characters has 2,300; its time grows by the square
# trafilatura makes all blanks alike; no-break spaces are typography, and stand in for themselves.
HELD = {0xA0: 0xE0A0, 0x202F: 0xE0A1}
RELEASED = {held: blank for blank, held in HELD.items()}
UNSEEN = "script style svg noscript template iframe".split()
FORMATTING = "b i u em strong font small big mark sub sup abbr cite var ins wbr".split()
PAYWALL_LINE = 300  # characters at most
SENTENCE = 8  # words at least
SUBHEAD = 150  # characters at most; a longer one is a standfirst or a paragraph in large type
# Whole paragraphs that are no part of any text.
NO_TEXT = re.compile(
    r"(?:la suite après (?:cette |la )?publicité|publicité|advertisement|newsletter|partager"
    r"|contribuer|commenter|se connecter|s.abonner|je m.abonne|sign up|share|read more|lire plus"
    r"|voir plus|lire l.article|>>.*|(?:lire|voir|écouter|retrouvez) (?:aussi|également)\b.*"
    r"|(?:read|see) also\b.*|(?:à|a) (?:lire|voir|écouter|regarder|découvrir)"
    r"(?: aussi| également)?(?: sur [^:]{1,40})?\s*(?::.*)?)",
    re.IGNORECASE,
)
PAYWALL = re.compile(
    r"il vous reste [\d.,]+ ?% de (?:cet article|ce contenu) à lire"
    r"|(?:suite|lecture des articles|article) est réservée? aux abonné"
    r"|article réservé (?:à nos|aux) abonnés|to continue reading|subscribers? only",
    re.IGNORECASE,
)
ASIDE = ['//p[contains(@class, "credits")]', '//*[starts-with(@class, "comments__")]']


def text_of(root, given="") -> tuple[str, bool]:
    """The text of a parsed page as the archive keeps it, and whether a paywall cuts it off.

    Looked for in the whole page, then in its `article` alone: where a menu isn't closed, all
    of the page is inside it. What is found stands unless it is less than half of `given`,
    the text in the page's JSON-LD, which has no paragraphs. "" where there is none. Nothing
    is fetched. Raises NotAnArticle for a page of too many elements to be read in a moment.
    """
    page = deepcopy(root)
    etree.strip_elements(page, *UNSEEN, with_tail=False)
    etree.strip_tags(page, *FORMATTING)
    if sum(1 for _each in page.iter()) > MOST_ELEMENTS:
        raise NotAnArticle(_("a page of more than %(count)s elements"), count=MOST_ELEMENTS)
    cut = False
    refuse_long("".join(page.itertext()))
    for element in page.iter():
        element.text = element.text and element.text.translate(HELD)
        element.tail = element.tail and element.tail.translate(HELD)
    article = article_alone(page)
    for tree, precise in ((page, True), (article, True), (article, False)):
        text, here = ("", False) if tree is None else found_in(tree, precise)
        cut = cut or here
        if 2 * len(text) > len(given) and is_prose(text):
            return text, cut
    return given, cut


def is_prose(text):
    """Whether there is a sentence in it; menus and buttons have none."""
    return any(len(line.split()) >= SENTENCE for line in text.split("\n"))


def found_in(tree, precise):
    """The text that trafilatura finds in a page, and whether a paywall cuts it off."""
    document = bare_extraction(
        tree,
        favor_precision=precise,
        include_comments=False,
        include_tables=True,
        prune_xpath=ASIDE,
    )
    found, cut = [], False
    for element in () if document is None else document.body:
        for paragraph in paragraphs(element):
            paragraph = paragraph.translate(RELEASED).strip()
            if len(paragraph) < PAYWALL_LINE and PAYWALL.search(paragraph):
                cut = True
            elif paragraph and not NO_TEXT.fullmatch(paragraph):
                found.append(paragraph)
    while found and found[-1].startswith("## "):
        found.pop()
    return "\n\n".join(found), cut


def article_alone(root):
    """A page of the first `article` alone; None without one."""
    article = next(root.iter("article"), None)
    if article is None:
        return None
    page = html.Element("html")
    etree.SubElement(page, "body").append(deepcopy(article))
    return page


def paragraphs(element):
    """An element of trafilatura's: p, head, quote, list of item, table of row of cell."""
    for breaks in element.iter("lb"):
        breaks.tail = f"\n{breaks.tail or ''}"
    if element.tag == "head":
        line = clean_line(words(element))
        yield line if len(line) > SUBHEAD else f"## {line}" if line else ""
    elif element.tag == "list":
        yield "\n".join(f"- {line}" for item in element.iter("item") if (line := words(item)))
    elif element.tag == "table":
        rows = (" | ".join(words(cell) for cell in row.iter("cell")) for row in element.iter("row"))
        yield "\n".join(row for row in rows if row.strip("| "))
    elif inner := [child for child in element if child.tag in ("p", "head", "list", "quote")]:
        yield clean_line(element.text or "")
        for child in inner:
            yield from paragraphs(child)
            yield clean_line(child.tail or "")
    else:
        etree.strip_tags(element, "*")
        yield clean(element.text or "")
