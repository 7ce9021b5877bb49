"""The index of a run, opened: made at first from the run's files, a part at a time."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from itertools import starmap
from pathlib import Path
from typing import Final

import polars as pl
from pydantic import ValidationError

from ..analysts.expected_answer import expected_answer
from ..analysts.texts import clipped
from ..errors import InputError, StoreError
from ..progress import Progress, StageEnded, StageMoved, StageStarted, silent
from ..records import CategoryId
from ..store import PART_ROWS, Cell, Entry, Index, RunFolder, locked, writing_index
from ..store.codec import criteria_of, findings_of
from .failure_page import OWN_COLUMNS, quoted_rightly
from .summary import FinishedRun, read_run

STAGE: Final = "indexing"
_WAIT_S: Final = 600.0
"""How long another process may take to make the same index before we make our own."""
_SHOWN: Final = 300
"""Characters of a title, a summary or a kept cell that a table can show."""
_END_CHARS: Final = 100
"""Of an output or a reference: the last sentence or two, where the answer stands."""
_READ_CHARS: Final = 20_000
"""Of a reference, from its end: among them its answer is looked for."""
_TEXTS: Final = ("input_text", "output_text", "correct_answer", "error_title", "error_summary")
_TOLD: Final = (
    *("dataset", "example_id", "model", "repeat", "score"),
    *("category_id", "state", "verdict", "detector", "benchmark_fault", "criteria", "findings"),
    "answer",
)
_READ: Final = (*_TOLD, *_TEXTS)


def open_index(
    folder: RunFolder, progress: Progress = silent, *, cache: Path | None = None
) -> Index:
    """The index of a finished run, made anew where there is none of these very files.

    Several processes may open the same run at once: one makes the index, the others wait.

    Args:
        folder: Of the run.
        progress: Told how many failures are in it.
        cache: Where it goes if the run's own folder cannot be written to; None for a folder of
            the user's own among the system's temporary files.

    Raises:
        InputError: It can be written nowhere.
        StoreError: The run's files are damaged or gone.
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
    """An index that is to be made."""

    folder: RunFolder
    fingerprint: str
    progress: Progress


def fingerprint_of(folder: RunFolder) -> str:
    """What changes when any file changes that an index is made of.

    Raises:
        StoreError: One of them is gone, or is no file.
    """
    folder.refuse_irregular()
    digest = sha256()
    try:
        digest.update(folder.manifest.read_bytes())
        for file in (folder.failures, folder.records, folder.taxonomy):
            found = file.stat()
            digest.update(f"{file.name} {found.st_size} {found.st_mtime_ns}\n".encode())
    except OSError as error:
        told = f"a file of the run is gone: {error.strerror}"
        raise StoreError(told, where=str(error.filename), hint="run it again") from error
    return digest.hexdigest()


def _cache() -> Path:
    return Path(tempfile.gettempdir()) / f"error-map-{os.getuid()}"


def _name_in_cache(folder: RunFolder) -> str:
    whole = os.fsencode(folder.manifest.resolve())
    return f"index-{sha256(whole).hexdigest()[:16]}.sqlite"


def _made(task: _Task, place: Path) -> Index:
    """The index at a place, made by us or by another that was faster."""
    if place.parent != task.folder.output_dir:
        _own(place.parent)
    lock = place.with_name(f".{place.name}.lock")
    message, hint = "another process makes this index", "wait for it, and open the run again"
    with locked(lock, message=message, hint=hint, wait_s=_WAIT_S):
        if not Index.open(place, task.fingerprint):
            _make(task, read_run(task.folder), place)
    index = Index.open(place, task.fingerprint)
    if index is None:
        raise OSError("it cannot be read again")
    return index


def _own(folder: Path) -> None:
    """Makes a folder that nobody else can put files into.

    Raises:
        OSError: It is another's.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if hasattr(os, "getuid") and folder.stat().st_uid != os.getuid():
        raise PermissionError(f"it belongs to another user: {folder}")


def _make(task: _Task, run: FinishedRun, place: Path) -> None:
    lazy = pl.scan_parquet(run.folder.failures, glob=False)
    try:
        names = lazy.collect_schema().names()
        rows = int(lazy.select(pl.len()).collect().item())
        kept = tuple(name for name in names if name not in OWN_COLUMNS)
        datasets = run.manifest.datasets
        entry = partial(_entry, {name: one.route for name, one in datasets.items()})
        task.progress(StageStarted(STAGE, rows))
        with writing_index(place, kept) as index:
            index.add_categories(_under(run))
            for start in range(0, rows, PART_ROWS):
                part = lazy.slice(start, PART_ROWS).select(*_READ, *kept).collect()
                index.add(starmap(entry, enumerate(part.iter_rows(), start)))
                task.progress(StageMoved(STAGE, min(rows, start + PART_ROWS)))
            index.finish(task.fingerprint)
        task.progress(StageEnded(STAGE, rows))
    except (pl.exceptions.PolarsError, ValidationError) as error:
        told = f"the run is damaged: {error}"
        raise StoreError(told, where=str(run.folder.failures), hint="run it again") from error


def _entry(routes: Mapping[str, str | None], number: int, row: tuple[Cell, ...]) -> Entry:
    told, texts, kept = row[: len(_TOLD)], row[len(_TOLD) : len(_READ)], row[len(_READ) :]
    dataset, example, model, repeat, score, *others, criteria, findings, answer = told
    return Entry(
        (
            *(number, dataset, example, model, repeat or 0, score),
            *(cell or "" for cell in others),
            _verified(texts, criteria, findings),
            *map(_beginning, texts[3:]),
            _beginning(answer) or _end(texts[1]),
            _expected(texts[2], routes.get(str(dataset))),
            *map(_beginning, kept),
        ),
        texts,
    )


def _verified(texts: Sequence[Cell], criteria: Cell, findings: Cell) -> str:
    quoted = criteria_of(str(criteria or "[]")), findings_of(str(findings or "[]"))
    return quoted_rightly(str(texts[1] or ""), *quoted)


def _beginning(cell: Cell) -> str:
    return clipped(str(cell or ""), _SHOWN)


def _expected(reference: Cell, route: str | None) -> str:
    """The answer that is read out of a reference, as answers of its dataset are; else its end."""
    text = str(reference or "")[-_READ_CHARS:]
    return _end(expected_answer(text, route))


def _end(cell: Cell) -> str:
    text = str(cell or "").rstrip()
    return text if len(text) <= _END_CHARS else f"…{text[-_END_CHARS:].lstrip()}"


def _under(run: FinishedRun) -> Iterator[tuple[str, str, bool]]:
    """Which category stands under which, where the run shows it and where it belongs."""
    for path in run.taxonomy.walk():
        category = path[-1].id
        shown = run.shown_as(CategoryId(category))
        for ancestor in {step.id for step in path} - set(shown):
            yield ancestor, category, ancestor == category
        for ancestor in shown:
            yield ancestor, category, ancestor == shown[-1]
