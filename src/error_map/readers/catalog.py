"""The datasets of a set of sources, each read as a whole, one at a time."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import polars as pl

from ..config import check_name
from ..errors import EmptyInput, InputError, closest
from ..store.columns import LOG_SCHEMA, UNSCORED_SCHEMA
from .common_examples import TELL_APART, Examples, examples_of, shared_examples
from .similar_names import look_alikes
from .tables.logged import logged_names
from .tables.table import FIXED_COLUMNS, InvalidRow, Table, joined

REPEATED_KEY: Final = ("example_id", "model", "attempt")
"""Columns that identify a row of a dataset while it is read."""
_KEPT_BYTES: Final = 256 * 2**20
"""Total size up to which tables that were read to learn their datasets stay in memory.

Bounds the memory for many files; above it, a file is read twice.
"""


@dataclass(frozen=True, slots=True)
class Source:
    """Rows that can be read, repeatedly if necessary."""

    label: str
    stem: str
    columns: Callable[[], Sequence[str] | None]
    """Canonical column names, where they can be read without the rows; else None."""
    tables: Callable[[], Iterable[Table]]
    """Reads all rows, in one table or in consecutive chunks."""
    tool: tuple[str, str] = ("", "")
    """Name and version of the tool that wrote a log; empty for tables."""
    metric: str = "score"

    def read(self) -> Table:
        """All rows as one table."""
        return joined(self.tables())


@dataclass(frozen=True, slots=True)
class _Holding:
    """What is known about a source before its rows are needed."""

    source: Source
    datasets: frozenset[str]
    extras: tuple[str, ...]
    logged: tuple[str, ...] = ()
    """Columns of optional fields, as in LOG_SCHEMA."""


class Catalog:
    """The datasets of some sources; rows are in memory only while they are still needed.

    Args:
        sources: Sources in any order: the result does not depend on it.
        requested: Datasets to read; None for all.

    Raises:
        InputError: No source has rows, a requested dataset does not exist, or a name is no valid
            name of a dataset.
    """

    def __init__(
        self, sources: Sequence[Source], *, requested: Sequence[str] | None = None
    ) -> None:
        self._tables: dict[str, Table] = {}
        self._split: dict[str, dict[str, pl.DataFrame]] = {}
        """Tables of several datasets, split by source and dataset when the first one is read."""
        self._requested = None if requested is None else frozenset(requested)
        self.read: dict[str, Table] = {}
        """Tables of the sources read so far that have a requested dataset, without their rows."""
        self.empty: list[EmptyInput] = []
        """Sources without rows."""
        self._examples: dict[str, Examples | None] = {}
        """Examples of each source in `read` whose rows do not name several datasets."""
        self._several = len(sources) > 1
        self._models: set[str] = set()
        self._unusable: list[InputError] = []
        # By name, so that the order in which files are listed changes nothing.
        ordered = sorted(sources, key=lambda source: source.label)
        every = [holding for source in ordered if (holding := self._survey(source))]
        self.known = frozenset[str]().union(*(holding.datasets for holding in every))
        """Names of all existing datasets."""
        self._refuse_unknown()
        self._holdings = [holding for holding in every if self._chosen(holding.datasets)]
        self._forget(holding for holding in every if not self._chosen(holding.datasets))
        names = {name for holding in self._holdings for name in self._chosen(holding.datasets)}
        self.datasets = tuple(sorted(check_name(name, what="a dataset") for name in names))
        """Names of the requested datasets, sorted."""
        self._last: dict[str, list[str]] = {}
        """Sources by the last dataset of which they have rows."""
        for holding in self._holdings:
            last = max(self._chosen(holding.datasets))
            self._last.setdefault(last, []).append(holding.source.label)
        extras = (name for holding in self._holdings for name in holding.extras)
        self.extras = tuple(dict.fromkeys(extras))
        """All extra columns of the sources to be read."""

    def rows(self, dataset: str) -> pl.DataFrame:
        """All rows of one dataset, in no particular order.

        Columns as Table's, with all `extras`, and the optional fields that any source has.

        Raises:
            InputError: Two sources have the same key, or a source cannot be read.
        """
        numbers = [n for n, one in enumerate(self._holdings) if dataset in one.datasets]
        parts = [self._rows_in(self._holdings[number], dataset) for number in numbers]
        if len(parts) > 1:
            self._refuse_shared_keys(dict(zip(numbers, parts, strict=True)), dataset)
        together = pl.concat(parts, how="diagonal") if len(parts) > 1 else parts[0]
        added = {**dict.fromkeys(self.extras, pl.String()), **self._log_columns()}
        columns = [*together.columns[:FIXED_COLUMNS], *added]
        if together.columns == columns:
            return together
        absent = [
            pl.lit(None, kind).alias(name)
            for name, kind in added.items()
            if name not in together.columns
        ]
        return together.with_columns(absent).select(columns)

    def _log_columns(self) -> dict[str, pl.DataType]:
        logged = {name for holding in self._holdings for name in holding.logged}
        return {name: kind for name, kind in LOG_SCHEMA.items() if name in logged}

    def _rows_in(self, holding: _Holding, dataset: str) -> pl.DataFrame:
        """The rows of one dataset in one source, whose table is split once for all."""
        label = holding.source.label
        if len(holding.datasets) == 1:
            return self._table(holding.source).frame
        if label not in self._split:
            parts = self._table(holding.source).frame.partition_by("dataset", as_dict=True)
            self._split[label] = {str(name): part for (name,), part in parts.items()}
            # The parts have the rows now; both would take the memory twice.
            del self._tables[label]
        return self._split[label][dataset]

    def release(self, dataset: str) -> None:
        """Frees the rows of sources without any dataset after this one, in order of `datasets`."""
        for label in self._last.get(dataset, ()):
            self._tables.pop(label, None)
            self._split.pop(label, None)

    def notices(self) -> Iterator[str]:
        """Notices about sources that may be one dataset, and models that may be one.

        Call it after all rows were read.
        """
        for names in look_alikes(self._models):
            listed = ", ".join(map(repr, names))
            yield f"these models are counted apart, but their names look alike: {listed}"
        found = (self._examples.get(holding.source.label) for holding in self._holdings)
        yield from shared_examples(one for one in found if one)

    def _chosen(self, datasets: frozenset[str]) -> frozenset[str]:
        return datasets if self._requested is None else datasets & self._requested

    def _survey(self, source: Source) -> _Holding | None:
        try:
            columns = self._columns(source)
            if columns is not None and "dataset" not in columns:
                datasets, logged = frozenset({source.stem}), logged_names(columns)
                return _Holding(source, datasets, _extras(columns), logged)
            table = self._table(source)
        except EmptyInput as error:
            self.empty.append(error)
            return None
        except InputError as error:
            if self._requested is None:
                raise
            self._unusable.append(error)  # irrelevant if others have what is requested
            return None
        datasets = frozenset(table.frame["dataset"].unique().to_list())
        if sum(kept.frame.estimated_size() for kept in self._tables.values()) > _KEPT_BYTES:
            del self._tables[source.label]
        return _Holding(source, datasets, table.extras, table.logged)

    def _columns(self, source: Source) -> Sequence[str] | None:
        with _readable(source):
            return source.columns()

    def _table(self, source: Source) -> Table:
        if source.label not in self._tables:
            with _readable(source):
                table = source.read()
            # A run needs of rows without a score only why, which `invalid` says.
            table = replace(table, unscored=table.unscored.clear())
            self._tables[source.label] = table
            self.read[source.label] = replace(table, frame=table.frame.clear())
            self._models.update(table.frame["model"].unique().to_list())
            if self._several:
                self._examples[source.label] = examples_of(table.frame, source.stem)
        return self._tables[source.label]

    def _forget(self, unrequested: Iterable[_Holding]) -> None:
        for holding in unrequested:
            label = holding.source.label
            self._tables.pop(label, None)
            if holding.datasets or not self._has_requested(self.read[label].invalid):
                self.read.pop(label, None)

    def _has_requested(self, rows: Iterable[InvalidRow]) -> bool:
        """Whether any of the rows that cannot be used is of a requested dataset."""
        return any(row.dataset is None or self._chosen(frozenset({row.dataset})) for row in rows)

    def _refuse_unknown(self) -> None:
        known = self.known
        if self._unusable and not (self._requested or frozenset()) <= known:
            raise self._unusable[0]
        for name in sorted(self._requested or ()):
            if name not in known:
                blank = [str(error) for error in self.empty if error.where.find(name) >= 0]
                hint = "; ".join([*blank, closest(name, known)])
                raise InputError(f"no dataset {name!r}", where="datasets", hint=hint)
        if not known:
            raise self._no_rows()

    def _no_rows(self) -> InputError:
        unscored = [row for table in self.read.values() for row in table.invalid]
        if not unscored:
            return InputError("there are no rows", hint="; ".join(map(str, self.empty)))
        number = "1 sample" if len(unscored) == 1 else f"{len(unscored):,} samples"
        return InputError(
            f"no row has a score; of {number}, the first: {unscored[0].reason}",
            where=unscored[0].file,
        )

    def _refuse_shared_keys(self, parts: Mapping[int, pl.DataFrame], dataset: str) -> None:
        every = pl.concat(
            part.select(*REPEATED_KEY, pl.lit(number, pl.Int32).alias("source_file"))
            for number, part in parts.items()
        )
        labels = [holding.source.label for holding in self._holdings]
        refuse_shared_keys(every.lazy(), labels, dataset=dataset)


def refuse_shared_keys(every: pl.LazyFrame, labels: Sequence[str], *, dataset: str) -> None:
    """Refuses a dataset of which two sources have the same row.

    Args:
        every: REPEATED_KEY of all rows, and in `source_file` the number of the source.
        labels: The sources, by number.
        dataset: Name of the dataset.

    Raises:
        InputError: The message names two sources and the row.
    """
    # Rows without a number are attempt 0, as selection numbers them.
    every = every.with_columns(pl.col("attempt").fill_null("0"))
    shared = every.group_by(REPEATED_KEY).agg(pl.col("source_file").unique().sort())
    shared = shared.filter(pl.col("source_file").list.len() > 1).sort(REPEATED_KEY)
    found = shared.head(1).collect()
    if found.height:
        example, model, _, files = found.row(0)
        first, second = (labels[number] for number in files[:2])
        hint = "rename one file, or give them a dataset or repeat column"
        if Path(first).stem != Path(second).stem:
            hint = f"distinguish the models with {TELL_APART}, or {hint}"
        raise InputError(
            f"dataset {dataset!r} is in two files, and both have example {example!r} of "
            f"model {model!r}",
            where=f"{first} and {second}",
            hint=hint,
        )


@contextmanager
def _readable(source: Source) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InputError(f"cannot read: {error.strerror}", where=source.label) from error


def _extras(columns: Sequence[str]) -> tuple[str, ...]:
    fixed = {"dataset", "example_id", "model", "input_text", "output_text", "score"}
    ours = {*fixed, "correct_answer", "repeat", *LOG_SCHEMA, *UNSCORED_SCHEMA}
    return tuple(name for name in columns if name not in ours)
