"""Reasons why something isn't taken in, in English and as who reads them says it."""

import json

import pytest
from django.utils.translation import override

from articles.reasons import Reason, Refusal, in_words, numbered

URL = "Enter a valid URL."  # a message of Django's, so that it has a translation


@pytest.mark.parametrize(
    ("reason", "english", "french"),
    [
        (Reason(URL), "Enter a valid URL.", "Saisissez une URL valide."),
        (Reason("100% %s"), "100% %s", "100% %s"),
        (
            Reason("%(count)s of %(name)s", count=1000, name=URL),
            f"1,000 of {URL}",
            f"1\xa0000 of {URL}",
        ),
        (
            Reason("%(a)s (%(b)s)", a=Reason(URL), b=Reason("%(c)s!", c=Reason(URL))),
            "Enter a valid URL. (Enter a valid URL.!)",
            "Saisissez une URL valide. (Saisissez une URL valide.!)",
        ),
        (Reason("%(a)s", a=Reason("100% of it")), "100% of it", "100% of it"),
        (Reason(""), "", ""),
    ],
)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_reason_is_english_and_kept_for_other_languages(reason, english, french, language):
    kept = json.loads(json.dumps(reason.as_json()))
    with override(language):
        assert (reason, str(reason), f"{reason}") == (english, english, english)
        told = in_words(kept)

    assert told == {"en": english, "fr": french}[language]


def test_a_reason_names_the_piece_that_it_is_of():
    assert Reason(URL).of(numbered(1200)) == "number 1,200: Enter a valid URL."


def test_a_refusal_is_raised_with_words_or_with_a_reason():
    reason = Reason("%(count)s too many", count=3)
    refusals = Refusal("%(count)s too many", count=3), Refusal(reason)

    assert [(str(each), each.reason.as_json()) for each in refusals] == [
        ("3 too many", ["%(count)s too many", {"count": 3}])
    ] * 2
