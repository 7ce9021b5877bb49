"""Colours, font and margins of all figures; the colours suit colour-blind readers."""

from typing import Final

import plotly.graph_objects as go

PALETTE: Final = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442")
"""Okabe and Ito (2008) without black, which would be invisible on dark pages."""
# Visible on white and on near-black.
GREY: Final = "#8C8C8C"
# Between the blues of the light and the dark theme, so that it is visible on both.
BLUE: Final = "#3A86C0"
FONT_PX: Final = 13
# A bar with the room around it: rows of labels in FONT_PX do not touch.
ROW_PX: Final = 30
# Room for the axis with its labels.
_AXIS_PX: Final = 60


def lighten(colour: str, white: float) -> str:
    """The colour mixed with white.

    Args:
        colour: As `#rrggbb`.
        white: Share of white, in [0, 1].

    Example:
        >>> lighten("#000000", 0.5)
        '#808080'
    """
    channels = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return "#" + "".join(f"{round(value + (255 - value) * white):02x}" for value in channels)


def apply_layout(figure: go.Figure, *, height: int) -> go.Figure:
    """Gives the figure its height in pixels and the margins and font that all figures have."""
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        font={"size": FONT_PX},
        hoverlabel={"align": "left"},
        hovermode="closest",
        dragmode=False,  # on phones, dragging scrolls the page instead of zooming
        # Transparent, so that one figure suits light and dark pages.
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
    )
    return figure


def figure_height(rows: int, *, row_px: int = ROW_PX) -> int:
    """Height in pixels of a figure with this many rows, including the axis."""
    return _AXIS_PX + rows * row_px
