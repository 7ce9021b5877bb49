"""Examples on which most models agree on one wrong answer: a part of the benchmark-fault lane."""

from typing import Final

import polars as pl

LEAST_MODELS: Final = 3
"""Models that must agree."""
LEAST_SHARE: Final = 0.6
"""Of the models that failed the example, and were studied, that must agree; a fraction."""


def consensus(failures: pl.DataFrame) -> pl.Series:
    """Whether each failure's answer is the one that most failing models give.

    A doubtful reference or a shared trap: a flag beside the diagnosis, never a cause.

    Args:
        failures: Columns `dataset, example_id, model, answer` of whole datasets.

    Returns:
        Boolean, in the rows' order.
    """
    example = ["dataset", "example_id"]
    same = pl.col("model").n_unique().over(*example, "answer")
    studied = pl.col("model").n_unique().over(example)
    agreed = (same >= LEAST_MODELS) & (same >= LEAST_SHARE * studied)
    return failures.select(
        ((pl.col("answer") != "") & agreed).fill_null(value=False).alias("consensus")
    )["consensus"]
