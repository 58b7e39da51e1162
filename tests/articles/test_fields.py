from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from articles.fields import date_in_words, hour_in_words, iso_date, last_day

DAY = date(2022, 3, 8)


@pytest.mark.parametrize(
    ("day", "precision", "last", "iso"),
    [
        (DAY, "day", DAY, "2022-03-08"),
        (DAY, "month", date(2022, 3, 31), "2022-03"),
        (DAY, "year", date(2022, 12, 31), "2022"),
        (date(2024, 2, 1), "month", date(2024, 2, 29), "2024-02"),
        (date(2100, 2, 1), "month", date(2100, 2, 28), "2100-02"),
        (None, "day", None, None),
        (None, "year", None, None),
    ],
)
def test_a_date_knows_how_exact_it_is(day, precision, last, iso):
    assert (last_day(day, precision), iso_date(day, precision)) == (last, iso)


@pytest.mark.parametrize(
    ("language", "day", "precision", "words"),
    [
        ("fr", DAY, "day", "8 mars 2022"),
        ("fr", DAY, "month", "mars 2022"),
        ("fr", DAY, "year", "2022"),
        ("en", DAY, "month", "March 2022"),
        ("en", DAY, "year", "2022"),
        ("fr", None, "day", ""),
    ],
)
def test_date_in_words(language, day, precision, words):
    with translation.override(language):
        assert date_in_words(day, precision) == words


@pytest.mark.parametrize(
    ("language", "day", "words"),
    [
        ("en", 8, "8 March 2022, 18:00"),
        ("fr", 8, "8 mars 2022 à 18h00"),
        ("en", 1, "1 March 2022, 18:00"),
        ("fr", 1, "1er mars 2022 à 18h00"),
        ("fr", 11, "11 mars 2022 à 18h00"),
    ],
)
def test_an_hour_is_told_in_the_newsrooms_time(language, day, words):
    with translation.override(language):
        assert hour_in_words(datetime(2022, 3, day, 17, tzinfo=UTC)) == words
