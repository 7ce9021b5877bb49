"""A run's intermediate tables on disk, so that only a part of it is ever in memory."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

import polars as pl

from ..records import Failure, Outcome, Undiagnosed
from .codec import failures_of, outcomes_frame

Table: TypeAlias = Literal["records", "failures", "outcomes", "places", "placed", "studied"]
"""`records` and `placed` have a part for every few datasets, the others as many as the failures
need; `places` says where each failure stands, `placed` and `studied` are what the run's files are
made of."""
PART_ROWS: Final = 200
"""Failures that are in memory together."""
_DRAWN_ROWS: Final = 256
"""Failures that are decoded together: one by one, it costs a millisecond each."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Failures that are asked about together, and where they belong."""

    part: int
    start: int
    """Row of its part that the first of them is."""
    failures: tuple[Failure, ...]


class Draft:
    """Numbered parts of three tables, each part written once; numbers follow the keys' order."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sizes: list[int] = []
        self._parts: list[range] = []
        self.failure_schema = pl.Schema()
        """Columns of the failures under study, which there may be none of."""
        self._open: dict[int, dict[int, Sequence[Outcome]]] = {}

    @property
    def failures(self) -> int:
        """Failures under study so far."""
        return sum(self._sizes)

    @property
    def record_parts(self) -> int:
        """Parts of the records so far."""
        return len(self._parts)

    def put_datasets(self, records: pl.DataFrame, failures: pl.DataFrame) -> None:
        """Keeps whole datasets: their records, without texts, and their failures under study."""
        self.write("records", len(self._parts), records)
        self.failure_schema = failures.schema
        first = len(self._sizes)
        for start in range(0, failures.height, PART_ROWS):
            rows = pl.int_range(start, min(start + PART_ROWS, failures.height))
            # Gathered, as a slice of lists is written with all that the whole frame holds.
            part = failures.select(pl.all().gather(rows))
            self.write("failures", len(self._sizes), part)
            self._sizes.append(part.height)
        self._parts.append(range(first, len(self._sizes)))

    def batches(self, size: int) -> Iterator[Batch]:
        """All failures in key order, read as they are drawn."""
        drawn = max(1, _DRAWN_ROWS // size) * size
        for part in range(len(self._sizes)):
            frame = self.read("failures", part)
            for first in range(0, frame.height, drawn):
                failures = failures_of(frame.slice(first, drawn))
                for start in range(0, len(failures), size):
                    yield Batch(part, first + start, failures[start : start + size])

    def put_outcomes(self, batch: Batch, outcomes: Sequence[Outcome]) -> None:
        """Keeps a batch's outcomes; batches may come in any order."""
        waiting = self._open.setdefault(batch.part, {})
        waiting[batch.start] = outcomes
        if sum(map(len, waiting.values())) == self._sizes[batch.part]:
            ordered = (outcome for start in sorted(waiting) for outcome in waiting[start])
            self.write("outcomes", batch.part, outcomes_frame(ordered))
            del self._open[batch.part]

    @property
    def diagnosed(self) -> int:
        """Failures that have an outcome, kept whole or in part."""
        waiting = sum(len(one) for batches in self._open.values() for one in batches.values())
        return waiting + sum(self._sizes[part] for part in self._whole_parts())

    def give_up(self, reason: str) -> None:
        """Makes every failure that has no outcome yet an undiagnosed one."""
        whole = set(self._whole_parts())
        for part, size in enumerate(self._sizes):
            done = self._open.get(part, {})
            place = 0
            for start in [*sorted(done), size] if part not in whole else []:
                if start > place:
                    self._give_up(Batch(part, place, ()), start - place, reason)
                place = start + len(done.get(start, ()))

    def _give_up(self, batch: Batch, count: int, reason: str) -> None:
        failures = failures_of(self.read("failures", batch.part).slice(batch.start, count))
        lost = [Undiagnosed(failure.record.key, reason) for failure in failures]
        self.put_outcomes(batch, lost)

    def _whole_parts(self) -> list[int]:
        return [n for n in range(len(self._sizes)) if self._path("outcomes", n).exists()]

    def stretches(self, parts: range, most_bytes: int) -> Iterator[range]:
        """Parts of the failures in order, neighbours together while they take so many bytes."""
        return _together(parts, lambda part: self._size("failures", part), most_bytes)

    def groups(self, most_bytes: int) -> Iterator[range]:
        """Parts of the records in order, together while they and their failures take so many bytes.

        A step over a table costs milliseconds, however small it is, and there may be thousands of
        datasets.
        """

        def size(number: int) -> int:
            failures = sum(self._size("failures", part) for part in self._parts[number])
            return self._size("records", number) + failures

        return _together(range(len(self._parts)), size, most_bytes)

    def parts_of(self, group: range) -> range:
        """The numbers of the failures' parts that belong to neighbouring parts of the records."""
        return range(self._parts[group.start].start, self._parts[group.stop - 1].stop)

    def _size(self, table: Table, number: int) -> int:
        return self._path(table, number).stat().st_size

    def put_beside(self, table: Table, stretches: Iterable[range], frame: pl.DataFrame) -> None:
        """Keeps a table that stands row by row beside stretches of the failures, by stretch."""
        start = 0
        for parts in stretches:
            rows = sum(self._sizes[part] for part in parts)
            self.write(table, parts.start, frame.slice(start, rows))
            start += rows

    def read(
        self, table: Table, parts: int | Iterable[int], columns: Sequence[str] | None = None
    ) -> pl.DataFrame:
        """One part of a table, or several as one, which costs less than one after the other."""
        numbers = [parts] if isinstance(parts, int) else parts
        found = self._scan([self._path(table, number) for number in numbers])
        return (found.select(columns) if columns else found).collect()

    def write(self, table: Table, number: int, frame: pl.DataFrame) -> None:
        """Keeps one part of a table."""
        frame.write_ipc(self._path(table, number))

    def scan(self, table: Table) -> pl.LazyFrame:
        """All parts of a table that has any, in order."""
        return self._scan(sorted(self._folder.glob(f"{table}-*.arrow")))

    @staticmethod
    def _scan(paths: list[Path]) -> pl.LazyFrame:
        return pl.scan_ipc(paths, glob=False, hive_partitioning=False)

    def _path(self, table: Table, number: int) -> Path:
        return self._folder / f"{table}-{number:06}.arrow"


def _together(numbers: range, size: Callable[[int], int], most: int) -> Iterator[range]:
    """Neighbours together while their sizes add up to no more than `most`."""
    start, taken = numbers.start, 0
    for number in numbers:
        own = size(number)
        if number > start and taken + own > most:
            yield range(start, number)
            start, taken = number, 0
        taken += own
    if numbers:
        yield range(start, numbers.stop)
