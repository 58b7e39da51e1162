"""Links by which people without an account read what isn't public yet."""

from datetime import UTC, datetime, timedelta

from django.core.signing import BadSignature, Signer
from django.utils import timezone

from companies.models import Announcement
from companies.models.announcement import new_public_id

LASTS = timedelta(days=7)
SIGNER = Signer(salt="companies.previews")


class Ended(Exception):
    """The link was ours, and has expired or was withdrawn."""


def make(announcement, lasts=LASTS) -> tuple[str, datetime]:
    """The key in a new link, and until when it opens the announcement as it is then."""
    if not announcement.preview_key:
        _keep(announcement, new_public_id())
    until = (timezone.now() + lasts).replace(microsecond=0)
    said = [announcement.public_id, announcement.preview_key, int(until.timestamp())]
    return SIGNER.sign_object(said), until


def withdraw(announcement):
    """End all links to it that were made."""
    _keep(announcement, "")


def opened(key: str) -> tuple[Announcement, datetime]:
    """What a link opens, and until when. Raises Ended, and Announcement.DoesNotExist for
    one that was never made, or that was changed on its way."""
    try:
        public_id, preview_key, until = SIGNER.unsign_object(key)
    except BadSignature:
        raise Announcement.DoesNotExist from None
    announcement = Announcement.objects.for_listing().filter(public_id=public_id).first()
    until = datetime.fromtimestamp(until, UTC)
    if announcement is None or announcement.preview_key != preview_key or until < timezone.now():
        raise Ended
    return announcement, until


def _keep(announcement, key):
    """No history: nothing that the record says has changed."""
    announcement.preview_key = key
    announcement.skip_history_when_saving = True
    announcement.save(update_fields=["preview_key"])
    del announcement.skip_history_when_saving
