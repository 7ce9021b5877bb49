"""The page that opens a run in another folder, or a file of results."""

import re
import shutil
import tempfile
from pathlib import Path
from typing import BinaryIO, Final

import streamlit as st

from ...errors import InputError
from ...importers.run_folder import open_results
from ...store import RunFolder
from .. import escaping as words
from ..folders import permitted, served, uploads
from ..navigation import address_of_run, go
from ..run_cache import PageBar, opened
from ..run_picker import newest_first

_NAME_CHARS: Final = 60
_UPLOADS: Final = "uploads"
"""How many files this visitor has uploaded: each has an uploader of its own, so that the server
lets go of the bytes of the last one."""


def show() -> None:
    """Draws the page."""
    st.title("Open another run", anchor=False)
    _by_folder()
    _by_file()


def _by_folder() -> None:
    st.subheader("A folder of runs", anchor=False)
    home = words.markdown(str(served()[0]), None)
    st.write(f"{home}, for which the viewer was started, or a folder under it.")
    with st.form("open a folder", border=False):
        typed = st.text_input(
            "Folder on the machine that serves this page",
            value=address_of_run().get("folder", ""),
        )
        if st.form_submit_button("Open the folder") and typed:
            folder = permitted(typed)
            runs = newest_first(folder)
            if not runs:
                hint = "a finished run has a file manifest__exp_id=….json"
                raise InputError("no finished run is there", where=str(folder), hint=hint)
            _leave_for(runs[0])


def _by_file() -> None:
    st.subheader("A file of results", anchor=False)
    st.write(
        "The final JSON or CSV of ErrorMap or of the reference, or a Parquet file of failures. "
        f"It may have up to {st.get_option('server.maxUploadSize'):,} MB; "
        "`--server.maxUploadSize` of Streamlit changes that. The file is copied to this server's "
        "disk and is gone when the server ends."
    )
    number = st.session_state.setdefault(_UPLOADS, 0)
    given = st.file_uploader("File of results", type=["json", "csv", "parquet"], key=f"up{number}")
    if given is not None:
        folder = _spooled(given, given.name)
        st.session_state[_UPLOADS] = number + 1
        opened(folder, PageBar())
        _leave_for(folder)


def _spooled(stream: BinaryIO, name: str) -> RunFolder:
    """The run that an uploaded file holds, in a folder of its own.

    Raises:
        InputError: It holds none.
    """
    into = Path(tempfile.mkdtemp(dir=uploads().name))
    path = into / f"{_tame(name)}{Path(name).suffix.lower()}"
    with path.open("wb") as file:
        shutil.copyfileobj(stream, file)
    try:
        return open_results(path, into, PageBar())
    except InputError as error:
        shutil.rmtree(into)
        told = f"{words.plain(name, words.NAME_CHARS)} cannot be opened: {error.message}"
        raise InputError(told, hint=error.hint) from error


def _tame(name: str) -> str:
    """Of a file's name, what can stand in a name of ours."""
    return re.sub(r"[^\w=.-]+", "-", Path(name).stem)[:_NAME_CHARS].strip("-") or "upload"


def _leave_for(run: RunFolder) -> None:
    folder = str(run.output_dir)
    st.session_state["folder"] = folder
    go("overview", folder=folder, run=run.exp_id)
