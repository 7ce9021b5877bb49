"""Rates of models and categories as a heatmap."""

from collections.abc import Callable, Sequence
from typing import Final, Literal, TypeAlias

import plotly.graph_objects as go

from ...analysis import CategoryRate, Heatmap, Rate
from ...presentation.charts import most_of_heat, scale_end
from ...presentation.formatting import (
    bare_percent,
    denominator,
    per_attempt_counts,
    rated,
    whole,
)
from ..escaping import for_plotly
from ..labels import short_names
from .style import apply_layout, figure_height

Measure: TypeAlias = Literal["share", "rate"]
"""Share of a model's failures, or rate per attempt."""
_Grid: TypeAlias = Sequence[Sequence[float | None]]
"""`grid[category][model]`; None where none of the model's failures was studied."""
_Scale: TypeAlias = tuple[tuple[float, str], ...]
# At 28 px per row and some 44 px per column, larger heatmaps would not fit on a screen.
MAX_ROWS: Final = 24
"""Categories that the heatmap shows."""
MAX_COLUMNS: Final = 16
"""Models that the heatmap shows."""
# Opacity grows with the square root of the value, as in the report and the plots: most categories
# are rare, and on a linear scale they would all look alike.
_SCALE: Final = tuple(
    (step**2 / 100, f"rgba(0,98,168,{0.04 + 0.096 * step:.3f})") for step in range(11)
)
# Categories without a known cause are grey whatever their value, on light and dark pages.
_UNSCALED: Final = ((0.0, "rgba(128,128,128,0.25)"), (1.0, "rgba(128,128,128,0.25)"))
# Over half of the largest value the blue is so dark that only white numbers are legible.
_WHITE_NUMBERS_OVER: Final = 0.5
FEW_COLUMNS: Final = 5
"""Up to this many columns there is room for decimals, and for a table next to the heatmap."""
# Two model names fit above their columns horizontally; more have to be slanted.
_MAX_HORIZONTAL_LABELS: Final = 2
_ROW_PX: Final = 28
_COLUMN_LABELS_PX: Final = 70


def select_rate(cell: CategoryRate, measure: Measure) -> Rate:
    """The rate of the cell in the given measure."""
    return cell.share if measure == "share" else cell.per_attempt


def counts_of(cell: CategoryRate, measure: Measure) -> str:
    """Numerator and denominator of the cell in the given measure."""
    return denominator(cell.share) if measure == "share" else per_attempt_counts(cell)


def heatmap_figure(heatmap: Heatmap, *, measure: Measure) -> go.Figure:
    """A heatmap with one row per category and one column per model; cells contain their numbers."""
    heatmap = most_of_heat(heatmap, models=MAX_COLUMNS, categories=MAX_ROWS)
    models, categories = heatmap.models, heatmap.categories
    grid = [
        [_value(cells[position], measure) for cells in heatmap.cells]
        for position in range(len(categories))
    ]
    top = scale_end(heatmap, per_attempt=measure == "rate") or 1.0
    hovers = _hovers(heatmap, len(models), len(categories))
    grey = [category.id in heatmap.unexplained for category in categories]
    figure = go.Figure(
        [
            _cells(_only_rows(grid, [not row for row in grey]), hovers, scale=_SCALE, top=top),
            _cells(_only_rows(grid, grey), hovers, scale=_UNSCALED, top=top),
        ]
    )
    format_number = whole if len(models) > FEW_COLUMNS else bare_percent
    white = [
        [(value or 0.0) > _WHITE_NUMBERS_OVER * top and not is_grey for value in row]
        for row, is_grey in zip(grid, grey, strict=True)
    ]
    for in_white in (False, True):
        figure.add_trace(_numbers(grid, format_number, white, in_white=in_white))
    _set_axes(figure, models, [category.name for category in categories])
    height = figure_height(len(categories), row_px=_ROW_PX) + _COLUMN_LABELS_PX
    return apply_layout(figure, height=height)


def _cells(grid: _Grid, hovers: list[list[str]], *, scale: _Scale, top: float) -> go.Heatmap:
    """The cells of the grid that have a value, coloured on a scale from 0 to `top`."""
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


def _only_rows(grid: _Grid, selected: Sequence[bool]) -> list[list[float | None]]:
    """The grid with the values of the selected rows only."""
    return [
        [value if is_selected else None for value in row]
        for row, is_selected in zip(grid, selected, strict=True)
    ]


def _value(cell: CategoryRate | None, measure: Measure) -> float | None:
    return None if cell is None else select_rate(cell, measure).value


def _hovers(heatmap: Heatmap, columns: int, rows: int) -> list[list[str]]:
    return [[_hover(heatmap, row, column) for column in range(columns)] for row in range(rows)]


def _hover(heatmap: Heatmap, row: int, column: int) -> str:
    cell = heatmap.cells[column][row]
    head = (
        f"<b>{for_plotly(heatmap.models[column], 60)}</b><br>"
        f"{for_plotly(heatmap.categories[row].name, 60)}<br>"
    )
    if cell is None:
        return f"{head}none of its failures was studied"
    return (
        f"{head}{rated(cell.share)} of its failures ({denominator(cell.share)})<br>"
        f"{rated(cell.per_attempt)} of its attempts"
    )


def _numbers(
    grid: _Grid,
    format_number: Callable[[float], str],
    white: Sequence[Sequence[bool]],
    *,
    in_white: bool,
) -> go.Scatter:
    """Percentages without their sign: those in white, or those in the colour of the page's text."""
    cells = [
        (column, row, value)
        for row, line in enumerate(grid)
        for column, value in enumerate(line)
        if value is not None and white[row][column] == in_white
    ]
    return go.Scatter(
        x=[cell[0] for cell in cells],
        y=[cell[1] for cell in cells],
        text=[for_plotly(format_number(cell[2])) for cell in cells],
        mode="text",
        textfont={"color": "#FFFFFF", "size": 11} if in_white else {"size": 11},
        hoverinfo="skip",
        showlegend=False,
    )


def _set_axes(figure: go.Figure, models: Sequence[str], categories: Sequence[str]) -> None:
    common = {"tickmode": "array", "showgrid": False, "zeroline": False, "automargin": True}
    figure.update_xaxes(
        tickvals=list(range(len(models))),
        ticktext=[for_plotly(name, 20) for name in short_names(models)],
        side="top",
        tickangle=_label_angle(len(models)),
        range=[-0.5, len(models) - 0.5],
        **common,
    )
    figure.update_yaxes(
        tickvals=list(range(len(categories))),
        ticktext=[for_plotly(name) for name in categories],
        range=[len(categories) - 0.5, -0.5],
        **common,
    )


def _label_angle(columns: int) -> int:
    """Angle of the column labels in degrees: the more columns, the less room for each label."""
    if columns <= _MAX_HORIZONTAL_LABELS:
        return 0
    return 40 if columns <= FEW_COLUMNS else 90
