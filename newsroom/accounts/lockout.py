"""How often one may be wrong at the editors' door.

Three counts over half an hour, kept by django-axes in the database, so that they hold
across workers:

- an account, from anywhere but where it is at home: 10. Who guesses from many addresses
  is stopped; the editor at their own desk isn't.
- an account from an address where it is at home (it logged in there within 30 days): 10.
- an address: 30, since a whole newsroom may share it.
"""

from datetime import timedelta

from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_client_username
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from articles.addresses import home
from newsroom.models import Login

AT_HOME = timedelta(days=30)
ADDRESS_WEIGHS = 3  # an address may be wrong three times as often as an account


class Lockout(AxesDatabaseHandler):
    """The counts of django-axes, with an account's own addresses told from all others."""

    def filter_user_attempts(self, request, credentials=None):
        """Two sets of attempts: the account's, and the address's."""
        username, here = get_client_username(request, credentials), request.axes_ip_address
        of_account = AccessAttempt.objects.filter(username=username)
        if here in homes(username):
            of_account = of_account.filter(ip_address=here)
        else:
            of_account = of_account.exclude(ip_address__in=homes(username))
        return [of_account, AccessAttempt.objects.filter(ip_address=here)]

    def get_failures(self, request, credentials=None):
        """The worse of both counts, an address's divided by what it weighs less."""
        of_account, of_address = map(_failures, self.get_user_attempts(request, credentials))
        return max(of_account, of_address // ADDRESS_WEIGHS)

    def reset_user_attempts(self, request, credentials=None):
        """Who got in forgets their own slips here; what others tried elsewhere still counts."""
        username = get_client_username(request, credentials)
        mine = AccessAttempt.objects.filter(username=username, ip_address=request.axes_ip_address)
        return mine.delete()[0]


def homes(username):
    """The addresses where the account logged in within the last weeks."""
    since = timezone.now() - AT_HOME
    met = Login.objects.let_in().filter(username=username, at__gte=since)
    return {home(each) for each in met.order_by().values_list("address", flat=True).distinct()}


def _failures(attempts):
    return sum(attempts.values_list("failures_since_start", flat=True))


def locked(request, username):
    """Whether this account may not be tried from this address at the moment."""
    return not AxesProxyHandler.is_allowed(request, {"username": username})


def opens_at(request, username):
    """When it may be tried again at the latest; now, where nothing stands against it."""
    AxesProxyHandler.update_request(request)
    handler = AxesProxyHandler.get_implementation()
    counted = handler.get_user_attempts(request, {"username": username})
    newest = [attempts.aggregate(at=Max("attempt_time"))["at"] for attempts in counted]
    return max(filter(None, newest), default=timezone.now()) + settings.AXES_COOLOFF_TIME
