"""What a reader has chosen of a list's filters, each with the way to take it back."""

from dataclasses import dataclass
from datetime import date

from articles.fields import Precision, date_in_words

NO_CHOICE = {"ordering"}  # an order narrows nothing


@dataclass(frozen=True)
class Chip:
    label: str
    value: str
    query: str  # the address's query without it


def chips(filterset, asked, names=None) -> list[Chip]:
    """One chip for each filter that is in use.

    `asked` is the request's query; `names` gives words for values that only a record
    could tell: filter → words.
    """
    form, names, found = filterset.form, names or {}, []
    form.is_valid()
    for name, value in getattr(form, "cleaned_data", {}).items():  # a form asked nothing has none
        if value in (None, "", []) or name in NO_CHOICE:
            continue
        said = names.get(name) or _in_words(form.fields[name], value)
        found.append(Chip(str(form.fields[name].label), said, rest(asked, name).urlencode()))
    return found


def rest(asked, name):
    """The request's query without one filter, and without what stands for nothing: its page,
    and the empty fields that a form sends where there are no scripts."""
    query = asked.copy()
    for other in list(query):
        if other in ("page", name) or not any(query.getlist(other)):
            del query[other]
    return query


def _in_words(field, value):
    if type(value) is date:
        return date_in_words(value, Precision.DAY)
    return str(dict(getattr(field, "choices", ())).get(value, value))
