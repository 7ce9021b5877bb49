"""Rates as horizontal bars with their intervals."""

from collections.abc import Sequence
from typing import Final

import plotly.graph_objects as go

from ...analysis import CategoryRate, Rate, Signature
from ...presentation.charts import axis_ticks
from ...presentation.formatting import denominator, percent, rated, tick
from ...taxonomy import Category
from .. import escaping as words
from .heat import Measure, measured
from .style import BLUE, PALETTE, framed, height_of

MOST_BARS: Final = 30
"""Models or categories that one picture shows."""
_GROUP_PX: Final = 18
_ROOM_FOR_TEXT: Final = 1.75
"""The axis is longer than its longest bar by this factor."""
_ROOM_AT_END: Final = 1.03
"""As above, where no text follows the bars: the cap of an interval is not cut."""


def failure_rates(models: Sequence[Signature]) -> go.Figure:
    """How often each model fails, a bar a model in the order given."""
    shown = models[:MOST_BARS]
    rates = [one.failure_rate for one in shown]
    bar = _bars(rates, [f"<b>{words.label(one.model, 60)}</b>" for one in shown], "failed")
    places = list(range(len(shown)))
    bar.update(y=places, marker_color=BLUE, showlegend=False)
    told = go.Scatter(
        x=[rate.high for rate in rates],
        y=places,
        text=[words.label(f"  {percent(rate.value)} of {rate.trials:,}") for rate in rates],
        mode="text",
        textposition="middle right",
        cliponaxis=False,
        hoverinfo="skip",
        showlegend=False,
    )
    figure = go.Figure([bar, told])
    _rows(figure, [words.label(name) for name in words.short_names(one.model for one in shown)])
    top = max((rate.high for rate in rates), default=1.0)
    _axis(figure, top, room=_ROOM_FOR_TEXT)
    return framed(figure, height=height_of(len(shown)))


def signature_bars(
    models: Sequence[Signature], categories: Sequence[Category], *, measure: Measure
) -> go.Figure:
    """What models fail of, beside each other: a group of bars a category, a bar a model."""
    shown = categories[:MOST_BARS]
    figure = go.Figure()
    for place, one in enumerate(models):
        rates = {rate.category.id: rate for rate in one.categories}
        held = [rates.get(category.id) for category in shown]
        figure.add_trace(_group(one.model, held, measure).update(marker_color=PALETTE[place]))
    _rows(figure, [words.label(category.name) for category in shown])
    _axis(figure, _longest(models, shown, measure), room=_ROOM_AT_END)
    figure.update_layout(
        barmode="group",
        bargap=0.25,
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.0, "x": 0, "traceorder": "normal"},
    )
    height = height_of(len(shown), row_px=_GROUP_PX * len(models) + 12)
    return framed(figure, height=height + 40)


def _group(model: str, held: Sequence[CategoryRate | None], measure: Measure) -> go.Bar:
    places = [place for place, rate in enumerate(held) if rate]
    found = [rate for rate in held if rate]
    heads = [
        f"<b>{words.label(model, 60)}</b><br>{words.label(rate.category.name, 60)}"
        for rate in found
    ]
    bar = _bars([measured(rate, measure) for rate in found], heads, "of its failures")
    return bar.update(y=places, name=words.label(model, 40))


def _bars(rates: Sequence[Rate], heads: Sequence[str], what: str) -> go.Bar:
    hovers = [
        f"{head}<br>{rated(rate)}<br>{denominator(rate)} {what}"
        for head, rate in zip(heads, rates, strict=True)
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


def _longest(models: Sequence[Signature], shown: Sequence[Category], measure: Measure) -> float:
    """The highest end of an interval that is drawn; a fraction."""
    names = {category.id for category in shown}
    rates = (rate for one in models for rate in one.categories if rate.category.id in names)
    return max((measured(rate, measure).high for rate in rates), default=1.0)


def _axis(figure: go.Figure, top: float, *, room: float) -> None:
    """Labels at round percentages up to `top`; the axis is longer than that by a factor."""
    ticks = axis_ticks(top)
    figure.update_xaxes(
        range=[0, top * room],
        tickvals=ticks,
        ticktext=[words.label(tick(one)) for one in ticks],
        automargin=True,
    )


def _rows(figure: go.Figure, labels: Sequence[str]) -> None:
    """Labels by place, so that two that read alike keep a row each; the first on top."""
    figure.update_yaxes(
        tickmode="array",
        tickvals=list(range(len(labels))),
        ticktext=list(labels),
        range=[len(labels) - 0.5, -0.5],
        automargin=True,
        showgrid=False,
        zeroline=False,
    )
