"""Geometry of the report's pictures: lengths of bars, and the flow from one model to another."""

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
from ...presentation.formatting import count
from ...presentation.transitions import REST, end_name, merged_streams

_NODES: Final = 8
"""Categories of the flow picture; the others are one node."""
_STEPS: Final = (0.05, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)
_LEFT, _RIGHT, _BREADTH = 250.0, 550.0, 12.0
_TALL, _SLOT, _GAP = 300.0, 17.0, 7.0


def axis(rates: Iterable[CategoryRate]) -> float:
    """The end of an axis on which the shares and their intervals stand; a fraction."""
    most = max((rate.share.high for rate in rates), default=1.0)
    return next(step for step in _STEPS if most <= step)


def shade(value: float, most: float) -> int:
    """Which of the ten shades of a heatmap a value has: they grow with its root.

    So rare causes are told apart beside frequent ones.

    Example:
        >>> shade(0.0, 0.4), shade(0.1, 0.4), shade(0.4, 0.4)
        (0, 5, 9)
    """
    return min(9, int(10 * sqrt(value / most))) if most else 0


def shared_axis(models: Sequence[Signature]) -> float:
    """One axis for the top categories of some models."""
    return axis(rate for one in models for rate in one.top)


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One end of flows on one side of the flow picture."""

    label: str
    examples: int
    x: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Ribbon:
    """Examples that go from one node to another."""

    path: str
    transition: Transition
    told: str


@dataclass(frozen=True, slots=True)
class FlowPicture:
    """Nodes of both sides and the ribbons between them; all but what passed both times."""

    before: tuple[Node, ...]
    after: tuple[Node, ...]
    ribbons: tuple[Ribbon, ...]
    height: float
    breadth: float = _BREADTH


def flow_picture(pair: Transitions, names: Mapping[str, str]) -> FlowPicture | None:
    """The picture of a comparison; None where nothing failed.

    Args:
        pair: Two models compared.
        names: Of categories, by id.
    """
    flows, folded = merged_streams(pair, most=_NODES)
    if not flows:
        return None
    scale = _TALL / sum(flow.examples for flow in flows)
    sides = [Counter[str](), Counter[str]()]
    for flow in flows:
        sides[0][flow.before] += flow.examples
        sides[1][flow.after] += flow.examples
    rest = count(folded, "more category", "more categories")
    names = {**names, REST: rest}
    before = _side(sides[0], names, x=_LEFT - _BREADTH, scale=scale)
    after = _side(sides[1], names, x=_RIGHT, scale=scale)
    ends = [max(n.y + max(n.height, _SLOT) for n in side.values()) for side in (before, after)]
    return FlowPicture(
        before=tuple(before.values()),
        after=tuple(after.values()),
        ribbons=_ribbons(flows, before, after, scale=scale),
        height=max(ends),
    )


def _side(
    sizes: Counter[str], names: Mapping[str, str], *, x: float, scale: float
) -> dict[str, Node]:
    last = {PASSED: -1, REST: 1, NOT_STUDIED: 2}
    order = sorted(sizes, key=lambda one: (last.get(one, 0), -sizes[one], one))
    nodes, y = {}, 0.0
    for name in order:
        height = sizes[name] * scale
        nodes[name] = Node(
            label=end_name(name, names), examples=sizes[name], x=x, y=y, height=height
        )
        y += max(height, _SLOT) + _GAP
    return nodes


def _ribbons(
    flows: Sequence[Stream], before: Mapping[str, Node], after: Mapping[str, Node], *, scale: float
) -> tuple[Ribbon, ...]:
    places = [list(side) for side in (before, after)]
    used: list[Counter[str]] = [Counter(), Counter()]
    ribbons = []
    for flow in sorted(
        flows, key=lambda one: (places[0].index(one.before), places[1].index(one.after))
    ):
        thick = flow.examples * scale
        start = before[flow.before].y + used[0][flow.before] * scale
        end = after[flow.after].y + used[1][flow.after] * scale
        used[0][flow.before] += flow.examples
        used[1][flow.after] += flow.examples
        told = f"{before[flow.before].label} → {after[flow.after].label}: {flow.examples:,}"
        ribbons.append(Ribbon(_band(start, end, thick), flow.transition, told))
    return tuple(ribbons)


def _band(start: float, end: float, thick: float) -> str:
    middle = (_LEFT + _RIGHT) / 2
    there = f"M{_LEFT:.1f} {start:.1f}C{middle:.1f} {start:.1f} {middle:.1f} {end:.1f} "
    there += f"{_RIGHT:.1f} {end:.1f}"
    low, high = start + thick, end + thick
    back = f"V{high:.1f}C{middle:.1f} {high:.1f} {middle:.1f} {low:.1f} {_LEFT:.1f} {low:.1f}Z"
    return there + back
