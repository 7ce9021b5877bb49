"""Models beside each other as a heatmap."""

from collections.abc import Callable, Sequence
from typing import Final, Literal, TypeAlias

import plotly.graph_objects as go

from ...analysis import CategoryRate, Heatmap, Rate
from ...presentation.charts import scale_end
from ...presentation.formatting import bare_percent, denominator, rated, whole
from .. import escaping as words
from .style import framed, height_of

Measure: TypeAlias = Literal["share", "rate"]
"""Share among a model's failures, or rate per attempt."""
_Grid: TypeAlias = Sequence[Sequence[float | None]]
"""`grid[category][model]`; None where none of the model's failures was studied."""
_Scale: TypeAlias = tuple[tuple[float, str], ...]
MOST_ROWS: Final = 24
"""Categories that the heatmap shows."""
MOST_COLUMNS: Final = 16
"""Models that it shows."""
_SCALE: Final = tuple(
    (step**2 / 100, f"rgba(0,98,168,{0.04 + 0.096 * step:.3f})") for step in range(11)
)
"""Blue grows with the root of the value, as in the report and the plots: rare causes differ too."""
_UNSCALED: Final = ((0.0, "rgba(128,128,128,0.25)"), (1.0, "rgba(128,128,128,0.25)"))
"""Of categories without a known cause: one grey, whatever the value, on light and dark pages."""
_STRONG: Final = 0.5
"""From this part of the largest value on the colour is so dark that its number is white."""
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
    top = scale_end(heat, per_attempt=measure == "rate") or 1.0
    hovers = _hovers(heat, len(models), len(categories))
    grey = [category.id in heat.unexplained for category in categories]
    figure = go.Figure(
        [
            _cells(_rows_where(grid, [not one for one in grey]), hovers, scale=_SCALE, top=top),
            _cells(_rows_where(grid, grey), hovers, scale=_UNSCALED, top=top),
        ]
    )
    written = whole if len(models) > FEW_COLUMNS else bare_percent
    strong = [
        [value > _STRONG * top and not unscaled for value in map(_or_nothing, row)]
        for row, unscaled in zip(grid, grey, strict=True)
    ]
    for light in (False, True):
        figure.add_trace(_numbers(grid, written, strong, light=light))
    _axes(figure, models, [category.name for category in categories])
    return framed(figure, height=height_of(len(categories), row_px=_ROW_PX) + _LABELS_PX)


def _cells(grid: _Grid, hovers: list[list[str]], *, scale: _Scale, top: float) -> go.Heatmap:
    """The cells of a grid that hold a value, in the colours of a scale from 0 to `top`."""
    return go.Heatmap(
        z=grid,
        x=list(range(len(grid[0]) if grid else 0)),
        y=list(range(len(grid))),
        zmin=0,
        zmax=top,
        colorscale=scale,
        showscale=False,
        xgap=2,
        ygap=2,
        hoverongaps=False,
        hovertext=hovers,
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _rows_where(grid: _Grid, wanted: Sequence[bool]) -> list[list[float | None]]:
    """The grid with the values of some rows only."""
    return [
        [value if keep else None for value in row] for row, keep in zip(grid, wanted, strict=True)
    ]


def _or_nothing(value: float | None) -> float:
    return value or 0.0


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
    grid: _Grid,
    written: Callable[[float], str],
    strong: Sequence[Sequence[bool]],
    *,
    light: bool,
) -> go.Scatter:
    """Percentages, without their sign: the light ones of strong cells, or the dark ones."""
    cells = [
        (column, row, value)
        for row, line in enumerate(grid)
        for column, value in enumerate(line)
        if value is not None and strong[row][column] == light
    ]
    return go.Scatter(
        x=[cell[0] for cell in cells],
        y=[cell[1] for cell in cells],
        text=[words.label(written(cell[2])) for cell in cells],
        mode="text",
        textfont={"color": "#FFFFFF", "size": 11} if light else {"size": 11},
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
