"""Opens runs, and caches them with their numbers for all visitors."""

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

# The numbers of a run take a few megabytes; visitors rarely switch between more runs.
_CACHE_SIZE_RUNS: Final = 8


@dataclass(frozen=True, slots=True)
class OpenedRun:
    """A finished run and the index of its failures."""

    run: FinishedRun
    index: Index

    def heatmap(self, *, depth: int) -> Heatmap | None:
        """Rates of models and categories at a depth, cached; see `FinishedRun.heatmap`."""
        return _heatmap(self.index.fingerprint, depth, self.run)

    def sentences(self) -> tuple[Sentence, ...]:
        """The summary in words with which the report begins, cached."""
        return _sentences(self.index.fingerprint, self.run)


class RunCache:
    """The runs that were used last, by fingerprint; thread-safe."""

    def __init__(self) -> None:
        self._runs: OrderedDict[str, OpenedRun] = OrderedDict()
        self._lock = Lock()

    def get(self, fingerprint: str, open_run: Callable[[], OpenedRun]) -> OpenedRun:
        """The cached run, or the one that `open_run` returns.

        The lock is held while the run is opened, so that two visitors do not build one index twice.
        """
        with self._lock:
            if fingerprint not in self._runs:
                self._runs[fingerprint] = open_run()
            self._runs.move_to_end(fingerprint)
            while len(self._runs) > _CACHE_SIZE_RUNS:
                self._runs.popitem(last=False)
            return self._runs[fingerprint]


@st.cache_resource(show_spinner=False)
def _run_cache() -> RunCache:
    return RunCache()


def open_cached(folder: RunFolder, progress: Progress = silent) -> OpenedRun:
    """Opens a finished run, and builds its index if there is none yet.

    Args:
        folder: Folder of the run.
        progress: Receives the progress of building the index.

    Raises:
        StoreError: A file of the run is missing or damaged.
    """
    return _run_cache().get(
        fingerprint_of(folder), lambda: OpenedRun(read_run(folder), open_index(folder, progress))
    )


@st.cache_resource(show_spinner=False, max_entries=_CACHE_SIZE_RUNS)
def _heatmap(fingerprint: str, depth: int, _run: FinishedRun) -> Heatmap | None:
    del fingerprint  # part of the cache key only
    return _run.heatmap(depth=depth)


@st.cache_resource(show_spinner=False, max_entries=_CACHE_SIZE_RUNS)
def _sentences(fingerprint: str, _run: FinishedRun) -> tuple[Sentence, ...]:
    del fingerprint  # part of the cache key only
    return summary_in_words(_run)


class ProgressBar:
    """Shows progress events as a bar on the page, until the last stage ends."""

    def __init__(self) -> None:
        self._placeholder = st.empty()
        self._total = 1

    def __call__(self, event: Event) -> None:
        """Updates the bar."""
        match event:
            case StageStarted(stage=stage, total=total):
                self._total = max(total, 1)
                self._placeholder.progress(0.0, text=stage)
            case StageMoved(stage=stage, done=done):
                share = min(done / self._total, 1.0)
                self._placeholder.progress(share, text=f"{stage}: {done:,}")
            case StageEnded():
                self._placeholder.empty()
            case _:
                pass
