"""The frame of the viewer: its pages, and the run that they show."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

import streamlit as st

from ..errors import ErrorMapError
from . import escaping as words
from .navigation import Place, page_at
from .pages import failures, models, overview, tree
from .pages import open_run as opening
from .run_cache import Opened, PageBar, opened
from .run_picker import chosen_run
from .style import ICON, SIDEBAR_PX, STYLE

_PAGES: Final[Mapping[Place, Callable[[Opened], None]]] = {
    "overview": overview.show,
    "tree": tree.show,
    "failures": failures.show,
    "models": models.show,
}


def show() -> None:
    """Draws the page that the address asks for."""
    st.set_page_config(
        page_title="ErrorMap", page_icon=ICON, layout="wide", initial_sidebar_state=SIDEBAR_PX
    )
    st.html(STYLE)
    pages = [page_at(place, partial(_of_a_run, drawn)) for place, drawn in _PAGES.items()]
    page = st.navigation([*pages, page_at("open", opening.show)])
    try:
        page.run()
    except ErrorMapError as error:
        st.error(words.markdown(str(error), None), icon=":material/error:")


def _of_a_run(drawn: Callable[[Opened], None]) -> None:
    folder = chosen_run()
    if folder is not None:
        drawn(opened(folder, PageBar()))
