"""What dates and a status make of a piece: when it may be read, and what the desk is told."""

from datetime import UTC, datetime

import pytest

from articles.wire.item import Status
from articles.wire.pieces import standing

EARLY, LATE = "2022-03-10T07:00:00Z", "2022-03-11T08:00:00+01:00"
EARLY_AT = datetime(2022, 3, 10, 7, tzinfo=UTC)
LATE_AT = datetime(2022, 3, 11, 7, tzinfo=UTC)
EMBARGO = "Its embargo has no end that can be read: "
EXPIRY = "The end of its right of use can't be read: "


@pytest.mark.parametrize(
    ("embargoes", "expiries", "expected", "notes"),
    [
        ([], [], {}, []),
        ([EARLY, LATE], [], {"embargo": LATE_AT}, []),
        ([], [LATE, EARLY], {"expires_at": EARLY_AT}, []),
        (["Thursday"], [], {"status": "withheld"}, [f"{EMBARGO}Thursday"]),
        (["Thursday", EARLY], [], {"status": "withheld", "embargo": EARLY_AT},
         [f"{EMBARGO}Thursday"]),
        ([""], [], {"status": "withheld"}, [f"{EMBARGO}no date"]),
        (["9999-12-31T23:59:59-05:00"], [], {"status": "withheld"},
         [f"{EMBARGO}9999-12-31T23:59:59-05:00"]),
        (["x" * 100], [], {"status": "withheld"}, [EMBARGO + "x" * 60]),
        ([], ["31/12/2021"], {"status": "withheld"}, [f"{EXPIRY}31/12/2021"]),
        ([], ["31/12/2021", EARLY], {"status": "withheld", "expires_at": EARLY_AT},
         [f"{EXPIRY}31/12/2021"]),
        ([], ["0001-01-01"], {"status": "withheld"}, [f"{EXPIRY}0001-01-01"]),
        ([], ["", "9999-12-31T23:59:59-05:00"], {}, []),
    ],
)  # fmt: skip
def test_dates_hold_a_piece_back(embargoes, expiries, expected, notes):
    fields = {"status": "usable", "embargo": None, "expires_at": None} | expected
    assert standing(Status.USABLE, embargoes, expiries) == (fields, notes)


@pytest.mark.parametrize(
    ("status", "expected"),
    [("usable", "withheld"), ("withheld", "withheld"), ("canceled", "canceled")],
)
def test_a_kill_stays_a_kill(status, expected):
    fields, _notes = standing(Status(status), ["Thursday"])
    assert fields["status"] == expected
