"""The datasets that a set of sources holds, each handed out whole, one at a time."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import polars as pl

from ..config import check_name
from ..errors import EmptyInput, InputError, closest
from .common_examples import TELL_APART, Examples, examples_of, shared_examples
from .tables.table import FIXED_COLUMNS, Table

_KEPT_BYTES: Final = 256 * 2**20
"""Tables that are read early, to learn what they hold, stay in memory up to this size in all."""


@dataclass(frozen=True, slots=True)
class Source:
    """Rows that can be read, again if need be."""

    label: str
    stem: str
    columns: Callable[[], Sequence[str] | None]
    """Canonical column names, where they can be told without reading the rows; else None."""
    read: Callable[[], Table]


@dataclass(frozen=True, slots=True)
class _Holding:
    """What is known of a source before its rows are needed."""

    source: Source
    datasets: frozenset[str]
    extras: tuple[str, ...]


class Catalog:
    """Sources as datasets; a source's rows are in memory only while it has datasets to come.

    Args:
        sources: In any order: it never matters.
        wanted: Datasets to read; None for all.

    Raises:
        InputError: No source has rows, a dataset that was asked for does not exist, or a name
            cannot name a dataset.
    """

    def __init__(self, sources: Sequence[Source], *, wanted: Sequence[str] | None = None) -> None:
        self._tables: dict[str, Table] = {}
        self._apart: dict[str, dict[str, pl.DataFrame]] = {}
        """Tables of several datasets, by source and dataset, from the first one that is drawn."""
        self._wanted = None if wanted is None else frozenset(wanted)
        self.read: dict[str, Table] = {}
        """Of each source read so far that holds a dataset to be read, its table less the rows."""
        self.empty: list[EmptyInput] = []
        """Sources without rows."""
        self._examples: dict[str, Examples | None] = {}
        """Of each source in `read`, where its rows name no datasets."""
        self._several = len(sources) > 1
        self._unusable: list[InputError] = []
        ordered = sorted(sources, key=lambda source: source.label)
        found = [holding for source in ordered if (holding := self._survey(source))]
        self.known = frozenset[str]().union(*(holding.datasets for holding in found))
        """Names of all datasets that there are."""
        self._refuse_unknown()
        self._holdings = [holding for holding in found if self._chosen(holding.datasets)]
        self._forget(holding for holding in found if not self._chosen(holding.datasets))
        names = {name for holding in self._holdings for name in self._chosen(holding.datasets)}
        self.datasets = tuple(sorted(check_name(name, what="a dataset") for name in names))
        """Names of the datasets to be read, sorted."""
        self._last: dict[str, list[str]] = {}
        """Sources by the last dataset that they have rows of."""
        for holding in self._holdings:
            last = max(self._chosen(holding.datasets))
            self._last.setdefault(last, []).append(holding.source.label)
        extras = (name for holding in self._holdings for name in holding.extras)
        self.extras = tuple(dict.fromkeys(extras))
        """Every extra column that any source to be read has."""

    def rows(self, dataset: str) -> pl.DataFrame:
        """All rows of one dataset, in no particular order; columns as Table's, extras as `extras`.

        Raises:
            InputError: The same key stands in two sources, or a source cannot be read.
        """
        numbers = [n for n, one in enumerate(self._holdings) if dataset in one.datasets]
        parts = [self._rows_in(self._holdings[number], dataset) for number in numbers]
        if len(parts) > 1:
            self._refuse_shared_keys(dict(zip(numbers, parts, strict=True)), dataset)
        together = pl.concat(parts, how="diagonal") if len(parts) > 1 else parts[0]
        columns = [*together.columns[:FIXED_COLUMNS], *self.extras]
        if together.columns == columns:
            return together
        missing = pl.lit(None, pl.String)
        absent = [missing.alias(name) for name in self.extras if name not in together.columns]
        return together.with_columns(absent).select(columns)

    def _rows_in(self, holding: _Holding, dataset: str) -> pl.DataFrame:
        """The rows of one dataset in one source, whose table is taken apart once for all."""
        label = holding.source.label
        if len(holding.datasets) == 1:
            return self._table(holding.source).frame
        if label not in self._apart:
            parts = self._table(holding.source).frame.partition_by("dataset", as_dict=True)
            self._apart[label] = {str(name): part for (name,), part in parts.items()}
            del self._tables[label]
        return self._apart[label][dataset]

    def release(self, dataset: str) -> None:
        """Frees the rows of sources whose last dataset, in the order of `datasets`, this is."""
        for label in self._last.get(dataset, ()):
            self._tables.pop(label, None)
            self._apart.pop(label, None)

    def notices(self) -> Iterator[str]:
        """What to say of sources that may be one dataset; after all rows were read."""
        found = (self._examples.get(holding.source.label) for holding in self._holdings)
        yield from shared_examples(one for one in found if one)

    def _chosen(self, datasets: frozenset[str]) -> frozenset[str]:
        return datasets if self._wanted is None else datasets & self._wanted

    def _survey(self, source: Source) -> _Holding | None:
        try:
            columns = self._columns(source)
            if columns is not None and "dataset" not in columns:
                return _Holding(source, frozenset({source.stem}), _extras(columns))
            table = self._table(source)
        except EmptyInput as error:
            self.empty.append(error)
            return None
        except InputError as error:
            if self._wanted is None:
                raise
            self._unusable.append(error)  # of no matter if what is wanted stands elsewhere
            return None
        datasets = frozenset(table.frame["dataset"].unique().to_list())
        if sum(kept.frame.estimated_size() for kept in self._tables.values()) > _KEPT_BYTES:
            del self._tables[source.label]
        return _Holding(source, datasets, table.extras)

    def _columns(self, source: Source) -> Sequence[str] | None:
        with _readable(source):
            return source.columns()

    def _table(self, source: Source) -> Table:
        if source.label not in self._tables:
            with _readable(source):
                table = source.read()
            self._tables[source.label] = table
            self.read[source.label] = replace(table, frame=table.frame.clear())
            if self._several:
                self._examples[source.label] = examples_of(table.frame, source.stem)
        return self._tables[source.label]

    def _forget(self, unasked: Iterable[_Holding]) -> None:
        for holding in unasked:
            self._tables.pop(holding.source.label, None)
            self.read.pop(holding.source.label, None)

    def _refuse_unknown(self) -> None:
        known = self.known
        if self._unusable and not (self._wanted or frozenset()) <= known:
            raise self._unusable[0]
        for name in sorted(self._wanted or ()):
            if name not in known:
                blank = [str(error) for error in self.empty if error.where.find(name) >= 0]
                hint = "; ".join([*blank, closest(name, known)])
                raise InputError(f"no dataset {name!r}", where="datasets", hint=hint)
        if not known:
            raise InputError("there are no rows", hint="; ".join(map(str, self.empty)))

    def _refuse_shared_keys(self, parts: Mapping[int, pl.DataFrame], dataset: str) -> None:
        keys = ["example_id", "model", "attempt"]
        every = pl.concat(
            part.select(*keys, pl.lit(number, pl.Int32).alias("source_file"))
            for number, part in parts.items()
        )
        every = every.with_columns(pl.col("attempt").fill_null("0"))
        shared = every.group_by(keys).agg(pl.col("source_file").unique().sort())
        shared = shared.filter(pl.col("source_file").list.len() > 1).sort(keys)
        if shared.height:
            example, model, _, files = shared.row(0)
            first, second = (self._holdings[number].source.label for number in files[:2])
            hint = "rename one file, or give them a dataset or repeat column"
            if Path(first).stem != Path(second).stem:
                hint = f"tell the models apart with {TELL_APART}, or {hint}"
            raise InputError(
                f"dataset {dataset!r} stands in two files, and both have example {example!r} of "
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
    return tuple(name for name in columns if name not in {*fixed, "correct_answer", "repeat"})
