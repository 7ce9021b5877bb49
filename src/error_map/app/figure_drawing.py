"""Puts figures on a page in the colours of its theme, and caches them for all visitors."""

from collections.abc import Callable
from typing import Final

import plotly.graph_objects as go
import streamlit as st

# Plotly's tool bar would cover labels, and offers tools that these figures do not need.
_CONFIG: Final = {"displayModeBar": False, "responsive": True}
# Near-black and near-white; the browser tests check that both themes use them.
_TEXT_COLOURS: Final = {"light": "#2F2D2B", "dark": "#EDEBE8"}
# A figure takes about 50 kB, so that the cache stays under some 10 MB.
_CACHE_SIZE_FIGURES: Final = 200


def draw(build: Callable[[], go.Figure], *, key: tuple[object, ...], alt: str) -> None:
    """Puts a figure on the page.

    Args:
        build: Builds the figure; called only if it is not in the cache.
        key: Everything that the figure depends on, including the fingerprint of the run.
        alt: Alternative text for screen readers.
    """
    text_colour = _TEXT_COLOURS[st.context.theme.type or "light"]
    st.plotly_chart(_cached_figure(key, text_colour, build), config=_CONFIG, alt=alt)


@st.cache_resource(show_spinner=False, max_entries=_CACHE_SIZE_FIGURES)
def _cached_figure(
    key: tuple[object, ...], text_colour: str, _build: Callable[[], go.Figure]
) -> go.Figure:
    del key  # part of the cache key only
    figure = _build()
    figure.update_layout(font_color=text_colour, legend_font_color=text_colour)
    figure.update_traces(error_x_color=text_colour, selector={"type": "bar"})
    figure.update_xaxes(tickfont_color=text_colour)
    figure.update_yaxes(tickfont_color=text_colour)
    return figure
