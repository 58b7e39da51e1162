"""What readers may send: their one form, without a cookie."""

from functools import partial

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from articles.text import clean
from companies.models import CorrectionRequest

SALT = "companies.correction_request"
LASTS = 4 * 60 * 60  # seconds for which a form may be sent
WRITING = 3  # seconds that a person takes at least


class CorrectionRequestForm(forms.ModelForm):
    """A reader's request.

    What keeps machines off, without a third party: a signed token that names the
    record and expires, a field that no person sees, a few seconds for writing.
    `Sending` counts how many come from one address.
    """

    token = forms.CharField(widget=forms.HiddenInput)
    homepage = forms.CharField(required=False, label=_("Leave this empty"))

    class Meta:
        model = CorrectionRequest
        fields = ["text", "source", "email"]
        field_classes = {"source": partial(forms.URLField, assume_scheme="https")}
        labels = {
            "text": _("What is wrong, and what would be right?"),
            "source": _("Where can one read it? (an address, if you have one)"),
            "email": _("Your e-mail address, if you would like an answer"),
        }
        help_texts = {"text": ""}  # what the model's says is for editors
        widgets = {"text": forms.Textarea(attrs={"rows": 6, "maxlength": 5_000})}

    def __init__(self, *args, about, **kwargs):
        self.about = about
        super().__init__(*args, **kwargs)
        self.fields["text"].max_length = 5_000
        self.fields["text"].validators.append(_at_most(5_000))
        self.initial["token"] = signing.dumps(self._named(), salt=SALT)

    def _named(self):
        return [type(self.about).__name__, self.about.pk]

    def clean_text(self):
        text = clean(self.cleaned_data["text"])
        if not text:
            raise ValidationError(_("Say what is wrong."), code="required")
        return text

    def clean(self):
        data = super().clean()
        if data.get("homepage"):
            raise ValidationError(_("The field that is to be left empty was filled in."))
        self._check_token(data.get("token", ""))
        return data

    def renew(self):
        """Let what was typed be sent again, with a token that counts from now."""
        self.data = self.data.copy()
        self.data["token"] = self.initial["token"]

    def _check_token(self, token):
        try:
            named = signing.loads(token, salt=SALT, max_age=LASTS)
        except signing.BadSignature:
            named = None
        if named != self._named():
            self.renew()
            raise ValidationError(_("This page had been open for long. Please send it again."))
        try:
            signing.loads(token, salt=SALT, max_age=WRITING)
        except signing.SignatureExpired:
            return
        raise ValidationError(_("That was quick. Please wait a moment and send it again."))

    def save(self, commit=True):
        setattr(self.instance, type(self.about).__name__.lower(), self.about)
        return super().save(commit)


def _at_most(count):
    def check(text):
        if len(text) > count:
            raise ValidationError(
                _("At most %(count)d characters; this has %(length)d."),
                params={"count": count, "length": len(text)},
            )

    return check
