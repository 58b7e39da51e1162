import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.marks import Paragraph, Piece, layers

TEXT = "Nike part.\n\n## Suite\n\nAmazon aussi."


@pytest.mark.parametrize(
    ("text", "spans", "found"),
    [
        ("", [], []),
        ("Un mot", [], [Paragraph(0, False, (Piece("Un mot", ()),))]),
        (
            TEXT,
            [(0, 4, "nike"), (22, 35, "passage"), (22, 28, "amazon")],
            [
                Paragraph(0, False, (Piece("Nike", ("nike",)), Piece(" part.", ()))),
                Paragraph(15, True, (Piece("Suite", ()),)),
                Paragraph(
                    22,
                    False,
                    (Piece("Amazon", ("amazon", "passage")), Piece(" aussi.", ("passage",))),
                ),
            ],
        ),
        (  # over two paragraphs, beyond the text, and none at all
            "Un.\n\nDeux.",
            [(1, 7, "a"), (8, 99, "b"), (3, 3, "c")],
            [
                Paragraph(0, False, (Piece("U", ()), Piece("n.", ("a",)))),
                Paragraph(5, False, (Piece("De", ("a",)), Piece("u", ()), Piece("x.", ("b",)))),
            ],
        ),
    ],
)
def test_layers(text, spans, found):
    assert layers(text, spans) == found


@given(
    st.text("ab \n#é😀", max_size=40),
    st.lists(st.tuples(st.integers(-9, 45), st.integers(-9, 45)), max_size=6),
)
def test_every_character_stands_where_it_stood(text, spans):
    paragraphs = layers(text, [(*span, number) for number, span in enumerate(spans)])

    for paragraph in paragraphs:
        place = paragraph.start
        for piece in paragraph.pieces:
            assert text[place : place + len(piece.words)] == piece.words
            for offset in range(place, place + len(piece.words)):
                assert set(piece.keys) == {
                    n for n, (start, end) in enumerate(spans) if start <= offset < end
                }
            place += len(piece.words)
