"""Says of how many studied failures the output was cut off, and at which length."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import polars as pl

from ..analysis import Tally, studied_by_dataset
from ..presentation.formatting import count, percent

DETECTOR: Final = "truncated"
MIN_FAILURES: Final = 5
"""Failures of a dataset that are cut off, from which on a notice says so."""
MIN_SHARE: Final = 0.1
"""Share of the studied failures of a dataset that these must be."""
SAME_LIMIT: Final = 0.9
"""Share of the cut outputs with one number of tokens from which on this is their limit."""


def cut_off_notices(failures: Path, counted: Sequence[Tally]) -> Iterator[str]:
    """One notice per dataset in which many outputs were cut off before a final answer.

    Args:
        failures: The failures file.
        counted: Numbers of the run's records.
    """
    studied = studied_by_dataset(counted)
    for dataset, rows, tokens, same, low, high in _cut(failures).iter_rows():
        if rows < max(MIN_FAILURES, MIN_SHARE * studied[dataset]):
            continue
        share = percent(rows / studied[dataset])
        where = f"half of them at {low:,.0f} to {high:,.0f} characters"
        if tokens is not None and same >= SAME_LIMIT * rows:
            where = f"{same:,} of them at {count(tokens, 'token')}"
        yield (
            f"{rows:,} of the {count(studied[dataset], 'studied failure')} of {dataset} ({share})"
            f" were cut off before a final answer, {where}: a higher limit of tokens would tell"
            " what the model answers"
        )


def _cut(failures: Path) -> pl.DataFrame:
    """By dataset: cut outputs, the commonest number of tokens with its count, and quartiles.

    The quartiles are of lengths in characters.
    """
    rows = pl.scan_parquet(failures, glob=False)
    has_tokens = "log_tokens_out" in rows.collect_schema()
    tokens = pl.col("log_tokens_out") if has_tokens else pl.lit(None, pl.Int64)
    cut = rows.filter(pl.col("detector") == DETECTOR).select(
        "dataset", tokens.alias("tokens"), pl.col("output_text").str.len_chars().alias("chars")
    )
    known = pl.col("tokens").drop_nulls()
    commonest = known.mode().sort().first()
    return (
        cut.group_by("dataset")
        .agg(
            pl.len(),
            commonest.alias("limit"),
            (known == commonest).sum().alias("same"),
            pl.col("chars").quantile(0.25).alias("low"),
            pl.col("chars").quantile(0.75).alias("high"),
        )
        .sort("dataset")
        .collect()
    )
