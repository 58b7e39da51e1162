"""Moments that tests ask about."""

from datetime import timedelta

from django.utils import timezone


def known_now():
    """The parameter that asks what the archive knows at this moment, as a citation does: by
    the end of the running second."""
    return f"known_at={timezone.now() + timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}"
