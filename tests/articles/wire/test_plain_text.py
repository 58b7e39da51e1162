"""What is read of plain text in the layout of news pages, and what is refused and why."""

from dataclasses import replace
from pathlib import Path

import pytest

from articles.wire import NotAnArticle, WireItem, read

SHARED = Path(__file__).resolve().parents[4] / "shared"
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="../shared is absent")

HEAD = "Boréal ferme ses comptoirs\n\n"
TEXT = "La chaîne l'a dit mardi.\nTout ferme.\n"
BODY = "La chaîne l'a dit mardi.\n\nTout ferme."


@pytest.mark.parametrize(
    ("text", "item"),
    [
        (HEAD + TEXT, WireItem("Boréal ferme ses comptoirs", BODY)),
        (
            HEAD + "Un comptoir. - JEANNE PETIT - AFP\n" + TEXT,
            WireItem(
                "Boréal ferme ses comptoirs",
                BODY,
                image_caption="Un comptoir.",
                image_credit="JEANNE PETIT - AFP",
            ),
        ),
        (
            HEAD + "Un comptoir à Riga - Jeanne Petit / AFP\n" + TEXT,
            WireItem(
                "Boréal ferme ses comptoirs",
                BODY,
                image_caption="Un comptoir à Riga",
                image_credit="Jeanne Petit / AFP",
            ),
        ),
        (
            HEAD + "A - B - Un comptoir - JEANNE PETIT - AFP\n" + TEXT,
            WireItem(
                "Boréal ferme ses comptoirs",
                BODY,
                image_caption="A - B - Un comptoir",
                image_credit="JEANNE PETIT - AFP",
            ),
        ),
        # A sentence with dashes in it is a paragraph, and so is the only line there is.
        (
            HEAD + "Mardi - enfin - tout ferme.\n",
            WireItem(HEAD.strip(), "Mardi - enfin - tout ferme."),
        ),
        (HEAD + "Mardi - AFP\n", WireItem(HEAD.strip(), "Mardi - AFP")),
        # Layout that makes no difference.
        ("\ufeff" + HEAD + TEXT, WireItem(HEAD.strip(), BODY)),
        ((HEAD + TEXT).replace("\n", "\r\n"), WireItem(HEAD.strip(), BODY)),
        (HEAD + TEXT.replace("\n", "\n\n\n"), WireItem(HEAD.strip(), BODY)),
        # What can't be seen goes, letters of every script stay.
        (
            "Bore\u0301al\u200b ferme\n\n\u202eمرحبا\u202c.\n",
            WireItem("Boréal ferme", "مرحبا."),
        ),
    ],
)
def test_the_plain_layout_is_read(text, item):
    [found] = read(text.encode())
    assert replace(found, language="") == item


@pytest.mark.parametrize(
    ("line", "subhead"),
    [
        ("Amendes et suivi", True),
        ('"Une logique de guérilla"', True),
        ('Des élus qui "résistent"', True),
        ("Qui reste ?", True),
        ("Tout ferme.", False),
        ('"Nous partons."', False),
        ("« Nous partons. »", False),
        ('Il dit : "Nous partons".', False),
        ("Tout ferme…", False),
        ("Il ajoute :", False),
        ("m" * 150, True),
        ("m" * 151, False),
    ],
)
def test_a_short_line_that_ends_no_sentence_is_a_subhead(line, subhead):
    [item] = read(f"{HEAD}Avant.\n{line}\nAprès.\n".encode())
    assert item.body == f"Avant.\n\n{'## ' if subhead else ''}{line}\n\nAprès."


def test_the_last_line_is_never_a_subhead():
    [item] = read(f"{HEAD}Avant.\nNotre service éco".encode())
    assert item.body == "Avant.\n\nNotre service éco"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"One line alone", "a headline without text"),
        (b"A headline\n\n\n", "a headline without text"),
        (b"A headline\nA paragraph.\n", "no blank line after the headline"),
        (b"m" * 1001 + b"\n\nText.", "no headline: the first line is a paragraph"),
    ],
)
def test_other_text_is_refused_with_its_reason(data, reason):
    with pytest.raises(NotAnArticle) as refused:
        read(data)
    assert str(refused.value) == reason


@needs_shared
def test_the_founding_piece_is_read():
    [path] = (SHARED / "seed").glob("*.txt")
    [item] = read(path.read_bytes())
    assert "Amazon quitte" in item.headline
    assert (item.image_caption, item.image_credit) == (
        "Amazon cesse ses livraisons en Russie.",
        "INA FASSBENDER - AFP",
    )
    paragraphs = item.body.split("\n\n")
    assert [place for place, text in enumerate(paragraphs) if text.startswith("## ")] == [5]
    assert len(paragraphs) == 10
    lines = path.read_text(encoding="utf-8").split("\n")
    assert [text.removeprefix("## ") for text in paragraphs] == [line for line in lines[3:] if line]


@needs_shared
@pytest.mark.parametrize(
    ("page", "credit", "subheads"),
    [
        ("en-allemagne", "", 3),
        ("equateur", "Marcos PIN / AFP", 2),
        ("la-dette-publique", "", 1),
        ("manifestation", "Facebook/CGT Cheminots de Boulogne sur mer & environs", 3),
        ("reforme-des-retraites", "Stefano Rellandini © 2019 AFP", 1),
        ("sainte-soline", "", 3),
    ],
)
def test_other_pages_in_the_same_layout_are_read(page, credit, subheads):
    [path] = (SHARED / "wire" / "plain-text-bfm").glob(f"bfmtv.com__{page}*")
    [item] = read(path.read_bytes())
    found = [text for text in item.body.split("\n\n") if text.startswith("## ")]
    assert (item.image_credit, len(found)) == (credit, subheads)


def test_a_long_headline_is_cut_and_stands_whole_above_the_text():
    headline = "Boréal ferme " * 46
    [item] = read(f"{headline}\n\n{TEXT}".encode())
    assert item.headline == "Boréal ferme " * 38 + "…"
    assert item.body == f"{headline.strip()}\n\n{BODY}"
