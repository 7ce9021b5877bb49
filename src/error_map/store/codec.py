"""Between the flow's values and rows of a frame."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, assert_never

import polars as pl
from pydantic import TypeAdapter

from ..records import (
    CorrectOutput,
    Criterion,
    DatasetName,
    Diagnosed,
    Diagnosis,
    ExampleId,
    Failure,
    Finding,
    ModelName,
    Outcome,
    Record,
    RecordKey,
    Undiagnosed,
    Verdict,
)

OUTCOME_SCHEMA: Final = pl.Schema(
    {
        "verdict": pl.String,
        "error_title": pl.String,
        "error_summary": pl.String,
        "detector": pl.String,
        "judge_response": pl.String,
        "criteria": pl.String,
        "findings": pl.String,
        "answer": pl.String,
        "reason": pl.String,
        "prompt": pl.String,
        "full_response": pl.String,
    }
)
"""Columns of an outcome; `criteria` and `findings` are JSON, `verdict` is null if undiagnosed."""
_CRITERIA: Final = TypeAdapter(tuple[Criterion, ...])
_FINDINGS: Final = TypeAdapter(tuple[Finding, ...])
_SAID: Final[Mapping[Verdict, str]] = {
    "no error found": "",
    "whole solution incorrect": "whole solution incorrect",
}
_FAILURE_COLUMNS: Final = (
    "dataset",
    "example_id",
    "model",
    "repeat",
    "input_text",
    "output_text",
    "score",
    "correct_answer",
    "threshold",
    "weight",
    "correct_outputs",
)


def failures_of(frame: pl.DataFrame) -> tuple[Failure, ...]:
    """The rows of a selection's `failures` as values."""
    return tuple(_failure(*row) for row in frame.select(_FAILURE_COLUMNS).iter_rows())


def _failure(  # noqa: PLR0913, PLR0917 - a row's cells, in the order of its columns
    dataset: str,
    example: str,
    model: str,
    repeat: int,
    prompt: str,
    output: str,
    score: float,
    reference: str | None,
    threshold: float,
    weight: float,
    correct: Sequence[Mapping[str, str]],
) -> Failure:
    key = RecordKey(DatasetName(dataset), ExampleId(example), ModelName(model), repeat)
    record = Record(key=key, prompt=prompt, output=output, score=score, reference=reference)
    beside = tuple(CorrectOutput(ModelName(one["model"]), one["output"]) for one in correct)
    return Failure(record=record, threshold=threshold, weight=weight, correct_outputs=beside)


def criteria_of(cell: str) -> tuple[Criterion, ...]:
    """The criteria in a cell of the failures file.

    Raises:
        ValidationError: It is not what such a cell holds.
    """
    return _CRITERIA.validate_json(cell)


def findings_of(cell: str) -> tuple[Finding, ...]:
    """The findings in a cell of the failures file; raises as `criteria_of`."""
    return _FINDINGS.validate_json(cell)


def outcomes_frame(outcomes: Iterable[Outcome]) -> pl.DataFrame:
    """A row an outcome, in their order; columns as OUTCOME_SCHEMA."""
    return pl.DataFrame(map(_outcome_row, outcomes), schema=OUTCOME_SCHEMA, orient="row")


def _outcome_row(outcome: Outcome) -> tuple[str | None, ...]:
    match outcome:
        case Undiagnosed(reason=reason):
            return (None, "", "", "", "", "[]", "[]", "", reason, "", "")
        case Diagnosed(diagnosis=diagnosis):
            return _diagnosis_row(diagnosis)
        case _:
            assert_never(outcome)


def _diagnosis_row(diagnosis: Diagnosis) -> tuple[str | None, ...]:
    criteria = _CRITERIA.dump_json(diagnosis.criteria).decode()
    shown = _CRITERIA.dump_json(diagnosis.criteria, exclude={"__all__": {"verified"}}).decode()
    response = judge_response(diagnosis, shown)
    return (
        diagnosis.verdict,
        diagnosis.title,
        diagnosis.summary,
        diagnosis.rests_on,
        response,
        criteria,
        _FINDINGS.dump_json(diagnosis.findings).decode(),
        diagnosis.answer,
        diagnosis.doubt,
        diagnosis.prompt,
        diagnosis.response or response,
    )


def judge_response(diagnosis: Diagnosis, criteria: str) -> str:
    """The contract's JSON of one diagnosis; `criteria` is the JSON of its criteria."""
    title = _SAID.get(diagnosis.verdict, diagnosis.title)
    summary = _SAID.get(diagnosis.verdict, diagnosis.summary)
    answer = json.dumps({"error_title": title, "error_summary": summary}, ensure_ascii=False)
    return f'{{"required_criteria": {criteria}, "final_answer": {answer}}}'
