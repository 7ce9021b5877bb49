"""Models beside each other: a cell a model and category, dark where the share is large."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import Final

from matplotlib.colors import LinearSegmentedColormap, to_hex
from matplotlib.figure import Figure

from ...analysis import CategoryRate, Heatmap, Rate, Signature
from ...presentation.formatting import bare_percent, interval, rated, tick, whole
from ...presentation.heatmap import UNSCALED, UNSCALED_COLOUR, greatest, scaled
from ...presentation.sanitize import more
from ...taxonomy import Category
from .canvas import FAINT, INK, Align, Sheet
from .lettering import POINTS, fitted, lettered, width, wrapped
from .measure import Per, explains, in_words, most_of, rate_of, studied_of

ROWS: Final = 60
_COLUMNS: Final = 40
_COLOURS: Final = LinearSegmentedColormap.from_list(
    "error-map", ["#ffffff", "#cfe1f2", "#93c4df", "#4b97c9", "#1764ab", "#08306b"]
)
"""Ever darker, so that it prints well in grey."""
_NARROWEST: Final = 2.9
"""Letter sizes that a cell takes at least."""
_SMALLER: Final = 0.82
"""Of the letter size: of names in two lines."""
_BAR: Final = 48
"""Steps of the colour bar."""
_TURNED: Final = 45
"""Degrees that names over narrow columns are turned."""
_WIDE: Final = 6.0
"""Letter sizes of a column over which names stand level."""


@dataclass(frozen=True, slots=True)
class _Label:
    name: str
    beside: str
    """A number of failures or answers; empty for a category."""
    explains: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Grid:
    """Labels and cells; the longer side goes down."""

    rows: tuple[_Label, ...]
    columns: tuple[_Label, ...]
    cells: tuple[tuple[CategoryRate | None, ...], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Places:
    left: float
    top: float
    wide: float
    """Of one cell; inches."""
    high: float
    level: bool
    """Whether the names over the columns stand level."""


def heatmap_picture(
    heat: Heatmap, signatures: Sequence[Signature], *, per: Per, inches: float
) -> Figure:
    """Numbers in cells, with a colour bar.

    Args:
        heat: What is drawn; one row a signature.
        signatures: Of its models.
        per: What the shares are of.
        inches: Width of the picture.
    """
    sheet = Sheet(inches)
    grid = _grid(sheet, heat, signatures, per=per)
    rates = [rate_of(cell, per) for row in grid.cells for cell in row if cell]
    darkest = greatest(heat, per_attempt=per == "attempt") or 1.0
    places = _places(sheet, grid)
    look = _cells(sheet, places, darkest)
    _names(sheet, grid, places)
    for row, cells in enumerate(grid.cells):
        for column, cell in enumerate(cells):
            at = (places.left + column * places.wide, places.top + row * places.high)
            rate = rate_of(cell, per) if cell else None
            look.draw(sheet, rate, at, unscaled=bool(cell and not scaled(heat, cell)))
    top = _below(sheet, grid, places) + 0.7 * sheet.line
    top = _colour_bar(sheet, darkest, in_words(per), top=top)
    told = (UNSCALED,) if heat.unexplained else ()
    for note in (*told, *_widest(sheet, rates, places), *grid.notes):
        top = sheet.note(top, note)
    return sheet.finished(top + sheet.margin)


def _grid(sheet: Sheet, heat: Heatmap, signatures: Sequence[Signature], *, per: Per) -> _Grid:
    models = [_model(one, per) for one in signatures]
    upright = len(heat.models) >= len(heat.categories)
    fitting = max(2, int(0.72 * sheet.width * POINTS / sheet.size / _NARROWEST))
    across = min(fitting, _COLUMNS)
    shown, left_out = most_of(heat.categories, across if upright else ROWS)
    kept = models[: ROWS if upright else across]
    names = [_category(heat.categories[n]) for n in shown]
    cells = [[row[n] for n in shown] for row in heat.cells[: len(kept)]]
    gone = ((len(models) - len(kept), "model", "models"), (left_out, "category", "categories"))
    turned = cells if upright else [list(column) for column in zip(*cells, strict=True)]
    return _Grid(
        rows=tuple(kept if upright else names),
        columns=tuple(names if upright else kept),
        cells=tuple(tuple(row) for row in turned),
        notes=tuple(more(*each) for each in gone if each[0]),
    )


def _model(one: Signature, per: Per) -> _Label:
    count = f"{one.failure_rate.trials:,}" if per == "attempt" else studied_of(one)
    return _Label(lettered(one.model), f"n = {count}", explains=True)


def _category(category: Category) -> _Label:
    return _Label(lettered(category.name), "", explains(category))


def _places(sheet: Sheet, grid: _Grid) -> _Places:
    size, inner, letter = sheet.size, sheet.width - 2 * sheet.margin, sheet.size / POINTS
    gap = 0.6 * letter
    widest = max(width(one.name, size) + _beside(one, size) for one in grid.rows)
    left = min(widest, 0.42 * inner) + gap
    level = (inner - left) / len(grid.columns) >= _WIDE * letter
    # names that are turned lean out over the last column
    lean = 0 if level else min(0.22 * inner, _leaning(grid.columns[-1], size))
    wide = min((inner - left - lean) / len(grid.columns), 18 * letter)
    places = _Places(
        left=sheet.margin + left,
        top=0,
        wide=wide,
        high=(2.5 if _two_lines(wide, size) else 2.0 if widest > left else 1.75) * letter,
        level=level,
    )
    return replace(places, top=sheet.margin + _above(sheet, grid, places))


def _leaning(label: _Label, size: float) -> float:
    """Inches that a turned name reaches to the right."""
    return sqrt(0.5) * width(label.name, size) + 0.5 * size / POINTS


def _beside(label: _Label, size: float) -> float:
    return width(f"  {label.beside}", 0.88 * size) if label.beside else 0.0


def _two_lines(wide: float, size: float) -> bool:
    """Whether a cell has room for its interval."""
    return wide >= width("[99.9, 99.9]", 0.78 * size) * 1.08


def _above(sheet: Sheet, grid: _Grid, places: _Places) -> float:
    """Room for the names over the columns; inches."""
    letter = sheet.size / POINTS
    over = [_over(sheet, one, places, column=n) for n, one in enumerate(grid.columns)]
    if places.level:
        return (1.2 * max(map(len, over)) + 0.3) * letter
    longest = max(width(name, sheet.size) for (name,) in over)
    return longest * sqrt(0.5) + 1.0 * letter


def _below(sheet: Sheet, grid: _Grid, places: _Places) -> float:
    """Draws the numbers that turned names have no room for; gives where all ends."""
    bottom = places.top + len(grid.rows) * places.high
    if places.level or not grid.columns[0].beside:
        return bottom
    y = bottom + 0.5 * sheet.line
    at = (places.left - 0.6 * sheet.size / POINTS, y)
    sheet.text(at, "n", align="right", colour=FAINT, scale=0.88)
    for number, label in enumerate(grid.columns):
        count = label.beside.removeprefix("n = ").partition(" ")[0]
        x = places.left + (number + 0.5) * places.wide
        fits = width(count, 0.88 * sheet.size) <= places.wide
        sheet.text((x, y), count, align="center", colour=FAINT, scale=0.88 if fits else 0.66)
    return y + 0.5 * sheet.line


def _over(sheet: Sheet, label: _Label, places: _Places, *, column: int) -> tuple[str, ...]:
    """The lines of a name over its column."""
    size, beside = sheet.size, (label.beside,) if label.beside else ()
    if places.level:
        return (*wrapped(label.name, places.wide - 0.6 * size / POINTS, size, lines=3), *beside)
    reach = sheet.width - sheet.margin - places.left - (column + 0.5) * places.wide
    room = min(0.3 * sheet.width + 0.4, reach / sqrt(0.5)) - size / POINTS
    return (fitted(label.name, room, size),)


def _names(sheet: Sheet, grid: _Grid, places: _Places) -> None:
    gap = 0.6 * sheet.size / POINTS
    for number, label in enumerate(grid.rows):
        middle = places.top + (number + 0.5) * places.high
        beside = _beside(label, sheet.size)
        room = places.left - sheet.margin - gap - beside
        colour = INK if label.explains else FAINT
        if label.beside:
            at = (places.left - gap, middle)
            sheet.text(at, label.beside, align="right", colour=FAINT, scale=0.88)
        fits = width(label.name, sheet.size) <= room
        scale = 1.0 if fits else _SMALLER
        name = wrapped(label.name, room, scale * sheet.size)
        at = (places.left - gap - beside, middle)
        sheet.lines(at, name, align="right", colour=colour, scale=scale)
    for number, label in enumerate(grid.columns):
        middle = places.left + (number + 0.5) * places.wide
        colour = INK if label.explains else FAINT
        told = _over(sheet, label, places, column=number)
        if places.level:
            at = (middle, places.top - (0.6 * len(told) + 0.3) * sheet.size / POINTS)
            sheet.lines(at, told, align="center", colour=colour)
        else:
            at = (middle, places.top - 0.7 * gap)
            sheet.text(at, told[0], colour=colour, rotation=_TURNED)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cells:
    """How all cells look."""

    darkest: float
    wide: float
    high: float
    intervals: bool
    whole: bool
    """Numbers without a decimal."""
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


def _cells(sheet: Sheet, places: _Places, darkest: float) -> _Cells:
    longest = "100.0" if darkest == 1 else "99.9"
    sizes = (1.0, 0.92, 0.85, 0.78)
    fits = (s for s in sizes if width(longest, s * sheet.size) <= 0.9 * places.wide)
    scale = next(fits, None)
    return _Cells(
        darkest=darkest,
        wide=places.wide,
        high=places.high,
        intervals=_two_lines(places.wide, sheet.size),
        whole=scale is None,
        scale=scale or 0.92,
    )


def _colour(value: float, darkest: float) -> str:
    return to_hex(_COLOURS(sqrt(value / darkest)))


def readable_on(fill: str) -> str:
    """Ink or white: whichever stands out more from a fill of `#rrggbb`.

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
    linear = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)  # noqa: PLR2004 - sRGB
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _colour_bar(sheet: Sheet, darkest: float, words: str, *, top: float) -> float:
    long, thick = min(0.34 * sheet.width, 2.6), 0.6 * sheet.line
    left = sheet.margin
    step = long / _BAR
    for number in range(_BAR):
        value = ((number + 0.5) / _BAR) ** 2 * darkest
        wide = step if number == _BAR - 1 else 1.5 * step
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
        sheet.text(at, tick(part * darkest), align=align, colour=FAINT, scale=0.88)
    beside = left + long + 1.6 * sheet.size / POINTS
    room = sheet.width - sheet.margin - beside
    lines = wrapped(f"{words}, in %; colour by its square root", room, 0.88 * sheet.size)
    sheet.lines((beside, top + 0.7 * sheet.line), lines, colour=FAINT, scale=0.88)
    return top + thick + 1.15 * sheet.line


def _widest(sheet: Sheet, rates: Sequence[Rate], places: _Places) -> Iterator[str]:
    """How sure the numbers are, where the cells have no room for it."""
    if rates and _two_lines(places.wide, sheet.size):
        yield "In brackets: 95 % intervals."
    elif rates:
        widest = max(rates, key=lambda rate: rate.high - rate.low)
        yield f"95 % intervals; the widest: {rated(widest)}."
