"""Which correct answers of other models stand beside each failure."""

from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from operator import attrgetter
from typing import Final, NamedTuple

import polars as pl
from rapidfuzz import fuzz

from .sampling import KEY, SEPARATOR, draws

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
_EXAMPLE: Final = ("dataset", "example_id")
_BESIDE: Final = pl.List(pl.Struct({"model": pl.String, "output": pl.String}))


class _Candidate(NamedTuple):  # tens of thousands of them: a dataclass costs five times as much
    row: int
    example: str
    model: str
    beginning: str


def correct_outputs(passes: pl.DataFrame, failures: pl.DataFrame, *, seed: int) -> pl.Series:
    """For each failure, up to three correct answers of other models to the same example.

    Answers that show their work come first, then by seeded draw; near-identical ones are
    passed over.

    Args:
        passes: Key columns and `output_text` of the passed records of any datasets.
        failures: Key columns of the same datasets' failures under study.
        seed: Of the draw.

    Returns:
        A list of structs `{model, output}` a failure, in the failures' order.
    """
    pool = _pool(passes, failures, seed)
    if pool.is_empty() or failures.is_empty():
        return pl.repeat([], failures.height, dtype=_BESIDE, eager=True).alias("correct_outputs")
    beginning = pl.col("output_text").str.slice(0, _BEGINNING)
    example = pl.concat_str(_EXAMPLE, separator=SEPARATOR)  # a pair would take more memory
    rows = pool.with_row_index().select("index", example, "model", beginning).iter_rows()
    by_example = groupby(map(_Candidate._make, rows), key=attrgetter("example"))
    shown = {one: _distinct(group, pool["output_text"]) for one, group in by_example}
    pairs = [
        (row, other.row)
        for row, (one, model) in enumerate(failures.select(example, "model").iter_rows())
        for other in _others(shown.get(one, ()), model)
    ]
    beside = pl.DataFrame(pairs, schema={"row": pl.UInt32, "other": pl.UInt32}, orient="row")
    texts = pool.select("model", pl.col("output_text").alias("output"))[beside["other"]]
    lists = beside.with_columns(texts.to_struct("correct_outputs"))
    lists = lists.group_by("row", maintain_order=True).agg("correct_outputs")
    every = failures.select(pl.int_range(pl.len(), dtype=pl.UInt32).alias("row"))
    joined = every.join(lists, on="row", how="left", maintain_order="left")
    return joined["correct_outputs"].fill_null([])


def _others(groups: Sequence[Sequence[_Candidate]], model: str) -> Sequence[_Candidate]:
    shown: list[_Candidate] = []
    for group in groups:  # once a failure: generators take three times as long
        for one in group:
            if one.model != model:
                shown.append(one)
                break
    return shown[:SHOWN]


def _pool(passes: pl.DataFrame, failures: pl.DataFrame, seed: int) -> pl.DataFrame:
    """By example, the candidates in the order in which they are preferred, one a model."""
    said = pl.col("output_text").str.strip_chars_start() != ""
    studied = failures.lazy().select(_EXAMPLE).unique()
    # Lazily, as a step over a table costs more than the rows of a small dataset.
    candidates = passes.lazy().select(*KEY, "output_text").filter(said)
    pool = candidates.join(studied, on=_EXAMPLE, how="semi").collect()
    brief = pl.col("output_text").str.len_chars() < WORK_CHARS
    preferred = [*_EXAMPLE, "brief", "draw", "model", "repeat"]
    ordered = pool.lazy().with_columns(draws(pool, seed), brief=brief).sort(preferred)
    return ordered.unique([*_EXAMPLE, "model"], keep="first", maintain_order=True).collect()


def _distinct(candidates: Iterator[_Candidate], outputs: pl.Series) -> list[list[_Candidate]]:
    """The first few that differ, each with one that says the same, if there is one.

    One group more than shown and two in a group, as one may be the failing model's own.
    """
    groups: list[list[_Candidate]] = []
    for one in islice(candidates, _POOL):
        same = next((group for group in groups if _alike(one, group[0], outputs)), None)
        if same is None:
            groups.append([one])
        elif len(same) == 1:
            same.append(one)
        if len(groups) > SHOWN:
            break
    return groups


def _alike(one: _Candidate, other: _Candidate, outputs: pl.Series) -> bool:
    """Whether two say the same; their beginnings decide most pairs at a twentieth of the cost."""
    if fuzz.ratio(one.beginning, other.beginning) < _BEGIN_ALIKE:
        return False
    left, right = outputs[one.row][:_COMPARED], outputs[other.row][:_COMPARED]
    return fuzz.ratio(left, right, score_cutoff=ALIKE) > 0
