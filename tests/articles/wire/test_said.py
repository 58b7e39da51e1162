"""Days, months and years that a person gives beside a file."""

from datetime import datetime

import pytest
from django.utils import timezone

from articles.wire.said import parse_date


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("2022-03-09", (2022, 3, 9), "day"),
        (" 2022-03 ", (2022, 3, 1), "month"),
        ("2022", (2022, 1, 1), "year"),
    ],
)
def test_a_date_says_how_exact_it_is(text, day, precision):
    at = timezone.make_aware(datetime(*day))
    assert parse_date(text) == {"published_at": at, "published_precision": precision}


@pytest.mark.parametrize("text", ["soon", "09/03/2022", "2022-02-30", "0001-01-01", "9999"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError, match=text):
        parse_date(text)
