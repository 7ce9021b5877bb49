"""What became of each example from one model to another, as bands between two columns."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from matplotlib.figure import Figure

from ...analysis import NOT_STUDIED, PASSED, Flow, Rate, Stream, Transition, Transitions
from ...presentation.formatting import rated
from ...presentation.transitions import COLOURS, LABELS, end_name
from ...records import CategoryId
from ...taxonomy import Taxonomy
from .canvas import FAINT, INK, Sheet
from .lettering import POINTS, fitted, lettered, width, wrapped
from .measure import explains

_NARROW: Final = 5.0
"""Inches of a picture in which the names take more of the room."""
_REST: Final = "the rest"
"""Stands for what has no place of its own."""
_NODE: Final = 0.9
"""Letter sizes in the width of the bar of an end."""
_WRONG: Final = "#4a4a4a"
"""Of the bars of the failures."""
_MOST: Final = 8
"""Categories with a place of their own, the reserved ones among them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    """One side: where each end begins, and how many examples it has."""

    order: tuple[str, ...]
    counts: Mapping[str, int]
    tops: Mapping[str, float]
    heights: Mapping[str, float]
    bottom: float


def transitions_picture(found: Transitions, taxonomy: Taxonomy, *, inches: float) -> Figure:
    """Two columns of standings with bands between them.

    Args:
        found: At least one example.
        taxonomy: Of the run.
        inches: Width of the picture.
    """
    sheet = Sheet(inches)
    kept, folded = _kept(found.flows, taxonomy)
    bands = _bands(found, kept)
    order = (PASSED, *kept, NOT_STUDIED) if not folded else _with_rest(kept, taxonomy)
    names = _names(order, taxonomy, folded=folded)
    top = _legend(sheet, bands, examples=found.examples)
    room = (0.3 if inches > _NARROW else 0.34) * (sheet.width - 2 * sheet.margin)
    left, right = sheet.margin + room, sheet.width - sheet.margin - room
    _heads(sheet, found, top=top, room=room)
    top += 1.7 * sheet.line
    counts = [_counts(bands, after=after) for after in (False, True)]
    lines = _lines(sheet, names, room - _taken(sheet, counts))
    sides = [_column(sheet, side, lines, top=top) for side in counts]
    _draw_bands(sheet, bands, sides, left=left, right=right)
    for side, x in zip(sides, (left, right), strict=True):
        _draw_column(sheet, side, lines, x=x, after=x == right)
    top = max(side.bottom for side in sides) + 0.4 * sheet.line
    told = f"{found.examples:,} examples that both were scored on"
    if found.unpaired:
        told += f"; {found.unpaired:,} answers to others are left out"
    top = sheet.note(top, f"{told}. In brackets: 95 % intervals.")
    return sheet.finished(top + sheet.margin)


def _kept(flows: Sequence[Flow], taxonomy: Taxonomy) -> tuple[tuple[str, ...], int]:
    """Categories with a place of their own, and how many share the rest."""
    counts: Counter[str] = Counter()
    for flow in flows:
        counts[flow.before] += flow.examples
        counts[flow.after] += flow.examples
    for end in (PASSED, NOT_STUDIED):
        counts.pop(end, None)

    def weight(one: str) -> tuple[bool, int, str]:
        return (not _explains(one, taxonomy), -counts[one], one)

    every = sorted(counts, key=lambda one: (-counts[one], one))
    most = len(every) if len(every) <= _MOST + 1 else _MOST
    return tuple(sorted(every[:most], key=weight)), len(every) - most


def _explains(category: str, taxonomy: Taxonomy) -> bool:
    return explains(taxonomy.path(CategoryId(category))[0])


def _with_rest(kept: Sequence[str], taxonomy: Taxonomy) -> tuple[str, ...]:
    own = [one for one in kept if _explains(one, taxonomy)]
    return (PASSED, *own, _REST, *kept[len(own) :], NOT_STUDIED)


def _names(order: Sequence[str], taxonomy: Taxonomy, *, folded: int) -> dict[str, str]:
    names = {_REST: f"{folded:,} more categories"}
    names.update((path[-1].id, path[-1].name) for path in taxonomy.walk())
    return {end: lettered(end_name(end, names)) for end in order}


def _bands(found: Transitions, kept: Sequence[str]) -> tuple[Stream, ...]:
    bands = found.merged({PASSED, NOT_STUDIED, *kept}, rest=_REST)
    return tuple(sorted(bands, key=lambda one: (one.before, one.after, one.transition)))


