"""One failure with all that is known of it, read from its row of the run's files."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

import polars as pl
from pydantic import ValidationError

from ..errors import StoreError
from ..records import (
    CorrectOutput,
    Criterion,
    DatasetName,
    ExampleId,
    Finding,
    ModelName,
    RecordKey,
)
from ..store import OUTCOME_SCHEMA, RunFolder
from ..store.codec import criteria_of, findings_of

KEY: Final = ("dataset", "example_id", "model", "repeat")
OWN_COLUMNS: Final = frozenset(
    {
        *KEY,
        *("input_text", "output_text", "score", "correct_answer", "threshold", "weight"),
        *("correct_outputs", "state", "reason", "category_id", "benchmark_fault"),
        *OUTCOME_SCHEMA,
    }
)
"""Columns of the failures file that are not kept ones of the input."""
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class FailurePage:
    """One studied failure, whole."""

    number: int
    """Its row in the failures file, from 0."""
    key: RecordKey
    prompt: str
    output: str
    score: float | None
    threshold: float | None
    reference: str | None
    correct_outputs: tuple[CorrectOutput, ...]
    kept: Mapping[str, str]
    """Cells of the kept columns, by name; only those that hold something."""
    verdict: str
    """Empty if undiagnosed."""
    title: str
    summary: str
    detector: str
    criteria: tuple[Criterion, ...]
    findings: tuple[Finding, ...]
    """The deciding one first."""
    answer: str
    """The final answer that was read out of the output; empty where none was."""
    asked: str
    """All that a judge was asked; empty where none was."""
    response: str
    """What it said, verbatim; offline the diagnosis as JSON."""
    state: str
    reason: str
    category: str
    """Id of its category; empty where it has none."""
    benchmark_fault: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """An input row to the same example that was not studied."""

    model: str
    repeat: int
    score: float
    state: str


def read_failure(folder: RunFolder, number: int) -> FailurePage:
    """One failure by its row in the failures file; reads only that part of it.

    Raises:
        StoreError: The file is gone or damaged, or has no such row.
    """
    scan = pl.scan_parquet(folder.failures, glob=False)
    try:
        rows = scan.slice(number, 1).collect().to_dicts() if number >= 0 else []
        if not rows:
            hint = "the run was written again: open it again"
            raise StoreError(f"no failure {number}", where=str(folder.failures), hint=hint)
        return _page(number, rows[0])
    except (pl.exceptions.PolarsError, OSError, ValidationError, KeyError) as error:
        told = f"the run is damaged: {error}"
        raise StoreError(told, where=str(folder.failures), hint="run it again") from error


def other_attempts(folder: RunFolder, key: RecordKey) -> tuple[Attempt, ...]:
    """The rows to a failure's example that were not studied, such as those that passed, by model.

    Raises:
        StoreError: The records file is gone or damaged.
    """
    same = (pl.col("dataset") == key.dataset) & (pl.col("example_id") == key.example)
    unstudied = pl.col("state").is_in(["passed", "not_selected", "not_sampled", "errored"])
    columns = ("model", "repeat", "score", "state")
    try:
        scan = pl.scan_parquet(folder.records, glob=False).filter(same & unstudied)
        found = scan.select(columns).sort("model", "repeat").collect()
    except (pl.exceptions.PolarsError, OSError) as error:
        told = f"the run is damaged: {error}"
        raise StoreError(told, where=str(folder.records), hint="run it again") from error
    return tuple(Attempt(*row) for row in found.iter_rows())


def quoted_rightly(
    output: str, criteria: Collection[Criterion], findings: Collection[Finding]
) -> str:
    """`yes` if every quotation stands where it is said to, `no` if one does not, else empty."""
    looked_up = [one.verified for one in criteria if one.verified is not None]
    standing = [
        output[evidence.start : evidence.end] == evidence.quote
        for finding in findings
        for evidence in finding.evidence
    ]
    every = (*looked_up, *standing)
    return ("yes" if all(every) else "no") if every else ""


def _page(number: int, row: Mapping[str, object]) -> FailurePage:
    def text(name: str) -> str:
        return str(row[name] or "") if name in row else ""

    return FailurePage(
        number=number,
        key=RecordKey(
            DatasetName(text("dataset")),
            ExampleId(text("example_id")),
            ModelName(text("model")),
            _as(int, row["repeat"]) or 0,
        ),
        prompt=text("input_text"),
        output=text("output_text"),
        score=_as(float, row["score"]),
        threshold=_as(float, row["threshold"]),
        reference=None if row["correct_answer"] is None else text("correct_answer"),
        correct_outputs=_correct(row["correct_outputs"]),
        kept={name: text(name) for name in row if name not in OWN_COLUMNS and row[name]},
        verdict=text("verdict"),
        title=text("error_title"),
        summary=text("error_summary"),
        detector=text("detector"),
        criteria=criteria_of(text("criteria") or "[]"),
        findings=findings_of(text("findings") or "[]"),
        answer=text("answer"),
        asked=text("prompt"),
        response=text("full_response"),
        state=text("state"),
        reason=text("reason"),
        category=text("category_id"),
        benchmark_fault=text("benchmark_fault"),
    )


def _as(kind: type[_Value], value: object) -> _Value | None:
    return value if isinstance(value, kind) else None


def _correct(cell: object) -> tuple[CorrectOutput, ...]:
    shown = cell if isinstance(cell, list) else []
    return tuple(CorrectOutput(ModelName(one["model"]), one["output"]) for one in shown)
