"""The consensus flag: which failures give the answer that most failing models give."""

from collections.abc import Sequence

import polars as pl
import pytest

from error_map.analysis import consensus

Row = tuple[str, str, str | None]


def flags(rows: Sequence[Row]) -> list[bool]:
    """The flags of failures of one dataset: example, model, answer."""
    columns = ["example_id", "model", "answer"]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
    return consensus(frame.with_columns(dataset=pl.lit("d"))).to_list()


def answers(same: int, different: int, *, example: str = "e") -> list[Row]:
    """Models that all give "7", and models that each give an answer of their own."""
    agreeing: list[Row] = [(example, f"same{n}", "7") for n in range(same)]
    return [*agreeing, *((example, f"other{n}", f"1{n}") for n in range(different))]


@pytest.mark.parametrize(
    ("same", "different", "flagged"),
    [(3, 0, True), (3, 2, True), (3, 3, False), (2, 0, False), (6, 4, True), (5, 4, False)],
)
def test_three_models_and_three_fifths_of_the_models_must_agree(
    *, same: int, different: int, flagged: bool
) -> None:
    assert flags(answers(same, different)) == [flagged] * same + [False] * different


def test_repeats_of_one_model_count_once() -> None:
    assert flags([("e", "a", "7")] * 5 + [("e", "b", "7")]) == [False] * 6


def test_empty_and_missing_answers_are_no_consensus() -> None:
    assert flags([("e", model, "") for model in "abc"]) == [False] * 3
    assert flags([("e", model, None) for model in "abc"]) == [False] * 3


def test_examples_are_counted_separately() -> None:
    rows = [*answers(2, 0, example="e1"), ("e2", "c", "7")]

    assert flags(rows) == [False] * 3
