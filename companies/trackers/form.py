"""What must be said of a list besides its file, asked at both doors."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Publisher
from companies.countries import validate_country
from companies.models import Assessment
from companies.trackers.intake import TrackerList
from companies.trackers.table import COLUMNS, LABELS


class TrackerForm(forms.Form):
    """Whose list, of which day, on what terms, and which column holds what."""

    assessor = forms.ModelChoiceField(
        Publisher.objects.filter(kind=Publisher.Kind.AGGREGATOR),
        to_field_name="slug",
        label=gettext_lazy("assessor"),
        help_text=gettext_lazy("A publisher of the kind aggregator."),
    )
    assessed_on = forms.DateField(
        label=gettext_lazy("as of"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=gettext_lazy("The day of the list."),
    )
    market = forms.CharField(
        label=gettext_lazy("market"),
        initial="RU",
        max_length=2,
        validators=[validate_country],
        help_text=gettext_lazy("The market that is graded: ISO 3166-1 alpha-2."),
    )
    licence = forms.CharField(
        label=gettext_lazy("licence"),
        required=False,
        max_length=Assessment._meta.get_field("licence").max_length,
        help_text=gettext_lazy("On what terms the list may be used."),
    )
    source_url = forms.URLField(
        label=gettext_lazy("source"),
        required=False,
        max_length=Assessment._meta.get_field("source_url").max_length,
        assume_scheme="https",
        help_text=gettext_lazy("Where the list stands."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for what in COLUMNS:
            self.fields[f"column_{what}"] = forms.CharField(
                label=LABELS[what], required=False, max_length=200
            )

    def clean_assessed_on(self):
        day = self.cleaned_data["assessed_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("That day is yet to come."))
        return day

    @property
    def tracker(self):
        """The list that a valid form speaks of."""
        names = ("assessor", "assessed_on", "market", "licence", "source_url")
        return TrackerList(**{name: self.cleaned_data[name] for name in names})

    @property
    def columns(self):
        """What a valid form says of the headings."""
        told = {what: self.cleaned_data[f"column_{what}"] for what in COLUMNS}
        return {what: heading for what, heading in told.items() if heading}
