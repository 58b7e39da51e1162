"""The language of a piece, as declared and as found."""

import pytest

from articles.wire.language import language_of, normalised


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            "Boréal ferme ses comptoirs de Riga et de Tallinn, sans donner de raison à personne.",
            "fr",
        ),
        (
            "Lumina closes its shops in Riga and Tallinn, and gave no reason to anybody on Monday.",
            "en",
        ),
        (
            "Lumina schließt seine Läden in Riga und Tallinn, ohne den Grund dafür zu nennen.",
            "de",
        ),
        (
            "أعلنت الشركة يوم الاثنين أنها ستغلق جميع متاجرها في المدينة من دون إبداء أي سبب لذلك",
            "ar",
        ),
        ("Boréal ferme", ""),  # too short to tell
        ("1 234 567 | 2 345 678 | 3 456 789 | " * 20, ""),  # a table of figures
        ("", ""),
    ],
)
def test_the_language_of_a_text(text, language):
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("declared", "language"),
    [
        ("fr", "fr"),
        (" FR ", "fr"),
        ("fr_FR", "fr-FR"),
        ("fr_CA.UTF-8", "fr-CA"),
        ("fr-fr", "fr-FR"),
        ("fre", "fr"),
        ("fra", "fr"),
        ("English", "en"),
        ("français", "fr"),
        ("Norwegian Bokmål", "nb"),
        ("zh-hans-cn", "zh-Hans-CN"),
        ("fr, en", "fr"),
        ("iw", "he"),
        ("x-default", ""),
        ("und", ""),
        ("xx", ""),
        ("<b>", ""),
        ("f" * 1000, ""),
        ("fr" + "-12345678" * 3, "fr" + "-12345678" * 3),
        ("fr" + "-12345678" * 4, "fr"),  # more than the archive has room for
        ("", ""),
    ],
)
def test_a_declared_language_is_written_in_one_way(declared, language):
    assert normalised(declared) == language
