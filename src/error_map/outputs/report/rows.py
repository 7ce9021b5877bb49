"""The rows of the failures file that a report carries, read a few at a time."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import polars as pl

from ...errors import StoreError
from ...records import FailureRow
from ...store import ROW_NUMBER, failure_rows

_BATCH_ROWS: Final = 50
"""Bounds the memory: an answer may have megabytes, and a report carries hundreds of rows."""
_WITHOUT_TEXTS: Final = (
    *("dataset", "model", "repeat", "score", "threshold", "state", "verdict", "error_title"),
    *("detector", "findings", "benchmark_fault"),
)
"""Columns that a redacted report needs."""
_NOT_NEEDED: Final = ("weight", "judge_response", "prompt", "full_response", "category_id")
"""Columns that no report needs; some of them are long."""


def whole_rows(failures: Path, numbers: Sequence[int]) -> Iterator[FailureRow]:
    """Rows by their number, with their texts.

    Raises:
        StoreError: The file is damaged.
    """
    yield from _rows(failures, _scan(failures).drop(_NOT_NEEDED, strict=False), numbers)


def textless_rows(failures: Path, numbers: Sequence[int]) -> Iterator[FailureRow]:
    """Rows by their number; prompts, outputs and all other texts are not read.

    Raises:
        StoreError: The file is damaged.
    """
    yield from _rows(failures, _scan(failures).select(ROW_NUMBER, *_WITHOUT_TEXTS), numbers)


def _scan(failures: Path) -> pl.LazyFrame:
    # Prefiltered: the long columns of rows that are not selected are not decoded.
    return pl.scan_parquet(failures, row_index_name=ROW_NUMBER, parallel="prefiltered")


def _rows(failures: Path, scan: pl.LazyFrame, numbers: Sequence[int]) -> Iterator[FailureRow]:
    if not numbers:
        return
    with damage_reported(failures):
        selected = scan.filter(pl.col(ROW_NUMBER).is_in(list(numbers)))
        for batch in selected.collect_batches(chunk_size=_BATCH_ROWS, maintain_order=True):
            yield from failure_rows(batch)


@contextmanager
def damage_reported(failures: Path) -> Iterator[None]:
    """Turns errors of reading into one that names the file.

    Raises:
        StoreError: The file is damaged.
    """
    try:
        yield
    except (pl.exceptions.PolarsError, ValueError, OSError) as error:
        message = f"the run is damaged: {error}"
        raise StoreError(message, where=str(failures), hint="run it again") from error
