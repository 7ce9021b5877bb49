"""The samples of a log as rows of a table, in chunks of bounded size."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Final

import polars as pl

from ...records.surrogates import mend
from ...store.codec import turns_cell
from ...store.columns import LOG_SCHEMA, RESERVED_COLUMNS
from ..catalog import Source
from ..tables.table import LINE, Origin, ReadOptions, Table, build_table
from .log import Chosen, Log
from .sample import Sample

_TOO_LARGE: Final = 2**63
"""Columns of whole numbers have 64 bits; more tokens than that are a damaged log."""
CHUNK: Final = 2_000
"""Samples in one table: bounds the memory for Python objects."""


def log_source(log: Log, chosen: Chosen, options: ReadOptions) -> Source:
    """The samples of a log, as a source of rows.

    Args:
        log: The log.
        chosen: Its metric, filter, scorer and split.
        options: How rows are named; options on columns and encodings are for tables only.
    """

    def tables() -> Iterator[Table]:
        fingerprint = _fingerprint(log.files or (log.path,))
        folder = log.path.resolve().parent.name
        origin = Origin(str(log.path), log.path.stem, fingerprint, folder)
        samples = log.read(chosen)
        notices = log.notices
        while chunk := list(islice(samples, CHUNK)):
            if options.question_only:
                chunk = list(map(_question_only, chunk))
            yield _table(chunk, origin, options=options, notices=notices)
            notices = ()

    return Source(
        str(log.path),
        log.path.stem,
        lambda: None,
        tables,
        tool=(log.tool, log.version),
        metric=chosen.get("metric") or chosen.get("scorer") or "score",
    )


def _table(
    samples: Sequence[Sample], origin: Origin, *, options: ReadOptions, notices: Sequence[str]
) -> Table:
    return build_table(_frame(samples), origin=origin, options=options, notices=notices)


def _question_only(sample: Sample) -> Sample:
    if not sample.question_start:
        return sample
    return replace(sample, prompt=sample.prompt[sample.question_start :], question_start=None)


def _frame(samples: Sequence[Sample]) -> pl.DataFrame:
    """A raw frame under canonical names, with columns for the optional fields that any has."""
    columns: dict[str, pl.Series] = {
        name: pl.Series(name, [_text(value) for value in values], pl.String)
        for name, values in (
            ("dataset", [one.dataset for one in samples]),
            ("example_id", [one.example for one in samples]),
            ("model", [one.model for one in samples]),
            ("input_text", [one.prompt for one in samples]),
            ("output_text", [one.output for one in samples]),
            ("correct_answer", [one.reference for one in samples]),
            ("repeat", [one.repeat for one in samples]),
        )
    }
    columns["score"] = pl.Series("score", [one.score for one in samples], pl.Float64)
    columns[LINE] = pl.Series(LINE, [one.line for one in samples], pl.Int64)
    if any(one.score is None for one in samples):
        faults = [_fault(one) for one in samples]
        columns["log_fault"] = pl.Series("log_fault", faults, pl.String)
    for name in dict.fromkeys(name for one in samples for name in one.extras):
        kept = f"{name}_input" if name in columns or name in RESERVED_COLUMNS else name
        values = [_text(one.extras.get(name)) for one in samples]
        columns[kept] = pl.Series(kept, values, pl.String)
    for name, logged in _logged(samples).items():
        if any(value is not None for value in logged):
            columns[name] = pl.Series(name, logged, LOG_SCHEMA[name])
    return pl.DataFrame(columns)


def _fault(sample: Sample) -> str | None:
    """Why there is no score; None if there is one."""
    if sample.score is not None:
        return None
    return _text(sample.fault) or "the log has no score for it"


def _logged(samples: Sequence[Sample]) -> dict[str, list[object]]:
    return {
        "log_turns": [_turns(one) for one in samples],
        "log_composed": [_spans(one) for one in samples],
        "log_question_start": [one.question_start for one in samples],
        "log_stop_reason": [_text(one.stop_reason) for one in samples],
        "log_tokens_in": [_count(one.tokens_in) for one in samples],
        "log_tokens_out": [_count(one.tokens_out) for one in samples],
        "log_latency_s": [one.latency_s for one in samples],
        "log_cost_usd": [one.cost_usd for one in samples],
    }


def _turns(sample: Sample) -> list[dict[str, str]] | None:
    cells = turns_cell(sample.turns)
    return [{name: mend(text)[0] for name, text in cell.items()} for cell in cells] or None


def _spans(sample: Sample) -> list[list[int]] | None:
    return [list(span) for span in sample.composed] or None


def _count(number: int | None) -> int | None:
    return None if number is None or not 0 <= number < _TOO_LARGE else number


def _text(value: str | None) -> str | None:
    return None if value is None else mend(value)[0]


def _fingerprint(files: Iterable[Path]) -> str:
    """SHA-256 over the bytes of all files, in the order of their names."""
    digest = hashlib.sha256()
    for path in sorted(files):
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()
