"""Commands that are killed in the middle of their work, at the same place on every machine."""

import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
SCRIPT = """
import os, signal, sys
import django
django.setup()
from django.core.management import call_command
from django.db import connection
left = int(sys.argv[1])
def counted(execute, *told):
    global left
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
    left -= 1
    return execute(*told)
with connection.execute_wrapper(counted):
    call_command(*sys.argv[2:])
"""


def killed(environment, statements, *command):
    """Run a management command in a process of its own, which ends itself at once before
    its next statement when it has sent so many to the database; what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(statements), *map(str, command)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    return done.stdout
