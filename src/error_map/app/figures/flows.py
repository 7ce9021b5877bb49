"""What became of each example from one model to another, as a flow picture."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

import plotly.graph_objects as go

from ...analysis import PASSED, Flow, Rate, Transitions
from ...presentation.formatting import denominator, rated
from ...presentation.transitions import COLOURS, LABELS, standing
from .. import words
from .style import GREY, framed

MOST_FLOWS: Final = 24
"""Flows that the picture shows."""
_ROW_PX: Final = 34
_LEAST_PX: Final = 320


def shown_flows(moved: Transitions) -> list[Flow]:
    """The largest, without those that passed both times."""
    return [flow for flow in moved.flows if moved.change(flow) != "passed"][:MOST_FLOWS]


def flow_picture(moved: Transitions, names: Mapping[str, str]) -> go.Figure:
    """Flows from left to right, in the colours of what became of the examples.

    Args:
        moved: Two models compared.
        names: Of categories, by id.
    """
    flows = shown_flows(moved)
    left = _ends(flows, [flow.before for flow in flows])
    right = _ends(flows, [flow.after for flow in flows])
    sankey = go.Sankey(
        arrangement="snap",
        textfont={"shadow": "none"},
        node={
            "label": [words.label(standing(end, names)) for end in (*left, *right)],
            "customdata": [words.label(standing(end, names), 60) for end in (*left, *right)],
            "color": [COLOURS["fixed"] if end == PASSED else GREY for end in (*left, *right)],
            "pad": 20,
            "thickness": 14,
            "line": {"width": 0},
            "hovertemplate": "<b>%{customdata}</b><br>%{value:,} examples<extra></extra>",
        },
        link={
            "source": [left.index(flow.before) for flow in flows],
            "target": [len(left) + right.index(flow.after) for flow in flows],
            "value": [flow.examples for flow in flows],
            "color": [_faint(COLOURS[moved.change(flow)]) for flow in flows],
            "customdata": [_hover(flow, moved, names) for flow in flows],
            "hovertemplate": "%{customdata}<extra></extra>",
        },
    )
    height = max(_LEAST_PX, _ROW_PX * max(len(left), len(right)) + 60)
    return framed(go.Figure(sankey), height=height)


def _ends(flows: Sequence[Flow], ends: Sequence[str]) -> list[str]:
    """Each end once, `passed` first, then by examples."""
    sizes: Counter[str] = Counter()
    for flow, end in zip(flows, ends, strict=True):
        sizes[end] += flow.examples
    return sorted(sizes, key=lambda end: (end != PASSED, -sizes[end], end))


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.45)"


def _hover(flow: Flow, moved: Transitions, names: Mapping[str, str]) -> str:
    ends = (words.label(standing(end, names), 60) for end in (flow.before, flow.after))
    part = Rate.counted(flow.examples, moved.examples)
    label = LABELS[moved.change(flow)]
    return f"<b>{' → '.join(ends)}</b><br>{label}<br>{denominator(part)} pairs: {rated(part)}"
