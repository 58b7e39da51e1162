import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.reprints import (
    PAGE_WORDS,
    SHARED,
    fingerprints,
    folded,
    in_common,
    marked,
    shared_passages,
)
from articles.search import tokens

WIRE = (
    "Le constructeur de grues Valbrise a annoncé mardi qu'il suspendait ses livraisons en "
    "Moldavie, où il emploie cent vingt personnes.\n\n"
    "« Nous avons pesé chaque contrat avant de décider », a déclaré sa directrice générale "
    "devant la presse à Grenoble, sans donner de calendrier.\n\n"
    "L'entreprise, fondée en 1931, y réalisait quatre pour cent de son chiffre d'affaires ; "
    "ses deux ateliers restent chauffés et gardés pendant tout l'hiver."
)
OTHER = (
    "La récolte de pommes du Trièves sera cette année la plus faible depuis vingt ans, "
    "selon la coopérative, qui accuse une gelée tardive au mois d'avril.\n\n"
    "Les cidriers de la vallée ont déjà commandé des fruits dans les départements voisins, "
    "et préviennent que le prix de la bouteille montera avant Noël."
)
FIRST, SECOND, THIRD = WIRE.split("\n\n")


def test_fingerprints_are_the_same_on_every_machine():
    assert fingerprints("Une phrase assez longue pour compter, " * 2) == {238079035032731399}
    assert all(-(2**63) <= value < 2**63 for value in fingerprints(WIRE))


@pytest.mark.parametrize(
    ("text", "rewritten"),
    [
        (WIRE, WIRE.upper()),
        (WIRE, WIRE.replace("«", '"').replace("»", '"').replace("'", "’")),
        (WIRE, WIRE.replace("é", "e").replace("à", "a")),
        (WIRE, f"{THIRD}\n\n{FIRST}\n\n{SECOND}"),
        (WIRE, f"{FIRST}\n\n## Un titre\n\n{SECOND}\n\n{THIRD}\n\n(avec AFP)"),
    ],
)
def test_fingerprints_outlive_what_a_desk_changes(text, rewritten):
    assert fingerprints(text) == fingerprints(rewritten)


@pytest.mark.parametrize("text", ["", "Lire aussi.", "## Un titre\n\nPar la rédaction", "– – –"])
def test_what_tells_nothing_has_no_fingerprint(text):
    assert fingerprints(text) == set()


def test_other_texts_share_no_fingerprint():
    assert fingerprints(WIRE) & fingerprints(OTHER) == set()


@pytest.mark.parametrize(
    ("a", "b", "passages"),
    [
        (WIRE, WIRE, [WIRE]),
        (WIRE, OTHER, []),
        ("", WIRE, []),
        (f"{OTHER}\n\n{SECOND}", f"{SECOND}\n\n{FIRST}", [SECOND.removeprefix("« ")]),
        (WIRE, f"{THIRD}\n\n{FIRST}", [FIRST, THIRD]),
        (WIRE, FIRST.replace("mardi", "hier"), [FIRST.partition(" mardi ")[2]]),
        ("Un deux trois quatre cinq six sept.", "Un deux trois quatre cinq six sept.", []),
    ],
)
def test_shared_passages(a, b, passages):
    assert in_common(a, [b, "", b]) == [passages, [], passages]


def test_of_a_long_text_a_page_compares_the_beginning():
    words = [f"mot{n}" for n in range(2 * PAGE_WORDS)]

    [passages] = in_common(" ".join(words), [" ".join(words)])

    assert passages == [" ".join(words[:PAGE_WORDS])]
    assert len(shared_passages(" ".join(words), " ".join(words[PAGE_WORDS:]))) == 1


WORDS = st.lists(
    st.sampled_from("un deux L'an d'où a-t-il – « Été été. \u00a0 \n\n œuf oeuf".split(" "))
)
TEXTS = st.one_of(WORDS.map(" ".join), st.text())


@given(TEXTS, TEXTS, TEXTS)
def test_passages_are_the_same_words_and_lie_in_both_texts(a, b, middle):
    a, b = f"{a} {middle} {b}", f"{b}\n\n{middle} {a}"
    last = 0
    for start_a, end_a, start_b, end_b in shared_passages(a, b):
        mine, yours = a[start_a:end_a], b[start_b:end_b]

        assert last <= start_a < end_a <= len(a)
        assert 0 <= start_b < end_b <= len(b)
        assert tokens(mine) == tokens(yours)
        assert len(list(filter(None, map(folded, mine.split())))) >= SHARED
        last = end_a


@given(TEXTS)
def test_words_between_blanks_fold_to_the_tokens_of_the_text(text):
    assert " ".join(filter(None, map(folded, text.split()))) == " ".join(tokens(text))


@given(TEXTS, st.lists(st.integers(0, 9)))
def test_a_run_in_both_texts_is_found(text, numbers):
    run = " ".join(f"mot{n}" for n in range(SHARED))
    a, b = f"{text} {run}", " ".join(map(str, numbers)) + f" {run}."

    assert any(run in a[start:end] for start, end, *_ in shared_passages(a, b))


def test_a_long_text_keeps_a_bounded_number_of_fingerprints_and_is_still_recognised():
    words = random.Random(7)
    paragraphs = [
        " ".join(str(words.randrange(10**6)) for _ in range(60)) + "." for _ in range(400)
    ]
    whole, edited = (
        "\n\n".join(paragraphs),
        "\n\n".join([*paragraphs[:200], "x", *paragraphs[200:]]),
    )

    assert len(fingerprints(whole)) == 1_000
    assert fingerprints(whole) == fingerprints(edited)


TITLED = "## Un titre\n\nAvant, dedans\n\ndedans, après.\n\n\n\n## dedans"


@pytest.mark.parametrize(
    ("spans", "paragraphs"),
    [
        (
            [],
            [
                (True, [("Un titre", False)]),
                (False, [("Avant, dedans", False)]),
                (False, [("dedans, après.", False)]),
                (True, [("dedans", False)]),
            ],
        ),
        (
            [(49, 55), (20, 34), (22, 30)],  # out of order, one within another
            [
                (True, [("Un titre", False)]),
                (False, [("Avant, ", False), ("dedans", True)]),
                (False, [("dedans", True), (", après.", False)]),
                (True, [("dedans", True)]),
            ],
        ),
        (
            [(0, 55)],
            [
                (True, [("Un titre", True)]),
                (False, [("Avant, dedans", True)]),
                (False, [("dedans, après.", True)]),
                (True, [("dedans", True)]),
            ],
        ),
    ],
)
def test_paragraphs_are_marked_where_spans_hold_them(spans, paragraphs):
    assert marked(TITLED, spans) == paragraphs


@given(TEXTS, TEXTS)
def test_marking_loses_no_word(a, b):
    whole = "".join(
        words
        for _, parts in marked(a, [(s, e) for s, e, *_ in shared_passages(a, b)])
        for words, _ in parts
    )

    assert "".join(whole.split()).replace("#", "") == "".join(a.split()).replace("#", "")
