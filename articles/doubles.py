"""What in the archive may be the same as an article or a publisher that somebody enters."""

from urllib.parse import urlsplit

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Publisher, Version
from articles.search import words

SAME_TEXT = _("It has the very same text.")
SAME_ADDRESS = _("It comes from the same address.")
SAME_NAME = _("It has the same name.")
SAME_SITE = _("It has the same website.")


def host(address: str) -> str:
    """The host of a web address without www; "" where there is none."""
    try:
        found = urlsplit(address if "//" in address else f"//{address}").hostname or ""
    except ValueError:  # brackets that hold no IPv6 address
        return ""
    return found.removeprefix("www.")


def same_articles(article: Article) -> list[tuple[Article, list[str]]]:
    """Other articles with its text, or its address, with what is the same."""
    versions = Version.objects.filter(sha256=Version.hash_of(**article.wording()))
    alike = Q(pk__in=versions.values("article"))
    if article.source_url:
        alike |= Q(source_url=article.source_url)
    found = Article.objects.filter(alike).exclude(pk=article.pk).for_listing()
    found = found.annotate(same_text=Exists(versions.filter(article=OuterRef("pk"))))
    return [
        (
            other,
            [SAME_TEXT] * other.same_text
            + [SAME_ADDRESS] * bool(other.source_url and other.source_url == article.source_url),
        )
        for other in found[:10]
    ]


def same_publishers(publisher: Publisher) -> list[tuple[Publisher, list[str]]]:
    """Other publishers with its name, folded, or its website, with what is the same."""
    name, site = words(publisher.name), host(publisher.website)
    found = []
    for other in Publisher.objects.exclude(pk=publisher.pk):
        same = [SAME_NAME] * (words(other.name) == name)
        same += [SAME_SITE] * bool(site and host(other.website) == site)
        if same:
            found.append((other, same))
    return found[:10]
