"""Flow picture: the transition of each example from one model to another, as bands."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from matplotlib.figure import Figure

from ...analysis import NOT_STUDIED, PASSED, Rate, Stream, Transition, Transitions
from ...presentation.charts import COLOURS, LABELS, REST, end_label, explains, streams
from ...presentation.formatting import count, rated
from ...presentation.wording import chance
from ...records import CategoryId
from ...taxonomy import Taxonomy
from .canvas import FAINT, INK, Sheet
from .lettering import POINTS, fitted, lettered, width, wrapped

_NARROW: Final = 5.0
"""Inches; in narrower pictures the labels get a larger share of the width, or they would be cut."""
_NODE: Final = 0.9
"""Width of the bar of an end, in letter sizes."""
_FAILED_COLOUR: Final = "#4a4a4a"
_MAX_CATEGORIES: Final = 9
"""Categories with a place in the picture, including the one for the rest: at 0.42 of the width in
height, more would leave bands thinner than a line of text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    """The ends on one side of the picture; tops and heights in inches, by end."""

    order: tuple[str, ...]
    counts: Mapping[str, int]
    tops: Mapping[str, float]
    heights: Mapping[str, float]
    bottom: float


def transitions_picture(pair: Transitions, taxonomy: Taxonomy, *, inches: float) -> Figure:
    """Draws two columns of ends with bands between them.

    Args:
        pair: The comparison of two models, with at least one example.
        taxonomy: The run's taxonomy.
        inches: Width of the picture.
    """
    sheet = Sheet(inches)
    bands, folded = streams(pair, max_categories=_MAX_CATEGORIES, passed=True)
    order = _order(bands, taxonomy)
    names = _names(order, taxonomy, folded=folded)
    top = _legend(sheet, bands, examples=pair.examples)
    room = (0.3 if inches > _NARROW else 0.34) * (sheet.width - 2 * sheet.margin)
    left, right = sheet.margin + room, sheet.width - sheet.margin - room
    _heads(sheet, pair, top=top, room=room)
    top += 1.7 * sheet.line
    counts = [_counts(bands, after=after) for after in (False, True)]
    lines = _lines(sheet, names, room - _taken(sheet, counts))
    sides = [_column(sheet, side, lines, top=top) for side in counts]
    _draw_bands(sheet, bands, sides, left=left, right=right)
    for side, x in zip(sides, (left, right), strict=True):
        _draw_column(sheet, side, lines, x=x, after=x == right)
    top = max(side.bottom for side in sides) + 0.4 * sheet.line
    note = f"{count(pair.examples, 'attempt')} that both models were scored on"
    if pair.unpaired:
        note += f"; {count(pair.unpaired, 'attempt')} scored for only one model left out"
    top = sheet.note(top, f"{note}. In brackets: 95 % intervals.")
    top = sheet.note(top, f"Fixed against newly broken, this pair alone: {chance(pair.p_value)}.")
    return sheet.finished(top + sheet.margin)


def _order(bands: Sequence[Stream], taxonomy: Taxonomy) -> tuple[str, ...]:
    """All ends from top to bottom: passed, kinds of error by size, the rest, the reserved ones."""
    sizes: Counter[str] = Counter()
    for band in bands:
        sizes.update({band.before: band.examples})
        sizes.update({band.after: band.examples})

    def place(end: str) -> tuple[int, int, str]:
        fixed = {PASSED: 0, REST: 2, NOT_STUDIED: 4}
        return (fixed.get(end, 1 if _explains(end, taxonomy) else 3), -sizes[end], end)

    return tuple(sorted({PASSED, NOT_STUDIED, *sizes}, key=place))


def _explains(end: str, taxonomy: Taxonomy) -> bool:
    known = end not in {PASSED, REST, NOT_STUDIED}
    return known and explains(taxonomy.path(CategoryId(end))[0])


def _names(order: Sequence[str], taxonomy: Taxonomy, *, folded: int) -> dict[str, str]:
    names = {REST: count(folded, "more category", "more categories")}
    names.update((path[-1].id, path[-1].name) for path in taxonomy.walk())
    return {end: lettered(end_label(end, names)) for end in order}


