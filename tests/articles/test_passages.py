import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.passages import CONTEXT, NotFound, Place, locate

BODY = "Amazon a « suspendu »\u00a0l’envoi de produits.\n\nAWS n’accepte plus de clients. 🙂 Fin."


@pytest.mark.parametrize(
    ("words", "start", "exact"),
    [
        ("Amazon", 0, "Amazon"),
        ("  Amazon \n", 0, "Amazon"),
        ("l’envoi de produits", 22, "l’envoi de produits"),
        ("l'envoi de produits", 22, "l’envoi de produits"),
        ('a " suspendu " l\'envoi', 7, "a « suspendu »\u00a0l’envoi"),
        ("produits.  AWS", 33, "produits.\n\nAWS"),
        ("Fin.", 77, "Fin."),
    ],
)
def test_locate(words, start, exact):
    place = locate(BODY, words)

    assert (place.start, place.exact) == (start, exact)
    assert BODY[place.start :].startswith(place.exact)


def test_what_stands_around():
    body = "a" * 40 + "passage" + "b" * 40

    assert locate(body, "passage") == Place(40, "passage", "a" * CONTEXT, "b" * CONTEXT)
    assert locate("passage", "passage") == Place(0, "passage", "", "")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("Some text", "other words"),
        ("Some text", "some"),
        ("Some text", ""),
        ("Some text", "  "),
        ("", "Some"),
        ("twice and twice", "twice"),
        ("aaa", "aa"),
        ("l’un et l’un", "l'un"),
    ],
)
def test_words_without_one_place_are_refused(body, words):
    with pytest.raises(NotFound):
        locate(body, words)


def test_the_exact_words_win_over_those_that_look_alike():
    assert locate("l’un et l'un", "l'un").start == 8


@given(st.text(st.sampled_from("ab '’«\"\n\u00a0"), max_size=60), st.data())
def test_a_place_always_holds_what_it_names(body, data):
    start = data.draw(st.integers(0, len(body)))
    words = body[start : data.draw(st.integers(start, len(body)))]
    try:
        place = locate(body, words)
    except NotFound:
        return

    end = place.start + len(place.exact)
    assert body[place.start : end] == place.exact
    assert body[: place.start].endswith(place.prefix)
    assert body[end:].startswith(place.suffix)
