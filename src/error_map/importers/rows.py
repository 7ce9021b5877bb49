"""A failure of another source as a row of the failures file."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeVar

import polars as pl
from pydantic import ValidationError

from ..analysis.accounting import STUDIED
from ..analysts.llm.quotes import is_quoted
from ..records import (
    WHOLE_SOLUTION_INCORRECT,
    CorrectOutput,
    Criterion,
    DatasetName,
    ExampleId,
    FailureRow,
    ModelName,
    Quality,
    RecordKey,
    Turn,
)
from ..store import FAILURE_SCHEMA, LOG_SCHEMA, cells_of
from ..store.codec import criteria_of, findings_of, turns_of
from .leaf import Leaf, loosely, number_of, text_of
from .tables import FAULT, KNOWN

MAX_KEPT: Final = 200
"""Kept columns of the source; bounds the width of the tables, as anybody may write such a file."""
NODE: Final = "node"
_LATER: Final = frozenset({"category_id", *LOG_SCHEMA})
ROW_SCHEMA: Final = pl.Schema(
    {
        **{name: kind for name, kind in FAILURE_SCHEMA.items() if name not in _LATER},
        NODE: pl.Int64(),
    }
)
"""Columns of a row before its category is known; optional and kept ones follow."""
_MAX_REPEAT: Final = 2**31
"""The column `repeat` has 32 bits with a sign."""
_QUALITIES: Final[Mapping[str, Quality]] = {
    "correct": "correct",
    "partially correct": "partially correct",
    "incorrect": "incorrect",
    "missing": "missing",
}
_Value = TypeVar("_Value")


class Rows:
    """Converts leaves to rows, and counts what they have."""

    def __init__(self, dataset: str) -> None:
        self._dataset = dataset
        self._attempts: Counter[tuple[str, str, str]] = Counter()
        self._taken: set[tuple[str, str, str, int]] = set()
        self._logged: set[str] = set()
        self.kept: dict[str, None] = {}
        """Names of the kept columns, in the order of their first appearance."""
        self.judges: Counter[str] = Counter()
        self.filled: Counter[str] = Counter()
        """Rows by the columns in which they have a value."""

    @property
    def schema(self) -> pl.Schema:
        """Columns of the rows so far."""
        logged = {name: kind for name, kind in LOG_SCHEMA.items() if name in self._logged}
        return pl.Schema({**ROW_SCHEMA, **logged, **dict.fromkeys(self.kept, pl.String())})

    def row(self, leaf: Leaf) -> dict[str, object] | str:
        """The row of a leaf, or the reason why the leaf is invalid."""
        cells = leaf.cells
        if FAULT in cells:
            return text_of(cells[FAULT])
        dataset = text_of(cells.get("dataset")).strip() or self._dataset
        example, model = (text_of(cells.get(name)) for name in ("example_id", "model"))
        for name, value in (("example_id", example), ("model", model)):
            if not value.strip():
                return f"no {name}"
        self.judges[text_of(cells.get("judge_model"))] += 1
        repeat = self._repeat((dataset, example, model), cells.get("repeat"))
        key = RecordKey(DatasetName(dataset), ExampleId(example), ModelName(model), repeat)
        row = {**cells_of(_failure(key, cells)), **self._kept(cells), NODE: leaf.node}
        self._logged.update(name for name in row if name in LOG_SCHEMA)
        self.filled.update(name for name, value in row.items() if value and value != "[]")
        # A score of 0 is a value, unlike an empty text.
        self.filled["score"] += row["score"] is not None
        return row

    def _repeat(self, key: tuple[str, str, str], cell: object) -> int:
        """The number of an attempt: the source's own, or the first that is free."""
        number = number_of(cell)
        own = number is not None and 0 <= number < _MAX_REPEAT
        repeat = int(number or 0) if own else self._attempts[key]
        while (*key, repeat) in self._taken:
            repeat = self._attempts[key] = self._attempts[key] + 1
        self._taken.add((*key, repeat))
        return repeat

    def _kept(self, cells: Mapping[str, object]) -> dict[str, str | None]:
        kept: dict[str, str | None] = {}
        for name, value in cells.items():
            if name not in KNOWN and (name in self.kept or len(self.kept) < MAX_KEPT):
                own = f"{name}_in_file" if name == NODE else text_of(name)
                self.kept[own] = None
                kept[own] = text_of(value) or None
        return kept


