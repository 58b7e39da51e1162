"""The counts beside a list's filters, each a link that sets or clears one of them."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from articles.models import Publisher

SHOWN = 8  # values of each filter, those with the most hits; of years the newest


@dataclass(frozen=True)
class Facet:
    label: str
    hits: int
    query: str  # the address's query once the link is followed
    chosen: bool = False
    language: str = ""  # the code, where the label is a language


def links(facets, asked, years):
    """(title, Facets, hits of the values left out) for each filter that can narrow the hits.

    `asked` is the request's query; what is chosen already links to the list without it.
    `years` are those that the filters take.
    """
    most = facets["publisher_id"][:SHOWN]
    publishers = Publisher.objects.in_bulk([pk for pk, _hits in most])
    newest = sorted((one for one in facets["year"] if one[0] in years), reverse=True)[: 2 * SHOWN]
    named = [
        (
            _("Publisher"),
            "publisher_id",
            [
                (publishers[pk].name, hits, {"publisher": publishers[pk].slug})
                for pk, hits in most
                if pk in publishers
            ],
        ),
        (
            _("Language"),
            "language",
            [(code, hits, {"language": code}) for code, hits in facets["language"][:SHOWN]],
        ),
        (
            _("Year"),
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
    for title, name, values in named:
        found = [facet(label, hits, said, asked) for label, hits, said in values]
        rest = sum(hits for _value, hits in facets[name]) - sum(one.hits for one in found)
        if (found and rest) or len(found) > 1 or any(one.chosen for one in found):
            yield title, found, rest


def facet(label, hits, said, asked):
    chosen = all(asked.get(name) == value for name, value in said.items())
    query = asked.copy()
    query.pop("page", None)
    for name, value in said.items():
        query.pop(name, None)
        if not chosen:
            query[name] = value
    return Facet(label, hits, query.urlencode(), chosen, said.get("language", ""))
