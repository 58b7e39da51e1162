"""What the tests of the editors' door share."""

import time

import pytest
from django.urls import reverse
from django_otp.oath import TOTP

from newsroom.accounts import second_factor

PASSWORD = "a long password"


@pytest.fixture
def code_of():
    """The code that the user's app shows now; `ahead` steps of 30 seconds later."""

    def code(user, ahead=0, device=None):
        device = device or second_factor.device_of(user) or second_factor.begun(user)
        totp = TOTP(device.bin_key, drift=ahead)
        totp.time = time.time()
        return f"{totp.token():06}"

    return code


@pytest.fixture
def protect():
    """Give a user a second factor that nobody has used yet; returns the recovery codes."""

    def make(user):
        device = second_factor.begin(user)
        device.confirmed = True
        device.save()
        return second_factor.renew(user)

    return make


@pytest.fixture
def types():
    """Type name and password at the login, from an address."""

    def type_in(client, user, password=PASSWORD, address="203.0.113.7", **more):
        name = getattr(user, "username", user)
        return client.post(
            reverse("admin:login"),
            {"username": name, "password": password} | more,
            REMOTE_ADDR=address,
            HTTP_USER_AGENT="Firefox",
        )

    return type_in
