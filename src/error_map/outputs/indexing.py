"""Builds the index of a run."""

from ..progress import Progress, silent
from ..store import RunFolder
from ..store.index import Index


def open_index(folder: RunFolder, progress: Progress = silent) -> Index:
    """The index of a finished run."""
    del progress
    return Index(folder.output_dir / f"index__exp_id={folder.exp_id}.sqlite")
