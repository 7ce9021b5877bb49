"""Samples the right and wrong answers in which ways of answering are counted."""

import random
from collections import Counter
from typing import Final

import polars as pl

SELECTED: Final = "selected"
"""State of the failures to study until they are diagnosed."""
MOST_COMPARED: Final = 200
"""Right answers of a model to a dataset, and wrong ones, that are compared at most: a rate of a
third is then known to 7 points."""
LEAST_COMPARED: Final = 50
"""With many models, whose answers are also judged together, not fewer than these."""
COMPARED_ANSWERS: Final = 1_200
"""Right answers of a dataset, and wrong ones, between which its models share: the 8,000 answers of
16 models to a part of MMLU-Pro then take 9 % more CPU time."""
_GROUP: Final = ("dataset", "model")


def compared_passes(records: pl.DataFrame, seed: int) -> pl.DataFrame:
    """A sample of the passed records of each model with studied failures.

    Args:
        records: The records of whole datasets, in key order.
        seed: Seed of the sample.
    """
    studied = records.lazy().filter(pl.col("state") == SELECTED).select(_GROUP).unique()
    passed = records.lazy().filter(pl.col("state") == "passed")
    return _sampled(passed.join(studied, on=_GROUP, how="semi").collect(), seed)


def compared_failures(failures: pl.DataFrame, seed: int) -> pl.DataFrame:
    """A sample of the studied failures of each model, in key order.

    Args:
        failures: Failures of whole datasets, in key order.
        seed: Seed of the sample.
    """
    return _sampled(failures, seed)


def _sampled(rows: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Rows of each model, drawn by their places in key order, which files do not change."""
    places = rows.lazy().select(_GROUP).with_row_index("place")
    groups = places.group_by(_GROUP).agg("place").collect()
    models = Counter(groups["dataset"].to_list())
    drawn: list[int] = []
    for dataset, _, own in groups.iter_rows():
        rng = random.Random(seed)  # noqa: S311 - a sample, not a secret
        share = max(LEAST_COMPARED, min(MOST_COMPARED, COMPARED_ANSWERS // models[dataset]))
        drawn += own if len(own) <= share else rng.sample(own, share)
    return rows[sorted(drawn)]
