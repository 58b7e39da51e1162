"""Announcements as pictures: columns over time, timelines by market, grids of measures.
Needs no database.

A picture is a set of plain shapes with their coordinates in pixels, which a template
(templates/pictures/) draws as SVG. Each is made for a width, so that letters keep their
size on a phone, and carries `rows`, the same figures as a table.
"""

import textwrap
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from companies.models.measure import WEIGHT, Action

WIDE, NARROW = 720, 340  # pixels: on a desk and on a phone
MOST_COLUMNS = 60
LETTER = 6.6  # pixels that one letter of a label takes at most
LINE = 26  # pixels from one row of a timeline to the next
DOT = 7  # pixels from the middle of a mark to its edge
TEXT = 16  # pixels from one line of text to the next
CELL = 110  # pixels that a column of a grid takes at least

# What marks an action where colour can't: the outline of its mark, around (0, 0).
OUTLINES = {
    "exit": "M-6-6H6V6H-6Z",
    "suspend": "M0-7A7 7 0 0 1 0 7A7 7 0 0 1 0-7Z",
    "scale_back": "M-7-5H7L0 7Z",
    "pause_investment": "M0-8L8 0L0 8L-8 0Z",
    "resume": "M-7 5H7L0-7Z",
    "continue": "M-2-7H2V-2H7V2H2V7H-2V2H-7V-2H-2Z",
}


@dataclass(frozen=True)
class Scale:
    """Days → pixels. `first` lies at `start`, the day after `last` at `end`."""

    first: date
    last: date
    start: float
    end: float

    def __call__(self, day: date) -> float:
        span = (self.last - self.first).days + 1
        return round(self.start + (day - self.first).days / span * (self.end - self.start), 1)


@dataclass(frozen=True)
class Period:
    """A stretch of time with one column: `start` up to the day before `end`."""

    start: date
    end: date
    unit: str  # "day", "week", "month", "quarter" or "year"


@dataclass(frozen=True)
class Block:
    """One action's part of a column."""

    action: str
    count: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Column:
    period: Period
    blocks: tuple[Block, ...]

    @property
    def count(self):
        return sum(block.count for block in self.blocks)


@dataclass(frozen=True)
class Tick:
    """A line of the scale with its figure or its date."""

    at: float
    value: object


@dataclass(frozen=True)
class Columns:
    """How many announcements of each action there were in each stretch of time."""

    width: int
    height: int
    base: float  # where the columns stand
    left: float
    columns: tuple[Column, ...]
    counts: tuple[Tick, ...]
    days: tuple[Tick, ...]
    actions: tuple[str, ...]  # those that occur, the weightiest first
    unit: str  # of `days`

    @property
    def rows(self):
        """(period, its counts in the order of `actions`) of each column that isn't empty."""
        for column in self.columns:
            counts = {block.action: block.count for block in column.blocks}
            if counts:
                yield column.period, [counts.get(action, 0) for action in self.actions]


@dataclass(frozen=True)
class Dot:
    """One action of an announcement in one market, at one stage."""

    action: str
    stage: str
    x: float
    y: float
    day: date
    precision: str  # of the day
    sourced: bool  # a source gives it
    reported: bool  # others tell it, not the company
    key: str  # the announcement's public id
    parts: str  # the activities that it is about; "": the whole business
    outline: str


@dataclass(frozen=True)
class Lane:
    """A market with its announcements, in the order of time."""

    market: str
    y: float
    dots: tuple[Dot, ...]


@dataclass(frozen=True)
class Timeline:
    """When a company announced what in which market."""

    width: int
    height: int
    base: float
    left: float
    lanes: tuple[Lane, ...]
    days: tuple[Tick, ...]
    actions: tuple[str, ...]
    unit: str  # of `days`

    @property
    def dots(self):
        return [dot for lane in self.lanes for dot in lane.dots]


@dataclass(frozen=True)
class Label:
    """Words in one line, from where they begin."""

    words: str
    x: float
    y: float


@dataclass(frozen=True)
class Cell:
    """One measure: a mark, with its words beside."""

    action: str
    stage: str
    x: float
    y: float
    outline: str


@dataclass(frozen=True)
class Grid:
    """The measures of an announcement: activities down, markets across."""

    width: int
    height: int
    labels: tuple[Label, ...]  # of markets, then of activities
    rules: tuple[float, ...]  # between the rows
    cells: tuple[Cell, ...]
    actions: tuple[str, ...]
    rows: int
    markets: int


@dataclass(frozen=True)
class Sheet:
    """What surrounds a picture that stands by itself: words above and below."""

    width: int
    height: int
    title: tuple[Label, ...]
    legend: tuple[tuple[str, Label], ...]  # (action, its name)
    top: int  # where the picture begins
    source: tuple[Label, ...]


