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


def links(facets, asked):
    """(title, Facets) for each filter that can narrow the hits. `asked` is the request's
    query; what is chosen already links to the list without it."""
    publishers = Publisher.objects.in_bulk([pk for pk, _hits in facets["publisher_id"][:SHOWN]])
    years = sorted(facets["year"], reverse=True)[: 2 * SHOWN]
    named = [
        (
            _("Publisher"),
            [
                (publishers[pk].name, hits, {"publisher": publishers[pk].slug})
                for pk, hits in facets["publisher_id"][:SHOWN]
                if pk in publishers
            ],
        ),
        (
            _("Language"),
            [(code, hits, {"language": code}) for code, hits in facets["language"][:SHOWN]],
        ),
        (
            _("Year"),
            [
                (
                    str(year),
                    hits,
                    {"published_after": f"{year:04}-01-01", "published_before": f"{year:04}-12-31"},
                )
                for year, hits in years
            ],
        ),
    ]
    for title, values in named:
        found = [facet(label, hits, said, asked) for label, hits, said in values]
        if len(found) > 1 or any(one.chosen for one in found):
            yield title, found


def facet(label, hits, said, asked):
    chosen = all(asked.get(name) == value for name, value in said.items())
    query = asked.copy()
    query.pop("page", None)
    for name, value in said.items():
        query.pop(name, None)
        if not chosen:
            query[name] = value
    return Facet(label, hits, query.urlencode(), chosen, said.get("language", ""))
