"""The counts beside a list's filters, each a link that sets or clears one of them."""

from collections import Counter
from dataclasses import dataclass

from django import forms
from django.db.models import Count, F
from django.utils.translation import gettext as _

from articles.fields import language_label
from articles.filters import FIRST_DAY, LAST_DAY, ArticleFilter
from articles.hits import Hits
from articles.index import FACTS, PK_MASK
from articles.models import Entry
from articles.search import alphabetical

# What is counted → the filters that narrow by it.
ASKED = {
    "publisher_id": ("publisher",),
    "language": ("language",),
    "year": ("published_after", "published_before"),
}
YEARS = range(FIRST_DAY.year, LAST_DAY.year + 1)  # those that the filters take
SHOWN = 8  # values of each filter, those with the most hits; of years the newest


@dataclass(frozen=True)
class Facet:
    label: str
    hits: int
    query: str  # the address's query once the link is followed
    chosen: bool = False


def tally(asked: ArticleFilter) -> tuple[int, dict[str, list[tuple]]]:
    """How many articles the list holds, and [(value, hits), …], the most first, for
    "publisher_id", "language" and "year".

    What is chosen of that very filter is left aside, so that its other values can be
    compared. One query, and one more for each of the three that is in use.
    """
    whole = counted(asked.qs)
    found = {}
    for fact, names in ASKED.items():
        in_use = any(asked.data.get(name) for name in names)
        found[fact] = (counted(asked.without(*names).qs) if in_use else whole)[fact]
    return sum(hits for _year, hits in whole["year"]), found  # each has one year


def counted(found):
    """The counts of some articles, or Hits, whatever they were asked by. One query."""
    if isinstance(found, Hits):
        return found.facets()
    # The key holds the article's, and stands in the index from which all is counted.
    entries = Entry.objects.alias(of=F("key").bitand(PK_MASK))
    entries = entries.filter(of__in=found.order_by().values("pk"))
    counters = {name: Counter() for name in FACTS}
    for *values, hits in entries.values_list(*FACTS).annotate(hits=Count("key")):
        for name, value in zip(FACTS, values, strict=True):
            counters[name][value] += hits
    return {name: counter.most_common() for name, counter in counters.items()}


def offer(form, facets, publishers):
    """Let the form's publisher and language be chosen from those that the list holds, each
    with its hits, and what is chosen already. `publishers` are all of them by their keys."""
    names = {publisher.slug: publisher.name for publisher in publishers.values()}
    hits = {
        "publisher": {
            publishers[pk].slug: size for pk, size in facets["publisher_id"] if pk in publishers
        },
        "language": dict(facets["language"]),
    }
    for name, sizes in hits.items():
        chosen = form.data.get(name)
        values = [*sizes, chosen] if chosen and chosen not in sizes else sizes
        labels = {
            value: names.get(value, value) if name == "publisher" else language_label(value)
            for value in values
        }
        choices = [
            (value, f"{label} ({sizes.get(value, 0)})")
            for value, label in alphabetical(labels.items())
        ]
        form.fields[name].widget = forms.Select(choices=[("", _("All")), *choices])


def links(facets, asked, publishers):
    """(title, Facets, in words the hits of the values left out, or "") for each filter that can
    narrow the hits.

    `facets` are those counts, `asked` is the request's query; what is chosen already
    links to the list without it. `publishers` are all of them by their keys.
    """
    most = facets["publisher_id"][:SHOWN]
    newest = sorted((one for one in facets["year"] if one[0] in YEARS), reverse=True)[: 2 * SHOWN]
    named = [
        (
            _("Publisher"),
            _("%(count)d from other publishers"),
            "publisher_id",
            [
                (publishers[pk].name, hits, {"publisher": publishers[pk].slug})
                for pk, hits in most
                if pk in publishers
            ],
        ),
        (
            _("Language"),
            _("%(count)d in other languages"),
            "language",
            [
                (language_label(code), hits, {"language": code})
                for code, hits in facets["language"][:SHOWN]
            ],
        ),
        (
            _("Year"),
            _("%(count)d from other years"),
            "year",
            [
                (
                    str(year),
                    hits,
                    {"published_after": f"{year:04}-01-01", "published_before": f"{year:04}-12-31"},
                )
                for year, hits in newest
            ],
        ),
    ]
    for title, others, name, values in named:
        found = [facet(label, hits, said, asked) for label, hits, said in values]
        rest = sum(hits for _value, hits in facets[name]) - sum(one.hits for one in found)
        if (found and rest) or len(found) > 1 or any(one.chosen for one in found):
            yield title, found, others % {"count": rest} if rest else ""


def facet(label, hits, said, asked):
    chosen = all(asked.get(name) == value for name, value in said.items())
    query = asked.copy()
    query.pop("page", None)
    for name, value in said.items():
        query.pop(name, None)
        if not chosen:
            query[name] = value
    return Facet(label, hits, query.urlencode(), chosen)
