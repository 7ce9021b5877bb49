"""Samples the right and wrong answers in which ways of answering are counted."""

import random
from typing import Final

import polars as pl

SELECTED: Final = "selected"
"""State of the failures to study until they are diagnosed."""
COMPARED_ANSWERS: Final = 100
"""Right answers of a model to a dataset, and wrong ones, that are compared: a rate of a third is
then known to 9 points, and the 8,000 rows of MMLU-Pro's sample take 8 % more CPU time."""
_GROUP: Final = ("dataset", "model")


def compared_passes(records: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Up to `COMPARED_ANSWERS` passed records of each model with studied failures.

    Args:
        records: The records of whole datasets, in key order.
        seed: Seed of the sample.
    """
    studied = records.lazy().filter(pl.col("state") == SELECTED).select(_GROUP).unique()
    passed = records.lazy().filter(pl.col("state") == "passed")
    return _sampled(passed.join(studied, on=_GROUP, how="semi").collect(), seed)


def compared_failures(failures: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Up to `COMPARED_ANSWERS` studied failures of each model, in key order.

    Args:
        failures: Failures of whole datasets, in key order.
        seed: Seed of the sample.
    """
    return _sampled(failures, seed)


def _sampled(rows: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Rows of each model, drawn by their places in key order, which files do not change."""
    places = rows.lazy().select(_GROUP).with_row_index("place")
    groups = places.group_by(_GROUP).agg("place").collect()
    drawn: list[int] = []
    for _, _, own in groups.iter_rows():
        rng = random.Random(seed)  # noqa: S311 - a sample, not a secret
        drawn += own if len(own) <= COMPARED_ANSWERS else rng.sample(own, COMPARED_ANSWERS)
    return rows[sorted(drawn)]
