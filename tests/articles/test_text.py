import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text import BIDI, ZERO_WIDTH, clean, clean_line, paragraphs

# Everything that a wire may carry, lone surrogates too, with the awkward ones more often.
AWKWARD = st.sampled_from(
    "\0\r\n\t \u00a0\u2028\u2029\u200b\u200d\u200c\u202e\ufeff\ud800e\u0301é# "
)
TEXTS = st.text(st.one_of(AWKWARD, st.characters()))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("One\r\nTwo\rThree", "One\nTwo\nThree"),
        ("One\n\n\n\n\nTwo", "One\n\nTwo"),
        ("\n\n One \n  \n Two \n\n", "One\n\nTwo"),
        ("One\u2028Two\u2029Three", "One\nTwo\n\nThree"),
        ("a\0b\x07c\x1bd", "abcd"),
        ("a\tb", "a b"),
        ("e\u0301té", "été"),
        ("bad\u202egniht\u202c", "badgniht"),
        ("soft\u00adhyphen zero\u200bwidth \ufeffmark", "softhyphen zerowidth mark"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष", "क्\u200dष"),
        ("a \u200d b\u200d", "a  b"),
        ("lone \ud800 surrogate", "lone  surrogate"),
        ("5 millions « d’euros »", "5 millions « d’euros »"),
        ("## A subhead\n\nText", "## A subhead\n\nText"),
        ("e\u200b\u0301", "é"),
        ("a\u0323" + "\u0301" * 100, "ạ" + "\u0301" * 29),
        ("a" + "\u0f73" * 20, "a" + "\u0f71" * 20 + "\u0f72" * 10),  # one is two
        ("<b>R&D</b>", "<b>R&D</b>"),
    ],
)
def test_clean(text, expected):
    assert clean(text) == expected


@given(TEXTS)
def test_clean_text_is_clean(text):
    cleaned = clean(text)

    assert clean(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not set(cleaned) & (BIDI | ZERO_WIDTH)
    assert {unicodedata.category(c) for c in cleaned if c != "\n"}.isdisjoint({"Cc", "Cs"})
    assert "\n\n\n" not in cleaned
    assert cleaned == cleaned.strip("\n ")
    cleaned.encode()


@given(TEXTS)
def test_a_clean_line_is_one_line(text):
    line = clean_line(text)

    assert clean_line(line) == line
    assert "\n" not in line
    assert "  " not in line


@given(st.text(st.characters(categories=["Lu", "Ll", "Nd", "Po"], max_codepoint=0x24F)))
def test_letters_and_punctuation_stay(text):
    assert clean(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    "mark", ["a", "\n", " ", "\u0301", "\u0301\u0323", "\u0f73", "\u200d", "\0", "\r", "\u202e"]
)
def test_cleaning_takes_linear_time(mark):
    def seconds(length):
        start = time.thread_time()  # its own work, whatever else the machine does
        clean(mark * length)
        return time.thread_time() - start

    seconds(1000)
    assert seconds(100_000) < 2


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", []),
        ("One", [(False, "One")]),
        (
            "One\n\n## Two\n\nThree\nstill three",
            [(False, "One"), (True, "Two"), (False, "Three\nstill three")],
        ),
        ("##No subhead", [(False, "##No subhead")]),
    ],
)
def test_paragraphs(body, expected):
    assert paragraphs(body) == expected
