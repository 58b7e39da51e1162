"""The day that a sentence names beside its verb of saying. All sentences are invented."""

from datetime import date

import pytest

from companies.announcing.days import told_on

PUBLISHED = date(2022, 3, 17)  # a Thursday
MONDAY = date(2022, 3, 14)


@pytest.mark.parametrize(
    ("language", "sentence", "day"),
    [
        ("fr", "Zorblax a annoncé lundi 14 mars 2022 quitter la Russie.", MONDAY),
        ("fr", "Zorblax a annoncé, le 1er mars 2022, quitter la Russie.", date(2022, 3, 1)),
        ("fr", "« Nous quittons la Russie », a déclaré lundi le groupe.", MONDAY),
        ("en", "Zorblax said on 14 March 2022 that it would leave Russia.", MONDAY),
        ("en", "Zorblax announced on Monday, March 14, 2022, that it leaves Russia.", MONDAY),
        ("en", "Zorblax said Monday it would leave Russia.", MONDAY),
        # Another day than that of the word, or nobody knows which.
        ("fr", "Zorblax a annoncé quitter la Russie à partir du 14 mars 2022.", None),
        ("fr", "Zorblax a annoncé jeudi quitter la Russie.", None),
        ("fr", "Zorblax a annoncé lundi dernier quitter la Russie.", None),
        ("fr", "Zorblax a annoncé lundi 7 quitter la Russie.", None),
        ("fr", "Zorblax a annoncé mardi 14 mars 2022 quitter la Russie.", None),
        ("fr", "Zorblax a annoncé le 31 février 2022 quitter la Russie.", None),
        ("en", "Zorblax said on 21 March 2022 that it would leave Russia.", None),
        ("en", "Zorblax said on Monday, and announced on Tuesday, that it leaves.", None),
        ("en", "Zorblax plans on Monday to leave Russia.", None),
        ("en", "Zorblax said", None),
        ("de", "Zorblax sagte am Montag nichts.", None),
    ],
)
def test_the_day_of_an_announcement(language, sentence, day):
    assert told_on(sentence, language, PUBLISHED) == day
