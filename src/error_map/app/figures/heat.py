"""Models beside each other as a heatmap."""

from collections.abc import Callable, Sequence
from typing import Final, Literal, TypeAlias

import plotly.graph_objects as go

from ...analysis import CategoryRate, Heatmap, Rate
from ...presentation.formatting import bare_percent, denominator, rated, whole
from .. import words
from .style import framed, height_of

Measure: TypeAlias = Literal["share", "rate"]
"""Share among a model's failures, or rate per attempt."""
MOST_ROWS: Final = 24
"""Categories that the heatmap shows."""
MOST_COLUMNS: Final = 16
"""Models that it shows."""
_SCALE: Final = ((0.0, "rgba(58,134,192,0.06)"), (1.0, "rgba(0,98,168,1)"))
_STRONG: Final = 0.5
"""From this part of the scale on the colour is so dark that its number is white."""
FEW_COLUMNS: Final = 5
"""Up to here a column has room for decimals, and a table beside the picture."""
_FEWEST: Final = 3
_ROW_PX: Final = 28
_LABELS_PX: Final = 70


def measured(one: CategoryRate, measure: Measure) -> Rate:
    """The rate that is asked for."""
    return one.share if measure == "share" else one.per_attempt


def heat_picture(heat: Heatmap, *, measure: Measure) -> go.Figure:
    """A row a category, a column a model; each cell has its number in it."""
    models, categories = heat.models[:MOST_COLUMNS], heat.categories[:MOST_ROWS]
    grid = [
        [_value(row[place], measure) for row in heat.cells[: len(models)]]
        for place in range(len(categories))
    ]
    top = max((value for row in grid for value in row if value is not None), default=0) or 1.0
    figure = go.Figure(
        go.Heatmap(
            z=grid,
            x=list(range(len(models))),
            y=list(range(len(categories))),
            zmin=0,
            zmax=top,
            colorscale=_SCALE,
            showscale=False,
            xgap=2,
            ygap=2,
            hoverongaps=False,
            hovertext=_hovers(heat, len(models), len(categories)),
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    for strong in (False, True):
        written = whole if len(models) > FEW_COLUMNS else bare_percent
        figure.add_trace(_numbers(grid, written, above=strong, edge=_STRONG * top))
    _axes(figure, models, [category.name for category in categories])
    return framed(figure, height=height_of(len(categories), row_px=_ROW_PX) + _LABELS_PX)


def _value(cell: CategoryRate | None, measure: Measure) -> float | None:
    return None if cell is None else measured(cell, measure).value


def _hovers(heat: Heatmap, columns: int, rows: int) -> list[list[str]]:
    return [[_hover(heat, row, column) for column in range(columns)] for row in range(rows)]


def _hover(heat: Heatmap, row: int, column: int) -> str:
    cell = heat.cells[column][row]
    head = (
        f"<b>{words.label(heat.models[column], 60)}</b><br>"
        f"{words.label(heat.categories[row].name, 60)}<br>"
    )
    if cell is None:
        return f"{head}none of its failures was studied"
    return (
        f"{head}{rated(cell.share)} of its failures ({denominator(cell.share)})<br>"
        f"{rated(cell.per_attempt)} of its attempts"
    )


def _numbers(
    grid: Sequence[Sequence[float | None]],
    written: Callable[[float], str],
    *,
    above: bool,
    edge: float,
) -> go.Scatter:
    """Percentages, without their sign, of the cells over or under an edge."""
    cells = [
        (column, row, value)
        for row, line in enumerate(grid)
        for column, value in enumerate(line)
        if value is not None and (value > edge) == above
    ]
    return go.Scatter(
        x=[cell[0] for cell in cells],
        y=[cell[1] for cell in cells],
        text=[words.label(written(cell[2])) for cell in cells],
        mode="text",
        textfont={"color": "#FFFFFF", "size": 11} if above else {"size": 11},
        hoverinfo="skip",
        showlegend=False,
    )


def _axes(figure: go.Figure, models: Sequence[str], categories: Sequence[str]) -> None:
    common = {"tickmode": "array", "showgrid": False, "zeroline": False, "automargin": True}
    figure.update_xaxes(
        tickvals=list(range(len(models))),
        ticktext=[words.label(name, 20) for name in words.short_names(models)],
        side="top",
        tickangle=0 if len(models) < _FEWEST else 40 if len(models) <= FEW_COLUMNS else 90,
        range=[-0.5, len(models) - 0.5],
        **common,
    )
    figure.update_yaxes(
        tickvals=list(range(len(categories))),
        ticktext=[words.label(name) for name in categories],
        range=[len(categories) - 0.5, -0.5],
        **common,
    )
