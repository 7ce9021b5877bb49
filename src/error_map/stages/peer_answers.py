"""Selects the correct answers of other models that are shown with each failure."""

from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from operator import attrgetter
from typing import Final, NamedTuple

import polars as pl
from rapidfuzz import fuzz

from ..store import EXAMPLE_KEY, KEY, PEER_ANSWERS
from .sampling import SEPARATOR, draws

MAX_ANSWERS: Final = 3
"""Correct answers per failure; bounds the size of the files, where each failure has their texts."""
WORKING_CHARS: Final = 60
"""Answers from this length on are assumed to show working: a bare answer is a sentence at most."""
MIN_SIMILARITY: Final = 90.0
"""Percent of similarity from which two answers count as the same."""
_PREFIX_CHARS: Final = 64
_MIN_PREFIX_SIMILARITY: Final = 60.0
"""Percent. The prefixes decide most pairs at a twentieth of the cost of whole answers."""
_MAX_COMPARED_CHARS: Final = 20_000
"""Bounds the time: the cost of a comparison grows with the square of the length."""
_MAX_CANDIDATES: Final = 8
"""Candidates per example; bounds the number of comparisons."""


class _Candidate(NamedTuple):  # there are tens of thousands; a dataclass takes five times as long
    row: int
    example: str
    model: str
    prefix: str


def correct_outputs(passes: pl.DataFrame, failures: pl.DataFrame, *, seed: int) -> pl.Series:
    """For each failure, up to three correct answers of other models to the same example.

    Answers that show working come first, and then those with the lowest seeded draw. Answers that
    are nearly identical to one before are skipped.

    Args:
        passes: Key columns and `output_text` of the passed records of any datasets.
        failures: Key columns of the failures to study in the same datasets.
        seed: Seed of the draw.

    Returns:
        A list of structs `{model, output}` per failure, in the order of the failures.
    """
    pool = _pool(passes, failures, seed)
    if pool.is_empty() or failures.is_empty():
        return pl.repeat([], failures.height, dtype=PEER_ANSWERS, eager=True).alias(
            "correct_outputs"
        )
    prefix = pl.col("output_text").str.slice(0, _PREFIX_CHARS)
    example = pl.concat_str(EXAMPLE_KEY, separator=SEPARATOR)  # a pair would take more memory
    rows = pool.with_row_index().select("index", example, "model", prefix).iter_rows()
    by_example = groupby(map(_Candidate._make, rows), key=attrgetter("example"))
    answers = {name: _distinct(group, pool["output_text"]) for name, group in by_example}
    pairs = [
        (row, other.row)
        for row, (name, model) in enumerate(failures.select(example, "model").iter_rows())
        for other in _of_other_models(answers.get(name, ()), model)
    ]
    matches = pl.DataFrame(pairs, schema={"row": pl.UInt32, "other": pl.UInt32}, orient="row")
    texts = pool.select("model", pl.col("output_text").alias("output"))[matches["other"]]
    lists = matches.with_columns(texts.to_struct("correct_outputs"))
    lists = lists.group_by("row", maintain_order=True).agg("correct_outputs")
    all_failures = failures.select(pl.int_range(pl.len(), dtype=pl.UInt32).alias("row"))
    joined = all_failures.join(lists, on="row", how="left", maintain_order="left")
    return joined["correct_outputs"].fill_null([])


def _of_other_models(groups: Sequence[Sequence[_Candidate]], model: str) -> list[_Candidate]:
    answers: list[_Candidate] = []
    for group in groups:  # called for every failure: generators take three times as long
        for candidate in group:
            if candidate.model != model:
                answers.append(candidate)
                break
    return answers[:MAX_ANSWERS]


def _pool(passes: pl.DataFrame, failures: pl.DataFrame, seed: int) -> pl.DataFrame:
    """The candidates by example and preference, one per model."""
    not_empty = pl.col("output_text").str.strip_chars_start() != ""
    studied = failures.lazy().select(EXAMPLE_KEY).unique()
    # Lazily, as a step over a table costs more than the rows of a small dataset.
    candidates = passes.lazy().select(*KEY, "output_text").filter(not_empty)
    pool = candidates.join(studied, on=EXAMPLE_KEY, how="semi").collect()
    brief = pl.col("output_text").str.len_chars() < WORKING_CHARS
    preferred = [*EXAMPLE_KEY, "brief", "draw", "model", "repeat"]
    ordered = pool.lazy().with_columns(draws(pool, seed), brief=brief).sort(preferred)
    return ordered.unique([*EXAMPLE_KEY, "model"], keep="first", maintain_order=True).collect()


def _distinct(candidates: Iterator[_Candidate], outputs: pl.Series) -> list[list[_Candidate]]:
    """The first few different candidates, each with a nearly identical one if there is one.

    One group more than needed, and two candidates per group, as one may be the failing model's own.
    """
    groups: list[list[_Candidate]] = []
    for candidate in islice(candidates, _MAX_CANDIDATES):
        same = next((group for group in groups if _similar(candidate, group[0], outputs)), None)
        if same is None:
            groups.append([candidate])
        elif len(same) == 1:
            same.append(candidate)
        if len(groups) > MAX_ANSWERS:
            break
    return groups


def _similar(one: _Candidate, other: _Candidate, outputs: pl.Series) -> bool:
    """Whether two answers are nearly identical."""
    if fuzz.ratio(one.prefix, other.prefix) < _MIN_PREFIX_SIMILARITY:
        return False
    left, right = outputs[one.row][:_MAX_COMPARED_CHARS], outputs[other.row][:_MAX_COMPARED_CHARS]
    return fuzz.ratio(left, right, score_cutoff=MIN_SIMILARITY) > 0
