"""Writes down what happens at the editors' door; `NewsroomConfig.ready` opens its ears."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice

from articles.addresses import address_of
from newsroom.accounts.sessions import stir
from newsroom.models import Login


def note(request, username, kind):
    """Write one event down. `username` may be None; `request` is where it came from."""
    browser = request.META.get("HTTP_USER_AGENT", "")[:200]
    return Login.objects.create(
        username=username or "", kind=kind, address=address_of(request), browser=browser
    )


def _came_in(sender, request, user, **_):
    stir(request)
    device = getattr(user, "otp_device", None)
    kind = Login.Kind.CODE if device else Login.Kind.IN
    note(
        request,
        user.get_username(),
        Login.Kind.RECOVERY if isinstance(device, StaticDevice) else kind,
    )


def _went_out(sender, request, user, **_):
    if user:
        note(request, user.get_username(), Login.Kind.OUT)


def _was_refused(sender, credentials, request=None, **_):
    if request is None:
        return  # nobody stands at a door: a script asked
    typed = credentials.get("username") or ""
    known = get_user_model().objects.filter(username=typed).exists()
    username = typed if known else ""
    if not getattr(request, "axes_locked_out", False):
        wrong = Login.Kind.WRONG_CODE if "second_factor" in credentials else Login.Kind.WRONG
        note(request, username, wrong)
    elif not _told(request, username):
        note(request, username, Login.Kind.LOCKED)


def _told(request, username):
    """A lock is written down once, however often somebody knocks while it holds."""
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    return Login.objects.filter(
        kind=Login.Kind.LOCKED, username=username, address=address_of(request), at__gte=since
    ).exists()


def listen():
    user_logged_in.connect(_came_in, dispatch_uid="newsroom.came_in")
    user_logged_out.connect(_went_out, dispatch_uid="newsroom.went_out")
    user_login_failed.connect(_was_refused, dispatch_uid="newsroom.was_refused")
