"""The taxonomy with the share of each category, as a sunburst or a treemap."""

from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

import plotly.graph_objects as go

from ...analysis import CategoryRate, Signature
from ...presentation.formatting import denominator, percent, rated
from ...taxonomy import reserved
from ..escaping import for_plotly
from .style import GREY, PALETTE, apply_layout, lighten

Shape: TypeAlias = Literal["sunburst", "treemap"]
# Smaller sectors are too thin to be seen, and each adds elements to the page: the browser tests
# allow 4,000 per page.
MAX_SECTORS: Final = 120
"""Categories that the figure shows."""
_HEIGHT_PX: Final = 460
# Labels that would have to be smaller than this are hidden instead.
_MIN_FONT_PX: Final = 9
_LEVELS: Final = 3
"""Levels shown at once: the root and two below it; a click on a category shows deeper ones."""
_LIGHTER_PER_LEVEL: Final = 0.35
"""Share of white that each level below the top adds."""
# From the fourth level on, more white would make sectors invisible on light pages.
_MAX_WHITE: Final = 0.8
_LEVELS_BEFORE_MAX_WHITE: Final = 3
# Shares are sums of fractions; a smaller remainder is rounding error.
_ROUNDING_ERROR: Final = 1e-9


def taxonomy_figure(overall: Signature, *, shape: Shape) -> go.Figure:
    """Categories sized by their estimated share of the failures, children inside their parents.

    Args:
        overall: Signature of all models together.
        shape: Rings (sunburst) or tiles (treemap).
    """
    shown = most_frequent(overall)
    parents = _parents(shown)
    nodes = {
        "ids": ["root", *(f"c{position}" for position in range(len(shown)))],
        "parents": ["", *("root" if parent is None else f"c{parent}" for parent in parents)],
        "labels": ["all failures", *(for_plotly(rate.category.name) for rate in shown)],
        "values": [
            _remainder(None, shown, parents),
            *(_remainder(position, shown, parents) for position in range(len(shown))),
        ],
        "hovertext": [_root_hover(overall), *map(_hover, shown)],
        "text": ["", *(percent(rate.share.value) for rate in shown)],
        "marker": {
            "colors": ["rgba(128,128,128,0.15)", *_colours(shown, parents)],
            "line": {"width": 1, "color": "rgba(128,128,128,0.5)"},
        },
    }
    kind = go.Sunburst if shape == "sunburst" else go.Treemap
    trace = kind(
        **nodes,
        branchvalues="remainder",
        maxdepth=_LEVELS,
        textinfo="label+text",
        textfont={"size": 12},
        hovertemplate="%{hovertext}<extra></extra>",
    )
    if shape == "sunburst":
        trace.update(insidetextorientation="auto", leaf={"opacity": 1})
    figure = apply_layout(go.Figure(trace), height=_HEIGHT_PX)
    return figure.update_layout(uniformtext={"minsize": _MIN_FONT_PX, "mode": "hide"})


def most_frequent(overall: Signature) -> list[CategoryRate]:
    """The most frequent categories, parents before children.

    A parent is at least as frequent as its children and comes first in a tie, so that no child is
    included without its parent.
    """
    ranked = sorted(overall.categories, key=lambda rate: (-rate.share.value, rate.depth))
    included = {rate.category.id for rate in ranked[:MAX_SECTORS]}
    return [rate for rate in overall.categories if rate.category.id in included]


def _parents(shown: Sequence[CategoryRate]) -> list[int | None]:
    """Position of each category's parent; parents precede their children."""
    path: list[int] = []
    parents: list[int | None] = []
    for position, rate in enumerate(shown):
        del path[rate.depth - 1 :]
        parents.append(path[-1] if path else None)
        path.append(position)
    return parents


def _remainder(
    position: int | None, shown: Sequence[CategoryRate], parents: Sequence[int | None]
) -> float:
    """The share of a category, or of the root, that is in none of its shown children."""
    children = sum(
        rate.share.value for rate, parent in zip(shown, parents, strict=True) if parent == position
    )
    total = 1.0 if position is None else shown[position].share.value
    rest = total - children
    return rest if rest > _ROUNDING_ERROR else 0.0


def _colours(shown: Sequence[CategoryRate], parents: Sequence[int | None]) -> list[str]:
    """One hue per top category, lighter on deeper levels.

    Reserved categories are grey, and so are the top categories for which no hue remains.
    """
    reserved_ids = {category.id for category in reserved()}
    hues = list(reversed(PALETTE))
    base_colours: dict[int, str] = {}
    colours = []
    for position, rate in enumerate(shown):
        parent = parents[position]
        if parent is not None:
            base_colours[position] = base_colours[parent]
        elif rate.category.id in reserved_ids or not hues:
            base_colours[position] = GREY
        else:
            base_colours[position] = hues.pop()
        colours.append(lighten(base_colours[position], _white(rate.depth)))
    return colours


def _white(depth: int) -> float:
    """Share of white in the colour of a category at this depth; top categories have depth 1."""
    return _LIGHTER_PER_LEVEL * (depth - 1) if depth <= _LEVELS_BEFORE_MAX_WHITE else _MAX_WHITE


def _hover(rate: CategoryRate) -> str:
    return (
        f"<b>{for_plotly(rate.category.name, 60)}</b><br>{rated(rate.share)} of the failures"
        f"<br>{denominator(rate.share)}"
    )


def _root_hover(overall: Signature) -> str:
    return f"<b>all failures</b><br>{overall.failure_rate.hits:,}"
