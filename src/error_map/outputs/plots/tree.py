"""The taxonomy as an indented tree, a bar and an interval beside each category."""

from collections.abc import Iterator, Sequence
from typing import Final

from matplotlib.figure import Figure

from ...analysis import CategoryRate, Rate, Signature
from ...presentation.formatting import percent, rated
from ...presentation.sanitize import more
from .canvas import BLUE, FAINT, GREY, INK, RULE, Sheet
from .lettering import POINTS, fitted, lettered, width
from .measure import Axis, Per, explains, in_words, rate_of, studied_of
from .rows import Rows

ROWS: Final = 60
_TINTS: Final = (BLUE, "#6fb1d8", "#b3d5ea")
"""Of the levels; what lies deeper has the last."""
_GREYS: Final = (GREY, "#b9b9b9", "#d6d6d6")
_SMALL: Final = 0.88
"""Of the letter size: what stands beside."""
_BOLD: Final = 0.9
"""Letters of the usual face are so much narrower than bold ones."""
_WHOLE: Final = 42.0
"""Letter sizes of a picture in which intervals are in words too."""
_INDENT: Final = 1.4
"""Letter sizes that a level is moved to the right."""


def tree_picture(shown: Signature, *, depth: int, per: Per, inches: float) -> Figure:
    """One line a category, each before its children.

    Args:
        shown: Of one model or of all together; some failures were studied.
        depth: Levels that are shown, from 1.
        per: What the shares are of.
        inches: Width of the picture.
    """
    sheet = Sheet(inches)
    every = [rate for rate in shown.categories if rate.depth <= depth]
    rates = every[:ROWS]
    letter, inner = sheet.size / POINTS, sheet.width - 2 * sheet.margin
    whole = inner > _WHOLE * letter
    names = _room_for_names(sheet, rates)
    rooms = [
        (names - _indent(rate, sheet.size) - 0.8 * letter) * (_BOLD if rate.depth == 1 else 1)
        for rate in rates
    ]
    rows = Rows.of([rate.category.name for rate in rates], rooms, sheet.size)
    top = _head(sheet, shown)
    bottom = top + rows.height
    words = width("9,999: 99.9 % [99.9, 99.9]" if whole else "9,999: 99.9 %", _SMALL * sheet.size)
    axis = Axis.over(
        [rate_of(one, per) for one in rates],
        left=sheet.margin + names,
        room=inner - names - words - 0.8 * letter,
    )
    axis.grid(sheet, top, bottom)
    middles = [top + middle for middle in rows.middles]
    places = zip(rates, rows.names, middles, _reserved(rates), strict=True)
    for rate, name, middle, reserved in places:
        _name(sheet, rate, name, y=middle, faint=reserved)
        _bar(sheet, rate, rate_of(rate, per), axis=axis, y=middle, faint=reserved, whole=whole)
    _branches(sheet, rates, middles)
    sheet.stroke([(axis.left, top), (axis.left, bottom)], INK, weight=0.6)
    top = bottom + 1.1 * sheet.line
    for note in _notes(shown, per, left_out=len(every) - len(rates)):
        top = sheet.note(top, note)
    return sheet.finished(top + sheet.margin)


def _head(sheet: Sheet, shown: Signature) -> float:
    """Whose tree it is; gives where the next thing may begin."""
    failed, top = shown.failure_rate, sheet.margin
    room = sheet.width - 2 * sheet.margin
    name = lettered(shown.model) if shown.model else "All models together"
    cut = fitted(name, room, sheet.size, bold=True)
    sheet.text((sheet.margin, top + 0.4 * sheet.line), cut, bold=True)
    told = f"{failed.hits:,} failures"
    told += f" of {failed.trials:,} answers: {rated(failed)};" if shown.attempts_known else ";"
    if shown.mock:
        told += " a mock answered, which says nothing of them"
    elif shown.explained:
        told += f" explained: {rated(shown.explained)} of {shown.explained.trials:,}"
    return sheet.note(top + 0.8 * sheet.line, told) + 0.2 * sheet.line


def _indent(rate: CategoryRate, size: float) -> float:
    return _INDENT * (rate.depth - 1) * size / POINTS


def _room_for_names(sheet: Sheet, rates: Sequence[CategoryRate]) -> float:
    size = sheet.size
    widest = max(
        (_indent(one, size) + width(lettered(one.category.name), size, bold=one.depth == 1))
        for one in rates
    )
    return min(widest, 0.48 * (sheet.width - 2 * sheet.margin)) + 0.8 * size / POINTS


def _reserved(rates: Sequence[CategoryRate]) -> list[bool]:
    """Whether each category is a reserved one, or below one."""
    found: list[bool] = []
    for rate in rates:
        top = rate.depth == 1
        found.append(not explains(rate.category) if top else bool(found) and found[-1])
    return found


def _name(sheet: Sheet, rate: CategoryRate, name: Sequence[str], *, y: float, faint: bool) -> None:
    at = (sheet.margin + _indent(rate, sheet.size), y)
    sheet.lines(at, name, bold=rate.depth == 1, colour=FAINT if faint else INK)


def _bar(  # noqa: PLR0913 - what a line of the tree shows
    sheet: Sheet,
    one: CategoryRate,
    rate: Rate,
    *,
    axis: Axis,
    y: float,
    faint: bool,
    whole: bool,
) -> None:
    tints = _GREYS if faint else _TINTS
    thick = (0.95 if one.depth == 1 else 0.75) * sheet.size / POINTS
    colour = tints[min(one.depth, len(tints)) - 1]
    sheet.box((axis.left, y - thick / 2), (axis.x(rate.value) - axis.left, thick), colour)
    sheet.whisker(axis.x(rate.low), axis.x(rate.high), y=y)
    at = (axis.x(rate.high) + 0.5 * sheet.size / POINTS, y)
    words = rated(rate) if whole else percent(rate.value)
    sheet.words(at, f"{rate.hits:,}: {words}", scale=_SMALL)


def _branches(sheet: Sheet, rates: Sequence[CategoryRate], middles: Sequence[float]) -> None:
    """Lines from a category down to its children."""
    letter = sheet.size / POINTS
    parents: list[float] = []
    for rate, y in zip(rates, middles, strict=True):
        del parents[rate.depth - 1 :]
        if rate.depth > 1:
            x = sheet.margin + (_INDENT * (rate.depth - 2) + 0.45) * letter
            sheet.stroke([(x, parents[-1] + 0.75 * letter), (x, y), (x + 0.7 * letter, y)], RULE)
        parents.append(y)


def _notes(shown: Signature, per: Per, *, left_out: int) -> Iterator[str]:
    of = f"{shown.failure_rate.trials:,}" if per == "attempt" else studied_of(shown)
    yield f"Counts, and {in_words(per)} (n = {of}). Whiskers: 95 % intervals."
    if left_out:
        yield more(left_out, "category", "categories")
