"""Models beside each other."""

import streamlit as st

from .opened import Opened


def show(opened: Opened) -> None:
    """Draws the page."""
    st.write(str(len(opened.run.summary.models)))
