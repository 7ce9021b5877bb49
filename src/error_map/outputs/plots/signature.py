"""Failure signatures: one panel per model, one bar per category, whiskers for intervals."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from matplotlib.figure import Figure

from ...analysis import CategoryRate, Heatmap, Signature
from ...presentation.charts import explains, most_of
from ...presentation.formatting import bare_percent, percent, rated
from ...presentation.sanitize import more
from ...taxonomy import Category
from . import Per
from .canvas import BLUE, FAINT, GREY, INK, Sheet
from .lettering import POINTS, lettered, width, wrapped
from .measure import Axis, in_words, rate_of, studied_of
from .rows import Rows

MAX_MODELS: Final = 20
"""Panels: four rows of five, about a page."""
MAX_CATEGORIES: Final = 20
"""Bars per panel; the labels of more would not fit the height of a slide."""
_SMALL: Final = 0.88
"""Factor of the letter size for numbers and notes."""
_HEAD: Final = 1.8
"""Lines above a panel, in addition to the model's name."""
_REGULAR_TO_BOLD: Final = 0.88
"""Width of regular letters relative to bold ones; names are measured in the regular face."""
_MIN_PANEL: Final = 12.0
"""Minimum width of a panel in letter sizes: a bar of useful length and its number."""
_MIN_SMALL_PANEL: Final = 8.5
"""Minimum width of a panel if there are more than `_FEW` models."""
_FEW: Final = 3
_MAX_ACROSS: Final = 5
"""Panels in a row: in more, bars would be too short to compare."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Panels:
    """Layout of the panels; inches."""

    names: float
    """Width of the categories' names."""
    across: int
    """Panels in a row."""
    room: float
    """Width of one panel."""
    rows: Rows
    """The categories."""
    axis: Axis
    """The axis of the first panel."""
    head: float
    """Height of the heading of a panel."""
    intervals: bool
    """Whether intervals are also written as numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Content:
    """The data of the plot."""

    signatures: tuple[Signature, ...]
    categories: tuple[Category, ...]
    cells: tuple[tuple[CategoryRate | None, ...], ...]
    per: Per


def signature_picture(
    heat: Heatmap, signatures: Sequence[Signature], *, per: Per, inches: float
) -> Figure:
    """Draws one panel per model, all on one scale.

    Args:
        heat: The values of the bars, one row per signature.
        signatures: The signatures of the models, in the order of the panels.
        per: What the shares refer to.
        inches: Width of the plot.
    """
    sheet = Sheet(inches)
    indices, left_out = most_of(heat.categories, MAX_CATEGORIES)
    content = _Content(
        signatures=tuple(signatures[:MAX_MODELS]),
        categories=tuple(heat.categories[n] for n in indices),
        cells=tuple(tuple(row[n] for n in indices) for row in heat.cells[:MAX_MODELS]),
        per=per,
    )
    panels = _layout(sheet, content)
    top = sheet.margin
    for first in range(0, len(content.signatures), panels.across):
        top = _row(sheet, content, panels, first=first, top=top)
    for note in _notes(content, left_out=left_out, models=len(signatures)):
        top = sheet.note(top, note)
    return sheet.finished(top + sheet.margin)


def _layout(sheet: Sheet, content: _Content) -> _Panels:
    size, letter = sheet.size, sheet.size / POINTS
    names, across = _names_and_across(sheet, content)
    room = (sheet.width - 2 * sheet.margin - names) / across
    wide = width("99.9 % [99.9, 99.9]", _SMALL * size)
    intervals = room > 1.75 * wide  # or else the bars would be shorter than the numbers
    value = wide if intervals else width("99.9", _SMALL * size)
    rates = [rate_of(cell, content.per) for row in content.cells for cell in row if cell]
    axis = Axis.over(rates, left=sheet.margin + names, room=room - value - 1.4 * letter)
    rooms = [names - 0.7 * letter] * len(content.categories)
    rows = Rows.of([category.name for category in content.categories], rooms, size)
    lines = max(len(_title(sheet, model, room)) for model in content.signatures)
    return _Panels(
        names=names,
        across=across,
        room=room,
        rows=rows,
        axis=axis,
        head=(_HEAD + 0.8 * lines) * sheet.line,
        intervals=intervals,
    )


def _title(sheet: Sheet, signature: Signature, room: float) -> tuple[str, ...]:
    """The model's name in at most two lines."""
    return wrapped(
        lettered(signature.model), _REGULAR_TO_BOLD * (room - 0.8 * sheet.size / POINTS), sheet.size
    )


