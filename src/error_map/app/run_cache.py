"""A run that the viewer shows, opened once for all its visitors."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Final

import streamlit as st

from ..analysis import Heatmap
from ..outputs.index_builder import fingerprint_of, open_index
from ..outputs.report import Sentence, summary_in_words
from ..outputs.summary import FinishedRun, read_run
from ..progress import Event, Progress, StageEnded, StageMoved, StageStarted, silent
from ..store import Index, RunFolder

_MOST_KEPT: Final = 8
"""Runs that stay in memory; their numbers take a few megabytes."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What every page is made of."""

    run: FinishedRun
    index: Index

    def heatmap(self, *, depth: int) -> Heatmap | None:
        """Its models beside each other, counted once; see `FinishedRun.heatmap`."""
        return _heat(self.index.fingerprint, depth, self.run)

    def sentences(self) -> tuple[Sentence, ...]:
        """Its summary in words, made once: the one with which its report begins."""
        return _sentences(self.index.fingerprint, self.run)


class Shelf:
    """Keeps what was opened last, until a file of it changes."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Opened] = OrderedDict()
        self._lock = Lock()

    def take(self, mark: str, make: Callable[[], Opened]) -> Opened:
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
        fingerprint_of(folder), lambda: Opened(read_run(folder), open_index(folder, progress))
    )


@st.cache_resource(show_spinner=False, max_entries=_MOST_KEPT)
def _heat(fingerprint: str, depth: int, _run: FinishedRun) -> Heatmap | None:
    del fingerprint  # a part of the key
    return _run.heatmap(depth=depth)


@st.cache_resource(show_spinner=False, max_entries=_MOST_KEPT)
def _sentences(fingerprint: str, _run: FinishedRun) -> tuple[Sentence, ...]:
    del fingerprint  # a part of the key
    return summary_in_words(_run)


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
