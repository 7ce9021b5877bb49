"""Transitions of examples between two models as a Sankey diagram."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import plotly.graph_objects as go

from ...analysis import NOT_STUDIED, PASSED, Rate, Stream, Transitions
from ...presentation.charts import COLOURS, LABELS, REST, end_label, streams
from ...presentation.formatting import count, denominator, rated
from ..escaping import for_plotly
from .style import GREY, apply_layout

# More nodes on a side would make the diagram higher than a screen.
MAX_CATEGORIES: Final = 12
"""Categories that the diagram shows; the rarest are merged into one of these."""
_ROW_PX: Final = 34
_MIN_HEIGHT_PX: Final = 320
_NODE_GAP_PX: Final = 20
# Passed comes first; the merged categories and "not studied", which are no categories, come last.
_ORDER: Final = {PASSED: -1, REST: 1, NOT_STUDIED: 2}
# Plotly ignores node coordinates of exactly 0 or 1 and chooses its own.
_EDGE: Final = 0.001


def transition_figure(transitions: Transitions, names: Mapping[str, str]) -> go.Figure:
    """Flows from the model on the left to the model on the right, coloured by transition.

    Examples that both models passed are not drawn. Both sides list their categories in the same
    order.

    Args:
        transitions: Two models compared, of which one failed at least one example.
        names: Names of the categories, by id.
    """
    flows, merged = streams(transitions, max_categories=MAX_CATEGORIES)
    names = {**names, REST: count(merged, "more category", "more categories")}
    order = _node_order(flows)
    sides = [_side(flows, order, after=after) for after in (False, True)]
    left, right = (list(side) for side in sides)
    height = max(_MIN_HEIGHT_PX, _ROW_PX * max(map(len, sides)) + 60)  # 60 px for the margins
    nodes = [(node, side[node]) for side in sides for node in side]
    sankey = go.Sankey(
        arrangement="snap",
        textfont={"shadow": "none"},
        node={
            "label": [f"{for_plotly(end_label(node, names))} {size:,}" for node, size in nodes],
            "customdata": [for_plotly(end_label(node, names), 60) for node, _ in nodes],
            "color": [COLOURS["fixed"] if node == PASSED else GREY for node, _ in nodes],
            "x": [_EDGE] * len(left) + [1 - _EDGE] * len(right),
            "y": [middle for side in sides for middle in _node_middles(side.values(), height)],
            "pad": _NODE_GAP_PX,
            "thickness": 14,
            "line": {"width": 0},
            "hovertemplate": "<b>%{customdata}</b><br>%{value:,} examples<extra></extra>",
        },
        link={
            "source": [left.index(flow.before) for flow in flows],
            "target": [len(left) + right.index(flow.after) for flow in flows],
            "value": [flow.examples for flow in flows],
            "color": [_translucent(COLOURS[flow.transition]) for flow in flows],
            "customdata": [_hover(flow, transitions, names) for flow in flows],
            "hovertemplate": "%{customdata}<extra></extra>",
        },
    )
    return apply_layout(go.Figure(sankey), height=height)


def _node_order(flows: Sequence[Stream]) -> list[str]:
    """Each node once: passed, then categories by their examples on both sides, then the others."""
    sizes = Counter[str]()
    for flow in flows:
        sizes[flow.before] += flow.examples
        sizes[flow.after] += flow.examples
    return sorted(sizes, key=lambda node: (_ORDER.get(node, 0), -sizes[node], node))


def _side(flows: Sequence[Stream], order: Sequence[str], *, after: bool) -> dict[str, int]:
    """The nodes of one side in order, with their numbers of examples."""
    sizes = Counter[str]()
    for flow in flows:
        sizes[flow.after if after else flow.before] += flow.examples
    return {node: sizes[node] for node in order if sizes[node]}


def _node_middles(sizes: Iterable[int], height: int) -> list[float]:
    """Vertical middles of stacked nodes, as fractions of the height of the figure."""
    values = list(sizes)
    drawable = max(height - _NODE_GAP_PX * len(values), 1)
    middles, top = [], 0.0
    for size in values:
        node_px = drawable * size / sum(values)
        middles.append(min(max((top + node_px / 2) / height, _EDGE), 1 - _EDGE))
        top += node_px + _NODE_GAP_PX
    return middles


def _translucent(colour: str) -> str:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.45)"


def _hover(flow: Stream, transitions: Transitions, names: Mapping[str, str]) -> str:
    ends = (for_plotly(end_label(end, names), 60) for end in (flow.before, flow.after))
    share = Rate.counted(flow.examples, transitions.examples)
    label = LABELS[flow.transition]
    return f"<b>{' → '.join(ends)}</b><br>{label}<br>{denominator(share)} pairs: {rated(share)}"
