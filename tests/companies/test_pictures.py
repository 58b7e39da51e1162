"""Announcements as pictures: stretches of time, columns, timelines, and what stands beside them."""

import xml.etree.ElementTree as ET
from datetime import date

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from companies.models.measure import Action
from companies.pictures import NARROW, OUTLINES, WIDE, columns, grid, periods, sheet, timeline
from companies.templatetags.pictures import COLOURS, period_in_words, tick_in_words

NAMES = {"RU": "Russia", "BY": "Belarus", "UA": "Ukraine"}
D = date.fromisoformat


@pytest.mark.parametrize(
    ("first", "last", "most", "unit", "begins", "count"),
    [
        ("2022-03-09", "2022-03-09", 60, "day", "2022-03-09", 1),
        ("2022-03-01", "2022-04-29", 60, "day", "2022-03-01", 60),
        ("2022-03-01", "2022-04-30", 60, "week", "2022-02-28", 9),
        ("2022-03-09", "2024-03-09", 60, "month", "2022-03-01", 25),
        ("2014-03-09", "2022-03-09", 60, "quarter", "2014-01-01", 33),
        ("1990-03-09", "2022-03-09", 60, "year", "1990-01-01", 33),
        ("1900-01-01", "2100-12-31", 60, "year", "1900-01-01", 201),  # nothing longer is left
        ("2022-12-31", "2023-01-01", 1, "week", "2022-12-26", 1),
    ],
)
def test_time_is_cut_into_the_shortest_stretches_there_is_room_for(
    first, last, most, unit, begins, count
):
    found = periods(D(first), D(last), most)

    assert (found[0].unit, found[0].start, len(found)) == (unit, D(begins), count)
    assert found[-1].start <= D(last) < found[-1].end
    assert [p.end for p in found[:-1]] == [p.start for p in found[1:]]


def test_columns_stack_the_weightiest_action_first_and_count_right():
    rows = [
        (D("2022-03-08"), "suspend", 3),
        (D("2022-03-08"), "exit", 1),
        (D("2022-03-10"), "suspend", 2),
        (D("2022-03-11"), "continue", 0),
    ]

    picture = columns(rows)

    assert picture.actions == ("exit", "suspend")
    assert [(p.start, counts) for p, counts in picture.rows] == [
        (D("2022-03-08"), [1, 3]),
        (D("2022-03-10"), [0, 2]),
    ]
    exit, suspend = picture.columns[0].blocks
    assert exit.y + exit.height == pytest.approx(picture.base, abs=0.2)
    assert suspend.y + suspend.height == pytest.approx(exit.y, abs=0.2)
    assert suspend.height == pytest.approx(3 * exit.height, abs=0.3)
    assert [tick.value for tick in picture.counts] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("most", "ticks"),
    [
        (1, [0, 1]),
        (5, [0, 1, 2, 3, 4, 5]),
        (6, [0, 2, 4, 6]),
        (58, [0, 20, 40, 60]),
        (1_001, [0, 500, 1_000, 1_500]),
    ],
)
def test_the_scale_is_in_round_steps(most, ticks):
    picture = columns([(D("2022-03-08"), "exit", most)])

    assert [tick.value for tick in picture.counts] == ticks


def test_nothing_announced_makes_no_picture():
    assert columns([]) is None
    assert columns([(D("2022-03-08"), "exit", 0)]) is None
    assert timeline([], NAMES) is None


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_no_shape_leaves_its_picture(width):
    days = [date(2014 + n % 9, 1 + n % 12, 1 + n % 28) for n in range(200)]
    actions = [Action.values[n % 6] for n in range(200)]
    announced = [
        (day, "RU" if n % 3 else "BY", action, "announced", str(n), "day", True, False, "")
        for n, (day, action) in enumerate(zip(days, actions, strict=True))
    ]

    stacked = columns([(day, a, 1) for day, a in zip(days, actions, strict=True)], width)
    line = timeline(announced, NAMES, width)

    blocks = [block for column in stacked.columns for block in column.blocks]
    assert sum(block.count for block in blocks) == 200
    assert all(stacked.left <= b.x and b.x + b.width <= width and b.y >= 0 for b in blocks)
    assert len(line.dots) == 200
    assert all(line.left < d.x < width and 0 < d.y < line.base for d in line.dots)


def test_marks_of_one_lane_never_cover_each_other():
    day, of_date = D("2022-03-08"), ("day", True, False)
    announced = [(day, "RU", "exit", "announced", str(n), *of_date, "") for n in range(4)]
    announced += [(day, "BY", "suspend", "in_effect", "0", *of_date, "")]

    picture = timeline(announced, NAMES)

    places = {(dot.x, dot.y) for dot in picture.dots}
    assert len(places) == len(picture.dots) == 5
    assert [lane.market for lane in picture.lanes] == ["BY", "RU"]  # by name


