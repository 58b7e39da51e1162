"""The settings as a fresh process reads them from its environment."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PRODUCTION = {
    "SECRET_KEY": "k7GqX0vUe3nRz9LwYb5TfJd2HsMpA8cVoBiKxEyNhQtWrDuSgF1Z4lCmPja6",
    "ALLOWED_HOSTS": "archive.example.org",
}
OWN = ("SECRET_KEY", "DEBUG", "ALLOWED_HOSTS", "DATABASE_URL", "DATA_DIR", "DJANGO_SETTINGS_MODULE")


@pytest.fixture
def python(tmp_path):
    """Run Python in the project's root with an environment of its own."""

    def run(*arguments, **environment):
        clean = {name: value for name, value in os.environ.items() if name not in OWN}
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=clean | {"DATA_DIR": str(tmp_path / "data")} | environment,
            capture_output=True,
            text=True,
            timeout=600,
        )

    return run


def shown(python, expression, **environment):
    done = python("-c", f"from newsroom import settings; print(({expression}))", **environment)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("environment", [{}, {"SECRET_KEY": ""}, {"DEBUG": "0"}])
def test_a_missing_secret_key_stops_the_start(python, environment):
    done = python("-c", "import newsroom.settings", **environment)

    assert done.returncode != 0
    assert "SECRET_KEY is missing" in done.stderr


def test_safe_by_default(python):
    expression = (
        "settings.DEBUG, settings.SECURE_SSL_REDIRECT, settings.SESSION_COOKIE_SECURE, "
        "settings.CSRF_COOKIE_SECURE, settings.ALLOWED_HOSTS, settings.SECURE_HSTS_SECONDS > 0"
    )

    assert shown(python, expression, SECRET_KEY="x") == "(False, True, True, True, [], True)"


def test_to_try_things_out_debug_is_enough(python, tmp_path):
    first = shown(python, "settings.DEBUG, settings.SECRET_KEY", DEBUG="1")

    assert first.startswith("(True, '")
    assert shown(python, "settings.DEBUG, settings.SECRET_KEY", DEBUG="1") == first
    key = tmp_path / "data" / "secret_key"
    assert key.stat().st_mode & 0o777 == 0o600


def test_a_proxys_word_is_believed_where_the_installation_says_so(python):
    expression = "getattr(settings, 'SECURE_PROXY_SSL_HEADER', None)"

    assert shown(python, expression, **PRODUCTION) == "None"
    assert shown(python, expression, **PRODUCTION, BEHIND_PROXY="1") == (
        "('HTTP_X_FORWARDED_PROTO', 'https')"
    )


def test_djangos_own_check_finds_nothing_to_say_in_production(python):
    done = python("manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)

    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr


def test_djangos_own_check_would_find_something(python):
    done = python(
        "manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION, DEBUG="1"
    )

    assert done.returncode == 1
    assert "security.W018" in done.stderr


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "(True, False)"),
        ({"DEBUG": "1"}, "(False, False)"),
        ({"DEBUG": "1", "SECOND_FACTOR_REQUIRED": "1"}, "(True, False)"),
        ({"SECOND_FACTOR_REQUIRED": "0", "BEHIND_PROXY": "1"}, "(False, True)"),
    ],
)
def test_the_second_factor_is_required_but_where_one_tries_things_out(
    python, environment, expected
):
    expression = "settings.SECOND_FACTOR_REQUIRED, settings.BEHIND_PROXY"

    assert shown(python, expression, **PRODUCTION | environment) == expected


def test_what_the_house_promises(python):
    expression = (
        "settings.CONTENT_SECURITY_POLICY['DIRECTIVES']['default-src'], settings.X_FRAME_OPTIONS, "
        "settings.SESSION_COOKIE_AGE, settings.DATABASES['default']['OPTIONS']['transaction_mode']"
    )

    assert shown(python, expression, **PRODUCTION) == (
        """(["'self'"], 'DENY', 43200, 'IMMEDIATE')"""
    )


@pytest.mark.parametrize(
    ("query", "options"),
    [("", "-c jit=off"), ("?options=-c%20work_mem%3D64MB", "-c work_mem=64MB")],
)
def test_the_database_is_read_from_its_address(python, query, options):
    url = f"postgres://somebody:secret@db.example.org:5433/archive{query}"
    expression = "[settings.DATABASES['default'].get(k) for k in ('ENGINE', 'HOST', 'OPTIONS')]"

    assert shown(python, expression, **PRODUCTION, DATABASE_URL=url) == (
        f"['django.db.backends.postgresql', 'db.example.org', {{'options': '{options}'}}]"
    )
