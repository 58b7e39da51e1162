"""The second factor: codes of a phone's app (TOTP, RFC 6238), and ten recovery codes.

django-otp keeps the devices, slows down who guesses, and takes no code twice. Recovery
codes are kept as a keyed hash, so that a copy of the database tells none.
"""

import secrets
from base64 import b32encode
from io import BytesIO
from math import ceil

import segno
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_otp import DEVICE_ID_SESSION_KEY, verify_token
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from newsroom.accounts.roles import WEIGHTY

RECOVERY_CODES = 10
ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"  # no letters that look alike
LENGTH = 10  # characters of a recovery code: 49 bits


def device_of(user):
    """The user's app, once it has proved that it knows the secret; else None."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def required(user):
    """Whether the user may do nothing without a second factor."""
    return settings.SECOND_FACTOR_REQUIRED and any(user.has_perm(name) for name in WEIGHTY)


def owed(request):
    """Whether this session must set one up first. Who has one can't log in without it."""
    return DEVICE_ID_SESSION_KEY not in request.session and required(request.user)


def offered(request):
    """Whether to remind someone who works here that a password alone protects them."""
    return settings.SECOND_FACTOR_REQUIRED and DEVICE_ID_SESSION_KEY not in request.session


def begin(user):
    """A new secret for the user's app. It counts once a code of it was typed."""
    TOTPDevice.objects.filter(user=user, confirmed=False).delete()
    return TOTPDevice.objects.create(user=user, name="app", confirmed=False)


def begun(user):
    """The device that waits for its first code, or None."""
    return TOTPDevice.objects.filter(user=user, confirmed=False).first()


def confirm(device, code):
    """The app knows the secret: from now on the login asks for it. Returns the recovery
    codes, which nobody can read again, or None where the code is wrong."""
    with transaction.atomic():
        verified = verify_token(device.user, device.persistent_id, _bare(code))
        if verified is None:
            return None
        TOTPDevice.objects.filter(user=device.user, confirmed=True).delete()
        verified.confirmed = True
        verified.save()
        device.confirmed = True
        return renew(device.user)


@transaction.atomic
def renew(user):
    """Ten new recovery codes in place of those that are left."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery")
    codes = [
        "".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in range(RECOVERY_CODES)
    ]
    for code in codes:
        device.token_set.create(token=_kept(code))
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def left(user):
    """How many recovery codes are left."""
    return sum(device.token_set.count() for device in StaticDevice.objects.filter(user=user))


def check(user, code):
    """The device that accepts the code, or None. A code is good for one login."""
    device, token = _meant(user, code)
    return device and verify_token(user, device.persistent_id, token)


def waits(user, code):
    """Seconds until such a code may be tried: each wrong one doubles them. 0 for now."""
    device, _token = _meant(user, code)
    allowed, why = device.verify_is_allowed() if device else (True, None)
    return 0 if allowed else ceil((why["locked_until"] - timezone.now()).total_seconds())


def _meant(user, code):
    """The device that a code is for, by its length, and the code as that device has it."""
    code = _bare(code)
    if len(code) == LENGTH:
        return StaticDevice.objects.filter(user=user).first(), _kept(code)
    return device_of(user), code


def remove(user):
    """Take the second factor off an account, recovery codes included; whether it had one."""
    had = device_of(user) is not None
    for model in (TOTPDevice, StaticDevice):
        model.objects.filter(user=user).delete()
    return had


def secret(device):
    """The secret as apps take it typed: base32 in groups of four."""
    text = b32encode(device.bin_key).decode()
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def picture(device):
    """The secret as a QR code: an SVG document in bytes, dark on white in every theme."""
    out = BytesIO()
    segno.make(device.config_url, error="m").save(
        out, kind="svg", scale=5, border=4, light="#fff", dark="#000"
    )
    return out.getvalue()


def _bare(code):
    """The code without the spaces and hyphens that make it readable."""
    return "".join(code.split()).replace("-", "").lower()


def _kept(code):
    return salted_hmac("newsroom.recovery", code).hexdigest()[:16]
