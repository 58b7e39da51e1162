"""Records that may be the same as the one that is being saved, shown before it is."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

CONFIRMED = "not_the_same"  # the control by which an editor says that none of these is it


@dataclass(frozen=True)
class Double:
    """A record that may be the same, and why."""

    key: int
    name: str
    reasons: list[str]
    facts: list[str]  # what helps to tell: a country, a day, counts
    url: str  # where an editor opens it
    merge_url: str = ""  # where the two are made one, if they can be


class Doubling:
    """Before ModelAdmin: a save waits until an editor has seen what may be the same.

    Their word holds for exactly the records that they were shown.
    """

    def doubles(self, request, form, formsets, change) -> list[Double]:
        """What may be the same as the record in these valid forms, the likeliest first."""
        return []

    def save_related(self, request, form, formsets, change):
        found = self.doubles(request, form, formsets, change)
        seen = request.POST.get(CONFIRMED, "").split(",")
        if any(str(double.key) not in seen for double in found):
            request.doubles = found
            raise ValidationError(
                _("The archive may hold this already: see above. Nothing is saved yet.")
            )
        super().save_related(request, form, formsets, change)

    def render_change_form(self, request, context, *args, **kwargs):
        context["doubles"] = getattr(request, "doubles", [])
        return super().render_change_form(request, context, *args, **kwargs)
