"""How a record is cited."""

import json
from dataclasses import replace
from datetime import date

import pytest
from django.utils import translation

from articles.citations import Citation, bibtex, csl, ris

PIECE = Citation(
    kind="article",
    key="a-company-leaves",
    author="The Outlet",
    title="A company leaves: “100% of it” & more",
    language="en",
    day=date(2022, 3, 9),
    precision="day",
    url="https://archive.example/en/articles/a-company-leaves/",
    state="version 2",
    sha256=64 * "a",
    accessed=date(2026, 11, 25),
    original="https://outlet.example/leaves",
)
NOTE = f"Exeunt, version 2, SHA-256 {64 * 'a'}, original : https://outlet.example/leaves"


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            "The Outlet, “A company leaves: “100% of it” & more”, 9 March 2022,"
            " https://outlet.example/leaves. Exeunt, version 2,"
            " https://archive.example/en/articles/a-company-leaves/ (read on 25 November 2026)",
        ),
    ],
)
def test_a_citation_in_a_sentence(language, said):
    with translation.override(language):
        assert PIECE.plain == said
        without = replace(PIECE, original="").plain
        assert without == said.replace(", https://outlet.example/leaves", "")


def test_a_record_of_ours_is_cited_without_naming_the_archive_twice():
    record = replace(PIECE, kind="record", author="Exeunt", state="edition 2")

    with translation.override("en"):
        assert record.plain == (
            "“A company leaves: “100% of it” & more”, Exeunt, edition 2 of 9 March 2022,"
            " https://archive.example/en/articles/a-company-leaves/ (read on 25 November 2026)"
        )


def test_bibtex_keeps_what_tex_would_take_for_commands():
    entry = bibtex(replace(PIECE, title="50% of A_B & {C} \\ #1 ~ ^ $\n2", author="O’Neil & Co"))

    assert entry.startswith("@article{exeunt-a-company-leaves,\n")
    assert "  author = {{O’Neil \\& Co}},\n" in entry
    assert (
        "  title = {{50\\% of A\\_B \\& \\{C\\} \\textbackslash{} \\#1 "
        "\\textasciitilde{} \\textasciicircum{} \\$ 2}},\n"
    ) in entry
    assert "  date = {2022-03-09},\n" in entry
    assert "  urldate = {2026-11-25},\n" in entry
    assert "  url = {https://archive.example/en/articles/a-company-leaves/},\n" in entry
    assert f"  note = {{{NOTE}}}\n}}\n" in entry
    there = bibtex(replace(PIECE, original="https://o.example/a_b%20c"))
    assert ", original : https://o.example/a\\_b\\%20c}\n" in there


@pytest.mark.parametrize(
    ("precision", "da", "issued", "dated"),
    [
        ("day", "2022/03/09/", [2022, 3, 9], "2022-03-09"),
        ("month", "2022/03//", [2022, 3], "2022-03"),
        ("year", "2022///", [2022], "2022"),
    ],
)
def test_a_date_is_as_exact_as_it_is_known(precision, da, issued, dated):
    cited = replace(PIECE, precision=precision)

    assert f"DA  - {da}\r\n" in ris(cited)
    assert json.loads(csl(cited))[0]["issued"] == {"date-parts": [issued]}
    assert f"date = {{{dated}}}" in bibtex(cited)


def test_ris_holds_one_field_a_line():
    lines = ris(replace(PIECE, title="Two\r\nER  - lines")).split("\r\n")

    assert lines[0] == "TY  - NEWS"
    assert "TI  - Two ER - lines" in lines
    assert lines[-2:] == ["ER  - ", ""]
    assert sum(line.startswith("ER") for line in lines) == 1


def test_csl_is_one_item_with_the_version_and_its_hash():
    (item,) = json.loads(csl(replace(PIECE, kind="record", original="")))

    assert item["type"] == "webpage"
    assert item["author"] == [{"literal": "The Outlet"}]
    assert (item["version"], item["note"]) == (
        "version 2",
        f"Exeunt, version 2, SHA-256 {64 * 'a'}",
    )


def test_every_format_leads_to_the_original_beside_our_copy():
    (item,) = json.loads(csl(PIECE))

    assert (item["URL"], plain(item["note"])) == (PIECE.url, NOTE)
    lines = ris(PIECE).split("\r\n")
    assert {f"UR  - {PIECE.url}", f"L2  - {PIECE.original}", f"N1  - {NOTE}"} <= set(lines)
