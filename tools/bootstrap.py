"""Makes .venv and installs a requirements file in it; does nothing when nothing changed.

Standard library only, and syntax that Python 3.6 reads: it runs before anything is installed.
"""

import hashlib
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed"
EVERYTHING = "requirements-dev.txt"  # includes requirements.txt
OLDEST, NEWEST = (3, 11), (3, 13)


def main(requirements):
    check_python()
    check_writable()
    uv = find_uv()
    if not usable(uv):
        create(uv)
    if not installed(requirements):
        install(requirements, uv)


def check_python():
    running = "{}.{}".format(*sys.version_info)
    if sys.version_info[:2] < OLDEST:
        sys.exit(
            f"Python {running} is too old: install Python 3.11, 3.12 or 3.13, "
            "or name one with PYTHON=/path/to/python3.13."
        )
    if sys.version_info[:2] > NEWEST:
        say(f"Python {running} is newer than any that was tried (3.11 to 3.13); going on.")


def check_writable():
    for directory in (ROOT, VENV, ROOT / "var"):
        if directory.exists():
            try:
                tempfile.TemporaryFile(dir=str(directory)).close()
            except OSError as error:
                sys.exit(f"Can't write in {directory}: {error.strerror}.")


def find_uv():
    """The path of uv if it is there and starts, else None."""
    uv = shutil.which("uv")
    return uv if uv and succeeds([uv, "--version"]) else None


def usable(uv):
    """Whether .venv has this Python's version and something to install with."""
    probe = f"import sys; assert sys.version_info[:2] == {tuple(sys.version_info[:2])}"
    return succeeds([str(PYTHON), "-c", probe if uv else probe + "; import pip"])


def create(uv):
    say("Making .venv with Python {}.{} ...".format(*sys.version_info))
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    if not succeeds([*command, "--without-pip"] if uv else command):
        shutil.rmtree(str(VENV), ignore_errors=True)
        sys.exit(
            "This Python can't make a virtual environment: install its venv module "
            "(Debian, Ubuntu: apt install python3-venv) and run this again."
        )


def installed(requirements):
    return STAMP.exists() and STAMP.read_text() in (stamp(requirements), stamp(EVERYTHING))


def stamp(requirements):
    """What .venv/installed says once a file is installed: which one, and the files' hash."""
    digest = hashlib.sha256()
    for path in sorted(ROOT.glob("requirements*.txt")):
        digest.update(path.read_bytes())
    return f"{requirements} {digest.hexdigest()}\n"


def install(requirements, uv):
    path = str(ROOT / requirements)
    if uv:
        say(f"Installing {requirements} with uv ...")
        command = [uv, "pip", "install", "--python", str(PYTHON), "--require-hashes", "-r", path]
        code = subprocess.call(command)
    else:
        say(f"Installing {requirements} with pip, about a minute ...")
        command = [str(PYTHON), "-m", "pip", "install", "--require-hashes", "-r", path]
        code = show_progress([*command, "--progress-bar=off", "--disable-pip-version-check"])
    if code:
        sys.exit(
            f"{requirements} couldn't be installed; the reason stands above. If it is the network, "
            "run this again: what has arrived is kept."
        )
    STAMP.write_text(stamp(requirements))
    say("Installed.")


def show_progress(command):
    """Runs pip and shows one line for each package that it fetches."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, universal_newlines=True) as process:
        for line in process.stdout:
            if line.startswith("Collecting "):
                say("  " + line.split()[1])
    return process.returncode


def succeeds(command):
    """Whether a command exists and ends without an error; its output isn't shown."""
    try:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.call(command, **quiet) == 0
    except OSError:
        return False


def say(line):
    print(line, flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except KeyboardInterrupt:
        sys.exit("Stopped; run this again to go on.")
