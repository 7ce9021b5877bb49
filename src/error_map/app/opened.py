"""A run that the viewer shows, opened once for all its visitors."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final, TypeAlias

import streamlit as st

from ..errors import StoreError
from ..outputs.indexing import open_index
from ..outputs.summary import FinishedRun, read_run
from ..progress import Event, Progress, StageEnded, StageMoved, StageStarted, silent
from ..store import RunFolder
from ..store.index import Index

_MOST_KEPT: Final = 8
"""Runs that stay in memory; their numbers take a few megabytes."""
Fingerprint: TypeAlias = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """What every page is made of."""

    run: FinishedRun
    index: Index


class Shelf:
    """Keeps what was opened last, until a file of it changes."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Fingerprint, Opened] = OrderedDict()
        self._lock = Lock()

    def take(self, mark: Fingerprint, make: Callable[[], Opened]) -> Opened:
        """What is kept under a mark, else made; two visitors at once make it once."""
        with self._lock:
            if mark not in self._kept:
                self._kept[mark] = make()
            self._kept.move_to_end(mark)
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
            return self._kept[mark]


@st.cache_resource(show_spinner=False)
def _shelf() -> Shelf:
    return Shelf()


def opened(folder: RunFolder, progress: Progress = silent) -> Opened:
    """A finished run and its index, which is built if there is none yet.

    Args:
        folder: Of the run.
        progress: Told how far the index is.

    Raises:
        StoreError: A file of the run is gone or damaged.
    """
    return _shelf().take(
        fingerprint(folder), lambda: Opened(read_run(folder), open_index(folder, progress))
    )


def fingerprint(folder: RunFolder) -> Fingerprint:
    """Tells whether a run's files are still what they were: names, times and sizes.

    Raises:
        StoreError: One of them is gone.
    """
    return tuple(
        _mark(file) for file in (folder.manifest, folder.records, folder.failures, folder.taxonomy)
    )


def _mark(file: Path) -> tuple[str, int, int]:
    try:
        found = file.stat()
    except OSError as error:
        hint = "run it again"
        raise StoreError("a file of the run is gone", where=str(file), hint=hint) from error
    return str(file), found.st_mtime_ns, found.st_size


class PageBar:
    """A run's events as a bar on the page; it goes away with its last one."""

    def __init__(self) -> None:
        self._place = st.empty()
        self._total = 1

    def __call__(self, event: Event) -> None:
        """Shows one event."""
        match event:
            case StageStarted(stage=stage, total=total):
                self._total = max(total, 1)
                self._place.progress(0.0, text=stage)
            case StageMoved(stage=stage, done=done):
                self._place.progress(min(done / self._total, 1.0), text=f"{stage}: {done:,}")
            case StageEnded():
                self._place.empty()
            case _:
                pass
