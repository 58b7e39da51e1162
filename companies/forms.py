"""What readers may send: their one form, without a cookie."""

from functools import partial

from django import forms
from django.core import signing
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from articles.text import clean
from companies.models import CorrectionRequest

SALT = "companies.correction_request"
LASTS = 4 * 60 * 60  # seconds for which a form may be sent
WRITING = 3  # seconds that a person takes at least
AN_HOUR = 60 * 60
AT_MOST = 10  # requests an hour from one address


class CorrectionRequestForm(forms.ModelForm):
    """A reader's request.

    What keeps machines off, without a third party: a signed token that names the
    record and expires, a field that no person sees, a few seconds for writing, and a
    number of requests an hour from one address, of which only a keyed hash is kept.
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
        widgets = {"text": forms.Textarea(attrs={"rows": 6, "maxlength": 5_000})}

    def __init__(self, *args, about, sender, **kwargs):
        self.about, self.sender = about, sender
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
        if not self.errors:
            self._count()
        return data

    def _check_token(self, token):
        try:
            named = signing.loads(token, salt=SALT, max_age=LASTS)
        except signing.BadSignature:
            named = None
        if named != self._named():
            self.data = self.data.copy()
            self.data["token"] = self.initial["token"]  # what was typed can be sent with this
            raise ValidationError(_("This page had been open for long. Please send it again."))
        try:
            signing.loads(token, salt=SALT, max_age=WRITING)
        except signing.SignatureExpired:
            return
        raise ValidationError(_("That was quick. Please wait a moment and send it again."))

    def _count(self):
        key = "correction-requests:" + salted_hmac(SALT, self.sender).hexdigest()
        cache.add(key, 0, AN_HOUR)
        if cache.incr(key) > AT_MOST:
            raise ValidationError(
                _("Many requests have come from your address. Please try again in an hour.")
            )

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
