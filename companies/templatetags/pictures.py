"""Pictures in words and colours: what stands beside their shapes."""

from babel.dates import format_skeleton
from django import template
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from articles.fields import Precision, date_in_words, with_ordinal
from companies.models.measure import Action, Stage
from companies.pictures import OUTLINES
from companies.wording import announced, dated

register = template.Library()

LOCALES = {"fr": "fr_FR", "en": "en_GB"}  # the day before its month, as elsewhere

# On white; site.css has the ones for a dark page. Told apart without colour by the outlines
# of a timeline and the order of a column.
COLOURS = {
    "exit": "#7d1128",
    "suspend": "#d1495b",
    "scale_back": "#e0a03c",
    "pause_investment": "#8c8536",
    "resume": "#2f7f8c",
    "continue": "#3d5a80",
}


@register.filter
def colour(action):
    return COLOURS[action]


@register.filter
def outline(action):
    return OUTLINES[action]


@register.filter
def action_name(action):
    return Action(action).label


@register.filter
def stage_name(stage):
    return Stage(stage).label


@register.filter
def period_in_words(period):
    """“9 March 2022”, “week of 7 March 2022”, “March 2022”, “1st quarter of 2022”, “2022”."""
    start = period.start
    if period.unit == "week":
        return _("week of %(day)s") % {"day": date_in_words(start, Precision.DAY)}
    if period.unit == "quarter":
        return _("quarter %(number)d of %(year)d") % {
            "number": (start.month + 2) // 3,
            "year": start.year,
        }
    return date_in_words(start, period.unit)


@register.filter
def tick_in_words(day, unit):
    """A day on a scale of days, weeks, months, quarters or years, in few letters."""
    if unit == "year":
        return str(day.year)
    skeleton = "MMMd" if unit in ("day", "week") else "yMMM"
    said = format_skeleton(skeleton, day, locale=LOCALES[get_language() or "fr"])
    return with_ordinal(said, day) if skeleton == "MMMd" else said


@register.filter
def dot_in_words(dot):
    """“Exit · Completed, announced on 8 March 2022”, “Suspension (Shops) · Reported on 8 March
    2022”: what is only announced says it once."""
    when = announced(dot.day, dot.precision, dot.sourced, dot.reported)
    what = Action(dot.action).label + (f" ({dot.parts})" if dot.parts else "")
    if dot.stage == Stage.ANNOUNCED:
        return f"{what} · {capfirst(when)}"
    return f"{what} · {Stage(dot.stage).label}, {when}"


@register.filter
def columns_in_words(picture):
    """What the columns show, in a sentence or two: how many, when, of what."""
    full = [column for column in picture.columns if column.count]
    total = sum(column.count for column in full)
    most = max(full, key=lambda column: column.count)
    said = _from_to(total, period_in_words(full[0].period), period_in_words(full[-1].period))
    return f"{said} " + _("The most, %(count)d, in this stretch of time: %(period)s.") % {
        "count": most.count,
        "period": period_in_words(most.period),
    }


@register.filter
def timeline_in_words(picture):
    """How many announcements the timeline shows, and from when to when."""
    dots = sorted(picture.dots, key=lambda dot: dot.day)
    first, last = (dated(dot.day, dot.precision, dot.sourced) for dot in (dots[0], dots[-1]))
    return _from_to(len({dot.key for dot in dots}), first, last)


def _from_to(count, first, last):
    """How many announcements, and between which dates: behind a colon, since a day, a month
    and a week each ask for words of their own before them."""
    if first == last:
        said = ngettext(
            "%(count)d announcement: %(first)s.", "%(count)d announcements: %(first)s.", count
        )
    else:
        said = ngettext(
            "%(count)d announcement (first: %(first)s; last: %(last)s).",
            "%(count)d announcements (first: %(first)s; last: %(last)s).",
            count,
        )
    return said % {"count": count, "first": first, "last": last}


@register.filter
def grid_in_words(picture):
    """How many measures the grid shows, of how many activities in how many markets."""
    said = _("Measures: %(measures)d; activities: %(activities)d; markets: %(markets)d.")
    return said % {
        "measures": len(picture.cells),
        "activities": picture.rows,
        "markets": picture.markets,
    }
