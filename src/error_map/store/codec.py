"""Conversion between the flow's values and rows of the run's tables."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import Final, TypeVar, assert_never

import polars as pl
from pydantic import TypeAdapter

from ..records import (
    WHOLE_SOLUTION_INCORRECT,
    CategoryId,
    CorrectOutput,
    Criterion,
    DatasetName,
    Diagnosed,
    Diagnosis,
    ExampleId,
    Failure,
    FailureRow,
    Finding,
    ModelName,
    Outcome,
    Record,
    RecordKey,
    Turn,
    Undiagnosed,
    Verdict,
)
from .columns import FAILURE_SCHEMA, KEY, LOG_SCHEMA, OUTCOME_SCHEMA, ROW_NUMBER, TURN_FIELDS

_CRITERIA: Final = TypeAdapter(tuple[Criterion, ...])
_FINDINGS: Final = TypeAdapter(tuple[Finding, ...])
_TURNS: Final = TypeAdapter(tuple[Turn, ...])
_FIXED_ANSWERS: Final[Mapping[Verdict, str]] = {
    "no error found": "",
    WHOLE_SOLUTION_INCORRECT: WHOLE_SOLUTION_INCORRECT,
}
"""Title and summary that the contract's JSON has for a verdict, whatever the diagnosis says."""
_FAILURE_COLUMNS: Final = (
    *KEY,
    "input_text",
    "output_text",
    "score",
    "correct_answer",
    "threshold",
    "weight",
    "correct_outputs",
)
_Value = TypeVar("_Value")


def failures_of(frame: pl.DataFrame) -> tuple[Failure, ...]:
    """The rows of a selection's `failures` as values."""
    # Positional cells without a dict per row; the optional fields are a second pass, so that runs
    # without them do not pay for them.
    failures = tuple(_failure(*row) for row in frame.select(_FAILURE_COLUMNS).iter_rows())
    logged = [name for name in LOG_SCHEMA if name in frame.columns]
    if not logged:
        return failures
    rows = frame.select(logged).iter_rows(named=True)
    return tuple(map(_with_log_fields, failures, rows))


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
    peers: Sequence[Mapping[str, str]],
) -> Failure:
    key = RecordKey(DatasetName(dataset), ExampleId(example), ModelName(model), repeat)
    record = Record(key=key, prompt=prompt, output=output, score=score, reference=reference)
    return Failure(
        record=record, threshold=threshold, weight=weight, correct_outputs=_peer_answers(peers)
    )


def _with_log_fields(failure: Failure, row: Mapping[str, object]) -> Failure:
    cells = _Cells(row)
    record = replace(
        failure.record,
        turns=turns_of(cells.optional("log_turns", list) or ()),
        composed=_spans(cells.optional("log_composed", list) or ()),
        question_start=cells.optional("log_question_start", int),
        stop_reason=cells.optional("log_stop_reason", str),
        tokens_in=cells.optional("log_tokens_in", int),
        tokens_out=cells.optional("log_tokens_out", int),
        latency_s=cells.optional("log_latency_s", float),
        cost_usd=cells.optional("log_cost_usd", float),
    )
    return replace(failure, record=record)


def _peer_answers(cell: Iterable[Mapping[str, str]]) -> tuple[CorrectOutput, ...]:
    return tuple(CorrectOutput(ModelName(one["model"]), one["output"]) for one in cell)


def turns_cell(turns: Iterable[Turn]) -> list[dict[str, str]]:
    """The turns of a record as a cell of `log_turns`."""
    return [{name: getattr(turn, name) for name in TURN_FIELDS} for turn in turns]


def _spans(cell: Iterable[Sequence[int]]) -> tuple[tuple[int, int], ...]:
    return tuple((start, end) for start, end in cell)


def failure_rows(frame: pl.DataFrame, *, first: int = 0) -> Iterator[FailureRow]:
    """Rows of the failures file as values.

    Select the columns that are needed before: fields of absent columns have their defaults, and
    no JSON is parsed for them.

    Args:
        frame: Consecutive rows of the file; any of its columns, in any order.
        first: Number of the first row, where the frame has no column ROW_NUMBER.

    Raises:
        ValueError: A cell is not what such a column holds.
    """
    numbers = frame[ROW_NUMBER] if ROW_NUMBER in frame.columns else count(first)
    return map(_failure_row, numbers, frame.iter_rows(named=True))


