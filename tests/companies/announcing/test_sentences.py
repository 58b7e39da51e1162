"""Words, sentences and quotations. All sentences are invented."""

import pytest

from companies.announcing.sentences import Text


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Lumina part. Ondine reste.", ["Lumina part.", "Ondine reste."]),
        ("Lumina vend 10.000 lampes. Fin.", ["Lumina vend 10.000 lampes.", "Fin."]),
        ("M. Roux et Mme. Lebel partent. Fin.", ["M. Roux et Mme. Lebel partent.", "Fin."]),
        ("Lumina Inc. said so. It left.", ["Lumina Inc. said so.", "It left."]),
        (
            "They work for Lumina Inc. The shop is shut.",
            ["They work for Lumina Inc.", "The shop is shut."],
        ),
        ("Lumina.com ferme. Fin.", ["Lumina.com ferme.", "Fin."]),
        ("« Nous partons. Adieu. » Il a ri.", ["« Nous partons.", "Adieu. »", "Il a ri."]),
        ('"We left. We are sad." It was late.', ['"We left.', 'We are sad."', "It was late."]),
        ("Pourquoi partir ? Pour vivre !", ["Pourquoi partir ?", "Pour vivre !"]),
        ("Il part… puis revient.", ["Il part… puis revient."]),
        ("Sans point\n\nAutre paragraphe", ["Sans point", "Autre paragraphe"]),
        ("the U.S. firm left. Done.", ["the U.S. firm left.", "Done."]),
    ],
)
def test_sentences(text, sentences):
    parts = Text(text)

    assert [parts.said(one.first, one.after) for one in parts.sentences] == sentences


def test_a_subheading_is_told_apart():
    parts = Text("Un.\n\n## Retrait de Lumina\n\nDeux.")

    assert [one.subheading for one in parts.sentences] == [False, True, False]


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("Il dit « oui » et part", ["oui"]),
        ("Il dit “oui” et « non »", ["oui", "non"]),
        ('Il dit "oui" et "non"', ["oui", "non"]),
        ("« a « b » c » d", ["a", "b", "c"]),
        ("« sans fin\n\nautre", ["sans", "fin"]),
        ("rien ici", []),
    ],
)
def test_quotations(text, quoted):
    parts = Text(text)

    assert [
        word
        for word, number in zip(parts.words, parts.quotations, strict=True)
        if number and word.isalpha()
    ] == quoted


def test_two_quotations_have_two_numbers():
    numbers = Text("« oui » dit-il « non »").quotations

    assert numbers == [1, 1, 1, 0, 2, 2, 2]
