"""The consensus flag: most failing models give the same answer, which is not the reference."""

import polars as pl

from ..records import CONSENSUS_MODELS, CONSENSUS_SHARE
from ..store import EXAMPLE_KEY


def consensus(failures: pl.DataFrame) -> pl.Series:
    """Whether each failure's answer is the one that most failing models give.

    It suggests a doubtful reference or a shared trap; it is a flag, never a cause.

    Args:
        failures: Columns `dataset, example_id, model, answer` of whole datasets.

    Returns:
        Boolean, in the rows' order.
    """
    same = pl.col("model").n_unique().over(*EXAMPLE_KEY, "answer")
    studied = pl.col("model").n_unique().over(EXAMPLE_KEY)
    # Models are counted, not answers: repeats of one model are no independent evidence.
    agreed = (same >= CONSENSUS_MODELS) & (same >= CONSENSUS_SHARE * studied)
    return failures.select(
        ((pl.col("answer") != "") & agreed).fill_null(value=False).alias("consensus")
    )["consensus"]
