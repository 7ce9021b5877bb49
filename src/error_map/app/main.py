"""The frame of every page: navigation, style, the choice of the run, and error messages."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

import streamlit as st

from ..errors import ErrorMapError
from .escaping import for_markdown
from .navigation import PageName, page_named
from .pages import failures, models, open_run, overview, tree
from .run_cache import OpenedRun, ProgressBar, open_cached
from .run_picker import chosen_run
from .style import ICON, SIDEBAR_PX, STYLE

_RUN_PAGES: Final[Mapping[PageName, Callable[[OpenedRun], None]]] = {
    "overview": overview.show,
    "tree": tree.show,
    "failures": failures.show,
    "models": models.show,
}


def show() -> None:
    """Shows the page in the address."""
    st.set_page_config(
        page_title="ErrorMap", page_icon=ICON, layout="wide", initial_sidebar_state=SIDEBAR_PX
    )
    st.html(STYLE)
    pages = [page_named(name, partial(_show_run, content)) for name, content in _RUN_PAGES.items()]
    page = st.navigation([*pages, page_named("open", open_run.show)])
    try:
        page.run()
    except ErrorMapError as error:
        st.error(for_markdown(str(error), None), icon=":material/error:")


def _show_run(content: Callable[[OpenedRun], None]) -> None:
    folder = chosen_run()
    if folder is not None:
        content(open_cached(folder, ProgressBar()))
