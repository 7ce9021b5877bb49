"""The tree of categories, as rings or as tiles."""

from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

import plotly.graph_objects as go

from ...analysis import CategoryRate, Signature
from ...presentation.formatting import denominator, percent, rated
from ...taxonomy import reserved
from .. import escaping as words
from .style import GREY, PALETTE, framed, mixed

Shape: TypeAlias = Literal["sunburst", "treemap"]
MOST_SECTORS: Final = 120
"""Categories that the picture shows."""
_HEIGHT: Final = 460
_LEAST_FONT_PX: Final = 9
_LEVELS: Final = 3
"""The root and two levels at once; a click goes deeper."""
_LIGHTER: Final = 0.35
"""White that each level adds."""


def tree_picture(overall: Signature, *, shape: Shape) -> go.Figure:
    """Categories by their estimated share of the failures, children inside their parents.

    Args:
        overall: Of all models together.
        shape: Rings or tiles.
    """
    shown = shown_categories(overall)
    parents = _parents(shown)
    nodes = {
        "ids": ["root", *(f"c{place}" for place in range(len(shown)))],
        "parents": ["", *("root" if up is None else f"c{up}" for up in parents)],
        "labels": ["all failures", *(words.label(one.category.name) for one in shown)],
        "values": [
            _own(None, shown, parents),
            *(_own(n, shown, parents) for n in range(len(shown))),
        ],
        "hovertext": [_whole(overall), *map(_hover, shown)],
        "text": ["", *(percent(one.share.value) for one in shown)],
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
    figure = framed(go.Figure(trace), height=_HEIGHT)
    return figure.update_layout(uniformtext={"minsize": _LEAST_FONT_PX, "mode": "hide"})


def shown_categories(overall: Signature) -> list[CategoryRate]:
    """The most frequent, whole levels down: no child without its parent."""
    ranked = sorted(overall.categories, key=lambda one: (-one.share.value, one.depth))
    kept = {one.category.id for one in ranked[:MOST_SECTORS]}
    return [one for one in overall.categories if one.category.id in kept]


def _parents(shown: Sequence[CategoryRate]) -> list[int | None]:
    """Place of each category's parent; each stands before its children."""
    way: list[int] = []
    parents: list[int | None] = []
    for place, one in enumerate(shown):
        del way[one.depth - 1 :]
        parents.append(way[-1] if way else None)
        way.append(place)
    return parents


def _own(place: int | None, shown: Sequence[CategoryRate], parents: Sequence[int | None]) -> float:
    """What no child that is shown holds."""
    children = sum(one.share.value for one, up in zip(shown, parents, strict=True) if up == place)
    whole = 1.0 if place is None else shown[place].share.value
    rest = whole - children
    return rest if rest > 1e-9 else 0.0  # noqa: PLR2004 - sums of fractions


def _colours(shown: Sequence[CategoryRate], parents: Sequence[int | None]) -> list[str]:
    """A hue a frequent top category, lighter below; grey for the rest and the reserved."""
    grey = {category.id for category in reserved()}
    hues = list(reversed(PALETTE))
    tops: dict[int, str] = {}
    colours = []
    for place, one in enumerate(shown):
        up = parents[place]
        if up is None:
            plain = one.category.id in grey or not hues
            tops[place] = GREY if plain else hues.pop()
        else:
            tops[place] = tops[up]
        colours.append(mixed(tops[place], _LIGHTER * (one.depth - 1) if one.depth < 4 else 0.8))  # noqa: PLR2004
    return colours


def _hover(one: CategoryRate) -> str:
    return (
        f"<b>{words.label(one.category.name, 60)}</b><br>{rated(one.share)} of the failures"
        f"<br>{denominator(one.share)}"
    )


def _whole(overall: Signature) -> str:
    failed = overall.failure_rate
    return f"<b>all failures</b><br>{failed.hits:,}"
