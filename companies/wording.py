"""What a company announced, counted and said in one sentence per action."""

from django.contrib.humanize.templatetags.humanize import apnumber
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.fields import Precision, date_in_words, hour_in_words, is_later

FEW = 3  # activities that are named one by one

# By action: what is told is the announcement, whatever its stage. A completed exit says so.
SAID = {
    "exit": gettext_lazy("%(when)s, %(company)s announced its exit: %(scope)s."),
    "completed": gettext_lazy("%(when)s, %(company)s completed its exit: %(scope)s."),
    "suspend": gettext_lazy("%(when)s, %(company)s announced it was suspending %(scope)s."),
    "scale_back": gettext_lazy("%(when)s, %(company)s announced it was scaling back %(scope)s."),
    "pause_investment": gettext_lazy(
        "%(when)s, %(company)s announced a pause in investment: %(scope)s."
    ),
    "resume": gettext_lazy("%(when)s, %(company)s announced it was resuming %(scope)s."),
    "continue": gettext_lazy("%(when)s, %(company)s said it was continuing: %(scope)s."),
}
# The same where others tell it and no source has it from the company: as news of what is to
# come; of what has taken effect the date is that of the fact.
REPORTED = {
    "exit": gettext_lazy("%(when)s, it was reported that %(company)s was leaving: %(scope)s."),
    "suspend": gettext_lazy("%(when)s, it was reported that %(company)s was suspending %(scope)s."),
    "scale_back": gettext_lazy(
        "%(when)s, it was reported that %(company)s was scaling back %(scope)s."
    ),
    "pause_investment": gettext_lazy(
        "%(when)s, it was reported that %(company)s was pausing investment: %(scope)s."
    ),
    "resume": gettext_lazy("%(when)s, it was reported that %(company)s was resuming %(scope)s."),
    "continue": gettext_lazy(
        "%(when)s, it was reported that %(company)s was continuing: %(scope)s."
    ),
}
REPORTED_DONE = {
    "exit": gettext_lazy("%(when)s, according to reports, %(company)s was leaving: %(scope)s."),
    "completed": gettext_lazy(
        "%(when)s, according to reports, %(company)s completed its exit: %(scope)s."
    ),
    "suspend": gettext_lazy("%(when)s, according to reports, %(company)s suspended %(scope)s."),
    "scale_back": gettext_lazy(
        "%(when)s, according to reports, %(company)s scaled back %(scope)s."
    ),
    "pause_investment": gettext_lazy(
        "%(when)s, according to reports, %(company)s paused investment: %(scope)s."
    ),
    "resume": gettext_lazy("%(when)s, according to reports, %(company)s resumed %(scope)s."),
    "continue": gettext_lazy(
        "%(when)s, according to reports, %(company)s was continuing: %(scope)s."
    ),
}


def unchecked(precision, sourced):
    """That no source gives a date, in two or three words; "" where one does."""
    if sourced:
        return ""
    return _("day not checked") if precision == Precision.DAY else _("date not checked")


def dated(day, precision, sourced):
    """A date, and whether a source gives it: “1 March 2022 (day not checked)”."""
    date, doubt = date_in_words(day, precision), unchecked(precision, sourced)
    return f"{date} ({doubt})" if doubt else date


def day_of(announcement):
    """The date of an announcement, see `dated`."""
    return dated(
        announcement.announced_on,
        announcement.announced_precision,
        announcement.announced_sourced,
    )


def day_unchecked(announcement):
    """That no source gives its date; "" where one does."""
    return unchecked(announcement.announced_precision, announcement.announced_sourced)


def announced(day, precision, sourced=True, reported=False):
    """When something was made known: “announced on 8 March 2022”, “announced in 2022”; where
    only others tell it, “reported on 8 March 2022”."""
    if precision == Precision.DAY:
        said = _("reported on %(date)s") if reported else _("announced on %(date)s")
    else:
        said = _("reported in %(date)s") if reported else _("announced in %(date)s")
    return said % {"date": dated(day, precision, sourced)}


def since(held):
    """When it was announced, or reported, that something holds, of a Standing or of one of
    its states."""
    return announced(held.since, held.since_precision, held.since_sourced, held.since_reported)


def in_effect(day, precision):
    """Since when a measure holds, or from when on: “in effect from 8 March 2022”."""
    if precision == Precision.DAY:
        return _("in effect from %(day)s") % {"day": date_in_words(day, precision)}
    return _("in effect from %(period)s") % {"period": date_in_words(day, precision)}


