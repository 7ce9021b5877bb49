"""Seeded draws that depend on a record's key alone, never on order or company."""

from collections.abc import Iterable
from hashlib import blake2b

import polars as pl

KEY = ("dataset", "example_id", "model", "repeat")


def draw(key: Iterable[object], seed: int) -> float:
    """A number in [0, 1), uniform over keys and the same for the same key and seed for ever.

    Example:
        >>> draw(("gsm8k", "7", "a", 0), 42) == draw(("gsm8k", "7", "a", 0), 42)
        True
        >>> draw(("gsm8k", "7", "a", 0), 42) == draw(("gsm8k", "7", "a", 0), 43)
        False
    """
    text = "\x1f".join([str(seed), *map(str, key)])
    digest = blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()
    return (int.from_bytes(digest, "big") >> 11) / 2**53


def draws(keys: pl.DataFrame, seed: int) -> pl.Series:
    """`draw` of every row's key; float64, in the rows' order."""
    numbers = [draw(key, seed) for key in keys.select(KEY).iter_rows()]
    return pl.Series("draw", numbers, pl.Float64)


def sampled(keys: pl.DataFrame, *, ratio: float, seed: int) -> pl.Series:
    """Which rows are drawn: those under the ratio, and one of each group that would go empty.

    Args:
        keys: Has the key columns; a group is a (dataset, model).
        ratio: Share to draw, in (0, 1].
        seed: Of the draws.

    Returns:
        Boolean, in the rows' order.
    """
    if ratio >= 1:
        return pl.repeat(value=True, n=keys.height, dtype=pl.Boolean, eager=True).alias("sampled")
    group = ["dataset", "model"]
    ordered = keys.select(KEY).with_columns(draws(keys, seed))
    chosen = ordered.with_columns(
        under=pl.col("draw") < ratio,
        first=pl.struct("draw", "example_id", "repeat").rank("ordinal").over(group) == 1,
    )
    empty = ~pl.col("under").any().over(group)
    return chosen.select((pl.col("under") | (empty & pl.col("first"))).alias("sampled"))["sampled"]
