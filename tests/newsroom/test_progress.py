"""How long work says how far it has come."""

from io import StringIO

import pytest

from newsroom import progress
from newsroom.progress import Progress, remaining, told


@pytest.mark.parametrize(
    ("count", "total", "seconds", "said"),
    [
        (0, 10, 0, "0 of 10 rows, 0 a second, ? left"),
        (1_500, 20_000, 5, "1,500 of 20,000 rows, 300 a second, 62 s left"),
        (11, 10, 1, "11 of 10 rows, 11 a second, 0 s left"),
        (1_500, None, 5, "1,500 rows, 300 a second"),
    ],
)
def test_what_is_told(count, total, seconds, said):
    assert told(count, "rows", total, seconds) == said


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.2, "0 s"), (89, "89 s"), (180, "3 min"), (7_500, "2 h 05 min")]
)
def test_the_time_that_remains(seconds, said):
    assert remaining(seconds) == said


class Terminal(StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(("stream", "begins", "lines"), [(Terminal, "\r", 1), (StringIO, "", 3)])
def test_one_moving_line_on_a_terminal_and_plain_ones_elsewhere(stream, begins, lines, monkeypatch):
    monkeypatch.setattr(progress, "MOVING", 0)
    monkeypatch.setattr(progress, "PLAIN", 0)
    work = Progress(stream(), "rows", 2)
    work.step()
    work.step()
    work.close()
    said = work.stream.getvalue()
    assert said.startswith(f"{begins}1 of 2 rows, ")
    assert (said.count("\n"), said[-1]) == (lines, "\n")


def test_short_work_says_nothing():
    work = Progress(StringIO(), "rows", 1)
    work.step()
    work.close()
    assert work.stream.getvalue() == ""