def _legend(sheet: Sheet, bands: Sequence[Stream], *, examples: int) -> float:
    """Draws the legend with counts and rates; returns its bottom in inches."""
    small, letter = 0.88 * sheet.size, sheet.size / POINTS
    counts: Counter[Transition] = Counter()
    for band in bands:
        counts[band.transition] += band.examples
    labels = {
        change: f"{label} {counts[change]:,}: {rated(Rate.counted(counts[change], examples))}"
        for change, label in LABELS.items()
        if counts[change]
    }
    inner = sheet.width - 2 * sheet.margin
    widest = max(width(text, small) for text in labels.values()) + 2.6 * letter
    across = max(1, min(3, int(inner / widest)))
    high = -(-len(labels) // across)
    for number, (change, text) in enumerate(labels.items()):
        x = sheet.margin + (number // high) * inner / across
        y = sheet.margin + (number % high + 0.5) * 0.95 * sheet.line
        sheet.box((x, y - 0.45 * letter), (1.2 * letter, 0.9 * letter), COLOURS[change])
        sheet.text((x + 1.7 * letter, y), fitted(text, inner - 2 * letter, small), scale=0.88)
    return sheet.margin + high * 0.95 * sheet.line + 0.5 * sheet.line


def _heads(sheet: Sheet, pair: Transitions, *, top: float, room: float) -> None:
    wide = min((sheet.width - 2 * sheet.margin) / 2 - sheet.size / POINTS, 1.6 * room)
    y = top + sheet.line / 2
    before, after = (
        fitted(lettered(name), wide, sheet.size, bold=True) for name in (pair.before, pair.after)
    )
    sheet.text((sheet.margin, y), before, bold=True)
    sheet.text((sheet.width - sheet.margin, y), after, align="right", bold=True)


def _counts(bands: Sequence[Stream], *, after: bool) -> Counter[str]:
    counts: Counter[str] = Counter()
    for band in bands:
        counts[band.after if after else band.before] += band.examples
    return counts


def _taken(sheet: Sheet, counts: Iterable[Mapping[str, int]]) -> float:
    """Width of the count and the bar between a label and the bands, in inches."""
    largest = max(max(side.values()) for side in counts)
    return (_NODE + 1.1) * sheet.size / POINTS + width(f"{largest:,}", sheet.size, bold=True)


def _lines(sheet: Sheet, names: Mapping[str, str], room: float) -> dict[str, tuple[str, ...]]:
    return {end: wrapped(name, room, sheet.size) for end, name in names.items()}


def _column(
    sheet: Sheet, counts: Mapping[str, int], lines: Mapping[str, Sequence[str]], *, top: float
) -> _Column:
    present = tuple(end for end in lines if counts.get(end))
    # at least 2.2 inches for all examples, or bands of a few of them would vanish in a column
    inches = max(2.2, 0.42 * sheet.width) / sum(counts.values())
    letter = sheet.size / POINTS
    tops: dict[str, float] = {}
    y = top
    for end in present:
        high = counts[end] * inches
        slot = max(high, 1.2 * len(lines[end]) * letter)
        tops[end] = y + (slot - high) / 2
        y += slot + 0.45 * letter
    heights = {end: counts[end] * inches for end in present}
    return _Column(order=present, counts=counts, tops=tops, heights=heights, bottom=y)


def _draw_column(
    sheet: Sheet, side: _Column, lines: Mapping[str, Sequence[str]], *, x: float, after: bool
) -> None:
    letter = sheet.size / POINTS
    bar = x if after else x - _NODE * letter
    outward = 1 if after else -1
    align: Literal["left", "right"] = "left" if after else "right"
    for end in side.order:
        top, high = side.tops[end], side.heights[end]
        sheet.box((bar, top), (_NODE * letter, high), INK if end == PASSED else _FAILED_COLOUR)
        middle, number = top + high / 2, f"{side.counts[end]:,}"
        sheet.text((x + outward * (_NODE + 0.5) * letter, middle), number, align=align, bold=True)
        taken = (_NODE + 1.1) * letter + width(number, sheet.size, bold=True)
        colour = FAINT if end in {REST, NOT_STUDIED} else INK
        sheet.lines((x + outward * taken, middle), lines[end], align=align, colour=colour)


def _draw_bands(
    sheet: Sheet, bands: Sequence[Stream], sides: Sequence[_Column], *, left: float, right: float
) -> None:
    before, after = sides
    rank = {end: n for n, end in enumerate(dict.fromkeys((*before.order, *after.order)))}
    starts = _stacked(
        sorted(bands, key=lambda b: (rank[b.before], rank[b.after], b.transition)),
        before,
        after=False,
    )
    ends = _stacked(
        sorted(bands, key=lambda b: (rank[b.after], rank[b.before], b.transition)),
        after,
        after=True,
    )
    letter = sheet.size / POINTS
    for band in sorted(bands, key=lambda b: -b.examples):
        high = before.heights[band.before] * band.examples / before.counts[band.before]
        places = ((left, starts[band]), (right, ends[band]))
        sheet.ribbon(*places, height=high, colour=COLOURS[band.transition])
    for band in bands:
        high = before.heights[band.before] * band.examples / before.counts[band.before]
        # a number only where it fits into its band
        if high >= 0.95 * letter:
            at = (left + 0.5 * letter, starts[band] + high / 2)
            sheet.text(at, f"{band.examples:,}", scale=0.8)


def _stacked(bands: Sequence[Stream], side: _Column, *, after: bool) -> dict[Stream, float]:
    """The upper end of each band in a column, in inches."""
    used = dict(side.tops)
    result: dict[Stream, float] = {}
    for band in bands:
        end = band.after if after else band.before
        result[band] = used[end]
        used[end] += side.heights[end] * band.examples / side.counts[end]
    return result