@pytest.mark.parametrize("markets", [1, 2, 12])
@pytest.mark.parametrize("activity", ["Shops", "Shops and " * 19 + "so on", "x" * 200])
def test_a_grid_is_as_large_as_its_words(markets, activity):
    cell = ("suspend", "in_effect")
    rows = [
        (activity, [cell] * markets),
        ("Cafés", [None] * (markets - 1) + [("exit", "announced")]),
    ]

    picture = grid(rows, ["The Democratic Republic of somewhere long"] * markets)

    assert (len(picture.cells), picture.actions) == (markets + 1, ("exit", "suspend"))
    assert "".join(label.words for label in picture.labels if label.x < WIDE * 0.4).replace(
        " ", ""
    ) == (activity + "Cafés").replace(" ", "")
    assert all(0 < c.x < picture.width and c.y < picture.height for c in picture.cells)
    assert all(label.y < picture.height for label in picture.labels)
    lines = [(label.x, label.y) for label in picture.labels]
    assert len(set(lines)) == len(lines)
    assert list(picture.rules) == sorted(set(picture.rules))


def test_a_sheet_leaves_room_for_every_word_around_its_picture():
    picture = columns([(D("2022-03-08"), action, 1) for action in Action.values])
    names = dict.fromkeys(picture.actions, "A long name of an action")

    around = sheet(picture, "Title " * 40, names, f"Exeunt, https://example.org/{'a' * 300}")

    assert around.title[-1].y < min(name.y for _action, name in around.legend)
    assert max(name.y for _action, name in around.legend) < around.top
    assert all(0 <= name.x < picture.width for _action, name in around.legend)
    assert around.top + picture.height < around.source[0].y < around.source[-1].y < around.height


def test_timelines_side_by_side_share_their_days():
    span = (D("2022-01-01"), D("2022-12-31"))
    one, other = (
        timeline(
            [(D("2022-03-08"), "RU", action, "announced", key, "day", True, False, "")],
            NAMES,
            span=span,
        )
        for action, key in (("exit", "a"), ("suspend", "b"))
    )

    assert one.days == other.days
    assert one.dots[0].x == other.dots[0].x


def test_each_action_has_a_colour_and_an_outline_of_its_own():
    assert set(COLOURS) == set(OUTLINES) == set(Action.values)
    assert len(set(COLOURS.values())) == len(set(OUTLINES.values())) == len(Action.values)


@pytest.mark.parametrize(
    ("language", "unit", "period", "tick"),
    [
        ("fr", "day", "1er mars 2022", "1er mars"),
        ("en", "day", "1 March 2022", "1 Mar"),
        ("fr", "month", "mars 2022", "mars 2022"),
        ("en", "month", "March 2022", "Mar 2022"),
        ("en", "year", "2022", "2022"),
        ("en", "week", "week of 1 March 2022", "1 Mar"),
        ("en", "quarter", "quarter 1 of 2022", "Mar 2022"),
    ],
)
def test_a_stretch_of_time_in_words(language, unit, period, tick):
    day = D("2022-03-01")
    with translation.override(language):
        words = period_in_words(type("Period", (), {"start": day, "unit": unit}))

        assert (words, tick_in_words(day, unit)) == (period, tick)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", ["columns", "timeline", "grid"])
def test_a_drawn_picture_is_sound_xml_with_its_description(language, name):
    days = [D("2022-03-08"), D("2022-03-09")]
    picture = {
        "columns": columns([(day, "exit", 1) for day in days]),
        "timeline": timeline(
            [(day, "RU", "exit", "announced", str(day), "day", True, False, "") for day in days],
            {"RU": "<Russia>"},
        ),
        "grid": grid([("A & B", [("exit", "announced")] * 2)], ["<Russia>", "Belarus"]),
    }[name]
    title = 'Announcements of "A & B" <script>'
    with translation.override(language):
        drawn = render_to_string(
            f"pictures/_{name}.svg",
            {"picture": picture, "title": title, "id": "p"},
        )

    root = ET.fromstring(drawn)
    svg = "{http://www.w3.org/2000/svg}"
    assert root.find(f"{svg}title").text == title
    assert root.get("aria-labelledby") == "p-title p-desc"
    assert "2" in root.find(f"{svg}desc").text
    shapes = {"columns": "rect"}.get(name, "path[@transform]")
    assert len(root.findall(f"{svg}{shapes}")) == 2
    assert not any("," in value for shape in root.iter() for value in _numbers(shape))


def _numbers(shape):
    return [shape.get(name) for name in ("x", "y", "width", "height") if shape.get(name)]
