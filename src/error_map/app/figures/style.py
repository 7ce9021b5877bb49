"""What all pictures share: colours that colour-blind people tell apart, and room for labels."""

from typing import Final

import plotly.graph_objects as go

PALETTE: Final = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442")
"""Okabe and Ito 2008, without black: it must be seen on dark pages too."""
GREY: Final = "#8C8C8C"
BLUE: Final = "#3A86C0"
FONT_PX: Final = 13
ROW_PX: Final = 30
_HEAD_PX: Final = 60


def mixed(colour: str, white: float) -> str:
    """A colour with white in it.

    Args:
        colour: As `#rrggbb`.
        white: Share of white, in [0, 1].

    Example:
        >>> mixed("#000000", 0.5)
        '#808080'
    """
    parts = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return "#" + "".join(f"{round(part + (255 - part) * white):02x}" for part in parts)


def framed(figure: go.Figure, *, height: int) -> go.Figure:
    """The figure with the margins and fonts that all have."""
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        font={"size": FONT_PX},
        hoverlabel={"align": "left"},
        hovermode="closest",
        dragmode=False,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
    )
    return figure


def height_of(rows: int, *, row_px: int = ROW_PX) -> int:
    """Pixels for a picture with a row of this height each, its axis included."""
    return _HEAD_PX + rows * row_px
