"""What the readers of XML share in making a piece: small readings, limits, cleaning."""

from articles.text import clean, clean_line
from articles.wire.item import MAX_ITEMS, MAX_TEXT, NotAnArticle, Status, WireItem

RESERVED = ("all rights reserved", "alle rechte", "tous droits", "click for", "check for")
BY = frozenset("By BY by Par PAR par Von VON von".split())
MAX_NUMBER = 2**31
REPEATED = 60  # characters at least that are no chance, inside a text
HEADLINE = 500  # characters at most
LIMITS = {"headline": HEADLINE, "byline": 300, "wire_id": 500, "language": 35} | dict.fromkeys(
    ["dateline", "credit", "image_credit", "copyright_holder"], 200
)  # characters at most, as the archive has room for
TEXTS = frozenset("body standfirst image_caption usage_terms editors_note".split())


def language(tag):
    """A language's tag in BCP 47's usual letters (`FR-fr` gives `fr-FR`); empty when it is none."""
    first, *more = (tag or "").strip().replace("_", "-").split("-")
    if not (2 <= len(first) <= 3 and first.isascii() and first.isalpha()):
        return ""
    sizes = {2: str.upper, 4: str.title}
    return "-".join([first.lower(), *(sizes.get(len(part), str.lower)(part) for part in more)])


def number(text):
    """A whole number that a database takes; None when it is none."""
    text = (text or "").strip()
    found = int(text) if text.isascii() and text.isdigit() and len(text) < 11 else MAX_NUMBER
    return found if found < MAX_NUMBER else None


def urgency(text):
    """1 to 9; None for what isn't."""
    found = number(text)
    return found if found and found <= 9 else None


def holder(line):
    """Who holds the copyright, from a line such as `© 2022 Agence Boréale`."""
    for mark in RESERVED:
        place = line.lower().find(mark)
        line = line[:place].rstrip(" ,.;-–") if place > 0 else line
    marks = ("©", "(c)", "copyright", "copr.")
    return " ".join(
        part for part in line.split() if part.lower() not in marks and not number(part.strip(",."))
    )


def author(line):
    """A byline without the word before the name: `By Ann Lee` gives `Ann Lee`."""
    first, _, rest = line.partition(" ")
    return rest if first in BY and rest else line


def checked(items):
    """`items` as a list. Raises NotAnArticle when one file holds too many of them."""
    items = list(items)
    if len(items) > MAX_ITEMS:
        raise NotAnArticle(f"more than {MAX_ITEMS:,} items in one file")
    return items


def any_read(found):
    """`found`, the items and refusals of one file. Raises NotAnArticle when there is no item."""
    refused = [str(item) for item in found if isinstance(item, NotAnArticle)]
    if len(refused) == len(found):
        more = f"; and {len(refused) - 5} more" if len(refused) > 5 else ""
        raise NotAnArticle("; ".join(refused[:5]) + more)
    return found


def once(texts):
    """Those that aren't empty, each once, in their order."""
    return list(dict.fromkeys(text for text in texts if text))


def shortened(line, length):
    """`line` cut between words where it is longer than `length` characters."""
    if len(line) <= length:
        return line
    return (line[: length - 2].rpartition(" ")[0] or line[: length - 2]) + " …"


def piece(**found):
    """A WireItem of what a reader found, cleaned.

    Without a headline the first paragraph is the headline, as in a flash. A kill may come
    without text. Raises NotAnArticle when there is no text.
    """
    if any(len(found[field]) > MAX_TEXT for field in TEXTS & found.keys()):
        raise NotAnArticle(f"a text of more than {MAX_TEXT:,} characters")
    for field in LIMITS.keys() & found.keys():
        found[field] = shortened(clean_line(found[field]), LIMITS[field])
    for field in TEXTS & found.keys():
        found[field] = clean(found[field])
    body = found.get("body", "")
    standfirst = found.get("standfirst", "")
    if body.startswith(standfirst) or (len(standfirst) > REPEATED and standfirst in body):
        found["standfirst"] = ""  # some wires repeat the beginning of the text, also cut off
    if not body:
        if found.get("status") is not Status.CANCELED or not found.get("wire_id"):
            raise NotAnArticle("a headline without text" if found.get("headline") else "no text")
        found["headline"] = found.get("headline") or found["wire_id"]
    body = body.removeprefix(f"## {found.get('headline')}\n\n")  # some repeat it there
    headline = found.get("headline") or clean_line(body.partition("\n\n")[0].removeprefix("## "))
    headline = shortened(headline, HEADLINE)
    return WireItem(**{**found, "headline": headline, "body": body})
