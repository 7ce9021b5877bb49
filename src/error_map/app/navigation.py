"""The viewer's pages, and links from one to another that keep the run."""

from collections.abc import Callable, Mapping
from typing import Final, Literal, TypeAlias

import streamlit as st
from streamlit.navigation.page import Page

PageName: TypeAlias = Literal["overview", "tree", "failures", "models", "open"]
"""Last part of the page's path."""
TITLES: Final[Mapping[PageName, str]] = {
    "overview": "Overview",
    "tree": "Categories",
    "failures": "Failures",
    "models": "Models",
    "open": "Open another run",
}
_ICONS: Final[Mapping[PageName, str]] = {
    "overview": ":material/dashboard:",
    "tree": ":material/account_tree:",
    "failures": ":material/list_alt:",
    "models": ":material/compare_arrows:",
    "open": ":material/folder_open:",
}
_RUN_PARAMETERS: Final = ("folder", "run")
"""Query parameters that identify the run."""


def page_named(name: PageName, content: Callable[[], None]) -> Page:
    """A page with its title, icon and path; the overview is the default page.

    Args:
        name: Name of the page.
        content: Draws the page.
    """
    return st.Page(
        content,
        title=TITLES[name],
        icon=_ICONS[name],
        url_path=name,
        default=name == "overview",
    )


def link(name: PageName, label: str, *, icon: str | None = None, **query: str) -> None:
    """Puts a link to another page of the same run on the page.

    Args:
        name: Page to link to.
        label: Label in Markdown; see `escaping.for_markdown`.
        icon: A Material symbol; None for the icon of the linked page.
        query: Further query parameters.
    """
    target = page_named(name, _no_content)
    st.page_link(target, label=label, icon=icon, query_params={**run_query(), **query})


def switch_to(name: PageName, **query: str) -> None:
    """Leaves for another page of the same run, with further query parameters."""
    st.switch_page(page_named(name, _no_content), query_params={**run_query(), **query})


def run_query() -> dict[str, str]:
    """The query parameters of the current address that identify the run."""
    return {name: st.query_params[name] for name in _RUN_PARAMETERS if name in st.query_params}


def _no_content() -> None:
    """Content of a page that is only linked to; Streamlit finds the page by its path."""