def later_than(evidence, day):
    """That a piece of evidence came out after the day asked about: “published later, on 23 June
    2022”, “published later, in June 2022”. "" where it didn't, or may not have, and without a
    day."""
    precision = evidence.article.published_precision
    published = timezone.localtime(evidence.article.published_at).date()
    if not day or not is_later(published, precision, day):
        return ""
    if precision == Precision.DAY:
        said = _("published later, on %(date)s")
    else:
        said = _("published later, in %(date)s")
    return said % {"date": date_in_words(published, precision)}


def not_yet(announcement, day):
    """That the day asked about lies before an announcement, or that this isn't known; "" where
    it doesn't, and without a day."""
    if not day or announcement.announced_by <= day:
        return ""
    precision = announcement.announced_precision
    if is_later(announcement.announced_on, precision, day):
        said = _("On %(day)s this announcement had not been made yet.")
    elif is_reported(announcement):
        said = _("Reported in %(period)s; whether by %(day)s isn’t known.")
    else:
        said = _("Announced in %(period)s; whether by %(day)s isn’t known.")
    return said % {
        "day": date_in_words(day, Precision.DAY),
        "period": date_in_words(announcement.announced_on, precision),
    }


def parts_in_words(parts):
    """The activities of which something is said: the names of a few, how many there are of
    more; "" of the whole business."""
    if len(parts) > FEW:
        return ngettext("%(count)d activity", "%(count)d activities", len(parts)) % {
            "count": len(parts)
        }
    return ", ".join(sorted(activity.name for activity in parts))


def as_known(moment):
    """That it is what this archive knew then: “as known at 8 March 2022, 18:00”."""
    return _("as known at %(moment)s") % {"moment": hour_in_words(moment)}


def sentences(announcement):
    """One sentence for each action among the measures, for instance “On 8 March 2022,
    Amazon announced it was suspending five activities, three of them in two markets (eight
    measures).” Where none of the sources that it rests on relays the company, it was
    reported. Takes rows of `for_listing`."""
    groups, reported = {}, is_reported(announcement)
    for measure in announcement.measures.all():
        done = measure.action == "exit" and measure.stage == "completed"
        groups.setdefault("completed" if done else measure.action, []).append(measure)
    when = (
        _("On %(date)s") if announcement.announced_precision == Precision.DAY else _("In %(date)s")
    )
    return [
        _told(action, measures, reported)
        % {
            "when": when % {"date": day_of(announcement)},
            "company": announcement.company.shown_as.name,
            "scope": scope(measures),
        }
        for action, measures in groups.items()
    ]


def is_reported(announcement):
    """Whether others tell it: of its public supporting evidence none has the company's own
    word (as `own_words` of companies.models.announcement asks the database). Takes rows of
    `for_listing`."""
    speakers = {item.speaker for item in announcement.public_evidence if item.stance == "supports"}
    return bool(speakers) and "company" not in speakers


def _told(action, measures, reported):
    if not reported:
        return SAID[action]
    begun = all(measure.stage != "announced" for measure in measures)
    return (REPORTED_DONE if begun else REPORTED)[action]


def scope(measures):
    """How much some measures touch: “the whole business (Russia)”, “one activity, “Shops”
    (Russia)”, “five activities, three of them in two markets (eight measures)”."""
    places = {}
    for measure in measures:
        places.setdefault(measure.activity_id, []).append(measure.market_name)
    said = []
    if None in places:
        markets = ", ".join(sorted(places.pop(None)))
        said.append(_("the whole business (%(markets)s)") % {"markets": markets})
    if places:
        names = {measure.activity.name for measure in measures if measure.activity_id}
        said.append(_activities(list(places.values()), names, len(measures)))
    return _(" and ").join(said)


def _activities(places, names, total):
    if len(places) == 1:
        activities = _("one activity, “%(name)s”") % {"name": names.pop()}
    else:
        activities = _("%(number)s activities") % {"number": apnumber(len(places))}
    if len({frozenset(markets) for markets in places}) == 1:
        return f"{activities} ({', '.join(sorted(places[0]))})"
    several = [markets for markets in places if len(markets) > 1]
    if not several:
        markets = len({markets[0] for markets in places})
        return _("%(activities)s in %(number)s markets") % {
            "activities": activities,
            "number": apnumber(markets),
        }
    counts = {len(markets) for markets in several}
    some = ngettext("one of them", "%(number)s of them", len(several))
    return _("%(activities)s, %(some)s in %(markets)s markets (%(measures)s measures)") % {
        "activities": activities,
        "some": some % {"number": apnumber(len(several))},
        "markets": apnumber(counts.pop()) if len(counts) == 1 else _("several"),
        "measures": apnumber(total),
    }
