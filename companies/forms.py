from datetime import UTC, date, datetime

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


class ClockForm(forms.Form):
    """The two clocks: the day that is asked about, and what was known when."""

    as_of = forms.DateField(
        label=_("As of"),
        required=False,
        widget=DayInput,
        validators=[MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2100, 12, 31))],
    )
    known_at = forms.DateTimeField(
        label=_("As this archive knew it on"),
        required=False,
        widget=forms.HiddenInput,
        validators=[
            MinValueValidator(datetime(1900, 1, 1, tzinfo=UTC)),
            MaxValueValidator(datetime(2100, 12, 31, tzinfo=UTC)),
        ],
    )

    @property
    def clocks(self):
        """(day, moment) as far as they make sense; None where nothing was asked."""
        self.is_valid()
        return self.cleaned_data.get("as_of"), self.cleaned_data.get("known_at")
