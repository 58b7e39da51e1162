"""How a piece from the wire enters the archive, and how it is known again."""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from articles.models import Article, Version
from articles.search import APOSTROPHES
from articles.wire import WireItem

SLUG = 100  # characters of a headline that an address keeps
TRACKING = ("utm_", "at_", "xtor", "fbclid", "gclid")

WORDING = ("headline", "standfirst", "body")
# What a new wording may bring along; what an editor decides (access, status,
# language, abstracts) is no business of the wire's once the piece stands.
REVISED = (*WORDING, "byline", "dateline", "credit", "image_caption", "image_credit")
CREATED = (*REVISED, "language", "published_at", "published_precision")


class Done(StrEnum):
    CREATED = "created"
    REVISED = "revised"
    UNCHANGED = "unchanged"


class Refused(ValueError):
    """The archive can't take the piece in; says why."""


@dataclass(frozen=True)
class Outcome:
    """What became of a piece: its article, and its new version if it has one."""

    done: Done
    article: Article
    version: Version | None = None


@transaction.atomic
def archive(item: WireItem, publisher, *, status=None, by=None, note="") -> Outcome:
    """Take in one piece: a new article, a new wording of one, or nothing new.

    A new one arrives withheld unless `status` says otherwise. A wording that the
    archive has held before is nothing new, so the same files may be read again
    in any order. Raises Refused.
    """
    wire_id = identity(item)
    article = publisher.articles.select_for_update().filter(wire_id=wire_id).first()
    if article is None:
        return _create(item, publisher, wire_id, status, by, note)
    if article.status == Article.Status.CANCELED:
        raise Refused("the article was killed and takes no new text")
    draft = _said(item, REVISED, article)
    wording = article.wording() | {name: draft[name] for name in WORDING if name in draft}
    if article.versions.filter(sha256=Version.hash_of(**wording)).exists():
        return Outcome(Done.UNCHANGED, article)
    return Outcome(Done.REVISED, article, article.revise(note=note, by=by, **draft))


def _create(item, publisher, wire_id, status, by, note):
    if item.published_at is None:
        raise Refused("no date of publication")
    article = Article(publisher=publisher, status=status or Article.Status.WITHHELD)
    values = _said(item, CREATED, article) | {
        "wire_id": _clean("wire_id", wire_id, article),
        "source_url": _clean("source_url", canonical(item.source_url), article),
    }
    for name, value in values.items():
        setattr(article, name, value)
    article.slug = free_slug(item.headline, f"{publisher.slug}-{item.published_at:%Y-%m-%d}")
    article.save()
    return Outcome(Done.CREATED, article, article.keep(note=note, by=by))


def _said(item, names, article):
    """What the wire says of these fields; what it leaves empty stays as it is."""
    return {
        name: _clean(name, getattr(item, name), article) for name in names if getattr(item, name)
    }


def _clean(name, value, article):
    field = Article._meta.get_field(name)
    try:
        return field.clean(value, article)
    except ValidationError as error:
        raise Refused(f"{name}: {' '.join(error.messages)}") from None


def identity(item: WireItem) -> str:
    """What a publisher's piece is known by: the agency's id, else its address, else its
    day and headline. Raises Refused."""
    known_by = item.wire_id or canonical(item.source_url)
    if known_by:
        return known_by
    if item.published_at is None:
        raise Refused("no id, no address and no date to know it by")
    headline = slugify(item.headline, allow_unicode=True)[:400]
    return f"{timezone.localdate(item.published_at)} {headline}"


def canonical(url: str) -> str:
    """One address for one page: no fragment, no tracking, the host in lower case.

    What can't be taken apart as an address is returned as it is.
    """
    try:
        parts = urlsplit(url.strip())
        asked = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return url.strip()
    kept = [(name, value) for name, value in asked if not name.lower().startswith(TRACKING)]
    query = parts.query if kept == asked else urlencode(kept)
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path, query, ""))


def free_slug(headline: str, otherwise: str) -> str:
    """A slug that no article has: of the headline, or `otherwise` where it isn't Latin."""
    slug = slugify(headline.translate(APOSTROPHES).replace("'", " "))
    if len(slug) > SLUG:
        slug = slug[:SLUG].rpartition("-")[0] or slug[:SLUG]
    slug = slug or otherwise
    taken = set(Article.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    number, free = 1, slug
    while free in taken:
        number += 1
        free = f"{slug}-{number}"
    return free
