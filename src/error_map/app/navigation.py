"""The viewer's pages by their addresses, so that each can lead to the others."""

from collections.abc import Callable, Mapping
from typing import Final, Literal, TypeAlias

import streamlit as st
from streamlit.navigation.page import Page

Place: TypeAlias = Literal["overview", "tree", "failures", "models", "open"]
TITLES: Final[Mapping[Place, str]] = {
    "overview": "Overview",
    "tree": "Categories",
    "failures": "Failures",
    "models": "Models",
    "open": "Open another run",
}
_ICONS: Final[Mapping[Place, str]] = {
    "overview": ":material/dashboard:",
    "tree": ":material/account_tree:",
    "failures": ":material/list_alt:",
    "models": ":material/compare_arrows:",
    "open": ":material/folder_open:",
}
_SHARED: Final = ("folder", "run")
"""Parts of an address that say which run is shown."""


def page_at(place: Place, drawn: Callable[[], None]) -> Page:
    """A page of the viewer; the overview stands at the root."""
    return st.Page(
        drawn,
        title=TITLES[place],
        icon=_ICONS[place],
        url_path=place,
        default=place == "overview",
    )


def link(place: Place, label: str, *, icon: str | None = None, **asked: str) -> None:
    """Puts a link to a page of the same run here.

    Args:
        place: Which page.
        label: In Markdown; see `words.markdown`.
        icon: A Material symbol; None for the page's own.
        asked: What its widgets show, by their names in the address.
    """
    target = page_at(place, _nowhere)
    st.page_link(target, label=label, icon=icon, query_params={**address_of_run(), **asked})


def go(place: Place, **asked: str) -> None:
    """Leaves for another page."""
    st.switch_page(page_at(place, _nowhere), query_params={**address_of_run(), **asked})


def address_of_run() -> dict[str, str]:
    """The part of this address that says which run is shown."""
    return {name: st.query_params[name] for name in _SHARED if name in st.query_params}


def _nowhere() -> None:
    """Stands for a page, which is found by its address alone."""
