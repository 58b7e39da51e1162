from django import forms
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from newsroom.accounts import second_factor


def refuse_for_now(user, code):
    """Raises ValidationError where too many wrong codes were typed to take one now."""
    seconds = second_factor.waits(user, code)
    if seconds:
        raise ValidationError(
            ngettext(
                "Too many wrong codes: wait %(count)d second.",
                "Too many wrong codes: wait %(count)d seconds.",
                seconds,
            ),
            code="throttled",
            params={"count": seconds},
        )


class CodeInput(forms.TextInput):
    """What was typed isn't shown again: the next try is another code."""

    def format_value(self, value):
        return None


class CodeForm(forms.Form):
    """A code of the app, or a recovery code where the login asks. Valid, it has `device`."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=30,
        widget=CodeInput(
            {"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}
        ),
    )
    device = None

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_code(self):
        refuse_for_now(self.user, self.cleaned_data["code"])
        self.device = second_factor.check(self.user, self.cleaned_data["code"])
        if self.device is None:
            raise ValidationError(_("This code is wrong, or was used already."), code="wrong")
        return ""  # nobody needs it any more

    @property
    def wrong(self):
        """Whether a code was tried, and was wrong."""
        return self.has_error("code", "wrong")


class FirstCodeForm(CodeForm):
    """The first code of an app that was just set up. Valid, it has `recovery` codes."""

    recovery = None

    def clean_code(self):
        device = second_factor.begun(self.user)
        if device is None:
            raise ValidationError(_("Begin anew: this secret is no longer valid."))
        if not device.verify_is_allowed()[0]:
            raise ValidationError(_("Too many wrong codes: wait a little, or begin anew."))
        self.recovery = second_factor.confirm(device, self.cleaned_data["code"])
        if self.recovery is None:
            raise ValidationError(_("This code is wrong: is the phone's clock right?"))
        self.device = second_factor.device_of(self.user)
        return ""


class ProofForm(forms.Form):
    """The password, or a code of the app: that it is still the same person who sits there."""

    proof = forms.CharField(
        label=gettext_lazy("Your password, or a code of the app"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_proof(self):
        user, proof = self.request.user, self.cleaned_data["proof"]
        bare = proof.replace(" ", "")
        if len(bare) == 6 and bare.isdecimal():
            refuse_for_now(user, bare)
            proved = second_factor.check(user, bare)
        else:
            proved = authenticate(self.request, username=user.get_username(), password=proof)
        if not proved:
            raise ValidationError(_("Neither your password nor a valid code."))
        return ""
