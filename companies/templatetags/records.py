"""Announcements as readers see them: in a sentence, as a table, with who says so."""

from django import template
from django.utils.translation import gettext as _

from companies.countries import country_name
from companies.models import Evidence
from companies.wording import (
    as_known,
    day_of,
    day_unchecked,
    in_effect,
    later_than,
    not_yet,
    sentences,
    since,
    unchecked,
)

register = template.Library()
for in_words in (as_known, day_of, day_unchecked, in_effect, sentences, since, unchecked):
    register.filter(in_words)
register.filter("country", country_name)
for of_a_day in (later_than, not_yet):
    register.simple_tag(of_a_day)


@register.filter
def stance(evidence, wanted):
    """The pieces of evidence that take one stance."""
    return [item for item in evidence if item.stance == wanted]


@register.simple_tag
def count_later(evidence, day):
    """How many pieces of evidence came out after the day asked about."""
    return sum(bool(later_than(item, day)) for item in evidence)


@register.filter
def whose_words(evidence):
    """Who says so, as seen from the publisher: “relaying the company”."""
    if evidence.speaker == Evidence.Speaker.COMPANY:
        if evidence.article.publisher.kind == "company":
            return _("in its own publication")
        return _("relaying the company")
    if evidence.speaker == Evidence.Speaker.OTHER:
        return _("relaying a third party")
    return _("in its own words")


@register.filter
def as_table(announcement):
    """The measures as activities × markets: `markets` are the columns' codes, `rows`
    pairs of an activity (None: the whole business) and its measures, None where none is."""
    cells, activities, markets = {}, {}, {}
    for measure in announcement.measures.all():
        activities.setdefault(measure.activity_id, measure.activity)
        markets.setdefault(measure.market)
        cells[measure.activity_id, measure.market] = measure
    return {
        "markets": list(markets),
        "rows": [
            (activity, [cells.get((key, market)) for market in markets])
            for key, activity in activities.items()
        ],
    }
