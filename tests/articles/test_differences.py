from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.differences import differences

SAID = "Nike suspend ses livraisons en Russie.\n\nLes magasins restent ouverts."
TEXTS = st.lists(st.sampled_from(["un ", "deux", "\n\n", ".", " ", "trois, "])).map("".join)


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("", "", []),
        (SAID, SAID, [("same", SAID)]),
        ("", "Un mot.", [("new", "Un mot.")]),
        ("Un mot.", "", [("gone", "Un mot.")]),
        (
            SAID,
            SAID.replace("restent ouverts", "sont fermés"),
            [
                ("same", SAID.partition(" restent")[0]),
                ("gone", " restent ouverts"),
                ("new", " sont fermés"),
                ("same", "."),
            ],
        ),
        (
            "le 9, 10 mars",
            "le 12, 13 mars",  # the comma alone between two changes isn't kept apart
            [("same", "le"), ("gone", " 9, 10"), ("new", " 12, 13"), ("same", " mars")],
        ),
        (
            "Un.\n\nDeux.\n\nTrois",
            "Un.\n\nTrois.\n\nDeux",
            [("same", "Un.\n\n"), ("gone", "Deux.\n\nTrois"), ("new", "Trois.\n\nDeux")],
        ),
    ],
)
def test_differences(old, new, found):
    assert differences(old, new) == found


@given(TEXTS, TEXTS)
def test_both_texts_are_there_whole(old, new):
    found = differences(old, new)

    assert "".join(words for kind, words in found if kind != "new") == old
    assert "".join(words for kind, words in found if kind != "gone") == new
    assert all(words for _kind, words in found)
    assert all(a[0] != b[0] for a, b in pairwise(found))


def test_a_word_in_a_long_text_is_found():
    paragraphs = [f"Paragraphe {number} : la société a dit oui." for number in range(6000)]
    old = "\n\n".join(paragraphs)
    paragraphs[4321] = paragraphs[4321].replace("oui", "non")

    found = differences(old, "\n\n".join(paragraphs))

    assert [part for part in found if part[0] != "same"] == [("gone", " oui"), ("new", " non")]
