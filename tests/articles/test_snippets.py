"""Snippets are stretches of the text itself, cut into parts; a hit is marked, nothing is added."""

import pytest

from articles.search import parse
from articles.snippets import LENGTH, MAX_HITS, marked, snippet


def shown(parts):
    return "".join(f"[{text}]" if hit else text for text, hit in parts)


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("Amazon quitte la Russie", "russie", "Amazon quitte la [Russie]"),
        ("L’accord d'Amazon", "accord amazon", "L’[accord] d'[Amazon]"),
        ("Nike's shoes", "nike", "[Nike's] shoes"),
        ("Une ŒUVRE d’été", "oeuvres ete", "Une [ŒUVRE] d’[été]"),
        ("e\u0301te\u0301 long", "ete", "[e\u0301te\u0301] long"),
        ("RETRAITS et retraite", "retrait", "[RETRAITS] et retraite"),
        ("retraits, retraités", "retrai*", "[retraits], [retraités]"),
        ("quitte la Russie, quitte", '"quitte la"', "[quitte la] Russie, quitte"),
        ("a b c d", '"a b" "b c"', "[a b c] d"),
        ("New-World", "new-wor*", "[New-World]"),
        ("Nike and Puma", "nike -puma", "[Nike] and Puma"),
        ("<b>Nike</b>", "nike", "<b>[Nike]</b>"),
        ("退出俄罗斯", "退出*", "[退出俄罗斯]"),
        ("½ Nike", "nike 1", "[½] [Nike]"),
        ("nothing", "nike", "nothing"),
        ("", "nike", ""),
    ],
)
def test_hits_are_marked(text, query, expected):
    parts = marked(text, parse(query))

    assert shown(parts) == expected
    assert "".join(part for part, _hit in parts) == text


FILLER = "Autre chose ici. " * 40


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("Un mot.\n\nNike part.", "nike", "[Nike] part."),
        ("## Nike\n\nNike et Puma.", "nike puma", "[Nike] et [Puma]."),
        ("Nike.\n\nPuma.\n\nNike, Puma.", "puma nike", "[Nike], [Puma]."),
        ("Rien.", "nike", ""),
        ("Nike.", "-nike puma", ""),
        ("court Nike " + FILLER, "nike", "court [Nike] Autre"),
        (FILLER + "Nike.", "nike", "… "),
    ],
)
def test_the_stretch_with_most_of_what_was_asked(text, query, expected):
    said = shown(snippet(text, parse(query)))

    assert said.startswith(expected) and bool(said) == bool(expected)
    assert len(said.replace("[", "").replace("]", "")) <= LENGTH + 20
    for stretch in said.replace("[", "").replace("]", "").split("…"):
        assert stretch.strip() in text


def test_two_paragraphs_may_answer_together():
    text = f"Nike d’abord. {FILLER}\n\n{FILLER}\n\nPuma ensuite. {FILLER}"

    said = shown(snippet(text, parse("puma nike")))

    assert said.startswith("[Nike] d’abord. Autre")
    assert " … [Puma] ensuite. Autre" in said


def test_of_a_word_said_again_and_again_the_first_times_are_marked():
    parts = marked("nike puma " * 5_000, parse("nike puma"))
    apart = marked("nike, x " * 5_000, parse("nike"))

    assert [hit for _text, hit in parts].count(True) == MAX_HITS * 2
    assert [hit for _text, hit in apart].count(True) == MAX_HITS
    assert "".join(text for text, _hit in apart) == "nike, x " * 5_000


def test_a_long_text_takes_time_in_proportion():
    for text in ("nike " * 200_000, "l'" * 200_000, "a" * 1_000_000, "'" * 1_000_000):
        snippet(text, parse("nike l a"))
    for query in ("a " * 32, '"' + "a b " * 499 + '"', " ".join(map(str, range(32)))):
        for text in ("a b " * 12_000, " ".join(map(str, range(32))) * 500):
            snippet(text, parse(query))
