"""What became of each example from one model to another, as a flow picture."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import plotly.graph_objects as go

from ...analysis import NOT_STUDIED, PASSED, Rate, Stream, Transitions
from ...presentation.charts import COLOURS, LABELS, REST, end_label, streams
from ...presentation.formatting import count, denominator, rated
from .. import escaping as words
from .style import GREY, framed

MOST_CATEGORIES: Final = 12
"""Categories that the picture has a place for; the rarer ones share one of these."""
_ROW_PX: Final = 34
_LEAST_PX: Final = 320
_PAD_PX: Final = 20
_LAST: Final = {PASSED: -1, REST: 1, NOT_STUDIED: 2}
_EDGE: Final = 0.001
"""Plotly puts a node at 0 or 1 where it likes."""


def flow_picture(moved: Transitions, names: Mapping[str, str]) -> go.Figure:
    """Flows from left to right, in the colours of what became of the examples.

    What passed both times is not drawn. Both sides have their categories in one order.

    Args:
        moved: Two models compared, of which one failed at least one example.
        names: Of categories, by id.
    """
    flows, folded = streams(moved, max_categories=MOST_CATEGORIES)
    names = {**names, REST: count(folded, "more category", "more categories")}
    order = _order(flows)
    sides = [_side(flows, order, after=after) for after in (False, True)]
    left, right = (list(side) for side in sides)
    height = max(_LEAST_PX, _ROW_PX * max(map(len, sides)) + 60)
    nodes = [(end, side[end]) for side in sides for end in side]
    sankey = go.Sankey(
        arrangement="snap",
        textfont={"shadow": "none"},
        node={
            "label": [f"{words.label(end_label(end, names))} {size:,}" for end, size in nodes],
            "customdata": [words.label(end_label(end, names), 60) for end, _ in nodes],
            "color": [COLOURS["fixed"] if end == PASSED else GREY for end, _ in nodes],
            "x": [_EDGE] * len(left) + [1 - _EDGE] * len(right),
            "y": [place for side in sides for place in _places(side.values(), height)],
            "pad": _PAD_PX,
            "thickness": 14,
            "line": {"width": 0},
            "hovertemplate": "<b>%{customdata}</b><br>%{value:,} examples<extra></extra>",
        },
        link={
            "source": [left.index(one.before) for one in flows],
            "target": [len(left) + right.index(one.after) for one in flows],
            "value": [one.examples for one in flows],
            "color": [_faint(COLOURS[one.transition]) for one in flows],
            "customdata": [_hover(one, moved, names) for one in flows],
            "hovertemplate": "%{customdata}<extra></extra>",
        },
    )
    return framed(go.Figure(sankey), height=height)


def _order(streams: Sequence[Stream]) -> list[str]:
    """Each end once: `passed`, categories by the examples of both sides, then what is no one."""
    sizes = Counter[str]()
    for one in streams:
        sizes[one.before] += one.examples
        sizes[one.after] += one.examples
    return sorted(sizes, key=lambda end: (_LAST.get(end, 0), -sizes[end], end))


def _side(streams: Sequence[Stream], order: Sequence[str], *, after: bool) -> dict[str, int]:
    """The ends of one side in their order, with their examples."""
    sizes = Counter[str]()
    for one in streams:
        sizes[one.after if after else one.before] += one.examples
    return {end: sizes[end] for end in order if sizes[end]}


def _places(sizes: Iterable[int], height: int) -> list[float]:
    """The middles of nodes below each other, as parts of the height of the picture."""
    every = list(sizes)
    room = max(height - _PAD_PX * len(every), 1)
    places, top = [], 0.0
    for size in every:
        tall = room * size / sum(every)
        places.append(min(max((top + tall / 2) / height, _EDGE), 1 - _EDGE))
        top += tall + _PAD_PX
    return places


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.45)"


def _hover(flow: Stream, moved: Transitions, names: Mapping[str, str]) -> str:
    ends = (words.label(end_label(end, names), 60) for end in (flow.before, flow.after))
    part = Rate.counted(flow.examples, moved.examples)
    label = LABELS[flow.transition]
    return f"<b>{' → '.join(ends)}</b><br>{label}<br>{denominator(part)} pairs: {rated(part)}"