def _failure_row(number: int, row: Mapping[str, object]) -> FailureRow:
    cells = _Cells(row)
    text = cells.text
    return FailureRow(
        number=number,
        key=RecordKey(
            DatasetName(text("dataset")),
            ExampleId(text("example_id")),
            ModelName(text("model")),
            cells.optional("repeat", int) or 0,
        ),
        prompt=text("input_text"),
        output=text("output_text"),
        score=cells.optional("score", float),
        reference=cells.optional("correct_answer", str),
        threshold=cells.optional("threshold", float),
        weight=cells.optional("weight", float) or 1.0,
        correct_outputs=_peer_answers(cells.optional("correct_outputs", list) or ()),
        verdict=text("verdict"),
        title=text("error_title"),
        summary=text("error_summary"),
        detector=text("detector"),
        criteria=_CRITERIA.validate_json(text("criteria") or "[]"),
        findings=_FINDINGS.validate_json(text("findings") or "[]"),
        answer=text("answer"),
        judge_response=text("judge_response"),
        request=text("prompt"),
        response=text("full_response"),
        state=text("state"),
        reason=text("reason"),
        category=CategoryId(text("category_id")) if text("category_id") else None,
        benchmark_fault=text("benchmark_fault"),
        shared_answer=text("shared_answer"),
        turns=turns_of(cells.optional("log_turns", list) or ()),
        composed=_spans(cells.optional("log_composed", list) or ()),
        question_start=cells.optional("log_question_start", int),
        stop_reason=cells.optional("log_stop_reason", str),
        tokens_in=cells.optional("log_tokens_in", int),
        tokens_out=cells.optional("log_tokens_out", int),
        latency_s=cells.optional("log_latency_s", float),
        cost_usd=cells.optional("log_cost_usd", float),
        kept={
            name: cell
            for name, cell in row.items()
            if name not in FAILURE_SCHEMA and isinstance(cell, str) and cell
        },
    )


class _Cells:
    """The cells of one row, with their types checked: anybody may have written the file."""

    __slots__ = ("_row",)

    def __init__(self, row: Mapping[str, object]) -> None:
        self._row = row

    def text(self, name: str) -> str:
        """Empty for null and for an absent column."""
        return self.optional(name, str) or ""

    def optional(self, name: str, kind: type[_Value]) -> _Value | None:
        """None for null and for an absent column."""
        cell = self._row.get(name)
        # Polars has typed columns, but a file that somebody else wrote may have other types.
        if cell is None or isinstance(cell, kind):
            return cell
        raise ValueError(f"column {name!r} holds {type(cell).__name__}, not {kind.__name__}")


def cells_of(row: FailureRow) -> dict[str, object]:
    """A failure's cells by column, without its number; `failure_rows` reads them back.

    Columns of optional fields are there only where the failure has them.
    """
    return {
        "dataset": row.key.dataset,
        "example_id": row.key.example,
        "model": row.key.model,
        "repeat": row.key.repeat,
        "score": row.score,
        "threshold": row.threshold,
        "weight": row.weight,
        "correct_answer": row.reference,
        "correct_outputs": [
            {"model": one.model, "output": one.output} for one in row.correct_outputs
        ],
        "input_text": row.prompt,
        "output_text": row.output,
        "verdict": row.verdict or None,
        "error_title": row.title,
        "error_summary": row.summary,
        "detector": row.detector,
        "judge_response": row.judge_response,
        "criteria": _CRITERIA.dump_json(row.criteria).decode(),
        "findings": _FINDINGS.dump_json(row.findings).decode(),
        "answer": row.answer,
        "prompt": row.request,
        "full_response": row.response,
        "state": row.state or None,
        "reason": row.reason,
        "category_id": row.category,
        "benchmark_fault": row.benchmark_fault or None,
        "shared_answer": row.shared_answer or None,
        **log_cells(row),
        **row.kept,
    }


def log_cells(record: Record | FailureRow) -> dict[str, object]:
    """The optional fields that a record has, by column."""
    cells: dict[str, object] = {
        "log_turns": turns_cell(record.turns) or None,
        "log_composed": [list(span) for span in record.composed] or None,
        "log_question_start": record.question_start,
        "log_stop_reason": record.stop_reason,
        "log_tokens_in": record.tokens_in,
        "log_tokens_out": record.tokens_out,
        "log_latency_s": record.latency_s,
        "log_cost_usd": record.cost_usd,
    }
    return {name: cell for name, cell in cells.items() if cell is not None}


def turns_of(cell: object) -> tuple[Turn, ...]:
    """The turns in a cell of `log_turns`.

    Raises:
        ValidationError: The cell does not hold turns.
    """
    return _TURNS.validate_python(cell)


def criteria_of(cell: str) -> tuple[Criterion, ...]:
    """The criteria in a cell of the failures file.

    Raises:
        ValidationError: The cell is not JSON of criteria.
    """
    return _CRITERIA.validate_json(cell)


def findings_of(cell: str) -> tuple[Finding, ...]:
    """The findings in a cell of the failures file.

    Raises:
        ValidationError: The cell is not JSON of findings.
    """
    return _FINDINGS.validate_json(cell)


def outcomes_frame(outcomes: Iterable[Outcome]) -> pl.DataFrame:
    """One row per outcome, in their order; columns as OUTCOME_SCHEMA."""
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
    # The contract has no field `verified`; the failures file does.
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
    title = _FIXED_ANSWERS.get(diagnosis.verdict, diagnosis.title)
    summary = _FIXED_ANSWERS.get(diagnosis.verdict, diagnosis.summary)
    answer = json.dumps({"error_title": title, "error_summary": summary}, ensure_ascii=False)
    return f'{{"required_criteria": {criteria}, "final_answer": {answer}}}'
