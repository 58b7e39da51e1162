"""The suite's own PostgreSQL server: it comes, it goes, and it says why it doesn't."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

TOOL = Path(__file__).parent.parent.parent / "tools" / "with_postgres.py"
spec = importlib.util.spec_from_file_location("with_postgres", TOOL)
with_postgres = importlib.util.module_from_spec(spec)
spec.loader.exec_module(with_postgres)


@pytest.mark.parametrize(
    ("required", "code", "said"),
    [("", 0, "skipped: "), ("0", 0, "skipped: "), ("1", 1, "failed: ")],
)
def test_without_its_programs(monkeypatch, capsys, required, code, said):
    monkeypatch.setenv("REQUIRE_ALL", required)

    assert with_postgres.missing() == code
    assert capsys.readouterr().out.startswith(said)


@pytest.mark.parametrize("code", [0, 3])
def test_the_commands_exit_code_is_its_own(code):
    command = [sys.executable, "-c", f"raise SystemExit({code})"]
    done = subprocess.run([sys.executable, "-c", RUN, *command], check=False)

    assert done.returncode == code


RUN = f"""
import sys
sys.path.insert(0, {str(TOOL.parent)!r})
import with_postgres
sys.exit(with_postgres.run(sys.argv[1:], "postgres://nowhere"))
"""


def test_nothing_of_the_surroundings_leads_elsewhere(monkeypatch):
    monkeypatch.setenv("PGPORT", "1")
    monkeypatch.setenv("KEPT", "1")

    assert {"PGPORT", "KEPT"} & with_postgres.clean_environment().keys() == {"KEPT"}


def test_a_server_of_its_own_comes_and_goes(tmp_path):
    if not with_postgres.find_programs():
        pytest.skip("PostgreSQL isn't installed")
    tell = "import os; print(os.environ['DATABASE_URL'])"
    done = subprocess.run(
        [sys.executable, TOOL, sys.executable, "-c", tell],
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
    )

    url = done.stdout.strip()
    assert url.startswith("postgres://exeunt@/")
    directory = Path(url.removeprefix("postgres://exeunt@").rpartition("/")[0])
    assert not directory.exists()
    assert os.environ.get("DATABASE_URL") != url
