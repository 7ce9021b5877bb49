"""Each model's failure signature: a panel a model, a bar a category, whiskers for intervals."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from matplotlib.figure import Figure

from ...analysis import CategoryRate, Heatmap, Signature
from ...presentation.formatting import bare_percent, percent, rated
from ...presentation.sanitize import more
from ...taxonomy import Category
from .canvas import BLUE, FAINT, GREY, INK, Sheet
from .lettering import POINTS, lettered, width, wrapped
from .measure import Axis, Per, explains, in_words, most_of, rate_of, studied_of
from .rows import Rows

MODELS: Final = 20
_SMALL: Final = 0.88
"""Of the letter size: what stands beside."""
CATEGORIES: Final = 20
_HEAD: Final = 1.8
"""Lines over a panel, beside those of the model's name."""
_BOLD: Final = 0.88
"""Letters of the usual face are so much narrower than bold ones."""
_PANEL: Final = 12.0
"""Least width of a panel, in letter sizes."""
_SMALL_PANEL: Final = 8.5
"""Where there are more than `_FEW` models."""
_FEW: Final = 3
_ACROSS: Final = 5
"""Panels beside each other, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Panels:
    """Where everything stands; inches."""

    names: float
    """Room for the categories' names."""
    across: int
    room: float
    """Of one panel."""
    rows: Rows
    """The categories."""
    axis: Axis
    """Of the first panel."""
    head: float
    """Over a panel."""
    whole: bool
    """Whether intervals are in words too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Matter:
    """What is drawn."""

    signatures: tuple[Signature, ...]
    categories: tuple[Category, ...]
    cells: tuple[tuple[CategoryRate | None, ...], ...]
    per: Per


def signature_picture(
    heat: Heatmap, signatures: Sequence[Signature], *, per: Per, inches: float
) -> Figure:
    """A panel a model, all on one scale.

    Args:
        heat: What the bars are made of; one row a signature.
        signatures: Of the models, in the order of the panels.
        per: What the shares are of.
        inches: Width of the picture.
    """
    sheet = Sheet(inches)
    shown, left_out = most_of(heat.categories, CATEGORIES)
    matter = _Matter(
        signatures=tuple(signatures[:MODELS]),
        categories=tuple(heat.categories[n] for n in shown),
        cells=tuple(tuple(row[n] for n in shown) for row in heat.cells[:MODELS]),
        per=per,
    )
    panels = _layout(sheet, matter)
    top = sheet.margin
    for first in range(0, len(matter.signatures), panels.across):
        top = _row(sheet, matter, panels, first=first, top=top)
    for note in _notes(matter, left_out=left_out, models=len(signatures)):
        top = sheet.note(top, note)
    return sheet.finished(top + sheet.margin)


def _layout(sheet: Sheet, matter: _Matter) -> _Panels:
    size, letter = sheet.size, sheet.size / POINTS
    names, across = _names_and_across(sheet, matter)
    room = (sheet.width - 2 * sheet.margin - names) / across
    wide = width("99.9 % [99.9, 99.9]", _SMALL * size)
    whole = room > 1.75 * wide
    value = wide if whole else width("99.9", _SMALL * size)
    rates = [rate_of(cell, matter.per) for row in matter.cells for cell in row if cell]
    axis = Axis.over(rates, left=sheet.margin + names, room=room - value - 1.4 * letter)
    rooms = [names - 0.7 * letter] * len(matter.categories)
    rows = Rows.of([one.name for one in matter.categories], rooms, size)
    lines = max(len(_title(sheet, one, room)) for one in matter.signatures)
    return _Panels(
        names=names,
        across=across,
        room=room,
        rows=rows,
        axis=axis,
        head=(_HEAD + 0.8 * lines) * sheet.line,
        whole=whole,
    )


def _title(sheet: Sheet, one: Signature, room: float) -> tuple[str, ...]:
    """The model's name in two lines at most."""
    return wrapped(lettered(one.model), _BOLD * (room - 0.8 * sheet.size / POINTS), sheet.size)


