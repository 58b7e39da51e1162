"""Other trackers' lists: read, cleaned, and judged, without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companies.trackers.judge import Decision, Done, Known, Why, judge
from companies.trackers.names import Near, bare, far, form, key, parts
from companies.trackers.table import (
    MAX_BYTES,
    Row,
    TableError,
    country_code,
    find_columns,
    parse_columns,
    read_table,
    sector_code,
)

LEI = "5493001KJTIIGC8Y1R12"
HEAD = "name,country,industry,grade\n"


@pytest.fixture(autouse=True)
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


# --- names ---


@pytest.mark.parametrize(
    ("name", "folded", "without_form"),
    [
        ("Boréal", "boreal", "boreal"),
        ("BOREAL", "boreal", "boreal"),
        ("Boreal, Inc.", "boreal inc", "boreal"),
        ("Boreal S.A.", "boreal sa", "boreal"),
        ("Boreal A/S", "boreal as", "boreal"),
        ("Boreal Sp. z o.o.", "boreal sp zoo", "boreal"),
        ("Boreal GmbH & Co. KG", "boreal gmbh and co kg", "boreal"),
        ("The Boreal Company", "the boreal company", "boreal"),
        ("Lumina's", "luminas", "luminas"),
        ("Lumina’s", "luminas", "luminas"),
        ("Lu-mina", "lu mina", "lu mina"),
        ("Boreal & Sons", "boreal and sons", "boreal and sons"),
        ("Boreal and", "boreal and", "boreal and"),  # nothing that *and* would join
        ("Boreal Group", "boreal group", "boreal group"),  # a group may be another company
        ("Co", "co", "co"),
        ("The", "the", "the"),
        ("SA AG", "sa ag", "sa"),
        ("Œuvre", "oeuvre", "oeuvre"),
        ("=SUM(A1)", "sum a1", "sum a1"),
        (" – ", "", ""),
        ("", "", ""),
    ],
)
def test_names_are_compared_folded(name, folded, without_form):
    assert (key(name), bare(key(name))) == (folded, without_form)


@pytest.mark.parametrize(
    ("name", "legal"),
    [("boreal", ""), ("boreal inc", "inc"), ("the boreal company", "company"), ("the", ""),
     ("boreal gmbh and co kg", "gmbh and co kg"), ("sa ag", "ag"), ("", "")],
)  # fmt: skip
def test_the_legal_form_at_the_end(name, legal):
    assert form(name) == legal


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("Boreal", []),
        ("Boreal, Inc.", []),
        ("Boreal | Lumina", ["Boreal", "Lumina"]),
        ("Boreal Works (BW)", ["Boreal Works", "BW"]),
        ("Boreal (Lumina, Vesta)", ["Boreal", "Lumina", "Vesta"]),
        ("Boreal A/S", []),
    ],
)
def test_the_names_inside_a_name(name, inside):
    assert parts(name) == inside


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("Amazon", "Amazone", True),  # one letter more
        ("Amazon", "Amzon", True),  # one less
        ("Amazon", "Amason", True),  # another
        ("Amazon", "Amzaon", True),  # two swapped
        ("Amazon", "AMAZON Inc", True),
        ("Amazon", "Amazing", False),
        ("Aon", "Eon", False),  # too short to tell
        ("Boreal", "Boreal Group", True),  # first words
        ("Boreal Group", "Boreal Bank", False),
        ("Boreal", "North Boreal", False),
        ("Exxon", "Exxonmobil", True),  # first letters, from five on
        ("Aon", "Aonic", False),
        ("Boreal Mobil", "BorealMobil", True),
        ("BW", "Boreal Works (BW)", True),
        ("Boreal Works", "Boreal Works (BW)", True),
        ("Lumina", "Boreal | Lumina", True),
        ("Inbev AB", "AB Inbev", True),  # a legal form at the end, a word at the start
        ("Works Boreal", "Boreal Works, Inc.", True),
        ("Boreal", "Lumina", False),
        ("", "Boreal", False),
    ],
)
def test_nearness_holds_in_both_directions(one, other, near):
    assert bool(Near([(1, one)]).to(other)) is near
    assert bool(Near([(1, other)]).to(one)) is near


def test_the_bearers_of_near_names_come_nearest_first():
    near = Near([(1, "Boreal Works"), (2, "Boreale"), (3, "BO REAL"), (4, "Lumina")])

    assert near.to("Boreal") == [3, 2, 1]


# --- tables ---


@pytest.mark.parametrize(
    ("data", "charset", "delimiter"),
    [
        ("name,grade\nBoréal,A\n".encode(), "utf-8", ","),
        ("name,grade\nBoréal,A\n".encode("utf-8-sig"), "utf-8", ","),
        ("name;grade\r\nBoréal;A\r\n".encode("cp1252"), "cp1252", ";"),
        ("name\tgrade\nBoréal\tA\n".encode("utf-16"), "utf-16", "\t"),
        ("name|grade\rBoréal|A\r".encode(), "utf-8", "|"),
        ('"name","grade"\n"Boréal","A"'.encode(), "utf-8", ","),
        ('name,"grade; of a, b"\nBoréal,A'.encode(), "utf-8", ","),
    ],
)
def test_charset_and_delimiter_are_found(data, charset, delimiter):
    table = read_table(data, {"grade": "grade; of a, b"} if b"of a" in data else {})

    assert (table.charset, table.delimiter) == (charset, delimiter)
    assert [(row.name, row.grade) for row in table.rows] == [("Boréal", "A")]


@pytest.mark.parametrize(
    ("before", "line"),
    [
        ("", 2),
        ("sep=;\r\n", 3),
        ('"sep=;"\n', 3),
        ("\ufeffsep=;\n", 3),
        (" \n", 3),
        ("\n\t\n", 4),
        (",,\n", 3),
        (";;\n", 3),
        ('"";" "\n', 3),
        ("sep=;\n;;\n", 4),
    ],
)
@pytest.mark.parametrize("head", ["x, y;name;grade", "x, y\u2028;name;grade"])
def test_the_header_is_found_behind_what_is_no_header(before, line, head):
    [row] = read_table(f"{before}{head}\n;Boreal;A\n".encode()).rows

    assert (row.line, row.name, row.grade, row.refused) == (line, "Boreal", "A", "")


def test_columns_of_one_heading_are_told_apart():
    data = b"name,grade,Action,Action,Action (2),Action,,\nBoreal,A,1,2,3,4,5,6\n"

    table = read_table(data, {"action": "Action (3)"})

    assert list(table.rows[0].cells.items())[2:] == [
        *(("Action", "1"), ("Action (2)", "2"), ("Action (2) (2)", "3"), ("Action (3)", "4")),
        *(("", "5"), ("(2)", "6")),
    ]
    assert table.columns["action"] == "Action (3)"


@pytest.mark.parametrize(
    ("letters", "refused"),
    [(131_072, ""), (131_073, "action longer than 131072 characters")],
)
def test_a_cell_too_long_is_refused_with_its_row_alone(letters, refused):
    data = f"name,grade,action\nBoreal,A,{'x' * letters}\nLumina,A,\n"

    rows = read_table(data.encode()).rows

    assert [row.refused for row in rows] == [refused, ""]
    assert len(rows[0].cells["action"]) == 2_000


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "The file is empty."),
        (b"\n\n", "The file is empty."),
        (b"name,grade\n", "The file holds a header and no rows."),
        (b"name,grade\nBoreal,A\0", "The file is no text: it holds NUL characters."),
        (
            b"name,grade\nBor\x81al,A",
            "The file's charset is none of UTF-8, UTF-16 and Windows-1252.",
        ),
        (b'name,grade\n"Boreal,A', "Line 2 can't be read: unexpected end of data."),
        (b"name,x\nBoreal,A", "No column found for: grade. The headings: name, x."),
        (b"x" * (MAX_BYTES + 1), "The file is larger than 10 MB."),
        (b"%PDF-1.7 \n%", "No column found for: name, grade. The headings: %PDF-1.7."),
    ],
)
def test_what_is_no_list_is_refused_with_its_reason(data, reason):
    with pytest.raises(TableError) as refused:
        read_table(data)

    assert refused.value.messages == [reason]


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(data):
    try:
        read_table(b"name,grade\n" + data)
    except TableError as refused:
        assert refused.messages


@pytest.mark.parametrize(
    ("header", "told", "found"),
    [
        (["name", "grade"], {}, {"name": "name", "grade": "grade"}),
        (["Company Name", "yaleGrade"], {}, {"name": "Company Name", "grade": "yaleGrade"}),
        (["Nom", "Note", "Pays"], {}, {"name": "Nom", "grade": "Note", "country": "Pays"}),
        (
            ["name", "Firm", "mark"],
            {"name": "firm", "grade": "MARK"},
            {"name": "Firm", "grade": "mark"},
        ),
        (["name", "status", "grade"], {}, {"name": "name", "grade": "grade"}),
        (["name", "grade", "LEI code"], {}, {"name": "name", "grade": "grade", "lei": "LEI code"}),
    ],
)
def test_columns_are_found_or_told(header, told, found):
    assert find_columns(header, told) == found


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"name": "firm"}, "No column is headed “firm”. The headings: name, grade."),
        ({"colour": "name"}, "“colour” is nothing that a list holds: "),
    ],
)
def test_a_column_told_wrongly_is_refused(told, reason):
    with pytest.raises(TableError) as refused:
        find_columns(["name", "grade"], told)

    assert refused.value.messages[0].startswith(reason)


def test_columns_as_options():
    assert parse_columns(["name=Company", "grade = Yale grade "]) == {
        "name": "Company",
        "grade": "Yale grade",
    }
    with pytest.raises(TableError):
        parse_columns(["name"])


@pytest.mark.parametrize(
    ("line", "name", "country", "cleaned"),
    [
        ("Boreal &amp; Sons,France,,A", "Boreal & Sons", "FR", ("name",)),
        (" \tBoreal ,United Kingdom ,,A", "Boreal", "GB", ("name", "country")),
        ("Bo\u200breal,US,,A", "Boreal", "US", ("name",)),
        ('"Boreal\nWorks",usa,,A', "Boreal Works", "US", ("name",)),
        ('"=HYPERLINK(""x"")",,,A', '=HYPERLINK("x")', "", ()),
        ("@Boreal,Turkey,,A", "@Boreal", "TR", ()),
        ("-1+2,,,A", "-1+2", "", ()),
    ],
)
def test_cells_are_cleaned_and_stay_text(line, name, country, cleaned):
    [row] = read_table((HEAD + line).encode()).rows

    assert (row.name, row.country, row.cleaned, row.refused) == (name, country, cleaned, "")


@pytest.mark.parametrize(
    ("line", "refused"),
    [
        ("Boreal,FR,,", "no grade"),
        ("Boreal,FR,, \t", "no grade"),
        (",FR,,A", "no name"),
        ("–,FR,,A", "no name"),
        ("Boreal,FR,A", "3 cells where the header has 4"),
        ("Boreal,FR,,A,", "5 cells where the header has 4"),
        (f"{'x' * 201},FR,,A", "name longer than 200 characters"),
        (f"Boreal,FR,,{'A' * 41}", "grade longer than 40 characters"),
    ],
)
def test_a_row_of_which_nothing_can_be_made_is_refused_alone(line, refused):
    rows = read_table(f"{HEAD}{line}\n\nLumina,FR,,A\n".encode()).rows

    assert [(row.line, row.refused) for row in rows] == [(2, refused), (4, "")]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("France", "FR"),
        ("france", "FR"),
        ("FR", "FR"),
        ("Czech Republic", "CZ"),
        ("Czechia", "CZ"),
        ("Hong Kong", "HK"),
        ("South Korea", "KR"),
        ("Türkiye", "TR"),
        ("Côte d’Ivoire", "CI"),
        ("Danish", ""),
        ("European Union", ""),
        ("EU", ""),
        ("Global", ""),
        ("", ""),
    ],
)
def test_countries_are_read_where_that_is_certain(name, code):
    assert country_code(name) == code


def test_a_country_that_is_none_is_left_empty_and_said():
    [row] = read_table(f"{HEAD}Boreal,Danish,,A\n".encode()).rows

    assert (row.country, row.refused) == ("", "")
    assert row.doubts == ("country “Danish” is none we know: left empty",)


@pytest.mark.parametrize(
    ("industry", "section"),
    [("Financials", "K"), ("Real Estate", "L"), ("Energy", ""), ("NGO", ""), ("", "")],
)
def test_only_an_industry_that_lies_in_one_section_gives_the_sector(industry, section):
    assert sector_code(industry) == section


@pytest.mark.parametrize(
    ("cells", "identifiers", "doubts"),
    [
        (f"{LEI.lower()},Q42,FR0000131104,epa:bo", {"lei": LEI, "wikidata": "Q42"}, 0),
        ("549300,,,", {}, 1),
        (",https://www.wikidata.org/wiki/q42,,", {"wikidata": "Q42"}, 0),
        (",42,FR0000131105,", {}, 2),
    ],
)
def test_identifiers_need_their_digits_right(cells, identifiers, doubts):
    data = f"name,grade,LEI,Wikidata,ISIN,ticker\nBoreal,A,{cells}\n"
    [row] = read_table(data.encode()).rows
    if "epa" in cells:
        identifiers = identifiers | {"isin": "FR0000131104", "ticker": "EPA:BO"}

    assert (row.identifiers, len(row.doubts)) == (identifiers, doubts)


# --- verdicts ---


def rows(*said):
    """Rows as (name, grade) and maybe country, industry, identifiers."""
    return [
        Row(line, name, grade, country, "", identifiers or {}, {}, industry)
        for line, (name, grade, country, industry, identifiers) in enumerate(
            ((*each, *("", "", None)[len(each) - 2 :]) for each in said), 2
        )
    ]


def outcome(verdicts):
    return [(v.done.value, v.why.value, v.company, v.candidates) for v in verdicts]


AMAZON = {"names": [(1, "Amazon"), (1, "Amazon.com, Inc.")], "countries": {1: "US"}}


@pytest.mark.parametrize(
    ("known", "row", "done", "why", "company", "candidates"),
    [
        (AMAZON, ("Amazon", "B"), "matched", "name", 1, []),
        (AMAZON, ("AMAZON ", "B", "US"), "matched", "name", 1, []),
        (AMAZON, ("Amazon.com", "B"), "matched", "form", 1, []),
        (AMAZON, ("Amazon Inc.", "B"), "matched", "form", 1, []),
        (AMAZON, ("Amazone", "F", "DE"), "uncertain", "near", None, [1]),
        (AMAZON, ("Amazon Group", "B"), "uncertain", "near", None, [1]),
        (AMAZON, ("Boreal", "B"), "created", "new", None, []),
        (AMAZON, ("Amazon", "B", "DE"), "uncertain", "seat", None, [1]),
        (
            {"names": [(1, "Boreal"), (2, "BORÉAL")]},
            ("Boreal", "A"),
            *("uncertain", "several", None, [1, 2]),
        ),
        (
            {"names": [(1, "Boreal")], "aliases": [(2, "Boreal", False)]},
            ("Boreal", "A"),
            *("matched", "name", 1, []),
        ),
        ({"aliases": [(1, "BW", False)]}, ("BW", "A"), "matched", "alias", 1, []),
        ({"aliases": [(1, "BW", True)]}, ("BW", "A"), "uncertain", "ambiguous", None, [1]),
        ({"aliases": [(1, "BW", True)]}, ("BW Inc", "A"), "uncertain", "ambiguous", None, [1]),
        (
            {"aliases": [(1, "BW", True), (2, "BW", False)]},
            ("BW", "A"),
            *("uncertain", "several", None, [1, 2]),
        ),
        (
            {"identifiers": {("lei", LEI): 1}, "names": [(1, "Lumina")], "countries": {1: "FR"}},
            ("Boreal", "A", "FR", "", {"lei": LEI}),
            *("matched", "identifier", 1, []),
        ),
        (  # the exact name is another company's
            {"identifiers": {("lei", LEI): 1}, "names": [(2, "Boreal")]},
            ("Boreal", "A", "", "", {"lei": LEI}),
            *("uncertain", "identifiers", None, [1, 2]),
        ),
        (
            {"identifiers": {("lei", LEI): 1}, "aliases": [(2, "Boreal", False)]},
            ("Boreal", "A", "", "", {"lei": LEI}),
            *("uncertain", "identifiers", None, [1, 2]),
        ),
        (  # a word of the language speaks against nothing
            {"identifiers": {("lei", LEI): 1}, "aliases": [(2, "Boreal", True)]},
            ("Boreal", "A", "", "", {"lei": LEI}),
            *("matched", "identifier", 1, []),
        ),
        (
            {"identifiers": {("lei", LEI): 1}, "countries": {1: "FR"}},
            ("Boreal", "A", "US", "", {"lei": LEI}),
            *("uncertain", "identifiers", None, [1]),
        ),
        (
            {"identifiers": {("lei", LEI): 1, ("wikidata", "Q1"): 1}},
            ("Boreal", "A", "", "", {"lei": LEI, "wikidata": "Q2"}),
            *("uncertain", "identifiers", None, [1]),
        ),
        (
            {"identifiers": {("ticker", "NYSE:F"): 1}},
            ("Boreal", "A", "", "", {"ticker": "NYSE:F"}),
            *("matched", "identifier", 1, []),
        ),
        (  # a ticker without its exchange proposes, and decides nothing
            {"identifiers": {("ticker", "F"): 1}},
            ("Boreal", "A", "", "", {"ticker": "F"}),
            *("uncertain", "identifiers", None, [1]),
        ),
        (
            {"identifiers": {("ticker", "F"): 1}, "names": [(1, "Boreal")]},
            ("Boreal", "A", "", "", {"ticker": "F"}),
            *("matched", "name", 1, []),
        ),
        (
            {"identifiers": {("ticker", "F"): 1}, "names": [(2, "Boreal")]},
            ("Boreal", "A", "", "", {"ticker": "F"}),
            *("uncertain", "identifiers", None, [2, 1]),
        ),
        (
            {"identifiers": {("ticker", "F"): 1}, "names": [(2, "Boreal Works")]},
            ("Boreal", "A", "", "", {"ticker": "F"}),
            *("uncertain", "near", None, [2, 1]),
        ),
        ({"names": [(1, "Boreal Inc.")]}, ("Boreal SpA", "A"), "uncertain", "near", None, [1]),
        ({"names": [(1, "Boreal Inc.")]}, ("Boreal", "A"), "matched", "form", 1, []),
        ({"names": [(1, "Boreal")]}, ("Boreal SpA", "A"), "matched", "form", 1, []),
        ({"names": [(1, "Boreal Inc.")]}, ("The Boreal Inc", "A"), "matched", "form", 1, []),
        (
            {"names": [(1, "Boreal Inc."), (1, "Boreal SpA")]},
            ("The Boreal SpA", "A"),
            *("matched", "form", 1, []),
        ),
        (
            {"identifiers": {("lei", LEI): 1, ("wikidata", "Q1"): 2}},
            ("Boreal", "A", "", "", {"lei": LEI, "wikidata": "Q1"}),
            *("uncertain", "identifiers", None, [1, 2]),
        ),
        (
            {"identifiers": {("wikidata", "Q1"): 1}, "names": [(1, "Boreal")]},
            ("Boreal", "A", "", "", {"wikidata": "Q2"}),
            *("uncertain", "identifiers", None, [1]),
        ),
        (
            {"identifiers": {("ticker", "A"): 1}, "names": [(1, "Boreal")]},
            ("Boreal", "A", "", "", {"ticker": "B"}),  # it may have two
            *("matched", "name", 1, []),
        ),
        (AMAZON | {"grades": {1: "B"}}, ("Amazon", "B"), "unchanged", "stands", 1, []),
        (AMAZON | {"grades": {1: "B"}}, ("Amazon", "C"), "uncertain", "grade", None, [1]),
        ({"open_elsewhere": ["Merck"]}, ("Merck KGaA", "D"), "uncertain", "awaiting", None, []),
        ({"open_elsewhere": ["Merck"]}, ("Merck Group", "D"), "uncertain", "near", None, []),
        (
            {"names": [(1, "HP Inc.")], "made_here": {1}},
            ("HP Enterprise", "A"),
            *("created", "new", None, []),  # the list tells its own companies apart
        ),
        (AMAZON | {"open_here": {("amazon | US | ", "B")}}, ("Amazon", "B", "US"),
         "uncertain", "awaiting", None, [1]),
    ],
)  # fmt: skip
def test_one_row(known, row, done, why, company, candidates):
    assert outcome(judge(rows(row), Known(**known))) == [(done, why, company, candidates)]


@pytest.mark.parametrize(
    ("known", "said", "outcomes"),
    [
        (  # one name for two companies
            {},
            [("Merck", "D", "US"), ("Merck", "D", "DE")],
            [("uncertain", "twice")] * 2,
        ),
        (
            {"names": [(1, "Merck")], "countries": {1: "US"}},
            [("Merck", "D", "US"), ("Merck", "D", "DE")],
            [("uncertain", "twice")] * 2,
        ),
        (
            {},
            [("Boreal", "C", "SE"), ("Boreal AB", "B", "SE", "Materials")],
            [("uncertain", "twice")] * 2,
        ),
        ({}, [("Boreal", "C"), ("Boreal", "B")], [("uncertain", "twice")] * 2),
        ({}, [("Boreal", "C"), ("BOREAL", "C")], [("created", "new"), ("unchanged", "repeated")]),
        (
            AMAZON,
            [("Amazon", "C"), ("Amazon", "C")],
            [("matched", "name"), ("unchanged", "repeated")],
        ),
        (
            AMAZON | {"aliases": [(1, "AMZ", False)]},
            [("Amazon", "C"), ("AMZ", "C")],
            [("matched", "name"), ("unchanged", "repeated")],
        ),
        (
            AMAZON | {"aliases": [(1, "AMZ", False)]},
            [("Amazon", "C"), ("AMZ", "B")],
            [("uncertain", "clash")] * 2,
        ),
        (
            AMAZON,
            [("Amazon", "B"), ("Amazone", "F")],
            [("matched", "name"), ("uncertain", "near")],
        ),
        (  # an identifier tells namesakes apart
            {"identifiers": {("lei", LEI): 1}},
            [("Merck", "D", "US", "", {"lei": LEI}), ("Merck", "D", "DE")],
            [("matched", "identifier"), ("uncertain", "twice")],
        ),
        (
            {},
            [("Boreal", "A", "", "", {"lei": LEI}), ("Lumina", "A", "", "", {"lei": LEI})],
            [("uncertain", "identifiers")] * 2,
        ),
        (
            AMAZON,
            [("Amazon", "A", "", "", {"ticker": "A"}), ("Lumina", "A", "", "", {"ticker": "A"})],
            [("uncertain", "identifiers")] * 2,
        ),
        (  # a decision on the name tells no two apart
            {"decisions": [Decision("merck |  | ", "Merck", "", 1)]},
            [("Merck", "D", "US"), ("Merck", "D", "DE")],
            [("uncertain", "twice")] * 2,
        ),
        (
            {"decisions": [Decision("merck |  | ", "Merck", "", 1)]},
            [("Merck", "D"), ("Merck", "D", "DE")],
            [("matched", "decided"), ("uncertain", "twice")],
        ),
    ],
)
def test_rows_beside_each_other(known, said, outcomes):
    verdicts = judge(rows(*said), Known(**known))

    assert [(verdict.done.value, verdict.why.value) for verdict in verdicts] == outcomes


def test_a_decision_on_the_name_gives_way_to_what_contradicts_it():
    decided = {"decisions": [Decision("merck |  | ", "Merck", "", 1)]}
    said = [
        ("Merck", "D", "US"),
        ("Merck", "D", "", "", {"lei": LEI}),
        ("Merck", "D", "", "", {"wikidata": "Q2"}),
    ]
    known = Known(
        **decided,
        countries={1: "DE", 2: "US"},
        names=[(1, "Merck KGaA"), (2, "Merck & Co.")],
        identifiers={("lei", LEI): 2, ("wikidata", "Q1"): 1},
    )

    assert [outcome(judge(rows(each), known))[0][1:3] for each in said] == [
        ("several", None),
        ("identifier", 2),
        ("several", None),
    ]


@pytest.mark.parametrize("heading", ["country", "Country", "HQ country"])
def test_rows_whose_countries_nobody_knows_are_not_one(heading):
    data = f"name,{heading},grade\nVictoria,England,D\nVictoria,Australasia,D\n"

    verdicts = judge(read_table(data.encode()).rows, Known())

    assert [(v.why, v.lines) for v in verdicts] == [(Why.TWICE, [3]), (Why.TWICE, [2])]


def test_only_some_of_many_other_lines_are_named():
    said = [("Boreal", f"g{n}") for n in range(30)]
    clash = Known(aliases=[(1, f"Name {n}", False) for n in range(30)])

    for verdict in judge(rows(*said), Known()) + judge(
        rows(*((f"Name {n}", f"g{n}") for n in range(30))), clash
    ):
        assert (verdict.done, len(verdict.lines)) == (Done.UNCERTAIN, 20)


MERCK_US = Decision("merck | US | ", "Merck", "US", 1)
MERCK_DE = Decision("merck | DE | ", "Merck", "DE", 2)
GONE = Decision("merck | DE | ", "Merck", "DE", None)


@pytest.mark.parametrize(
    ("decisions", "row", "done", "why", "company"),
    [
        ([MERCK_US, MERCK_DE], ("Merck", "C", "US"), "matched", "decided", 1),
        ([MERCK_US, MERCK_DE], ("Merck", "C", "DE"), "matched", "decided", 2),
        ([MERCK_US, MERCK_DE], ("Merck", "C"), "created", "new", None),  # neither
        ([MERCK_US], ("Merck", "C"), "matched", "decided", 1),
        ([MERCK_US], ("Merck", "C", "US", "Energy"), "matched", "decided", 1),
        ([MERCK_US], ("Merck", "C", "DE"), "created", "new", None),
        ([GONE], ("Merck", "C", "DE"), "dismissed", "decided", None),
    ],
)
def test_an_editors_decision_holds_for_the_assessors_other_lists(
    decisions, row, done, why, company
):
    [verdict] = judge(rows(row), Known(decisions=decisions))

    assert (verdict.done, verdict.why, verdict.company) == (done, why, company)


def test_a_decision_weighs_more_than_another_row_for_the_same_company():
    known = Known(names=[(1, "Merck Sharp")], decisions=[MERCK_US])

    verdicts = judge(rows(("Merck Sharp", "B"), ("Merck", "C", "US")), known)

    assert [v.why for v in verdicts] == [Why.CLASH, Why.DECIDED]
    assert verdicts[0].lines == [3]


def test_the_order_of_a_list_and_how_much_of_it_is_in_change_no_verdict():
    said = rows(("HP Inc.", "A"), ("HP Enterprise", "B"), ("Boreal", "A"), ("Boreal Works", "C"))
    whole = {v.row.name: v.done for v in judge(said, Known())}
    backwards = {v.row.name: v.done for v in judge(said[::-1], Known())}
    half_in = Known(
        names=[(1, "HP Inc."), (2, "HP Enterprise")], grades={1: "A", 2: "B"}, made_here={1, 2}
    )

    assert set(whole.values()) == {Done.CREATED}
    assert backwards == whole
    assert [v.done for v in judge(said, half_in)] == [
        *(Done.UNCHANGED, Done.UNCHANGED, Done.CREATED, Done.CREATED),
    ]


NEAR_NAMES = ["Inbev AB", "AB Inbev", "The Gap Inc.", "Pepsi", "PepsiCo", "Amazon"]


@given(
    st.one_of(st.sampled_from(NEAR_NAMES), st.text("abcd |&.", max_size=9)),
    st.one_of(st.sampled_from(NEAR_NAMES), st.text("abcd |&.", max_size=9)),
)
def test_no_name_that_is_near_is_far(one, other):
    same = bool(key(one)) and bare(key(one)) == bare(key(other))
    if same or Near([(1, one)]).to(other):
        assert not far(one, other)


def test_most_names_are_far():
    assert far("Amazon", "Nestlé")
    assert far("Amazon", "Renault")
