"""Columns of our own: derived ones, and dates that know how exact they are."""

import calendar
from datetime import date, datetime, time, timedelta

from django.db import models
from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import get_language, get_language_info, gettext
from django.utils.translation import gettext_lazy as _


class Derived:
    """A column that is computed from its row whenever the row is written.

    `derive` takes the instance and returns the value. It runs in `pre_save`, so
    `save()` and `bulk_create()` keep it right; `QuerySet.update()` doesn't, and
    tests/test_house.py allows none on what a column is derived from.
    """

    def __init__(self, *args, derive=None, **kwargs):
        self.derive = derive
        super().__init__(*args, **{**kwargs, "editable": False})

    def pre_save(self, instance, add):
        value = self.derive(instance)
        setattr(instance, self.attname, value)
        return value


class DerivedDateField(Derived, models.DateField):
    pass


class DerivedForeignKey(Derived, models.ForeignKey):
    """`derive` returns the other record's key, or None."""


class DerivedCharField(Derived, models.CharField):
    pass


class Precision(models.TextChoices):
    """How exactly a date is known."""

    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")


def last_day(day, precision):
    """The last day that an imprecise date can mean; None stays None."""
    if day is None or precision == Precision.DAY:
        return day
    month = 12 if precision == Precision.YEAR else day.month
    return date(day.year, month, calendar.monthrange(day.year, month)[1])


def is_later(day, precision, than):
    """Whether a date certainly lies after a day: an imprecise one counts from its first possible
    day."""
    return iso_date(day, precision) > iso_date(than, precision)


def start_of_tomorrow():
    """The moment at which the newsroom's day ends."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(tomorrow, time.min))


def iso_date(day, precision):
    """`2022-03-08`, `2022-03` or `2022`, as exact as it is known (ISO 8601); None stays None."""
    if day is None:
        return None
    return day.isoformat()[: {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}[precision]]


def date_in_words(day, precision):
    """The date in the reader's language, as exact as it is known."""
    if day is None:
        return ""
    name = {
        Precision.DAY: "DATE_FORMAT",
        Precision.MONTH: "YEAR_MONTH_FORMAT",
        Precision.YEAR: "Y",
    }[precision]
    said = formats.date_format(day, name)
    return with_ordinal(said, day) if precision == Precision.DAY else said


def hour_in_words(moment):
    """An hour in the newsroom's time, for instance “8 March 2022, 18:00”."""
    moment = timezone.localtime(moment)
    return with_ordinal(formats.date_format(moment, "DATETIME_FORMAT"), moment)


def with_ordinal(said, day):
    """French writes the first of a month as an ordinal, for which Django has no sign."""
    first = day.day == 1 and get_language() == "fr"
    return said.replace("1", "1er", 1) if first else said


def language_label(code):
    """A language's name where it stands by itself."""
    return capfirst(language_name(code))


def language_name(code):
    """A language (BCP 47) in the reader's own; an unknown code is its own name."""
    if code == "und":
        return gettext("language not determined")
    try:
        return get_language_info(code)["name_translated"]
    except KeyError:
        return code