def _names_and_across(sheet: Sheet, content: _Content) -> tuple[float, int]:
    """Width of the categories' names in inches, and the number of panels in a row."""
    letter, inner = sheet.size / POINTS, sheet.width - 2 * sheet.margin
    count = len(content.signatures)
    widest = max(width(lettered(category.name), sheet.size) for category in content.categories)
    least = (_MIN_PANEL if count <= _FEW else _MIN_SMALL_PANEL) * letter
    # names get at most 30 % of the width next to several panels, and 42 % next to one
    names = min(widest, max(0.3 * inner, 12 * letter)) + 0.7 * letter
    many = max(1, min(_MAX_ACROSS, int((inner - names) / least)))
    across = ceil(count / ceil(count / many))
    return (min(widest, 0.42 * inner) + 0.7 * letter if across == 1 else names), across


def _row(sheet: Sheet, content: _Content, panels: _Panels, *, first: int, top: float) -> float:
    """Draws one row of panels; returns the top of the next one in inches."""
    begin = top + panels.head
    bottom = begin + panels.rows.height
    x = panels.axis.left - 0.6 * sheet.size / POINTS
    places = zip(content.categories, panels.rows.names, panels.rows.middles, strict=True)
    for category, name, middle in places:
        colour = INK if explains(category) else FAINT
        sheet.lines((x, begin + middle), name, align="right", colour=colour)
    models = range(first, min(first + panels.across, len(content.signatures)))
    for place, model in enumerate(models):
        axis = Axis(panels.axis.left + place * panels.room, panels.axis.room, panels.axis.top)
        _head(
            sheet, content.signatures[model], content.per, at=(axis.left, begin), room=panels.room
        )
        axis.grid(sheet, begin, bottom)
        _bars(sheet, content, panels, axis=axis, model=model, top=begin)
    return bottom + 1.3 * sheet.line


def _head(
    sheet: Sheet, model: Signature, per: Per, *, at: tuple[float, float], room: float
) -> None:
    """Draws the heading of a panel whose bars begin `at`."""
    failed, name = model.failure_rate, _title(sheet, model, room)
    room -= 0.8 * sheet.size / POINTS
    sheet.lines((at[0], at[1] - (1.55 + 0.4 * len(name)) * sheet.line), name, bold=True)
    base = f"{failed.trials:,} answers" if per == "attempt" else f"{studied_of(model)} failures"
    lines = (
        (f"fails {rated(failed)}", f"fails {percent(failed.value)}")
        if model.attempts_known
        else ("",),
        (f"n = {base}", f"n = {base.partition(' ')[0]}"),
    )
    for number, texts in enumerate(lines):
        line = next((t for t in texts if width(t, _SMALL * sheet.size) <= room), texts[-1])
        where = (at[0], at[1] - (1.2 - 0.75 * number) * sheet.line)
        sheet.text(where, line, colour=FAINT, scale=_SMALL)


def _bars(
    sheet: Sheet, content: _Content, panels: _Panels, *, axis: Axis, model: int, top: float
) -> None:
    thick = 1.05 * sheet.size / POINTS
    cells = content.cells[model]
    if not any(cells):
        at = (axis.x(0) + 0.5 * sheet.size / POINTS, top + panels.rows.middles[0])
        sheet.text(at, "no failures studied", colour=FAINT, scale=_SMALL)
    for category, cell, below in zip(content.categories, cells, panels.rows.middles, strict=True):
        if cell is None:
            continue
        rate, middle = rate_of(cell, content.per), top + below
        long = axis.x(rate.value) - axis.left
        colour = BLUE if explains(category) else GREY
        sheet.box((axis.left, middle - thick / 2), (long, thick), colour)
        sheet.whisker(axis.x(rate.low), axis.x(rate.high), y=middle)
        words = rated(rate) if panels.intervals else bare_percent(rate.value)
        where = (axis.x(rate.high) + 0.5 * sheet.size / POINTS, middle)
        sheet.words(where, words, scale=_SMALL)
    sheet.stroke([(axis.left, top), (axis.left, top + panels.rows.height)], INK, weight=0.6)


def _notes(content: _Content, *, left_out: int, models: int) -> Iterator[str]:
    yield f"Bars: {in_words(content.per)} of each model (n). Whiskers: 95 % intervals."
    if models > MAX_MODELS:
        yield more(models - MAX_MODELS, "model", "models")
    if left_out:
        yield more(left_out, "category", "categories")
