"""Which run is shown: the address says it, the side bar changes it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import streamlit as st

from ..errors import InputError, closest
from ..store import RunFolder, finished_runs
from . import escaping as words
from .folders import permitted, served
from .navigation import link

_FOLDER: Final = "folder"
_RUN: Final = "run"
_BOX: Final = "chosen run"
_LAST: Final = "last run"
"""What a link without a run shows: the one seen last."""


def chosen_run() -> RunFolder | None:
    """The run that the address names, else the newest of the folder; None where there is none.

    Raises:
        InputError: The address names a run that is not there, or a folder that is not served.
    """
    folder = _folder()
    runs = {run.exp_id: run for run in newest_first(folder)}
    if not runs:
        _tell_there_is_none(folder)
        return None
    asked = st.query_params.get(_RUN)
    if asked is None:
        known = (st.session_state.get(_LAST), served()[1], next(iter(runs)))
        asked = next(one for one in known if one in runs)
        st.query_params[_RUN] = asked
    if asked not in runs or len(runs) > 1:
        _choose(asked, runs, folder)
    if asked not in runs:
        raise InputError(f"no run {asked!r}", where=str(folder), hint=closest(asked, runs))
    st.session_state[_LAST] = asked
    return runs[asked]


def _choose(asked: str, runs: Mapping[str, RunFolder], folder: Path) -> None:
    st.session_state[_BOX] = asked if asked in runs else None
    st.sidebar.selectbox(
        "Run",
        list(runs),
        format_func=words.plain,
        key=_BOX,
        on_change=_take,
        help=words.markdown(f"Finished runs in {folder}, newest first", None),
    )


def _take() -> None:
    """Puts the run that the box names into the address."""
    st.query_params[_RUN] = st.session_state[_BOX]


def newest_first(folder: Path) -> list[RunFolder]:
    """The finished runs of a folder, by the time of their manifests."""
    runs = finished_runs(folder)
    return sorted(runs, key=lambda run: run.manifest.lstat().st_mtime_ns, reverse=True)


def _folder() -> Path:
    """The folder that the address names, else the one this visitor opened, else the served one."""
    home = served()[0]
    named: str | None = st.query_params.get(_FOLDER) or st.session_state.get(_FOLDER)
    folder = home if named is None else permitted(named)
    st.session_state[_FOLDER] = str(folder)
    if folder != home:
        st.query_params[_FOLDER] = str(folder)
    return folder


def _tell_there_is_none(folder: Path) -> None:
    st.title("No run yet", anchor=False)
    st.write(f"There is no finished run in {words.markdown(str(folder), None)}.")
    st.write("Run `error-map demo` to make one from the bundled results.")
    link("open", "Open another folder, or a file of results")