def periods(first: date, last: date, most: int = MOST_COLUMNS) -> list[Period]:
    """The stretches of one length that cover both days: the shortest of day, week (from
    Monday), month, quarter and year of which there are no more than `most`; years, if
    there are more even of these."""
    for unit in ("day", "week", "month", "quarter", "year"):
        start, found = _begin(first, unit), []
        while start <= last and (len(found) <= most or unit == "year"):
            end = _next(start, unit)
            found.append(Period(start, end, unit))
            start = end
        if len(found) <= most or unit == "year":
            return found


def columns(
    counted: Iterable[tuple[date, str, int]], width: int = WIDE, height: int = 240
) -> Columns | None:
    """(day, action, count) triples as stacked columns; None without any.

    The weightiest action stands at the foot of its column.
    """
    counted = [each for each in counted if each[2]]
    if not counted:
        return None
    days = [day for day, _action, _count in counted]
    stretches = periods(min(days), max(days), MOST_COLUMNS if width >= WIDE else MOST_COLUMNS // 2)
    starts = {period.start: Counter() for period in stretches}
    for day, action, count in counted:
        starts[_begin(day, stretches[0].unit)][action] += count
    step, top = _steps(max(counts.total() for counts in starts.values()))
    left, base, head = 10 + LETTER * len(str(top)), height - 28, 8
    slot = (width - left - 4) / len(stretches)
    unit = (base - head) / top
    drawn = []
    for place, period in enumerate(stretches):
        blocks, foot = [], base
        for action in Action.values:
            count = starts[period.start][action]
            if count:
                tall = count * unit
                foot -= tall
                x, gap = left + place * slot, min(2, slot * 0.2)
                blocks.append(
                    Block(
                        action,
                        count,
                        *(round(n, 1) for n in (x + gap / 2, foot, slot - gap, tall)),
                    )
                )
        drawn.append(Column(period, tuple(blocks)))
    scale = Scale(stretches[0].start, stretches[-1].end - timedelta(1), left, width - 4)
    present = {action for _day, action, _count in counted}
    return Columns(
        width=width,
        height=height,
        base=base,
        left=left,
        columns=tuple(drawn),
        counts=tuple(
            Tick(round(base - value * unit, 1), value) for value in range(0, top + 1, step)
        ),
        # A date begins at its line, and is left out where it would end beyond the picture.
        days=tuple(tick for tick in _ticks(scale, width) if tick.at <= width - 10 * LETTER),
        actions=tuple(action for action in Action.values if action in present),
        unit=_unit(scale, width),
    )


def timeline(
    announced: Iterable[tuple[date, str, str, str, str, str, bool, bool, str]],
    names: dict[str, str],
    width: int = WIDE,
    span: tuple[date, date] | None = None,
) -> Timeline | None:
    """(day, market, action, stage, public id, the day's precision, whether a source gives it,
    whether it is reported, its parts) of what was announced, as one lane for each market; None
    without any. Its parts are words for the activities that it is about, "" for the whole
    business.

    `names` gives the markets' labels, and has no others unless several timelines stand
    side by side; `span` the first and last day that these show. Marks that would cover
    each other stand one above the other, and their lane is as high as that takes.
    """
    announced = sorted(announced, key=lambda each: (each[0], each[4], WEIGHT[each[2]], each[3]))
    if not announced:
        return None
    first, last = span or wide_enough(announced[0][0], announced[-1][0])
    markets = sorted({market for _day, market, *_ in announced}, key=lambda code: names[code])
    left = min(LETTER * max(map(len, names.values())) + 16, width * 0.4)
    scale = Scale(first, last, left + DOT + 2, width - DOT - 2)
    lanes, y = [], 6
    for market in markets:
        rows, placed = [], []  # the last mark of each row, and where each mark stands
        for day, _market, *said in (each for each in announced if each[1] == market):
            x = scale(day)
            row = next((n for n, end in enumerate(rows) if x - end >= 2 * DOT), len(rows))
            rows[row : row + 1] = [x]
            placed.append((day, *said, x, row))
        dots = tuple(
            Dot(
                *(action, stage, x, y + LINE / 2 + row * 2 * DOT),
                *(day, *of_date, key, parts, OUTLINES[action]),
            )
            for day, action, stage, key, *of_date, parts, x, row in placed
        )
        lanes.append(Lane(market, y + LINE / 2, dots))
        y += LINE + (len(rows) - 1) * 2 * DOT
    present = {action for _day, _market, action, *_ in announced}
    return Timeline(
        width=width,
        height=round(y + 26),
        base=y,
        left=round(left, 1),
        lanes=tuple(lanes),
        days=_ticks(scale, width),
        actions=tuple(action for action in Action.values if action in present),
        unit=_unit(scale, width),
    )


def grid(
    rows: Sequence[tuple[str, Sequence[tuple[str, str] | None]]], markets: Sequence[str]
) -> Grid:
    """(activity's name, (action, stage) or None for each market) rows under the markets'
    names. It is wider than others where many markets stand side by side."""
    left = WIDE * 0.4
    across = max(CELL, (WIDE - left) / max(len(markets), 1))
    labels, y = [], TEXT
    for place, market in enumerate(markets):
        labels += _lines(market, left + place * across, TEXT, across - 8)
    y = max((label.y for label in labels), default=0) + 10
    rules, cells = [y], []
    for activity, row in rows:
        named = _lines(activity, 4, y + TEXT + 6, left - 16)
        labels += named
        for place, cell in enumerate(row):
            if cell:
                action, stage = cell
                x = left + place * across + DOT + 1
                cells.append(Cell(action, stage, round(x, 1), y + 18, OUTLINES[action]))
        y += max(len(named), 2) * TEXT + 14
        rules.append(y)
    present = {cell.action for cell in cells}
    return Grid(
        width=round(left + max(len(markets), 1) * across),
        height=y + 4,
        labels=tuple(labels),
        rules=tuple(rules),
        cells=tuple(cells),
        actions=tuple(action for action in Action.values if action in present),
        rows=len(rows),
        markets=len(markets),
    )


def sheet(picture, title: str, names: dict[str, str], source: str) -> Sheet:
    """A sheet for a picture: `names` are its actions' in the reader's language, and what it
    says of its sources may be as long as it likes."""
    width = picture.width
    head = _lines(title, 4, 20, (width - 8) * 0.8)  # its letters are larger
    x, y, legend = 4, head[-1].y + 24, []
    for action, name in names.items():
        wide = 24 + LETTER * len(name) + 12
        if x > 4 and x + wide > width:
            x, y = 4, y + TEXT + 4
        legend.append((action, Label(name, x, y)))
        x += round(wide)
    top = y + 12
    foot = _lines(source, 4, top + picture.height + TEXT, width - 8)
    return Sheet(width, foot[-1].y + 10, head, tuple(legend), top, foot)


def wide_enough(first, last):
    """A span with air on both sides, of four weeks at least."""
    air = max((28 - (last - first).days) // 2, (last - first).days // 30, 2)
    return first - timedelta(air), last + timedelta(air)


def both(draw, *given, **options):
    """A picture for a desk and one for a phone; None where there is nothing to draw."""
    wide = draw(*given, width=WIDE, **options)
    return wide and {"wide": wide, "narrow": draw(*given, width=NARROW, **options)}


def _lines(text, x, y, width):
    """Words in as many lines as a width in pixels takes."""
    lines = textwrap.wrap(text, max(8, int(width / LETTER))) or [""]
    return tuple(Label(line, round(x, 1), y + n * TEXT) for n, line in enumerate(lines))


def _begin(day, unit):
    """The first day of the stretch that holds `day`."""
    if unit == "day":
        return day
    if unit == "week":
        return day - timedelta(day.weekday())
    month = {"month": day.month, "quarter": day.month - (day.month - 1) % 3, "year": 1}[unit]
    return date(day.year, month, 1)


def _next(start, unit):
    """The first day of the stretch after the one that begins at `start`."""
    if unit in ("day", "week"):
        return start + timedelta(7 if unit == "week" else 1)
    months = start.month - 1 + {"month": 1, "quarter": 3, "year": 12}[unit]
    return date(start.year + months // 12, months % 12 + 1, 1)


def _steps(most):
    """(step, top) of a scale from 0: at most five steps of 1, 2 or 5 times a power of ten."""
    step = 1
    for power in range(12):
        for factor in (1, 2, 5):
            step = factor * 10**power
            if most <= 5 * step:
                return step, step * -(-most // step)
    return step, most


def _unit(scale, width):
    return periods(scale.first, scale.last, 3 * _room(width))[0].unit


def _ticks(scale, width) -> tuple[Tick, ...]:
    """The beginnings of days, weeks, months, quarters or years, as many as there is room for."""
    found = periods(scale.first, scale.last, 3 * _room(width))
    inside = [p.start for p in found if scale.first <= p.start <= scale.last]
    every = max(1, -(-len(inside) // _room(width)))
    return tuple(Tick(scale(day), day) for day in inside[::every])


def _room(width):
    """How many dates fit beside each other."""
    return max(2, int(width // 90))
