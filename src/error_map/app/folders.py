"""Which folders a visitor may open: the served one, those under it, and uploads."""

import sys
import tempfile
from pathlib import Path
from typing import Final

import streamlit as st

from ..errors import InputError

DEFAULT_FOLDER: Final = "output"
_SHOWN_CHARS: Final = 200


def served() -> tuple[Path, str]:
    """What the viewer was started with: a folder, and a run's name or nothing."""
    folder, run = (*sys.argv[1:3], "", "")[:2]
    return Path(folder or DEFAULT_FOLDER).resolve(), run


@st.cache_resource(show_spinner=False)
def uploads() -> tempfile.TemporaryDirectory[str]:
    """Where uploads are copied to; removed when the server ends.

    Each gets a folder of its own under it, whose name nobody can guess.
    """
    return tempfile.TemporaryDirectory(prefix="error-map-uploads-")


def permitted(named: str) -> Path:
    """The folder that an address or a visitor names; relative ones are under the served folder.

    Raises:
        InputError: It is outside. The message is the same whether such a folder exists or not.
    """
    home = served()[0]
    try:
        folder = (home / named).resolve()
        folder.is_dir()  # raises where the name is too long
    except (ValueError, OSError, RuntimeError):  # a NUL, a name too long, links in a circle
        folder = Path()
    if any(folder.is_relative_to(root) for root in (home, Path(uploads().name).resolve())):
        return folder
    hint = f"it can be {str(home)!r} or a folder under it; error-map view FOLDER serves another"
    raise InputError(f"the folder {named[:_SHOWN_CHARS]!r} is not served here", hint=hint)
