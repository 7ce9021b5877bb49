"""A failure of another source as a row of the failures file."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl
from pydantic import TypeAdapter, ValidationError

from ..analysis.accounting import STUDIED
from ..analysts.llm.quotes import is_quoted
from ..records import Criterion, Finding, Quality
from .leaf import Leaf, loosely, number_of, text_of
from .tables import FAULT, KNOWN

MOST_KEPT: Final = 200
"""Columns of the source that are kept."""
NODE: Final = "node"
_TEXTS: Final = (
    *("input_text", "output_text", "verdict", "error_title", "error_summary", "detector"),
    *("judge_response", "criteria", "findings", "answer", "prompt", "full_response"),
    *("state", "reason", "benchmark_fault"),
)
_SHOWN: Final = pl.Struct({"model": pl.String, "output": pl.String})
ROW_SCHEMA: Final = pl.Schema(
    {
        **dict.fromkeys(("dataset", "example_id", "model"), pl.String()),
        "repeat": pl.Int32(),
        **dict.fromkeys(("score", "threshold", "weight"), pl.Float64()),
        "correct_answer": pl.String(),
        "correct_outputs": pl.List(_SHOWN),
        **dict.fromkeys(_TEXTS, pl.String()),
        NODE: pl.Int64(),
    }
)
"""Columns of a row before its category is known; kept ones come behind."""
_QUALITIES: Final[Mapping[str, Quality]] = {
    "correct": "correct",
    "partially correct": "partially correct",
    "incorrect": "incorrect",
    "missing": "missing",
}
_CRITERIA: Final = TypeAdapter(tuple[Criterion, ...])
_FINDINGS: Final = TypeAdapter(tuple[Finding, ...])
_WHOLE: Final = "whole solution incorrect"


class Rows:
    """Rows out of leaves; what is seen of all of them is counted."""

    def __init__(self, dataset: str) -> None:
        self._dataset = dataset
        self._attempts: Counter[tuple[str, str, str]] = Counter()
        self._taken: set[tuple[str, str, str, int]] = set()
        self.kept: dict[str, None] = {}
        """Names of the kept columns, in the order in which they were met."""
        self.judges: Counter[str] = Counter()
        self.having: Counter[str] = Counter()
        """Rows that have something in a column."""

    def row(self, leaf: Leaf) -> dict[str, object] | str:
        """The row of a leaf, or why it cannot be one."""
        cells = leaf.cells
        if FAULT in cells:
            return text_of(cells[FAULT])
        dataset = text_of(cells.get("dataset")).strip() or self._dataset
        example, model = (text_of(cells.get(name)) for name in ("example_id", "model"))
        for name, value in (("example_id", example), ("model", model)):
            if not value.strip():
                return f"no {name}"
        self.judges[text_of(cells.get("judge_model"))] += 1
        row: dict[str, object] = {
            "dataset": dataset,
            "example_id": example,
            "model": model,
            "repeat": self._repeat((dataset, example, model), cells.get("repeat")),
            "score": number_of(cells.get("score")),
            "threshold": number_of(cells.get("threshold")),
            "weight": max(1.0, number_of(cells.get("weight")) or 1.0),
            "correct_answer": text_of(cells.get("correct_answer")) or None,
            "correct_outputs": _correct(cells.get("correct_outputs")),
            **_diagnosed(cells),
            NODE: leaf.node,
            **self._kept(cells),
        }
        self.having.update(name for name, value in row.items() if value and value != "[]")
        self.having["score"] += row["score"] is not None
        return row

    def _repeat(self, key: tuple[str, str, str], given: object) -> int:
        """The number of an attempt: as it is given, or the first that is free."""
        number = number_of(given)
        repeat = int(number) if number is not None and 0 <= number < 2**31 else self._attempts[key]
        while (*key, repeat) in self._taken:
            repeat = self._attempts[key] = self._attempts[key] + 1
        self._taken.add((*key, repeat))
        return repeat

    def _kept(self, cells: Mapping[str, object]) -> dict[str, str | None]:
        kept: dict[str, str | None] = {}
        for name, value in cells.items():
            if name not in KNOWN and (name in self.kept or len(self.kept) < MOST_KEPT):
                own = f"{name}_in_file" if name == NODE else text_of(name)
                self.kept[own] = None
                kept[own] = text_of(value) or None
        return kept


def _correct(cell: object) -> list[dict[str, str]]:
    shown = cell if isinstance(cell, Sequence) and not isinstance(cell, str) else []
    return [
        {"model": text_of(one.get("model")), "output": text_of(one.get("output"))}
        for one in shown
        if isinstance(one, Mapping)
    ]


def _diagnosed(cells: Mapping[str, object]) -> dict[str, str | None]:
    """The cells of a diagnosis; `state` and `verdict` are null where they are not told."""
    told = {name: text_of(cells.get(name)) for name in _TEXTS}
    said = loosely(cells.get("judge_response"))
    answer = said.get("final_answer") if isinstance(said, Mapping) else None
    for name in ("error_title", "error_summary"):
        if not told[name] and isinstance(answer, Mapping):
            told[name] = text_of(answer.get(name))
    criteria = told["criteria"] if _fits(_CRITERIA, told["criteria"]) else _criteria(said, told)
    state = told["state"] if told["state"] in STUDIED else None
    return {
        **told,
        "criteria": criteria,
        "findings": told["findings"] if _fits(_FINDINGS, told["findings"]) else "[]",
        "full_response": told["full_response"] or told["judge_response"],
        "state": state,
        "verdict": told["verdict"]
        or (_WHOLE if told["error_title"].casefold() == _WHOLE else None),
        "benchmark_fault": told["benchmark_fault"] or None,
    }


def _fits(
    kind: TypeAdapter[tuple[Criterion, ...]] | TypeAdapter[tuple[Finding, ...]], cell: str
) -> bool:
    try:
        kind.validate_json(cell)
    except ValidationError:
        return False
    return True


def _criteria(said: object, told: Mapping[str, str]) -> str:
    """The criteria that a judge's answer holds, as far as they can be read, as JSON."""
    listed = said.get("required_criteria") if isinstance(said, Mapping) else None
    criteria = [
        _criterion(one, told["output_text"])
        for one in (listed if isinstance(listed, list) else [])
        if isinstance(one, Mapping)
    ]
    return _CRITERIA.dump_json(tuple(criteria)).decode()


def _criterion(one: Mapping[object, object], output: str) -> Criterion:
    evidence = text_of(one.get("evidence"))
    present = text_of(one.get("present_in_wrong")).casefold() == "true"
    quality = _QUALITIES.get(text_of(one.get("quality")).casefold())
    return Criterion(
        criterion=text_of(one.get("criterion")),
        present_in_wrong=present,
        quality=quality or ("correct" if present else "missing"),
        evidence=evidence,
        comment=text_of(one.get("comment")),
        verified=is_quoted(evidence, output) if evidence.strip() else None,
    )


def rows_frame(rows: Sequence[Mapping[str, object]], kept: Sequence[str]) -> pl.DataFrame:
    """Rows as a frame with these kept columns."""
    schema = pl.Schema({**ROW_SCHEMA, **dict.fromkeys(kept, pl.String())})
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)
