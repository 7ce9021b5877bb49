"""Rows of many sources gathered by dataset, on disk: only one chunk is in memory at a time."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import polars as pl

from ..config import check_name
from ..readers import REPEATED_KEY, InvalidRow, Source, Table, refuse_shared_keys
from ..store.columns import LOG_SCHEMA, UNSCORED_SCHEMA

_SOURCE: Final = "\0source"
"""Number of a row's source; no column of a user's table has this name."""
_FIRST: Final = ("example_id", "model", "dataset", "repeat")
_TEXTS: Final = ("input_text", "output_text", "score", "correct_answer")
_LAST: Final = (*LOG_SCHEMA, *UNSCORED_SCHEMA)
OURS: Final = frozenset({*_FIRST, *_TEXTS, *_LAST})
"""Columns with a meaning; all others are extra columns."""


@dataclass(slots=True)
class Gathered:
    """The rows of one dataset."""

    name: str
    parts: list[Path] = field(default_factory=list)
    sources: dict[int, None] = field(default_factory=dict)
    tools: dict[tuple[str, str], None] = field(default_factory=dict)
    """Names and versions of the tools that wrote its logs."""
    metrics: dict[str, None] = field(default_factory=dict)

    def rows(self) -> pl.LazyFrame:
        """All rows, in the order of their sources, with our columns first and last."""
        scanned = (pl.scan_parquet(path, glob=False) for path in self.parts)
        every = pl.concat(scanned, how="diagonal")
        names = [name for name in every.collect_schema().names() if name != _SOURCE]
        extras = (name for name in names if name not in OURS)
        last = (name for name in _LAST if name in names)
        return every.select(*_FIRST, *_TEXTS, *extras, *last)

    def refuse_shared_keys(self, labels: list[str]) -> None:
        """Refuses a row that is in two sources; see `readers.refuse_shared_keys`."""
        if len(self.sources) > 1:
            scanned = [pl.scan_parquet(path, glob=False) for path in self.parts]
            every = pl.concat(scanned, how="diagonal").filter(pl.col("score").is_not_null())
            example, model, attempt = REPEATED_KEY
            keys = every.select(
                example,
                model,
                pl.col("repeat").alias(attempt),
                pl.col(_SOURCE).alias("source_file"),
            )
            refuse_shared_keys(keys, labels, dataset=self.name)


class Parts:
    """Gathers tables by dataset.

    Args:
        folder: An empty folder for the parts.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.datasets: dict[str, Gathered] = {}

    def add(self, table: Table, source: Source, number: int) -> None:
        """Writes a table, the next one of its source.

        Args:
            table: Its rows, scored or not.
            source: Where they come from.
            number: Number of the source.

        Raises:
            InputError: A name of a dataset cannot be part of a file name.
        """
        frame = pl.concat([table.frame, table.unscored], how="diagonal")
        frame = frame.rename({"attempt": "repeat"})
        frame = frame.select(pl.lit(number, pl.Int32).alias(_SOURCE), pl.all())
        for (name,), rows in frame.partition_by("dataset", as_dict=True).items():
            self._write(rows, str(name), source)
        textless = [row for row in table.invalid if not row.is_recorded]
        sizes = Counter(table.frame["dataset"].to_list())
        default = sizes.most_common(1)[0][0] if sizes else source.stem
        by_dataset: dict[str, list[InvalidRow]] = {}
        for row in textless:
            by_dataset.setdefault(row.dataset or default, []).append(row)
        for name, invalid in by_dataset.items():
            self._write(_frame_of(invalid, number), name, source)

    def _write(self, rows: pl.DataFrame, name: str, source: Source) -> None:
        gathered = self.datasets.get(name)
        if gathered is None:
            gathered = self.datasets[name] = Gathered(check_name(name, what="a dataset"))
        path = self._folder / f"{sum(len(one.parts) for one in self.datasets.values())}.parquet"
        rows.write_parquet(path)
        gathered.parts.append(path)
        gathered.sources.update(dict.fromkeys(rows[_SOURCE].unique().to_list()))
        if source.tool[0]:
            gathered.tools[source.tool] = None
        gathered.metrics[source.metric] = None


def _frame_of(invalid: Iterable[InvalidRow], number: int) -> pl.DataFrame:
    """Rows of which nothing but the reason and the place is known."""
    rows = [
        {
            _SOURCE: number,
            "dataset": row.dataset,
            "log_state": row.state,
            "log_fault": row.reason,
            "log_file": row.file,
            "log_line": row.line,
        }
        for row in invalid
    ]
    texts = dict.fromkeys((*_FIRST, *_TEXTS), pl.String()) | {"score": pl.Float64()}
    schema = {_SOURCE: pl.Int32(), **texts, **UNSCORED_SCHEMA}
    return pl.DataFrame(rows, schema=schema)
