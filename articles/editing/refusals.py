"""Refusals that lose nothing of what an editor typed."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _


class AskingAgain:
    """Before ModelAdmin: what a verb or the database refuses is asked again."""

    def changeform_view(self, request, *args, **kwargs):
        return self._asking_again(request, super().changeform_view, *args, **kwargs)

    def _asking_again(self, request, view, *args, **kwargs):
        """Run a form's view. What a verb or the database refuses comes back as an
        error of that form: all that was typed is there, nothing of it is saved."""
        if request.method != "POST":
            return view(request, *args, **kwargs)
        try:
            with transaction.atomic():
                return view(request, *args, **kwargs)
        except ValidationError as refusal:
            request.refused = ValidationError(refusal.messages)
        except IntegrityError as refusal:
            request.refused = refused_by_database(refusal)
        return view(request, *args, **kwargs)


def refused_by_database(refusal):
    """The database's refusal as an error that an editor can read."""
    said = str(refusal).split("\n")[0]
    return ValidationError(
        _("The archive's rules refuse this, so nothing was saved: %(said)s"),
        params={"said": said},
    )
