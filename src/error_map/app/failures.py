"""Stands for a page."""

import streamlit as st

from .opened import Opened


def show(opened: Opened) -> None:
    """Draws the page."""
    st.write(opened.run.manifest.exp_id)
