"""Results of other programs as runs."""

from pathlib import Path

from ..errors import InputError
from ..store import RunFolder


def open_results(path: Path, into: Path) -> RunFolder:
    """A result file as a run folder.

    Raises:
        InputError: It cannot be read.
    """
    raise InputError("this form of results cannot be opened", where=str(path), hint=str(into))
