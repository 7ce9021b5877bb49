"""Heatmap: one cell per model and category, the darker the larger the share."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import Final

from matplotlib.colors import LinearSegmentedColormap, to_hex
from matplotlib.figure import Figure

from ...analysis import CategoryRate, Heatmap, Rate, Signature
from ...presentation.charts import (
    UNSCALED,
    UNSCALED_COLOUR,
    explains,
    most_of,
    on_scale,
    scale_end,
)
from ...presentation.formatting import bare_percent, interval, percent, rated, whole
from ...presentation.sanitize import more
from ...taxonomy import Category
from . import Per
from .canvas import FAINT, INK, Align, Sheet
from .lettering import POINTS, fitted, lettered, width, wrapped
from .measure import in_words, rate_of, studied_of

MAX_ROWS: Final = 60
"""At 1.75 letter sizes each, as many as fit a page."""
_MAX_COLUMNS: Final = 40
"""Bounds the time to draw; at usual widths fewer columns fit."""
_COLOURS: Final = LinearSegmentedColormap.from_list(
    "error-map", ["#ffffff", "#cfe1f2", "#93c4df", "#4b97c9", "#1764ab", "#08306b"]
)
"""Monotonically darker, so that it prints well in grey."""
_MIN_CELL: Final = 2.9
"""Minimum width of a cell in letter sizes: `99.9` at the smallest scale, with a margin."""
_TWO_LINE_SCALE: Final = 0.82
"""Factor of the letter size for names in two lines, which must fit the height of a cell."""
_BAR_STEPS: Final = 48
"""Boxes of the colour bar: enough to look continuous, few enough to keep an SVG small."""
_ROTATION: Final = 45
"""Degrees by which names above narrow columns are rotated."""
_LEVEL_WIDTH: Final = 6.0
"""Width of a column in letter sizes from which names are level: a word of ten letters."""


@dataclass(frozen=True, slots=True)
class _Label:
    name: str
    count: str
    """The denominator, such as `n = 20`; empty for a category."""
    explains: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Grid:
    """Labels and cells; the longer dimension is vertical."""

    rows: tuple[_Label, ...]
    columns: tuple[_Label, ...]
    cells: tuple[tuple[CategoryRate | None, ...], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """Position of the grid and size of a cell; inches."""

    left: float
    top: float
    cell_width: float
    cell_height: float
    level: bool
    """Whether the names above the columns are level, not rotated."""


def heatmap_picture(
    heat: Heatmap, signatures: Sequence[Signature], *, per: Per, inches: float
) -> Figure:
    """Draws numbers in coloured cells, with a colour bar.

    Args:
        heat: The values, one row per signature.
        signatures: The signatures of its models.
        per: What the shares refer to.
        inches: Width of the plot.
    """
    sheet = Sheet(inches)
    grid = _grid(sheet, heat, signatures, per=per)
    rates = [rate_of(cell, per) for row in grid.cells for cell in row if cell]
    darkest = scale_end(heat, per_attempt=per == "attempt") or 1.0
    layout = _layout(sheet, grid)
    look = _cells(sheet, layout, darkest)
    _names(sheet, grid, layout)
    for row, cells in enumerate(grid.cells):
        for column, cell in enumerate(cells):
            at = (layout.left + column * layout.cell_width, layout.top + row * layout.cell_height)
            rate = rate_of(cell, per) if cell else None
            look.draw(sheet, rate, at, unscaled=bool(cell and not on_scale(heat, cell)))
    top = _below(sheet, grid, layout) + 0.7 * sheet.line
    top = _colour_bar(sheet, darkest, in_words(per), top=top)
    unscaled = (UNSCALED,) if heat.unexplained else ()
    for note in (*unscaled, *_widest(sheet, rates, layout), *grid.notes):
        top = sheet.note(top, note)
    return sheet.finished(top + sheet.margin)


def _grid(sheet: Sheet, heat: Heatmap, signatures: Sequence[Signature], *, per: Per) -> _Grid:
    models = [_model(signature, per) for signature in signatures]
    upright = len(heat.models) >= len(heat.categories)
    fitting = max(2, int(0.72 * sheet.width * POINTS / sheet.size / _MIN_CELL))
    across = min(fitting, _MAX_COLUMNS)
    indices, left_out = most_of(heat.categories, across if upright else MAX_ROWS)
    rows = models[: MAX_ROWS if upright else across]
    names = [_category(heat.categories[n]) for n in indices]
    cells = [[row[n] for n in indices] for row in heat.cells[: len(rows)]]
    omitted = ((len(models) - len(rows), "model", "models"), (left_out, "category", "categories"))
    turned = cells if upright else [list(column) for column in zip(*cells, strict=True)]
    return _Grid(
        rows=tuple(rows if upright else names),
        columns=tuple(names if upright else rows),
        cells=tuple(tuple(row) for row in turned),
        notes=tuple(more(*entry) for entry in omitted if entry[0]),
    )


def _model(signature: Signature, per: Per) -> _Label:
    attempts = f"{signature.failure_rate.trials:,}"
    count = attempts if per == "attempt" else studied_of(signature)
    return _Label(lettered(signature.model), f"n = {count}", explains=True)


def _category(category: Category) -> _Label:
    return _Label(lettered(category.name), "", explains(category))


def _layout(sheet: Sheet, grid: _Grid) -> _Layout:
    size, inner, letter = sheet.size, sheet.width - 2 * sheet.margin, sheet.size / POINTS
    gap = 0.6 * letter
    widest = max(width(label.name, size) + _count_width(label, size) for label in grid.rows)
    # names get at most 42 % of the width, so that the cells keep the larger part
    left = min(widest, 0.42 * inner) + gap
    level = (inner - left) / len(grid.columns) >= _LEVEL_WIDTH * letter
    # rotated names extend beyond the last column
    lean = 0 if level else min(0.22 * inner, _leaning(grid.columns[-1], size))
    wide = min((inner - left - lean) / len(grid.columns), 18 * letter)
    layout = _Layout(
        left=sheet.margin + left,
        top=0,
        cell_width=wide,
        cell_height=(2.5 if _two_lines(wide, size) else 2.0 if widest > left else 1.75) * letter,
        level=level,
    )
    return replace(layout, top=sheet.margin + _above(sheet, grid, layout))


def _leaning(label: _Label, size: float) -> float:
    """Horizontal extent of a rotated name in inches."""
    return sqrt(0.5) * width(label.name, size) + 0.5 * size / POINTS


def _count_width(label: _Label, size: float) -> float:
    return width(f"  {label.count}", 0.88 * size) if label.count else 0.0


def _two_lines(wide: float, size: float) -> bool:
    """Whether a cell has room for the interval below the number."""
    return wide >= width("[99.9, 99.9]", 0.78 * size) * 1.08


def _above(sheet: Sheet, grid: _Grid, layout: _Layout) -> float:
    """Height of the names above the columns in inches."""
    letter = sheet.size / POINTS
    over = [_over(sheet, label, layout, column=n) for n, label in enumerate(grid.columns)]
    if layout.level:
        return (1.2 * max(map(len, over)) + 0.3) * letter
    longest = max(width(name, sheet.size) for (name,) in over)
    return longest * sqrt(0.5) + 1.0 * letter


def _below(sheet: Sheet, grid: _Grid, layout: _Layout) -> float:
    """Draws the counts of columns with rotated names; returns the bottom of the grid in inches."""
    bottom = layout.top + len(grid.rows) * layout.cell_height
    if layout.level or not grid.columns[0].count:
        return bottom
    y = bottom + 0.5 * sheet.line
    at = (layout.left - 0.6 * sheet.size / POINTS, y)
    sheet.text(at, "n", align="right", colour=FAINT, scale=0.88)
    for number, label in enumerate(grid.columns):
        count = label.count.removeprefix("n = ").partition(" ")[0]
        x = layout.left + (number + 0.5) * layout.cell_width
        fits = width(count, 0.88 * sheet.size) <= layout.cell_width
        sheet.text((x, y), count, align="center", colour=FAINT, scale=0.88 if fits else 0.66)
    return y + 0.5 * sheet.line


def _over(sheet: Sheet, label: _Label, layout: _Layout, *, column: int) -> tuple[str, ...]:
    """The lines of text above a column."""
    size, count = sheet.size, (label.count,) if label.count else ()
    if layout.level:
        return (
            *wrapped(label.name, layout.cell_width - 0.6 * size / POINTS, size, lines=3),
            *count,
        )
    reach = sheet.width - sheet.margin - layout.left - (column + 0.5) * layout.cell_width
    room = min(0.3 * sheet.width + 0.4, reach / sqrt(0.5)) - size / POINTS
    return (fitted(label.name, room, size),)


def _names(sheet: Sheet, grid: _Grid, layout: _Layout) -> None:
    gap = 0.6 * sheet.size / POINTS
    for number, label in enumerate(grid.rows):
        middle = layout.top + (number + 0.5) * layout.cell_height
        count_width = _count_width(label, sheet.size)
        room = layout.left - sheet.margin - gap - count_width
        colour = INK if label.explains else FAINT
        if label.count:
            at = (layout.left - gap, middle)
            sheet.text(at, label.count, align="right", colour=FAINT, scale=0.88)
        fits = width(label.name, sheet.size) <= room
        scale = 1.0 if fits else _TWO_LINE_SCALE
        name = wrapped(label.name, room, scale * sheet.size)
        at = (layout.left - gap - count_width, middle)
        sheet.lines(at, name, align="right", colour=colour, scale=scale)
    for number, label in enumerate(grid.columns):
        middle = layout.left + (number + 0.5) * layout.cell_width
        colour = INK if label.explains else FAINT
        lines = _over(sheet, label, layout, column=number)
        if layout.level:
            at = (middle, layout.top - (0.6 * len(lines) + 0.3) * sheet.size / POINTS)
            sheet.lines(at, lines, align="center", colour=colour)
        else:
            at = (middle, layout.top - 0.7 * gap)
            sheet.text(at, lines[0], colour=colour, rotation=_ROTATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cells:
    """Appearance of all cells."""

    darkest: float
    wide: float
    high: float
    intervals: bool
    whole: bool
    """Whether numbers are whole percents."""
    scale: float

    def draw(
        self, sheet: Sheet, rate: Rate | None, at: tuple[float, float], *, unscaled: bool
    ) -> None:
        x, y = at[0] + self.wide / 2, at[1] + self.high / 2
        if rate is None:
            sheet.box(at, (self.wide, self.high), "#f4f4f4", edge="#ffffff")
            sheet.text((x, y), "-", align="center", colour=FAINT)
            return
        fill = UNSCALED_COLOUR if unscaled else _colour(rate.value, self.darkest)
        ink = readable_on(fill)
        edge = "#ffffff" if rate.value else "#e6e6e6"
        sheet.box(at, (self.wide, self.high), fill, edge=edge)
        text = whole(rate.value) if self.whole else bare_percent(rate.value)
        step = 0.55 * sheet.size / POINTS if self.intervals else 0.0
        sheet.text((x, y - step), text, align="center", colour=ink, scale=self.scale)
        if self.intervals:
            sheet.text((x, y + step), interval(rate), align="center", colour=ink, scale=0.78)


def _cells(sheet: Sheet, layout: _Layout, darkest: float) -> _Cells:
    longest = "100.0" if darkest == 1 else "99.9"
    # smaller steps of the letter size before decimals are dropped; below 0.78 they are hard to read
    sizes = (1.0, 0.92, 0.85, 0.78)
    fits = (s for s in sizes if width(longest, s * sheet.size) <= 0.9 * layout.cell_width)
    scale = next(fits, None)
    return _Cells(
        darkest=darkest,
        wide=layout.cell_width,
        high=layout.cell_height,
        intervals=_two_lines(layout.cell_width, sheet.size),
        whole=scale is None,
        scale=scale or 0.92,
    )


def _colour(value: float, darkest: float) -> str:
    # the square root keeps rare causes distinguishable from none
    return to_hex(_COLOURS(sqrt(value / darkest)))


def readable_on(fill: str) -> str:
    """The letter colour, ink or white, with the higher contrast on a fill of `#rrggbb`.

    Source:
        Contrast ratio of WCAG 2.2.

    Example:
        >>> readable_on("#ffffff"), readable_on("#08306b")
        ('#1a1a1a', '#ffffff')
    """
    own = _luminance(fill)
    dark = (own + 0.05) / (_luminance(INK) + 0.05)
    return INK if dark >= 1.05 / (own + 0.05) else "#ffffff"


def _luminance(colour: str) -> float:
    parts = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    # the constants of sRGB and of relative luminance in WCAG 2.2
    linear = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)  # noqa: PLR2004 - sRGB
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _colour_bar(sheet: Sheet, darkest: float, words: str, *, top: float) -> float:
    long, thick = min(0.34 * sheet.width, 2.6), 0.6 * sheet.line
    left = sheet.margin
    step = long / _BAR_STEPS
    for number in range(_BAR_STEPS):
        value = ((number + 0.5) / _BAR_STEPS) ** 2 * darkest
        wide = step if number == _BAR_STEPS - 1 else 1.5 * step
        sheet.box((left + number * step, top), (wide, thick), _colour(value, darkest))
    sheet.stroke(
        [
            (left, top),
            (left + long, top),
            (left + long, top + thick),
            (left, top + thick),
            (left, top),
        ],
        FAINT,
        weight=0.5,
    )
    marks: tuple[tuple[float, Align], ...] = ((0.0, "left"), (0.25, "center"), (1.0, "right"))
    for part, align in marks:
        x = left + long * sqrt(part)
        sheet.stroke([(x, top + thick), (x, top + thick + 0.12 * sheet.line)], FAINT, weight=0.5)
        at = (x, top + thick + 0.55 * sheet.line)
        sheet.text(at, percent(part * darkest), align=align, colour=FAINT, scale=0.88)
    text_left = left + long + 1.6 * sheet.size / POINTS
    room = sheet.width - sheet.margin - text_left
    lines = wrapped(f"{words}, in %; colour scale: square root", room, 0.88 * sheet.size)
    sheet.lines((text_left, top + 0.7 * sheet.line), lines, colour=FAINT, scale=0.88)
    return top + thick + 1.15 * sheet.line


def _widest(sheet: Sheet, rates: Sequence[Rate], layout: _Layout) -> Iterator[str]:
    """The note on the intervals: in the cells, or else the widest one."""
    if rates and _two_lines(layout.cell_width, sheet.size):
        yield "In brackets: 95 % intervals."
    elif rates:
        widest = max(rates, key=lambda rate: rate.high - rate.low)
        yield f"Widest 95 % interval: {rated(widest)}."
