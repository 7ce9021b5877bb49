"""Rates as horizontal bars with their 95 % intervals."""

from collections.abc import Sequence
from typing import Final

import plotly.graph_objects as go

from ...analysis import CategoryRate, Rate, Signature
from ...presentation.charts import axis_ticks, most_of
from ...presentation.formatting import denominator, percent, rated, tick
from ...presentation.wording import PER_ATTEMPT, PER_FAILURE
from ...taxonomy import Category
from ..escaping import for_plotly
from ..labels import short_names
from .heat import Measure, counts_of, select_rate
from .style import BLUE, PALETTE, apply_layout, figure_height

# More rows would make the figure higher than a screen.
MAX_BARS: Final = 30
"""Models or categories that one figure shows."""
_GROUPED_BAR_PX: Final = 18
# Texts such as "12.5 % of 1,319" follow the bars and must fit on the axis behind the longest one.
_AXIS_WITH_TEXT: Final = 1.75
# The end cap of the longest interval must not be cut off.
_AXIS_WITHOUT_TEXT: Final = 1.03


def failure_rate_figure(models: Sequence[Signature]) -> go.Figure:
    """The failure rate of each model, one bar per model in the given order."""
    shown = models[:MAX_BARS]
    rates = [model.failure_rate for model in shown]
    heads = [f"<b>{for_plotly(model.model, 60)}</b>" for model in shown]
    bars = _bars(rates, heads, [f"{denominator(rate)} failed" for rate in rates])
    positions = list(range(len(shown)))
    bars.update(y=positions, marker_color=BLUE, showlegend=False)
    texts = go.Scatter(
        x=[rate.high for rate in rates],
        y=positions,
        text=[for_plotly(f"  {percent(rate.value)} of {rate.trials:,}") for rate in rates],
        mode="text",
        textposition="middle right",
        cliponaxis=False,
        hoverinfo="skip",
        showlegend=False,
    )
    figure = go.Figure([bars, texts])
    _set_rows(figure, [for_plotly(name) for name in short_names(model.model for model in shown)])
    top = max((rate.high for rate in rates), default=1.0)
    _set_axis(figure, top, factor=_AXIS_WITH_TEXT)
    return apply_layout(figure, height=figure_height(len(shown)))


def signature_figure(
    models: Sequence[Signature], categories: Sequence[Category], *, measure: Measure
) -> go.Figure:
    """The models' failure categories: one group of bars per category, one bar per model."""
    indices, _ = most_of(categories, MAX_BARS)
    shown = [categories[n] for n in indices]
    figure = go.Figure()
    for position, model in enumerate(models):
        by_category = {rate.category.id: rate for rate in model.categories}
        rates = [by_category.get(category.id) for category in shown]
        bars = _model_bars(model.model, rates, measure)
        figure.add_trace(bars.update(marker_color=PALETTE[position]))
    _set_rows(figure, [for_plotly(category.name) for category in shown])
    _set_axis(figure, _highest_end(models, shown, measure), factor=_AXIS_WITHOUT_TEXT)
    figure.update_xaxes(title=_measure_name(measure))
    figure.update_layout(
        barmode="group",
        bargap=0.25,
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.0, "x": 0, "traceorder": "normal"},
    )
    height = figure_height(len(shown), row_px=_GROUPED_BAR_PX * len(models) + 12)
    return apply_layout(figure, height=height + 40)  # 40 px for the legend


def _measure_name(measure: Measure) -> str:
    return PER_FAILURE if measure == "share" else PER_ATTEMPT


def _model_bars(model: str, rates: Sequence[CategoryRate | None], measure: Measure) -> go.Bar:
    """The bars of one model; a category without a rate has none."""
    positions = [position for position, rate in enumerate(rates) if rate]
    present = [rate for rate in rates if rate]
    heads = [
        f"<b>{for_plotly(model, 60)}</b><br>{for_plotly(rate.category.name, 60)}"
        for rate in present
    ]
    name = _measure_name(measure)
    counts = [f"{name}: {counts_of(rate, measure)}" for rate in present]
    bars = _bars([select_rate(rate, measure) for rate in present], heads, counts)
    return bars.update(y=positions, name=for_plotly(model, 40))


def _bars(rates: Sequence[Rate], heads: Sequence[str], counts: Sequence[str]) -> go.Bar:
    hovers = [
        f"{head}<br>{rated(rate)}<br>{count}"
        for head, rate, count in zip(heads, rates, counts, strict=True)
    ]
    return go.Bar(
        x=[rate.value for rate in rates],
        orientation="h",
        hovertext=hovers,
        hovertemplate="%{hovertext}<extra></extra>",
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [rate.high - rate.value for rate in rates],
            "arrayminus": [rate.value - rate.low for rate in rates],
            "thickness": 1.5,
            "width": 4,
            "color": "#7A7A7A",
        },
    )


def _highest_end(
    models: Sequence[Signature], categories: Sequence[Category], measure: Measure
) -> float:
    """The highest upper end of an interval in the figure, as a fraction."""
    ids = {category.id for category in categories}
    rates = (rate for model in models for rate in model.categories if rate.category.id in ids)
    return max((select_rate(rate, measure).high for rate in rates), default=1.0)


def _set_axis(figure: go.Figure, top: float, *, factor: float) -> None:
    """Sets round percentages up to `top` as ticks; the axis ends at `top * factor`."""
    ticks = axis_ticks(top)
    figure.update_xaxes(
        range=[0, top * factor],
        tickvals=ticks,
        ticktext=[for_plotly(tick(value)) for value in ticks],
        automargin=True,
    )


def _set_rows(figure: go.Figure, labels: Sequence[str]) -> None:
    """Labels the rows, the first on top.

    Rows are addressed by position, because Plotly would merge two rows with equal labels.
    """
    figure.update_yaxes(
        tickmode="array",
        tickvals=list(range(len(labels))),
        ticktext=list(labels),
        range=[len(labels) - 0.5, -0.5],
        automargin=True,
        showgrid=False,
        zeroline=False,
    )
