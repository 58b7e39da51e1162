"""What a reader has chosen of a list's filters, each with the way to take it back."""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from articles.fields import Precision, date_in_words, hour_in_words

NO_CHOICE = {"ordering"}  # an order narrows nothing


@dataclass(frozen=True)
class Chip:
    label: str
    value: str
    query: str  # the address's query without it
    name: str = ""  # of the filter, where it is one of a list's


def chips(filterset, asked) -> list[Chip]:
    """One chip for each filter that is in use; `asked` is the request's query."""
    form, names, found = filterset.form, filterset.names(), []
    for name, value in filterset.asked.items():
        if value in (None, "", []) or name in NO_CHOICE:
            continue
        said = names.get(name) or _in_words(form.fields[name], value)
        query = rest(asked, name).urlencode()
        found.append(Chip(str(form.fields[name].label), said, query, name))
    return found


def in_words(chosen, but=()):
    """Chips, less those of some filters, as they go on behind the name of the list: ", Market
    Russia, Action Suspension". Without marks that nobody sees, of which XML refuses some."""
    said = "".join(f", {chip.label} {chip.value}" for chip in chosen if chip.name not in but)
    return "".join(mark for mark in said if unicodedata.category(mark)[0] != "C")


def rest(asked, name):
    """The request's query without one filter, and without what stands for nothing: its page,
    and the empty fields that a form sends where there are no scripts."""
    query = asked.copy()
    for other in list(query):
        if other in ("page", name) or not any(query.getlist(other)):
            del query[other]
    return query


def _in_words(field, value):
    if isinstance(value, datetime):
        return hour_in_words(value)
    if isinstance(value, date):
        return date_in_words(value, Precision.DAY)
    return str(dict(getattr(field, "choices", ())).get(value, value))
