"""Seeded draws that depend on a record's key alone, not on its order or on other records."""

from collections.abc import Iterable
from hashlib import blake2b
from typing import Final

import numpy as np
import polars as pl

from ..store import KEY

SEPARATOR: Final = "\x1f"
"""Between the parts of a key that is one text; no dataset's name holds it."""
_SPARE_BITS: Final = 11
"""Dropped of 64, as the other 53 are the whole precision of a float."""
_STEPS: Final = 2.0**53
"""Possible draws: all floats of equal distance in [0, 1)."""


def draw(key: Iterable[object], seed: int) -> float:
    """A uniform number in [0, 1) that is always the same for the same key and seed.

    Example:
        >>> draw(("gsm8k", "7", "a", 0), 42) == draw(("gsm8k", "7", "a", 0), 42)
        True
        >>> draw(("gsm8k", "7", "a", 0), 42) == draw(("gsm8k", "7", "a", 0), 43)
        False
    """
    digest = _digest(SEPARATOR.join([str(seed), *map(str, key)]))
    return (int.from_bytes(digest, "big") >> _SPARE_BITS) / _STEPS


def _digest(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=8).digest()


def draws(keys: pl.DataFrame, seed: int) -> pl.Series:
    """The `draw` of each row's key: float64, in the order of the rows."""
    texts = keys.select(pl.concat_str(pl.lit(str(seed)), *KEY, separator=SEPARATOR))
    digests = b"".join(map(_digest, texts.to_series().to_list()))
    return pl.Series("draw", (np.frombuffer(digests, ">u8") >> _SPARE_BITS) / _STEPS)


def sampled(keys: pl.DataFrame, *, ratio: float, seed: int) -> pl.Series:
    """Samples rows: those whose draw is below the ratio, and one row of each group without any.

    Args:
        keys: Frame with the key columns; a group is a (dataset, model).
        ratio: Share to sample, in (0, 1].
        seed: Seed of the draws.

    Returns:
        Boolean, in the order of the rows.
    """
    if ratio >= 1:
        return pl.repeat(value=True, n=keys.height, dtype=pl.Boolean, eager=True).alias("sampled")
    group = ["dataset", "model"]
    drawn = keys.select(KEY).with_columns(draws(keys, seed))
    drawn = drawn.with_columns(under=pl.col("draw") < ratio)
    if drawn.select(group).n_unique() == drawn.filter("under").select(group).n_unique():
        return drawn["under"].alias("sampled")
    first = pl.struct("draw", "example_id", "repeat").rank("ordinal").over(group) == 1
    empty = ~pl.col("under").any().over(group)
    return drawn.select((pl.col("under") | (empty & first)).alias("sampled"))["sampled"]
