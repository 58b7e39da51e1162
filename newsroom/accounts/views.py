"""The editors' door in two steps, and what each may do about their own account there."""

import time

from django.contrib.auth import get_user_model, login
from django.contrib.auth.signals import user_login_failed
from django.contrib.auth.views import LoginView
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django_otp import login as otp_login

from newsroom.accounts import second_factor
from newsroom.accounts.events import note
from newsroom.accounts.forms import CodeForm, FirstCodeForm, ProofForm
from newsroom.accounts.lockout import locked, opens_at
from newsroom.accounts.sessions import end_all
from newsroom.models import Login

PENDING = "half_in"  # in the session: who has typed the password, and owes the code
PATIENCE = 10 * 60  # seconds that the second step waits
LAST = 10  # events of an account that its own page shows


class FirstStep(LoginView):
    """Name and password. Who has a second factor isn't in yet."""

    site = None

    def form_valid(self, form):
        user = form.get_user()
        if second_factor.device_of(user) is None:
            return super().form_valid(form)
        self.request.session.cycle_key()
        self.request.session[PENDING] = {
            "user": user.pk,
            "backend": user.backend,
            "hash": user.get_session_auth_hash(),
            "at": time.time(),
            "next": self.get_redirect_url(),
        }
        return HttpResponseRedirect(reverse("admin:login_code"))

    def form_invalid(self, form):
        if getattr(self.request, "axes_locked_out", False):
            return locked_page(self.request, self.site, form.cleaned_data.get("username", ""))
        return super().form_invalid(form)


def locked_page(request, site, username):
    """Why nobody gets in now, and when to try again."""
    context = site.each_context(request) | {
        "title": _("Locked for a while"),
        "has_permission": False,
        "opens_at": opens_at(request, username),
    }
    return TemplateResponse(request, "admin/locked.html", context, status=429)


def _pending(request):
    """Who has typed their password in this session, not long ago; else None."""
    said = request.session.get(PENDING)
    if not said or time.time() - said["at"] > PATIENCE:
        return None
    user = get_user_model().objects.filter(pk=said["user"], is_active=True).first()
    if user is None or not constant_time_compare(said["hash"], user.get_session_auth_hash()):
        return None
    user.backend = said["backend"]
    return user


@sensitive_post_parameters("code")
def second_step(request, site):
    """The code. Only with it is the session the user's."""
    user = _pending(request)
    if user is None or second_factor.device_of(user) is None:
        request.session.pop(PENDING, None)
        return HttpResponseRedirect(reverse("admin:login"))
    name = user.get_username()
    if request.method == "POST" and locked(request, name):
        return locked_page(request, site, name)
    form = CodeForm(request.POST or None, user=user)
    if form.is_valid():
        goes_to = request.session.pop(PENDING)["next"]
        user.otp_device = form.device
        login(request, user)  # a new session key; django-otp notes the device in it
        return HttpResponseRedirect(goes_to or reverse("admin:index"))
    if form.wrong:
        credentials = {"username": name, "second_factor": True}
        user_login_failed.send(sender=__name__, credentials=credentials, request=request)
        if getattr(request, "axes_locked_out", False):
            return locked_page(request, site, name)
    context = site.each_context(request) | {
        "title": _("Second step"),
        "has_permission": False,
        "form": form,
    }
    return TemplateResponse(request, "admin/login_code.html", context)


@sensitive_post_parameters()
def security(request, site):
    """What a user may do about their own account: the second factor, the last logins."""
    act = request.POST.get("act", "") if request.method == "POST" else ""
    acts = {"begin": _begin, "confirm": _confirm, "renew": _renew, "remove": _remove}
    if act in acts:
        return acts[act](request, site)
    return _security_page(request, site)


def _security_page(request, site, status=200, **more):
    user = request.user
    device = second_factor.device_of(user)
    begun = None if device else second_factor.begun(user)
    context = site.each_context(request) | {
        "title": _("Security"),
        "device": device,
        "begun": begun,
        "secret": second_factor.secret(begun) if begun else "",
        "left": second_factor.left(user) if device else 0,
        "required": second_factor.required(user),
        "owed": second_factor.owed(request),
        "first_code": FirstCodeForm(user=user),
        "proof": ProofForm(request=request),
        "logins": Login.objects.of(user)[:LAST],
        **more,
    }
    return TemplateResponse(request, "admin/security.html", context, status=status)


def _begin(request, site):
    if second_factor.device_of(request.user) is None:
        second_factor.begin(request.user)
    return HttpResponseRedirect(reverse("admin:security"))


def _confirm(request, site):
    form = FirstCodeForm(request.POST, user=request.user)
    if not form.is_valid():
        return _security_page(request, site, first_code=form)
    request.session.cycle_key()
    otp_login(request, form.device)
    end_all(request.user, but=request.session.session_key)
    note(request, request.user.get_username(), Login.Kind.SET_UP)
    return _security_page(request, site, recovery=form.recovery)


def _proved(request, site):
    """None where the user has proved who they are, else the page that says why not."""
    form = ProofForm(request.POST, request=request)
    if form.is_valid():
        return None
    if getattr(request, "axes_locked_out", False):
        return locked_page(request, site, request.user.get_username())
    return _security_page(request, site, proof=form)


def _renew(request, site):
    refused = _proved(request, site)
    if refused or second_factor.device_of(request.user) is None:
        return refused or _security_page(request, site)
    recovery = second_factor.renew(request.user)
    note(request, request.user.get_username(), Login.Kind.RENEWED)
    return _security_page(request, site, recovery=recovery)


def _remove(request, site):
    refused = _proved(request, site)
    if refused:
        return refused
    if second_factor.remove(request.user):
        request.session.pop(second_factor.DEVICE_ID_SESSION_KEY, None)
        end_all(request.user, but=request.session.session_key)
        note(request, request.user.get_username(), Login.Kind.REMOVED)
    return HttpResponseRedirect(reverse("admin:security"))


def secret_picture(request, site):
    """The QR code of the secret that waits for its first code; never one in use."""
    device = second_factor.begun(request.user)
    if device is None or second_factor.device_of(request.user):
        raise Http404
    return HttpResponse(
        second_factor.picture(device),
        content_type="image/svg+xml",
        headers={"Cache-Control": "no-store"},
    )
