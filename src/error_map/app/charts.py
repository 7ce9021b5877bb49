"""Pictures on a page, in the colours of its theme; each is made once for all visitors."""

from collections.abc import Callable
from typing import Final

import plotly.graph_objects as go
import streamlit as st

_CONFIG: Final = {"displayModeBar": False, "responsive": True}
_INK: Final = {"light": "#2F2D2B", "dark": "#EDEBE8"}
_MOST_KEPT: Final = 200
"""Pictures of some 50 kB each."""


def draw(make: Callable[[], go.Figure], *, of: tuple[object, ...], alt: str) -> None:
    """Puts a picture here.

    Args:
        make: Gives it, where it was not made before.
        of: All that it depends on, the run's fingerprint among it.
        alt: What it shows, for those who do not see it.
    """
    ink = _INK[st.context.theme.type or "light"]
    st.plotly_chart(_picture(of, ink, make), config=_CONFIG, alt=alt)


@st.cache_resource(show_spinner=False, max_entries=_MOST_KEPT)
def _picture(of: tuple[object, ...], ink: str, _make: Callable[[], go.Figure]) -> go.Figure:
    del of  # a part of the key
    figure = _make()
    figure.update_layout(font_color=ink, legend_font_color=ink)
    figure.update_traces(error_x_color=ink, selector={"type": "bar"})
    figure.update_xaxes(tickfont_color=ink)
    figure.update_yaxes(tickfont_color=ink)
    return figure
