"""The taxonomy as an indented tree, with a bar and an interval for each category."""

from collections.abc import Iterator, Sequence
from typing import Final

from matplotlib.figure import Figure

from ...analysis import CategoryRate, Rate, Signature
from ...presentation.charts import explains, most_of_tree
from ...presentation.formatting import count, percent, rated
from ...presentation.sanitize import more
from ...presentation.wording import tier_lines
from . import Per
from .canvas import BLUE, FAINT, GREY, INK, RULE, Sheet
from .lettering import POINTS, fitted, lettered, width
from .measure import Axis, in_words, rate_of, studied_of
from .rows import Rows

MAX_ROWS: Final = 60
"""As many as fit a page; the most frequent categories come first."""
_TINTS: Final = (BLUE, "#6fb1d8", "#b3d5ea")
"""Colours of the levels; deeper levels have the last one."""
_GREYS: Final = (GREY, "#b9b9b9", "#d6d6d6")
_SMALL: Final = 0.88
"""Factor of the letter size for numbers."""
_REGULAR_TO_BOLD: Final = 0.9
"""Width of regular letters relative to bold ones; names are measured in the regular face."""
_INTERVALS_WIDTH: Final = 42.0
"""Width of the plot in letter sizes from which intervals are also written as numbers: below, they
would take the room of the bars."""
_INDENT: Final = 1.4
"""Indentation per level in letter sizes."""


def tree_picture(signature: Signature, *, depth: int, per: Per, inches: float) -> Figure:
    """Draws one line per category, each before its children.

    Args:
        signature: Of one model or of all together, with at least one studied failure.
        depth: Levels to show, at least 1.
        per: What the shares refer to.
        inches: Width of the plot.
    """
    sheet = Sheet(inches)
    every = [rate for rate in signature.categories if rate.depth <= depth]
    rates = most_of_tree(every, MAX_ROWS)
    letter, inner = sheet.size / POINTS, sheet.width - 2 * sheet.margin
    intervals = inner > _INTERVALS_WIDTH * letter
    names = _room_for_names(sheet, rates)
    rooms = [
        (names - _indent(rate, sheet.size) - 0.8 * letter)
        * (_REGULAR_TO_BOLD if rate.depth == 1 else 1)
        for rate in rates
    ]
    rows = Rows.of([rate.category.name for rate in rates], rooms, sheet.size)
    top = _head(sheet, signature)
    bottom = top + rows.height
    words = width(
        "9,999: 99.9 % [99.9, 99.9]" if intervals else "9,999: 99.9 %", _SMALL * sheet.size
    )
    axis = Axis.over(
        [rate_of(rate, per) for rate in rates],
        left=sheet.margin + names,
        room=inner - names - words - 0.8 * letter,
    )
    axis.grid(sheet, top, bottom)
    middles = [top + middle for middle in rows.middles]
    places = zip(rates, rows.names, middles, _reserved(rates), strict=True)
    for rate, name, middle, reserved in places:
        _name(sheet, rate, name, y=middle, faint=reserved)
        _bar(
            sheet,
            rate,
            rate_of(rate, per),
            axis=axis,
            y=middle,
            faint=reserved,
            intervals=intervals,
        )
    _branches(sheet, rates, middles)
    sheet.stroke([(axis.left, top), (axis.left, bottom)], INK, weight=0.6)
    top = bottom + 1.1 * sheet.line
    for note in _notes(signature, per, left_out=len(every) - len(rates)):
        top = sheet.note(top, note)
    return sheet.finished(top + sheet.margin)


def _head(sheet: Sheet, signature: Signature) -> float:
    """Draws the heading; returns its bottom in inches."""
    failed, top = signature.failure_rate, sheet.margin
    room = sheet.width - 2 * sheet.margin
    name = lettered(signature.model) if signature.model else "All models together"
    title = fitted(name, room, sheet.size, bold=True)
    sheet.text((sheet.margin, top + 0.4 * sheet.line), title, bold=True)
    note = count(failed.hits, "failure")
    if signature.attempts_known:
        note += f" of {count(failed.trials, 'attempt')}: {rated(failed)}"
    if signature.mock:
        note += "; diagnosed by a mock judge, which says nothing about them"
    elif signature.explained:
        known = (f"{name} {percent(rate.value)}" for name, rate in tier_lines(signature))
        note += f"; {', '.join(known)} of {signature.explained.trials:,} studied"
    return sheet.note(top + 0.8 * sheet.line, note) + 0.2 * sheet.line


def _indent(rate: CategoryRate, size: float) -> float:
    return _INDENT * (rate.depth - 1) * size / POINTS


def _room_for_names(sheet: Sheet, rates: Sequence[CategoryRate]) -> float:
    size = sheet.size
    widest = max(
        (_indent(rate, size) + width(lettered(rate.category.name), size, bold=rate.depth == 1))
        for rate in rates
    )
    # names get at most 48 % of the width, so that the bars keep the larger part
    return min(widest, 0.48 * (sheet.width - 2 * sheet.margin)) + 0.8 * size / POINTS


def _reserved(rates: Sequence[CategoryRate]) -> list[bool]:
    """For each category, whether it is a reserved one or below one."""
    result: list[bool] = []
    for rate in rates:
        top = rate.depth == 1
        result.append(not explains(rate.category) if top else bool(result) and result[-1])
    return result


def _name(sheet: Sheet, rate: CategoryRate, name: Sequence[str], *, y: float, faint: bool) -> None:
    at = (sheet.margin + _indent(rate, sheet.size), y)
    sheet.lines(at, name, bold=rate.depth == 1, colour=FAINT if faint else INK)


def _bar(  # noqa: PLR0913 - all that a line of the tree shows
    sheet: Sheet,
    category: CategoryRate,
    rate: Rate,
    *,
    axis: Axis,
    y: float,
    faint: bool,
    intervals: bool,
) -> None:
    tints = _GREYS if faint else _TINTS
    thick = (0.95 if category.depth == 1 else 0.75) * sheet.size / POINTS
    colour = tints[min(category.depth, len(tints)) - 1]
    sheet.box((axis.left, y - thick / 2), (axis.x(rate.value) - axis.left, thick), colour)
    sheet.whisker(axis.x(rate.low), axis.x(rate.high), y=y)
    at = (axis.x(rate.high) + 0.5 * sheet.size / POINTS, y)
    words = rated(rate) if intervals else percent(rate.value)
    sheet.words(at, f"{rate.hits:,}: {words}", scale=_SMALL)


def _branches(sheet: Sheet, rates: Sequence[CategoryRate], middles: Sequence[float]) -> None:
    """Draws lines from each category to its children."""
    letter = sheet.size / POINTS
    parents: list[float] = []
    for rate, y in zip(rates, middles, strict=True):
        del parents[rate.depth - 1 :]
        if rate.depth > 1:
            x = sheet.margin + (_INDENT * (rate.depth - 2) + 0.45) * letter
            sheet.stroke([(x, parents[-1] + 0.75 * letter), (x, y), (x + 0.7 * letter, y)], RULE)
        parents.append(y)


def _notes(signature: Signature, per: Per, *, left_out: int) -> Iterator[str]:
    of = f"{signature.failure_rate.trials:,}" if per == "attempt" else studied_of(signature)
    yield f"Failures, and {in_words(per)} (n = {of}). Whiskers: 95 % intervals."
    if left_out:
        yield more(left_out, "category", "categories")
