"""Intermediate tables of a run on disk, so that only parts of it are in memory."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

import polars as pl

from ..records import Failure, Outcome, Undiagnosed
from .codec import failures_of, outcomes_frame

Table: TypeAlias = Literal[
    "records", "failures", "compared", "outcomes", "places", "placed", "studied"
]
"""`records` and `placed` have one part per few datasets, the others as many as the failures need.
`places` has the final state of each failure; the run's files are made of `placed` and `studied`."""
PART_ROWS: Final = 200
"""Failures in memory at a time, with their texts: some megabytes."""
_DRAWN_ROWS: Final = 256
"""Failures decoded at a time: one by one, each takes a millisecond."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Failures that are diagnosed together, and their position in the draft."""

    part: int
    start: int
    """Row of the first of them in its part."""
    failures: tuple[Failure, ...]


class Draft:
    """Numbered parts of three tables, each part written once; numbers follow the keys' order."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sizes: list[int] = []
        self._parts: list[range] = []
        self._compared = 0
        self.failure_schema = pl.Schema()
        """Columns of the selected failures, known even if there are none."""
        self._open: dict[int, dict[int, Sequence[Outcome]]] = {}

    @property
    def failures(self) -> int:
        """Selected failures so far."""
        return sum(self._sizes)

    @property
    def record_parts(self) -> int:
        """Parts of the records so far."""
        return len(self._parts)

    def put_datasets(self, records: pl.DataFrame, failures: pl.DataFrame) -> None:
        """Adds whole datasets: their records, without texts, and their selected failures."""
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

    def put_compared(self, answers: pl.DataFrame) -> None:
        """Adds answers of whole datasets whose forms are counted; as failures, with `state`."""
        for start in range(0, answers.height, PART_ROWS):
            rows = pl.int_range(start, min(start + PART_ROWS, answers.height))
            self.write("compared", self._compared, answers.select(pl.all().gather(rows)))
            self._compared += 1

    def compared(self) -> Iterator[tuple[tuple[Failure, ...], tuple[bool, ...]]]:
        """The answers whose forms are counted, some at a time, and which of them passed."""
        for part in range(self._compared):
            frame = self.read("compared", part)
            yield failures_of(frame), tuple((frame["state"] == "passed").to_list())

    def batches(self, size: int) -> Iterator[Batch]:
        """All failures in key order, read lazily."""
        drawn = max(1, _DRAWN_ROWS // size) * size
        for part in range(len(self._sizes)):
            frame = self.read("failures", part)
            for first in range(0, frame.height, drawn):
                failures = failures_of(frame.slice(first, drawn))
                for start in range(0, len(failures), size):
                    yield Batch(part, first + start, failures[start : start + size])

    def put_outcomes(self, batch: Batch, outcomes: Sequence[Outcome]) -> None:
        """Adds the outcomes of a batch; batches may come in any order."""
        waiting = self._open.setdefault(batch.part, {})
        waiting[batch.start] = outcomes
        if sum(map(len, waiting.values())) == self._sizes[batch.part]:
            ordered = (outcome for start in sorted(waiting) for outcome in waiting[start])
            self.write("outcomes", batch.part, outcomes_frame(ordered))
            del self._open[batch.part]

    @property
    def diagnosed(self) -> int:
        """Number of failures that have an outcome."""
        waiting = sum(len(one) for batches in self._open.values() for one in batches.values())
        return waiting + sum(self._sizes[part] for part in self._whole_parts())

    def give_up(self, reason: str) -> None:
        """Makes every failure without an outcome undiagnosed."""
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

    def stretches(self, parts: range, max_bytes: int) -> Iterator[range]:
        """Groups neighbouring parts of the failures up to a total size in bytes."""
        return _together(parts, lambda part: self._size("failures", part), max_bytes)

    def groups(self, max_bytes: int) -> Iterator[range]:
        """Groups neighbouring parts of the records up to a total size, their failures included.

        A step over a table takes milliseconds however small the table is, and there may be
        thousands of datasets.
        """

        def size(number: int) -> int:
            failures = sum(self._size("failures", part) for part in self._parts[number])
            return self._size("records", number) + failures

        return _together(range(len(self._parts)), size, max_bytes)

    def parts_of(self, group: range) -> range:
        """Numbers of the parts of the failures that belong to a group of parts of the records."""
        return range(self._parts[group.start].start, self._parts[group.stop - 1].stop)

    def _size(self, table: Table, number: int) -> int:
        return self._path(table, number).stat().st_size

    def put_matching(self, table: Table, stretches: Iterable[range], frame: pl.DataFrame) -> None:
        """Adds a table whose rows match those of the failures, one part per stretch of them."""
        start = 0
        for parts in stretches:
            rows = sum(self._sizes[part] for part in parts)
            self.write(table, parts.start, frame.slice(start, rows))
            start += rows

    def read(
        self, table: Table, parts: int | Iterable[int], columns: Sequence[str] | None = None
    ) -> pl.DataFrame:
        """Reads one part of a table, or several at once, which is faster than one by one."""
        numbers = [parts] if isinstance(parts, int) else parts
        frame = self._scan([self._path(table, number) for number in numbers])
        return (frame.select(columns) if columns else frame).collect()

    def write(self, table: Table, number: int, frame: pl.DataFrame) -> None:
        """Writes one part of a table."""
        frame.write_ipc(self._path(table, number))

    def scan(self, table: Table) -> pl.LazyFrame:
        """All parts of a table in order; there must be one at least."""
        return self._scan(sorted(self._folder.glob(f"{table}-*.arrow")))

    @staticmethod
    def _scan(paths: list[Path]) -> pl.LazyFrame:
        return pl.scan_ipc(paths, glob=False, hive_partitioning=False)

    def _path(self, table: Table, number: int) -> Path:
        return self._folder / f"{table}-{number:06}.arrow"


def _together(numbers: range, size: Callable[[int], int], limit: int) -> Iterator[range]:
    """Groups neighbours while their sizes add up to at most `limit`."""
    start, taken = numbers.start, 0
    for number in numbers:
        own = size(number)
        if number > start and taken + own > limit:
            yield range(start, number)
            start, taken = number, 0
        taken += own
    if numbers:
        yield range(start, numbers.stop)
