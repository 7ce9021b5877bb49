"""Opens the index of a run, and builds it from the run's files if necessary."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

import polars as pl

from ..analysts.expected_answer import expected_answer
from ..analysts.texts import clipped
from ..errors import InputError, StoreError
from ..progress import Progress, StageEnded, StageMoved, StageStarted, silent
from ..records import CategoryId, FailureRow
from ..store import (
    KEY,
    PART_ROWS,
    Entry,
    Index,
    RunFolder,
    current_files,
    failure_rows,
    kept_columns,
    locked,
    writing_index,
)
from .failure_page import QUOTES_VERIFIED
from .summary import FinishedRun, read_run

STAGE: Final = "indexing"
_WAIT_S: Final = 600.0
"""How long to wait for another process that builds the same index; it may hang."""
_CELL_CHARS: Final = 300
"""Characters of a title, a summary or a kept cell that a table can show."""
_END_CHARS: Final = 100
"""Shown of the end of an output or a reference: the last sentence or two have the answer."""
_READ_CHARS: Final = 20_000
"""Bounds the work of extracting the answer of a reference: its end, where the answer usually is."""
_COLUMNS: Final = (
    *KEY,
    *("score", "input_text", "output_text", "correct_answer", "error_title", "error_summary"),
    *("category_id", "state", "verdict", "detector", "benchmark_fault", "criteria", "findings"),
    *("answer", "log_stop_reason", "log_tokens_in", "log_tokens_out", "log_latency_s"),
)
"""Columns of the failures file that the index is built from."""


def open_index(
    folder: RunFolder, progress: Progress = silent, *, cache: Path | None = None
) -> Index:
    """The index of a finished run, built if there is none for its present files.

    Several processes may open the same run at once: one builds the index, the others wait.

    Args:
        folder: Folder of the run.
        progress: Receives the number of indexed failures.
        cache: Folder for the index if the run's folder cannot be written to; None for a private
            folder in the system's temporary folder.

    Raises:
        InputError: The index cannot be written anywhere.
        StoreError: The run's files are damaged or missing.
    """
    fingerprint = fingerprint_of(folder)
    places = (folder.index, (cache or _cache()) / _name_in_cache(folder))
    for place in places:
        if index := Index.open(place, fingerprint):
            return index
    troubles: list[str] = []
    for place in places:
        try:
            return _made(_Task(folder, fingerprint, progress), place)
        except (OSError, sqlite3.Error) as error:
            troubles.append(f"{place.parent}: {error}")
    hint = "make room there, or let TMPDIR name a folder that can be written to"
    raise InputError("no place for the index of the run", where="; ".join(troubles), hint=hint)


@dataclass(frozen=True, slots=True)
class _Task:
    """An index to be built."""

    folder: RunFolder
    fingerprint: str
    progress: Progress


def fingerprint_of(folder: RunFolder) -> str:
    """A hash that changes when any file changes from which an index is built.

    Raises:
        StoreError: A file is missing, or no regular file.
    """
    folder.refuse_irregular()
    digest = sha256()
    try:
        digest.update(folder.manifest.read_bytes())
        current = current_files(folder)
        for file in (current.failures, current.records, current.taxonomy):
            entry = file.stat()
            # Size and time instead of the content, which may have gigabytes.
            digest.update(f"{file.name} {entry.st_size} {entry.st_mtime_ns}\n".encode())
    except OSError as error:
        message = f"a file of the run is gone: {error.strerror}"
        raise StoreError(message, where=str(error.filename), hint="run it again") from error
    return digest.hexdigest()


def _cache() -> Path:
    return Path(tempfile.gettempdir()) / f"error-map-{os.getuid()}"


def _name_in_cache(folder: RunFolder) -> str:
    whole = os.fsencode(folder.manifest.resolve())
    return f"index-{sha256(whole).hexdigest()[:16]}.sqlite"


def _made(task: _Task, place: Path) -> Index:
    """The index at a path, built by us or by another process that was faster."""
    if place.parent != task.folder.output_dir:
        _own(place.parent)
    lock = place.with_name(f".{place.name}.lock")
    message, hint = "another process builds this index", "wait for it, and open the run again"
    with locked(lock, message=message, hint=hint, wait_s=_WAIT_S):
        if not Index.open(place, task.fingerprint):
            _make(task, read_run(task.folder), place)
    index = Index.open(place, task.fingerprint)
    if index is None:
        raise OSError("it cannot be read again")
    return index


def _own(folder: Path) -> None:
    """Creates a folder into which nobody else can put files.

    Raises:
        OSError: It belongs to another user.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if hasattr(os, "getuid") and folder.stat().st_uid != os.getuid():
        raise PermissionError(f"it belongs to another user: {folder}")


def _make(task: _Task, run: FinishedRun, place: Path) -> None:
    lazy = pl.scan_parquet(run.folder.failures, glob=False)
    try:
        kept = kept_columns(lazy.collect_schema().names())
        columns = (*(name for name in _COLUMNS if name in lazy.collect_schema()), *kept)
        rows = int(lazy.select(pl.len()).collect().item())
        datasets = run.manifest.datasets
        routes = {name: entry.route for name, entry in datasets.items()}
        task.progress(StageStarted(STAGE, rows))
        with writing_index(place, kept) as index:
            index.add_categories(_under(run))
            for start in range(0, rows, PART_ROWS):
                # In parts, as a failures file may be larger than the memory.
                part = lazy.slice(start, PART_ROWS).select(columns).collect()
                failures = failure_rows(part, first=start)
                index.add(_entry(row, routes, kept) for row in failures)
                task.progress(StageMoved(STAGE, min(rows, start + PART_ROWS)))
            index.finish(task.fingerprint)
        task.progress(StageEnded(STAGE, rows))
    except (pl.exceptions.PolarsError, ValueError) as error:
        message = f"the run is damaged: {error}"
        raise StoreError(message, where=str(run.folder.failures), hint="run it again") from error


def _entry(row: FailureRow, routes: Mapping[str, str | None], kept: Sequence[str]) -> Entry:
    key = row.key
    reference = row.reference or ""
    route = routes.get(key.dataset)
    return Entry(
        (
            *(row.number, key.dataset, key.example, key.model, key.repeat, row.score),
            *(row.category or "", row.state, row.verdict, row.detector, row.benchmark_fault),
            QUOTES_VERIFIED[row.quotes_verified],
            *map(_beginning, (row.title, row.summary)),
            _beginning(row.answer) or _end(row.output),
            _end(expected_answer(reference[-_READ_CHARS:], route)),
            *(row.stop_reason or "", row.tokens_in, row.tokens_out, row.latency_s),
            *(_beginning(row.kept.get(name, "")) for name in kept),
        ),
        (row.prompt, row.output, reference, row.title, row.summary),
    )


def _beginning(text: str) -> str:
    return clipped(text, _CELL_CHARS)


def _end(text: str) -> str:
    text = text.rstrip()
    return text if len(text) <= _END_CHARS else f"…{text[-_END_CHARS:].lstrip()}"


def _under(run: FinishedRun) -> Iterator[tuple[str, str, bool]]:
    """Pairs of an ancestor and a category below it, by the taxonomy and as the run displays it."""
    for path in run.taxonomy.walk():
        category = path[-1].id
        displayed = run.display_path(CategoryId(category))
        for ancestor in {step.id for step in path} - set(displayed):
            yield ancestor, category, ancestor == category
        for ancestor in displayed:
            yield ancestor, category, ancestor == displayed[-1]
