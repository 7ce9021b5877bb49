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
from ..escaping import MAX_NAME_CHARS, for_markdown, one_line
from ..folders import resolve_permitted, start_arguments, uploads_folder
from ..navigation import run_query, switch_to
from ..run_cache import ProgressBar, open_cached
from ..run_picker import newest_first

# File systems limit names to 255 bytes; a character takes up to four, and a suffix follows.
_MAX_STEM_CHARS: Final = 60
_UPLOADS: Final = "uploads"
"""Session key of this visitor's number of uploads.

It is part of the uploader's key: a new uploader lets the server release the last file's bytes.
"""


def show() -> None:
    """Draws the page."""
    st.title("Open another run", anchor=False)
    _folder_form()
    _file_upload()


def _folder_form() -> None:
    st.subheader("A folder of runs", anchor=False)
    home = for_markdown(str(start_arguments()[0]), None)
    st.write(f"Open {home}, for which the viewer was started, or a folder under it.")
    with st.form("open a folder", border=False):
        path = st.text_input(
            "Folder on the machine that serves this page",
            value=run_query().get("folder", ""),
        )
        if st.form_submit_button("Open the folder") and path:
            folder = resolve_permitted(path)
            runs = newest_first(folder)
            if not runs:
                hint = "a finished run has a file manifest__exp_id=….json"
                raise InputError("the folder has no finished run", where=str(folder), hint=hint)
            _switch_to_run(runs[0])


def _file_upload() -> None:
    st.subheader("A file of results", anchor=False)
    st.write(
        "Upload the final JSON or CSV of ErrorMap or of the reference, or a Parquet file of "
        f"failures, up to {st.get_option('server.maxUploadSize'):,} MB (Streamlit's option "
        "`--server.maxUploadSize` changes the limit). The file is copied to this server's disk and "
        "is removed when the server ends."
    )
    number = st.session_state.setdefault(_UPLOADS, 0)
    upload = st.file_uploader("File of results", type=["json", "csv", "parquet"], key=f"up{number}")
    if upload is not None:
        folder = _import_upload(upload, upload.name)
        st.session_state[_UPLOADS] = number + 1
        open_cached(folder, ProgressBar())
        _switch_to_run(folder)


def _import_upload(stream: BinaryIO, name: str) -> RunFolder:
    """Imports an uploaded file as a run in a folder of its own.

    Raises:
        InputError: The file contains no results.
    """
    into = Path(tempfile.mkdtemp(dir=uploads_folder().name))
    path = into / f"{_safe_stem(name)}{Path(name).suffix.lower()}"
    with path.open("wb") as file:
        shutil.copyfileobj(stream, file)
    try:
        return open_results(path, into, ProgressBar())
    except InputError as error:
        shutil.rmtree(into)
        message = f"{one_line(name, MAX_NAME_CHARS)} cannot be opened: {error.message}"
        raise InputError(message, hint=error.hint) from error


def _safe_stem(name: str) -> str:
    """The stem of a file name, with characters replaced that file names of runs do not have."""
    return re.sub(r"[^\w=.-]+", "-", Path(name).stem)[:_MAX_STEM_CHARS].strip("-") or "upload"


def _switch_to_run(run: RunFolder) -> None:
    folder = str(run.output_dir)
    st.session_state["folder"] = folder
    switch_to("overview", folder=folder, run=run.exp_id)