def _failure(key: RecordKey, cells: Mapping[str, object]) -> FailureRow:
    """The failure in some cells; state and verdict are empty where the source does not say."""

    def text(name: str) -> str:
        return text_of(cells.get(name))

    def whole(name: str) -> int | None:
        number = number_of(cells.get(name))
        return None if number is None else int(number)

    reply = loosely(cells.get("judge_response"))
    answer = reply.get("final_answer") if isinstance(reply, Mapping) else None
    answer = answer if isinstance(answer, Mapping) else {}
    title = text("error_title") or text_of(answer.get("error_title"))
    wrong_as_a_whole = title.casefold() == WHOLE_SOLUTION_INCORRECT
    criteria = _parsed(criteria_of, text("criteria"))
    return FailureRow(
        number=0,
        key=key,
        prompt=text("input_text"),
        output=text("output_text"),
        score=number_of(cells.get("score")),
        reference=text("correct_answer") or None,
        threshold=number_of(cells.get("threshold")),
        weight=max(1.0, number_of(cells.get("weight")) or 1.0),
        correct_outputs=_peer_answers(cells.get("correct_outputs")),
        verdict=text("verdict") or (WHOLE_SOLUTION_INCORRECT if wrong_as_a_whole else ""),
        title=title,
        summary=text("error_summary") or text_of(answer.get("error_summary")),
        detector=text("detector"),
        criteria=_criteria(reply, text("output_text")) if criteria is None else criteria,
        findings=_parsed(findings_of, text("findings")) or (),
        answer=text("answer"),
        judge_response=text("judge_response"),
        request=text("prompt"),
        response=text("full_response") or text("judge_response"),
        state=text("state") if text("state") in STUDIED else "",
        reason=text("reason"),
        benchmark_fault=text("benchmark_fault"),
        shared_answer=text("shared_answer"),
        turns=_turns(cells.get("log_turns")),
        question_start=whole("log_question_start"),
        stop_reason=text("log_stop_reason") or None,
        tokens_in=whole("log_tokens_in"),
        tokens_out=whole("log_tokens_out"),
        latency_s=number_of(cells.get("log_latency_s")),
        cost_usd=number_of(cells.get("log_cost_usd")),
    )


def _peer_answers(cell: object) -> tuple[CorrectOutput, ...]:
    answers = cell if isinstance(cell, Sequence) and not isinstance(cell, str) else []
    return tuple(
        CorrectOutput(ModelName(text_of(one.get("model"))), text_of(one.get("output")))
        for one in answers
        if isinstance(one, Mapping)
    )


def _turns(cell: object) -> tuple[Turn, ...]:
    """The turns in a cell; none where the cell is not what our files have there."""
    try:
        return turns_of(cell or ())
    except ValidationError:
        return ()


def _parsed(parse: Callable[[str], _Value], cell: str) -> _Value | None:
    """The value in a cell of JSON; None where the cell is not what our files have there."""
    try:
        return parse(cell)
    except ValidationError:
        return None


def _criteria(reply: object, output: str) -> tuple[Criterion, ...]:
    """The criteria in a judge's reply, as far as they can be read."""
    entries = reply.get("required_criteria") if isinstance(reply, Mapping) else None
    return tuple(
        _criterion(entry, output)
        for entry in (entries if isinstance(entries, list) else [])
        if isinstance(entry, Mapping)
    )


def _criterion(entry: Mapping[object, object], output: str) -> Criterion:
    evidence = text_of(entry.get("evidence"))
    present = text_of(entry.get("present_in_wrong")).casefold() == "true"
    quality = _QUALITIES.get(text_of(entry.get("quality")).casefold())
    return Criterion(
        criterion=text_of(entry.get("criterion")),
        present_in_wrong=present,
        quality=quality or ("correct" if present else "missing"),
        evidence=evidence,
        comment=text_of(entry.get("comment")),
        verified=is_quoted(evidence, output) if evidence.strip() else None,
    )


def rows_frame(rows: Sequence[Mapping[str, object]], schema: pl.Schema) -> pl.DataFrame:
    """Rows as a frame of these columns; null where a row has none of them."""
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)
