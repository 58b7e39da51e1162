from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, CommandError
from django.http import HttpRequest

from newsroom.accounts import second_factor
from newsroom.accounts.events import note
from newsroom.accounts.sessions import end_all
from newsroom.models import Login


class Command(BaseCommand):
    help = "Take the second factor off an account whose phone is lost, and end its sessions."

    def add_arguments(self, parser):
        parser.add_argument("username", metavar="ACCOUNT")

    def handle(self, *, username, **options):
        user = get_user_model().objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"No account “{username}”.")
        if not second_factor.remove(user):
            self.stdout.write(f"{username} has no second factor.")
            return
        end_all(user)
        note(HttpRequest(), username, Login.Kind.REMOVED)
        self.stdout.write(f"{username} logs in with the password alone until a new one is set up.")
