"""How many announcements, or companies, each choice of a filter leaves, beside all the other
filters."""

from collections import Counter

from django import forms
from django.db.models import Case, Count, Exists, OuterRef, When
from django.utils.translation import gettext as _

from articles.search import alphabetical
from companies.filters import AnnouncementFilter, CompanyFilter, actors
from companies.models import Evidence

OF_MEASURES = ["market", "action", "stage"]
OF_COMPANIES = ["sector", "country"]


def counts(asked: AnnouncementFilter) -> dict[str, dict[str, int]]:
    """Filter → value → the announcements that the list would hold if it were chosen.

    What is chosen of that very filter is left aside, so that its other values can be
    compared; values without any are left out. One query for each filter.
    """
    found = {name: _of_measures(asked.without(name), name) for name in OF_MEASURES}
    found |= {name: _of_companies(asked.without(name), name) for name in OF_COMPANIES}
    found["publisher"] = _of_publishers(asked.without("publisher"))
    found["contradicted"] = _contradicted(asked.without("contradicted"))
    return found


def company_counts(asked: CompanyFilter) -> dict[str, dict[str, int]]:
    """The same for a list of companies."""
    found = {name: _counted(_rows(asked, name), name, "pk") for name in OF_COMPANIES}
    listed = set(_rows(asked, "market").values_list("pk", flat=True))
    first, *others = (rows.distinct() for rows in actors())
    acting = first.union(*others).values_list("market", "end")
    found["market"] = Counter(market for market, end in acting if end in listed)
    return found


def _rows(asked, name):
    return asked.without(name).qs.order_by()


def offer(form, found, names):
    """Write the counts beside the form's choices, and leave out those without any, but for
    what is chosen. `names` gives the words of choices that the form takes as plain text."""
    for name, sizes in found.items():
        field, chosen = form.fields[name], form.data.get(name)
        words = dict(alphabetical(names[name].items()) if name in names else field.choices)
        shown = [value for value in words if value in sizes or (value and value == chosen)]
        choices = [(value, f"{words[value]} ({sizes.get(value, 0)})") for value in shown]
        select = forms.Select(choices=[("", _("All")), *choices])
        field.widget = select if name in names else field.widget
        field.widget.choices = select.choices


def _of_measures(asked, name):
    _rows, key, holder = asked.measures()
    rows = asked.measures_asked().filter(**{f"{key}__in": asked.qs.order_by().values(holder)})
    return _counted(rows.order_by(), name, key)


def _of_companies(asked, name):
    stands = Case(
        When(company__absorbed_by__isnull=True, then=f"company__{name}"),
        default=f"company__absorbed_by__{name}",
    )
    return _counted(asked.qs.order_by().annotate(of_company=stands), "of_company", "pk")


def _of_publishers(asked):
    evidence = Evidence.objects.public().filter(announcement__in=asked.qs.order_by().values("pk"))
    return _counted(evidence.order_by(), "article__publisher__slug", "announcement")


def _contradicted(asked):
    against = Evidence.objects.public().filter(
        announcement=OuterRef("pk"), stance=Evidence.Stance.CONTRADICTS
    )
    rows = asked.qs.order_by().annotate(contradicted=Exists(against))
    found = _counted(rows, "contradicted", "pk")
    return {"true" if value else "false": count for value, count in found.items()}


def _counted(rows, name, key):
    pairs = rows.values(name).annotate(size=Count(key, distinct=True)).values_list(name, "size")
    return {value: size for value, size in pairs if value != ""}