def _names_and_across(sheet: Sheet, matter: _Matter) -> tuple[float, int]:
    """Inches for the names of the categories, and how many panels stand beside each other."""
    letter, inner = sheet.size / POINTS, sheet.width - 2 * sheet.margin
    count = len(matter.signatures)
    widest = max(width(lettered(one.name), sheet.size) for one in matter.categories)
    least = (_PANEL if count <= _FEW else _SMALL_PANEL) * letter
    names = min(widest, max(0.3 * inner, 12 * letter)) + 0.7 * letter
    many = max(1, min(_ACROSS, int((inner - names) / least)))
    across = ceil(count / ceil(count / many))
    return (min(widest, 0.42 * inner) + 0.7 * letter if across == 1 else names), across


def _row(sheet: Sheet, matter: _Matter, panels: _Panels, *, first: int, top: float) -> float:
    """One row of panels; gives where the next thing may begin."""
    begin = top + panels.head
    bottom = begin + panels.rows.height
    x = panels.axis.left - 0.6 * sheet.size / POINTS
    places = zip(matter.categories, panels.rows.names, panels.rows.middles, strict=True)
    for category, name, middle in places:
        colour = INK if explains(category) else FAINT
        sheet.lines((x, begin + middle), name, align="right", colour=colour)
    beside = range(first, min(first + panels.across, len(matter.signatures)))
    for place, model in enumerate(beside):
        axis = Axis(panels.axis.left + place * panels.room, panels.axis.room, panels.axis.top)
        _head(sheet, matter.signatures[model], matter.per, at=(axis.left, begin), room=panels.room)
        axis.grid(sheet, begin, bottom)
        _bars(sheet, matter, panels, axis=axis, model=model, top=begin)
    return bottom + 1.3 * sheet.line


def _head(sheet: Sheet, one: Signature, per: Per, *, at: tuple[float, float], room: float) -> None:
    """Draws what stands over a panel that begins `at`."""
    failed, name = one.failure_rate, _title(sheet, one, room)
    room -= 0.8 * sheet.size / POINTS
    sheet.lines((at[0], at[1] - (1.55 + 0.4 * len(name)) * sheet.line), name, bold=True)
    base = f"{failed.trials:,} answers" if per == "attempt" else f"{studied_of(one)} failures"
    told = (
        (f"fails {rated(failed)}", f"fails {percent(failed.value)}")
        if one.attempts_known
        else ("",),
        (f"n = {base}", f"n = {base.partition(' ')[0]}"),
    )
    for number, texts in enumerate(told):
        line = next((t for t in texts if width(t, _SMALL * sheet.size) <= room), texts[-1])
        where = (at[0], at[1] - (1.2 - 0.75 * number) * sheet.line)
        sheet.text(where, line, colour=FAINT, scale=_SMALL)


def _bars(
    sheet: Sheet, matter: _Matter, panels: _Panels, *, axis: Axis, model: int, top: float
) -> None:
    thick = 1.05 * sheet.size / POINTS
    cells = matter.cells[model]
    if not any(cells):
        at = (axis.x(0) + 0.5 * sheet.size / POINTS, top + panels.rows.middles[0])
        sheet.text(at, "none studied", colour=FAINT, scale=_SMALL)
    for category, cell, below in zip(matter.categories, cells, panels.rows.middles, strict=True):
        if cell is None:
            continue
        rate, middle = rate_of(cell, matter.per), top + below
        long = axis.x(rate.value) - axis.left
        colour = BLUE if explains(category) else GREY
        sheet.box((axis.left, middle - thick / 2), (long, thick), colour)
        sheet.whisker(axis.x(rate.low), axis.x(rate.high), y=middle)
        words = rated(rate) if panels.whole else bare_percent(rate.value)
        where = (axis.x(rate.high) + 0.5 * sheet.size / POINTS, middle)
        sheet.words(where, words, scale=_SMALL)
    sheet.stroke([(axis.left, top), (axis.left, top + panels.rows.height)], INK, weight=0.6)


def _notes(matter: _Matter, *, left_out: int, models: int) -> Iterator[str]:
    yield f"Bars: {in_words(matter.per)} of each model (n), in %. Whiskers: 95 % intervals."
    if models > MODELS:
        yield more(models - MODELS, "model", "models")
    if left_out:
        yield more(left_out, "category", "categories")
