"""Which correct answers of other models stand beside each failure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Final

import polars as pl
from rapidfuzz import fuzz

from .sampling import draws

SHOWN: Final = 3
"""Correct answers beside a failure, at the most."""
WORK_CHARS: Final = 60
"""Answers of at least this length are taken to show their work."""
ALIKE: Final = 90.0
"""Percent of similarity from which two answers say the same."""
_BEGINNING: Final = 64
_BEGIN_ALIKE: Final = 60.0
_COMPARED: Final = 20_000
"""Characters that are compared: the cost grows with the square of the length."""
_POOL: Final = 8


@dataclass(frozen=True, slots=True)
class _Candidate:
    example: str
    model: str
    output: str


def correct_outputs(passes: pl.DataFrame, failures: pl.DataFrame, *, seed: int) -> pl.Series:
    """For each failure, up to three correct answers of other models to the same example.

    Answers that show their work come first, then by seeded draw; near-identical ones are
    passed over.

    Args:
        passes: Key columns and `output_text` of one dataset's passed records.
        failures: Key columns of the same dataset's failures under study.
        seed: Of the draw.

    Returns:
        A list of structs `{model, output}` a failure, in the failures' order.
    """
    shown = {example: _distinct(group) for example, group in _candidates(passes, failures, seed)}
    rows = enumerate(failures.select("example_id", "model").iter_rows())
    flat = [
        (row, other.model, other.output)
        for row, (example, model) in rows
        for other in _others(shown.get(example, ()), model)
    ]
    schema = {"row": pl.UInt32, "model": pl.String, "output": pl.String}
    beside = pl.DataFrame(flat, schema=schema, orient="row")
    lists = beside.group_by("row").agg(pl.struct("model", "output").alias("correct_outputs"))
    every = failures.select(pl.int_range(pl.len(), dtype=pl.UInt32).alias("row"))
    joined = every.join(lists, on="row", how="left", maintain_order="left")
    return joined["correct_outputs"].fill_null([])


def _others(groups: Sequence[Sequence[_Candidate]], model: str) -> Sequence[_Candidate]:
    firsts = (next((one for one in group if one.model != model), None) for group in groups)
    return [one for one in firsts if one][:SHOWN]


def _candidates(
    passes: pl.DataFrame, failures: pl.DataFrame, seed: int
) -> Iterator[tuple[str, Iterator[_Candidate]]]:
    """By example, the candidates in the order in which they are preferred, one a model."""
    said = pl.col("output_text").str.strip_chars_start() != ""
    pool = passes.join(failures.select("example_id").unique(), on="example_id", how="semi")
    pool = pool.filter(said)
    pool = pool.with_columns(
        draws(pool, seed), brief=pl.col("output_text").str.len_chars() < WORK_CHARS
    )
    preferred = ["example_id", "brief", "draw", "model", "repeat"]
    best = pool.sort(preferred).unique(["example_id", "model"], keep="first", maintain_order=True)
    rows = best.select("example_id", "model", "output_text").iter_rows()
    return groupby((_Candidate(*row) for row in rows), key=lambda one: one.example)


def _distinct(candidates: Iterator[_Candidate]) -> list[list[_Candidate]]:
    """The first few that differ, each with one that says the same, if there is one.

    One group more than shown and two in a group, as one may be the failing model's own.
    """
    groups: list[list[_Candidate]] = []
    for one in islice(candidates, _POOL):
        same = [group for group in groups if _alike(one.output, group[0].output)]
        if not same:
            groups.append([one])
        elif len(same[0]) == 1:
            same[0].append(one)
        if len(groups) > SHOWN:
            break
    return groups


def _alike(left: str, right: str) -> bool:
    # The beginnings decide most pairs at a twentieth of the cost.
    left, right = left[:_COMPARED], right[:_COMPARED]
    begin_alike = fuzz.ratio(left[:_BEGINNING], right[:_BEGINNING]) >= _BEGIN_ALIKE
    return begin_alike and fuzz.ratio(left, right, score_cutoff=ALIKE) > 0
