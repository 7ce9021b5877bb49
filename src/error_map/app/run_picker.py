"""Which run is shown: the one in the address, which a menu in the sidebar changes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import streamlit as st

from ..errors import InputError, closest
from ..store import RunFolder, finished_runs
from .escaping import for_markdown, one_line
from .folders import resolve_permitted, start_arguments
from .navigation import link

_FOLDER: Final = "folder"
_RUN: Final = "run"
_MENU_KEY: Final = "chosen run"
_LAST_RUN: Final = "last run"
"""Session key of the run seen last, which links without a run show."""


def chosen_run() -> RunFolder | None:
    """The run in the address, else the last or the newest one; None if the folder has no runs.

    Raises:
        InputError: The address names a run that does not exist, or a folder that is not served.
    """
    folder = _folder()
    runs = {run.exp_id: run for run in newest_first(folder)}
    if not runs:
        _explain_no_runs(folder)
        return None
    name = st.query_params.get(_RUN)
    if name is None:
        candidates = (st.session_state.get(_LAST_RUN), start_arguments()[1], next(iter(runs)))
        name = next(candidate for candidate in candidates if candidate in runs)
        st.query_params[_RUN] = name
    if name not in runs or len(runs) > 1:
        _run_menu(name, runs, folder)
    if name not in runs:
        raise InputError(f"no run {name!r}", where=str(folder), hint=closest(name, runs))
    st.session_state[_LAST_RUN] = name
    return runs[name]


def _run_menu(name: str, runs: Mapping[str, RunFolder], folder: Path) -> None:
    st.session_state[_MENU_KEY] = name if name in runs else None
    st.sidebar.selectbox(
        "Run",
        list(runs),
        format_func=one_line,
        key=_MENU_KEY,
        on_change=_show_selected,
        help=for_markdown(f"Finished runs in {folder}, newest first", None),
    )


def _show_selected() -> None:
    """Puts the run that is selected in the menu into the address."""
    st.query_params[_RUN] = st.session_state[_MENU_KEY]


def newest_first(folder: Path) -> list[RunFolder]:
    """The finished runs of a folder, sorted by the time of their manifests."""
    runs = finished_runs(folder)
    return sorted(runs, key=lambda run: run.manifest.lstat().st_mtime_ns, reverse=True)


def _folder() -> Path:
    """The folder in the address, else the one that this visitor opened, else the served one."""
    home = start_arguments()[0]
    path: str | None = st.query_params.get(_FOLDER) or st.session_state.get(_FOLDER)
    folder = home if path is None else resolve_permitted(path)
    st.session_state[_FOLDER] = str(folder)
    if folder != home:
        st.query_params[_FOLDER] = str(folder)
    return folder


def _explain_no_runs(folder: Path) -> None:
    st.title("No run yet", anchor=False)
    st.write(f"There is no finished run in {for_markdown(str(folder), None)}.")
    st.write("`error-map demo` makes one from the bundled results.")
    link("open", "Open another folder, or a file of results")
