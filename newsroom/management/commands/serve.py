import errno
import os
import secrets
import socket
import sys

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, CommandError, call_command
from django.db import OperationalError, connections

EDITOR = "editor"
DOORS = {"Site": "", "Admin": "admin/", "API": "api/v1/", "API docs": "api/docs/"}


class Command(BaseCommand):
    """From nothing to a running site; on a later run only what is new is done."""

    help = "Prepare the database, load the starter archive, make the editor's account, and serve."

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", default=8000, type=int, help="port to listen on")

    def handle(self, *, host, port, **options):
        try:
            self.check_port(host, port)
            self.prepare()
            self.welcome(host, port)
            self.serve(host, port)
        except OperationalError as error:
            raise CommandError(f"The database can't be used: {error}") from error
        except KeyboardInterrupt:
            sys.exit(130)

    def check_port(self, host, port):
        """Learn before the long work, and in one line, that the address can't be had."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            with socket.create_server((host, port), family=family):
                pass
        except (OSError, OverflowError) as error:
            if getattr(error, "errno", None) == errno.EADDRINUSE:
                reason = f"Port {port} is in use: try PORT={port + 1} make run"
            else:
                reason = f"Can't listen on {host}, port {port}: {error}"
            raise CommandError(reason) from error

    def prepare(self):
        self.say("Preparing the database ...")
        call_command("migrate", interactive=False, verbosity=0)
        self.say("Loading the starter archive ...")
        call_command("load_starter", stdout=self.stdout)

    def welcome(self, host, port):
        self.say("")
        for name, path in DOORS.items():
            self.say(f"{name:10}http://{host}:{port}/{path}")
        self.say(f"{'Account':10}{self.account()}")
        self.say("Ctrl-C stops the server.")

    def account(self):
        """The editor's name and, the first time only, the password: it is kept as a hash."""
        users = get_user_model().objects
        if users.filter(username=EDITOR).exists():
            command = f"DEBUG=1 .venv/bin/python manage.py changepassword {EDITOR}"
            return f"{EDITOR} (a new password: {command})"
        password = secrets.token_urlsafe(12)
        users.create_superuser(EDITOR, password=password)
        return f"{EDITOR}, password {password} (shown this once)"

    def serve(self, host, port):
        """Give this process to gunicorn; GUNICORN_CMD_ARGS adds to what is set here."""
        connections.close_all()
        self.stdout.flush()
        address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        command = [sys.executable, "-m", "gunicorn", "newsroom.wsgi:application"]
        command += ["--bind", address, "--chdir", str(settings.BASE_DIR)]
        command += ["--workers", "2", "--worker-class", "gthread", "--threads", "4"]
        command += ["--log-level", "warning", "--no-control-socket"]
        os.execv(sys.executable, command)

    def say(self, line):
        self.stdout.write(line)
        self.stdout.flush()
