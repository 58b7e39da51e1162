"""Sessions at the editors' door; a reader has none."""

from datetime import timedelta

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

STIRS = timedelta(minutes=10)  # how often a session in use is written anew
STIRRED = "stirred_at"


def stir(request):
    """Count the idle time from now; written at most once in ten minutes."""
    now = timezone.now().timestamp()
    if now - request.session.get(STIRRED, 0) > STIRS.total_seconds():
        request.session[STIRRED] = now


def end_all(user, *, but=None):
    """End the user's sessions, but for the one with the key `but`. There are as many
    sessions as people at the desk, so each is looked into."""
    for session in Session.objects.filter(expire_date__gt=timezone.now()):
        if session.session_key != but and session.get_decoded().get(SESSION_KEY) == str(user.pk):
            session.delete()
