"""Why something isn't taken in: English in logs, reports and exceptions, and in the language of
whoever reads it in the admin."""

from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _


class Reason(str):
    """English words, which know the message (a msgid) and the values that they were made of.

    A value is a number, words as they are, or another reason.
    """

    __slots__ = ("message", "values")

    def __new__(cls, message, **values):
        written = {
            name: f"{value:,}" if isinstance(value, int) else value
            for name, value in values.items()
        }
        reason = super().__new__(cls, message % written if values else message)
        reason.message, reason.values = message, values
        return reason

    def of(self, what):
        """The same, said of one piece by its id or its place."""
        return Reason(_("%(piece)s: %(reason)s"), piece=what, reason=self)

    def as_json(self) -> str | list:
        """To be kept; `in_words` reads it."""
        if not self.values:
            return self.message
        values = self.values.items()
        return [self.message, {name: _kept(value) for name, value in values}]


def numbered(place: int) -> Reason:
    """What a piece is called that has no id."""
    return Reason(_("number %(place)s"), place=place)


def _kept(value):
    if isinstance(value, Reason):
        return value.as_json() if value.values else [value.message, {}]
    return value


class Refusal(ValueError):
    """Says by its `reason` why something isn't taken in."""

    def __init__(self, message, **values):
        self.reason = message if isinstance(message, Reason) else Reason(message, **values)
        super().__init__(self.reason)


def in_words(kept: str | list) -> str:
    """A reason, as `Reason.as_json` gives it, in the language at hand."""
    if isinstance(kept, str):
        return gettext(kept) if kept else ""
    message, values = kept
    if not values:
        return in_words(message)
    return gettext(message) % {name: _worded(value) for name, value in values.items()}


def _worded(value):
    if isinstance(value, int):
        return number_format(value, force_grouping=True)
    return value if isinstance(value, str) else in_words(value)
