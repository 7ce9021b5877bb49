"""One failure as the run's files hold it, and the other attempts at its example."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from ..errors import StoreError
from ..records import FailureRow, RecordKey
from ..store import RunFolder, failure_rows

QUOTES_VERIFIED: Final[Mapping[bool | None, str]] = {True: "yes", False: "no", None: ""}
"""How the index and the exports write `FailureRow.quotes_verified`."""
_NOT_STUDIED: Final = ("passed", "not_selected", "not_sampled", "errored")


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt at the same example that was not analysed."""

    model: str
    repeat: int
    score: float
    state: str


def read_failure(folder: RunFolder, number: int) -> FailureRow:
    """One failure by its row in the failures file; reads only that part of the file.

    Raises:
        StoreError: The file is gone or damaged, or has no such row.
    """
    scan = pl.scan_parquet(folder.failures, glob=False)
    try:
        # Parquet is read by row group, so this reads 200 rows whatever the size of the file.
        frame = scan.slice(number, 1).collect() if number >= 0 else pl.DataFrame()
        row = next(failure_rows(frame, first=number), None)
    except (pl.exceptions.PolarsError, OSError, ValueError) as error:
        message = f"the run is damaged: {error}"
        raise StoreError(message, where=str(folder.failures), hint="run it again") from error
    if row is None:
        hint = "the run was written again: open it again"
        raise StoreError(f"no failure {number}", where=str(folder.failures), hint=hint)
    return row


def other_attempts(folder: RunFolder, key: RecordKey) -> tuple[Attempt, ...]:
    """The attempts at a failure's example that were not analysed, such as passes, by model.

    Raises:
        StoreError: The records file is gone or damaged.
    """
    same = (pl.col("dataset") == key.dataset) & (pl.col("example_id") == key.example)
    not_studied = pl.col("state").is_in(_NOT_STUDIED)
    columns = ("model", "repeat", "score", "state")
    try:
        scan = pl.scan_parquet(folder.records, glob=False).filter(same & not_studied)
        attempts = scan.select(columns).sort("model", "repeat").collect()
    except (pl.exceptions.PolarsError, OSError) as error:
        message = f"the run is damaged: {error}"
        raise StoreError(message, where=str(folder.records), hint="run it again") from error
    return tuple(Attempt(*row) for row in attempts.iter_rows())
