"""The folders that a visitor may open: the served folder, folders under it, and uploads."""

import sys
import tempfile
from pathlib import Path
from typing import Final

import streamlit as st

from ..errors import InputError

DEFAULT_FOLDER: Final = "output"
# A path in an address may be of any length; the message repeats enough of it to recognise it.
_MAX_PATH_CHARS: Final = 200


def start_arguments() -> tuple[Path, str]:
    """The folder that the viewer was started for, and the name of a run or an empty text."""
    folder, run = (*sys.argv[1:3], "", "")[:2]
    return Path(folder or DEFAULT_FOLDER).resolve(), run


@st.cache_resource(show_spinner=False)
def uploads_folder() -> tempfile.TemporaryDirectory[str]:
    """The folder for uploads, removed when the server ends.

    Each upload has a folder of its own in it, whose random name other visitors cannot guess.
    """
    return tempfile.TemporaryDirectory(prefix="error-map-uploads-")


def resolve_permitted(path: str) -> Path:
    """The folder at a path from an address or a visitor; relative to the served folder.

    Raises:
        InputError: The folder is outside of the permitted ones. The message does not reveal
            whether it exists.
    """
    home = start_arguments()[0]
    try:
        folder = (home / path).resolve()
        folder.is_dir()  # raises if the name is too long
    except (ValueError, OSError, RuntimeError):  # a NUL, a name too long, a cycle of links
        folder = Path()
    permitted = (home, Path(uploads_folder().name).resolve())
    if any(folder.is_relative_to(root) for root in permitted):
        return folder
    hint = f"open {str(home)!r} or a folder under it; error-map view FOLDER serves another"
    raise InputError(f"the folder {path[:_MAX_PATH_CHARS]!r} is not served here", hint=hint)
