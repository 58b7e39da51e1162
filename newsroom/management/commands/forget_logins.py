from axes.models import AccessAttempt
from django.conf import settings
from django.core.management import BaseCommand, call_command
from django.utils import timezone

from companies.models import Sending
from newsroom.models import Login


class Command(BaseCommand):
    help = (
        "Delete what is no longer needed at the doors: logins older than LOGINS_KEPT_DAYS, "
        "counts of wrong passwords and of readers' requests whose time is over, ended "
        "sessions. Run it every night."
    )

    def handle(self, **options):
        logins, _of_each = Login.objects.outlived().delete()
        over = timezone.now() - settings.AXES_COOLOFF_TIME
        counts, _of_each = AccessAttempt.objects.filter(attempt_time__lt=over).delete()
        Sending.objects.outlived().delete()
        call_command("clearsessions")
        self.stdout.write(f"{logins} logins, {counts} counts of wrong passwords deleted")
