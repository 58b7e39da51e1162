"""Runs a command with a PostgreSQL server of its own: tools/with_postgres.py pytest -k search.

The server lives in a temporary directory and is reached by a socket in it, so that no port is
taken and nobody else gets in. The command finds it in DATABASE_URL.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

USER = "exeunt"
SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{directory}'
fsync = off
synchronous_commit = off
full_page_writes = off
"""


def main(command):
    programs = find_programs()
    if not programs:
        return missing()
    with server(programs) as url:
        return run(command, url)


def find_programs():
    """The directory of the newest server's programs, or None."""
    debian = Path("/usr/lib/postgresql").glob("[0-9]*/bin")
    newest_first = sorted(debian, key=lambda path: float(path.parent.name), reverse=True)
    on_path = [Path(folder) for folder in os.get_exec_path()]
    for folder in [*newest_first, *on_path]:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    return None


def missing():
    reason = "PostgreSQL isn't installed (no initdb in /usr/lib/postgresql/*/bin or on PATH)"
    if os.environ.get("REQUIRE_ALL") == "1":
        print(f"failed: {reason}, and REQUIRE_ALL=1 asks for it")
        return 1
    print(f"skipped: {reason}")
    return 0


@contextmanager
def server(programs):
    """A running server's DATABASE_URL; server and data are gone afterwards."""
    # Not TMPDIR: a socket's path must be short, and another user must reach it.
    directory = Path(tempfile.mkdtemp(prefix="exeunt-", dir="/tmp"))
    data = directory / "data"
    as_owner = {"cwd": directory, "env": clean_environment(), "stdout": subprocess.DEVNULL}
    if os.geteuid() == 0:  # which initdb refuses
        owner = unprivileged()
        os.chown(directory, owner.pw_uid, owner.pw_gid)
        as_owner |= {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}

    def pg(program, *arguments, check=True):
        subprocess.run([programs / program, "-D", data, *arguments], **as_owner, check=check)

    try:
        pg("initdb", "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        with (data / "postgresql.conf").open("a") as file:
            file.write(SETTINGS.format(directory=directory))
        pg("pg_ctl", "start", "-w", "-l", data / "log")
        # The database named here is only the door: the tests make their own.
        yield f"postgres://{USER}@/{directory}/postgres"
    finally:
        if (data / "postmaster.pid").exists():
            pg("pg_ctl", "stop", "-m", "immediate", check=False)
        shutil.rmtree(directory, ignore_errors=True)


def unprivileged():
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def clean_environment():
    """Ours without PGPORT and its like, which would lead elsewhere."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def run(command, url):
    """The command's exit code; a signal to stop goes to the command, so that we can clean up."""
    process = subprocess.Popen(command, env=clean_environment() | {"DATABASE_URL": url})
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    signal.signal(signal.SIGHUP, lambda *_: process.terminate())
    signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C reaches the command by itself
    code = process.wait()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGHUP, lambda *_: sys.exit(129))
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
    except FileNotFoundError as error:
        sys.exit(f"{error.filename}: no such command")
    except subprocess.CalledProcessError as error:
        sys.exit(f"PostgreSQL: {Path(error.cmd[0]).name} failed with code {error.returncode}")