def _legend(sheet: Sheet, bands: Sequence[Stream], *, examples: int) -> float:
    """What the colours mean, with counts and rates; gives where the next thing may begin."""
    small, letter = 0.88 * sheet.size, sheet.size / POINTS
    counts: Counter[Transition] = Counter()
    for band in bands:
        counts[band.transition] += band.examples
    told = {
        change: f"{label} {counts[change]:,}: {rated(Rate.counted(counts[change], examples))}"
        for change, label in LABELS.items()
        if counts[change]
    }
    inner = sheet.width - 2 * sheet.margin
    widest = max(width(text, small) for text in told.values()) + 2.6 * letter
    across = max(1, min(3, int(inner / widest)))
    high = -(-len(told) // across)
    for number, (change, text) in enumerate(told.items()):
        x = sheet.margin + (number // high) * inner / across
        y = sheet.margin + (number % high + 0.5) * 0.95 * sheet.line
        sheet.box((x, y - 0.45 * letter), (1.2 * letter, 0.9 * letter), COLOURS[change])
        sheet.text((x + 1.7 * letter, y), fitted(text, inner - 2 * letter, small), scale=0.88)
    return sheet.margin + high * 0.95 * sheet.line + 0.5 * sheet.line


def _heads(sheet: Sheet, found: Transitions, *, top: float, room: float) -> None:
    wide = min((sheet.width - 2 * sheet.margin) / 2 - sheet.size / POINTS, 1.6 * room)
    y = top + sheet.line / 2
    before, after = (
        fitted(lettered(name), wide, sheet.size, bold=True) for name in (found.before, found.after)
    )
    sheet.text((sheet.margin, y), before, bold=True)
    sheet.text((sheet.width - sheet.margin, y), after, align="right", bold=True)


def _counts(bands: Sequence[Stream], *, after: bool) -> Counter[str]:
    counts: Counter[str] = Counter()
    for band in bands:
        counts[band.after if after else band.before] += band.examples
    return counts


def _taken(sheet: Sheet, counts: Iterable[Mapping[str, int]]) -> float:
    """Inches between the end of a name and the bands: a count and a bar."""
    largest = max(max(side.values()) for side in counts)
    return (_NODE + 1.1) * sheet.size / POINTS + width(f"{largest:,}", sheet.size, bold=True)


def _lines(sheet: Sheet, names: Mapping[str, str], room: float) -> dict[str, tuple[str, ...]]:
    return {one: wrapped(name, room, sheet.size) for one, name in names.items()}


def _column(
    sheet: Sheet, counts: Mapping[str, int], lines: Mapping[str, Sequence[str]], *, top: float
) -> _Column:
    present = tuple(one for one in lines if counts.get(one))
    inches = max(2.2, 0.42 * sheet.width) / sum(counts.values())
    letter = sheet.size / POINTS
    tops: dict[str, float] = {}
    y = top
    for one in present:
        high = counts[one] * inches
        slot = max(high, 1.2 * len(lines[one]) * letter)
        tops[one] = y + (slot - high) / 2
        y += slot + 0.45 * letter
    heights = {one: counts[one] * inches for one in present}
    return _Column(order=present, counts=counts, tops=tops, heights=heights, bottom=y)


def _draw_column(
    sheet: Sheet, side: _Column, lines: Mapping[str, Sequence[str]], *, x: float, after: bool
) -> None:
    letter = sheet.size / POINTS
    bar = x if after else x - _NODE * letter
    outward = 1 if after else -1
    align: Literal["left", "right"] = "left" if after else "right"
    for one in side.order:
        top, high = side.tops[one], side.heights[one]
        sheet.box((bar, top), (_NODE * letter, high), INK if one == PASSED else _WRONG)
        middle, count = top + high / 2, f"{side.counts[one]:,}"
        sheet.text((x + outward * (_NODE + 0.5) * letter, middle), count, align=align, bold=True)
        taken = (_NODE + 1.1) * letter + width(count, sheet.size, bold=True)
        colour = FAINT if one in {_REST, NOT_STUDIED} else INK
        sheet.lines((x + outward * taken, middle), lines[one], align=align, colour=colour)


def _draw_bands(
    sheet: Sheet, bands: Sequence[Stream], sides: Sequence[_Column], *, left: float, right: float
) -> None:
    before, after = sides
    rank = {one: n for n, one in enumerate(dict.fromkeys((*before.order, *after.order)))}
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
        if high >= 0.95 * letter:
            at = (left + 0.5 * letter, starts[band] + high / 2)
            sheet.text(at, f"{band.examples:,}", scale=0.8)


def _stacked(bands: Sequence[Stream], side: _Column, *, after: bool) -> dict[Stream, float]:
    """Where each band begins in a column."""
    used = dict(side.tops)
    found: dict[Stream, float] = {}
    for band in bands:
        one = band.after if after else band.before
        found[band] = used[one]
        used[one] += side.heights[one] * band.examples / side.counts[one]
    return found
