"""Geometry of the report's pictures: axes, shades, and the flow from one model to another."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

from ...analysis import (
    NOT_STUDIED,
    PASSED,
    CategoryRate,
    Signature,
    Stream,
    Transition,
    Transitions,
)
from ...presentation.charts import REST, axis_end, end_label, streams
from ...presentation.formatting import count

_MAX_CATEGORIES: Final = 8
"""Categories of the flow picture, including the node for the rest: as many as fit the height of a
laptop's window with a line of text each."""
_SHADES: Final = 10
"""Classes `c0` to `c9` of the style sheet."""
_LEFT, _RIGHT, _NODE_WIDTH = 250.0, 550.0, 12.0
_BANDS_HEIGHT, _LINE_HEIGHT, _GAP = 300.0, 17.0, 7.0
"""In units of the view box, which is 800 wide: 250 on each side for labels of 27 letters."""


def axis(rates: Iterable[CategoryRate], *, per_attempt: bool = False) -> float:
    """The end of an axis that holds some rates with their intervals; a fraction.

    Args:
        rates: The rates.
        per_attempt: Whether the rates per attempt are drawn instead of the shares of the failures.
    """
    drawn = (rate.per_attempt if per_attempt else rate.share for rate in rates)
    return axis_end(max((rate.high for rate in drawn), default=1.0))


def shade(value: float, end: float) -> int:
    """The shade of a heatmap cell, from 0 to 9: proportional to the square root of the value.

    The root keeps rare causes distinguishable next to frequent ones.

    Args:
        value: A fraction.
        end: The end of the colour scale; a fraction.

    Example:
        >>> shade(0.0, 0.4), shade(0.1, 0.4), shade(0.4, 0.4)
        (0, 5, 9)
    """
    return min(_SHADES - 1, int(_SHADES * sqrt(value / end))) if end else 0


def shared_axis(models: Sequence[Signature], *, per_attempt: bool) -> float:
    """The end of a common axis for the top categories of several models."""
    return axis((rate for model in models for rate in model.top), per_attempt=per_attempt)


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One end of the flows, on one side of the picture."""

    label: str
    examples: int
    x: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Ribbon:
    """The band between two nodes."""

    path: str
    transition: Transition
    title: str


@dataclass(frozen=True, slots=True)
class FlowPicture:
    """Nodes on both sides and the ribbons between them, without what passed both times."""

    before: tuple[Node, ...]
    after: tuple[Node, ...]
    ribbons: tuple[Ribbon, ...]
    height: float
    node_width: float = _NODE_WIDTH


def flow_picture(pair: Transitions, names: Mapping[str, str]) -> FlowPicture | None:
    """The flow picture of a comparison; None if neither model failed an example.

    Args:
        pair: The comparison of two models.
        names: Names of the categories by id.
    """
    flows, folded = streams(pair, max_categories=_MAX_CATEGORIES)
    if not flows:
        return None
    scale = _BANDS_HEIGHT / sum(flow.examples for flow in flows)
    sides = [Counter[str](), Counter[str]()]
    for flow in flows:
        sides[0][flow.before] += flow.examples
        sides[1][flow.after] += flow.examples
    names = {**names, REST: count(folded, "more category", "more categories")}
    before = _side(sides[0], names, x=_LEFT - _NODE_WIDTH, scale=scale)
    after = _side(sides[1], names, x=_RIGHT, scale=scale)
    ends = [
        max(n.y + max(n.height, _LINE_HEIGHT) for n in side.values()) for side in (before, after)
    ]
    return FlowPicture(
        before=tuple(before.values()),
        after=tuple(after.values()),
        ribbons=_ribbons(flows, before, after, scale=scale),
        height=max(ends),
    )


def _side(
    sizes: Counter[str], names: Mapping[str, str], *, x: float, scale: float
) -> dict[str, Node]:
    # passed first, as it is no failure; the rest and what was not studied explain least
    last = {PASSED: -1, REST: 1, NOT_STUDIED: 2}
    order = sorted(sizes, key=lambda end: (last.get(end, 0), -sizes[end], end))
    nodes, y = {}, 0.0
    for end in order:
        height = sizes[end] * scale
        nodes[end] = Node(label=end_label(end, names), examples=sizes[end], x=x, y=y, height=height)
        y += max(height, _LINE_HEIGHT) + _GAP
    return nodes


def _ribbons(
    flows: Sequence[Stream], before: Mapping[str, Node], after: Mapping[str, Node], *, scale: float
) -> tuple[Ribbon, ...]:
    places = [list(side) for side in (before, after)]
    used: list[Counter[str]] = [Counter(), Counter()]
    ribbons = []
    for flow in sorted(
        flows, key=lambda flow: (places[0].index(flow.before), places[1].index(flow.after))
    ):
        thick = flow.examples * scale
        start = before[flow.before].y + used[0][flow.before] * scale
        end = after[flow.after].y + used[1][flow.after] * scale
        used[0][flow.before] += flow.examples
        used[1][flow.after] += flow.examples
        title = f"{before[flow.before].label} → {after[flow.after].label}: {flow.examples:,}"
        ribbons.append(Ribbon(_band(start, end, thick), flow.transition, title))
    return tuple(ribbons)


def _band(start: float, end: float, thick: float) -> str:
    middle = (_LEFT + _RIGHT) / 2
    upper = f"M{_LEFT:.1f} {start:.1f}C{middle:.1f} {start:.1f} {middle:.1f} {end:.1f} "
    upper += f"{_RIGHT:.1f} {end:.1f}"
    low, high = start + thick, end + thick
    lower = f"V{high:.1f}C{middle:.1f} {high:.1f} {middle:.1f} {low:.1f} {_LEFT:.1f} {low:.1f}Z"
    return upper + lower
