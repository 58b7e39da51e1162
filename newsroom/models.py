"""What the roof itself keeps: who came in by the editors' door, and who was turned away."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class LoginQuerySet(models.QuerySet):
    def of(self, user):
        """What a user may see of their own account: it is known by its name."""
        return self.filter(username=user.get_username())

    def let_in(self):
        return self.filter(kind__in=[Login.Kind.IN, Login.Kind.CODE, Login.Kind.RECOVERY])

    def outlived(self):
        """Older than addresses may be kept here."""
        return self.filter(at__lt=timezone.now() - timedelta(days=settings.LOGINS_KEPT_DAYS))


class Login(models.Model):
    """One event at the editors' door. Rows are only ever added, and deleted by age."""

    class Kind(models.TextChoices):
        IN = "in", _("Logged in")
        CODE = "code", _("Logged in with a code")
        RECOVERY = "recovery", _("Logged in with a recovery code")
        OUT = "out", _("Logged out")
        WRONG = "wrong", _("Wrong name or password")
        WRONG_CODE = "wrong_code", _("Wrong code")
        LOCKED = "locked", _("Locked out")
        PASSWORD = "password", _("Password changed")
        SET_UP = "set_up", _("Second factor set up")
        RENEWED = "renewed", _("New recovery codes")
        REMOVED = "removed", _("Second factor removed")

    at = models.DateTimeField(_("time"), auto_now_add=True, db_index=True)
    username = models.CharField(
        _("account"),
        max_length=150,
        blank=True,
        help_text=_("Empty where no account has the name that was typed: it may be a password."),
    )
    kind = models.CharField(_("event"), max_length=10, choices=Kind)
    address = models.GenericIPAddressField(_("address"), null=True, blank=True)
    browser = models.CharField(_("browser"), max_length=200, blank=True)

    objects = LoginQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("login")
        verbose_name_plural = _("logins")
        indexes = [models.Index(fields=["username", "-at"], name="login_of_account")]

    def __str__(self):
        return f"{self.username or '–'}, {self.get_kind_display()}"
