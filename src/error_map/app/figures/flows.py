"""What became of each example from one model to another, as a flow picture."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

import plotly.graph_objects as go

from ...analysis import PASSED, Flow, Rate, Transitions
from ...presentation.formatting import denominator, rated
from ...records import CategoryId
from ...taxonomy import Taxonomy
from .. import words
from .style import GREY, PALETTE, framed

MOST_FLOWS: Final = 24
"""Flows that the picture shows."""
_ROW_PX: Final = 26
_LEAST_PX: Final = 320
_FIXED, _BROKEN, _SAME, _OTHER = "#009E73", "#D55E00", GREY, PALETTE[1]


def standing(place: str, taxonomy: Taxonomy) -> str:
    """What a flow's end is called: `passed`, `not studied`, or the category's name."""
    return taxonomy.path(CategoryId(place))[-1].name if place in taxonomy else place


def shown_flows(moved: Transitions) -> list[Flow]:
    """The largest, without those that passed both times."""
    return [flow for flow in moved.flows if {flow.before, flow.after} != {PASSED}][:MOST_FLOWS]


def flow_picture(moved: Transitions, taxonomy: Taxonomy) -> go.Figure:
    """Flows from left to right: fixed, broken, wrong for the same reason, wrong for another."""
    flows = shown_flows(moved)
    left = _ends(flows, [flow.before for flow in flows])
    right = _ends(flows, [flow.after for flow in flows])
    sankey = go.Sankey(
        arrangement="snap",
        textfont={"shadow": "none"},
        node={
            "label": [words.label(standing(end, taxonomy)) for end in (*left, *right)],
            "customdata": [words.label(standing(end, taxonomy), 60) for end in (*left, *right)],
            "color": [_SAME if end != PASSED else _FIXED for end in (*left, *right)],
            "pad": 14,
            "thickness": 14,
            "line": {"width": 0},
            "hovertemplate": "<b>%{customdata}</b><br>%{value:,} examples<extra></extra>",
        },
        link={
            "source": [left.index(flow.before) for flow in flows],
            "target": [len(left) + right.index(flow.after) for flow in flows],
            "value": [flow.examples for flow in flows],
            "color": [_faint(_colour(flow)) for flow in flows],
            "customdata": [_hover(flow, moved, taxonomy) for flow in flows],
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


def _colour(flow: Flow) -> str:
    if flow.after == PASSED:
        return _FIXED
    if flow.before == PASSED:
        return _BROKEN
    return _SAME if flow.before == flow.after else _OTHER


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.45)"


def _hover(flow: Flow, moved: Transitions, taxonomy: Taxonomy) -> str:
    ends = (words.label(standing(end, taxonomy), 60) for end in (flow.before, flow.after))
    part = Rate.counted(flow.examples, moved.examples)
    return f"<b>{' → '.join(ends)}</b><br>{denominator(part)} pairs: {rated(part)}"
