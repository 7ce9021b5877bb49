"""Pictures on a page, in the colours of its theme."""

from typing import Final

import plotly.graph_objects as go
import streamlit as st

_CONFIG: Final = {"displayModeBar": False, "responsive": True}
_INK: Final = {"light": "#2F2D2B", "dark": "#EDEBE8"}


def draw(figure: go.Figure, *, alt: str) -> None:
    """Puts a picture here.

    Args:
        figure: Of `figures`.
        alt: What it shows, for those who do not see it.
    """
    ink = _INK[st.context.theme.type or "light"]
    figure.update_layout(font_color=ink, legend_font_color=ink)
    figure.update_xaxes(tickfont_color=ink)
    figure.update_yaxes(tickfont_color=ink)
    st.plotly_chart(figure, config=_CONFIG, alt=alt)
