"""Reads the index of a run: pages, counts and neighbours of any selection of its failures."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Self, TypeAlias
from urllib.parse import quote

import numpy as np
import numpy.typing as npt

from ..errors import InputError, StoreError, closest
from ..records import DatasetName, ExampleId, ModelName, RecordKey
from .index_file import INDEX_VERSION, LINE_COLUMNS, LINE_TEXTS, SORT_TERMS
from .query import (
    ALL,
    BY_NUMBER,
    Condition,
    Equals,
    Every,
    Sort,
    Where,
    column,
    condition,
    storable,
)

Value: TypeAlias = str | int | float | None
Numbers: TypeAlias = npt.NDArray[np.uint32]
_LINE: Final = ", ".join(LINE_COLUMNS)
_MAX_INTEGER: Final = 2**63 - 1
"""Largest integer of SQLite."""
_CACHE_SIZE: Final = 32
"""Selections that are cached, as every page of a table repeats the last one; four bytes per row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One failure as a table shows it."""

    number: int
    """Its row in the failures file, from 0."""
    key: RecordKey
    score: float | None
    category: str
    """Id of its category; empty for none."""
    state: str
    verdict: str
    """Empty if undiagnosed."""
    detector: str
    verified: str
    """`yes` if every quotation was found in the output, `no` if one was not; empty without any."""
    benchmark_fault: str
    title: str
    summary: str
    """Truncated where it is long."""
    answer: str
    """The extracted final answer, else the end of the output."""
    reference: str
    """The final answer extracted from the reference, else its end."""
    stop_reason: str
    """Empty where the evaluation log has none."""
    tokens_in: int | None
    tokens_out: int | None
    latency_s: float | None
    """Seconds."""
    kept: tuple[str, ...]
    """A cell per kept column; truncated where it is long, empty for null."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """Position of a failure in an ordered selection."""

    place: int
    """From 1; 0 where the failure is not in the selection."""
    of: int
    """Failures in the selection."""
    previous: int | None
    """Number of the failure before it; None for the first."""
    following: int | None


@dataclass(frozen=True, slots=True)
class Count:
    """The number of failures that share a value."""

    value: str
    failures: int


class Index:
    """The analysed failures of one run in a SQLite file; every call opens a connection of its own.

    Thread-safe. With 200,000 failures every call takes under half a second, even for words that
    all of them contain.
    """

    def __init__(self, path: Path, *, fingerprint: str, rows: int, kept: tuple[str, ...]) -> None:
        self.path = path
        self.fingerprint = fingerprint
        self.rows = rows
        """Number of failures."""
        self.kept = kept
        """Names of the kept columns."""
        self._chosen = lru_cache(maxsize=_CACHE_SIZE)(self._choose)
        self._order = lru_cache(maxsize=len(SORT_TERMS))(self._sorted)

    @classmethod
    def open(cls, path: Path, fingerprint: str) -> Self | None:
        """The index at a path, or None if it is missing, damaged, or built from other files.

        Args:
            path: Path of the index.
            fingerprint: Fingerprint of the run's present files.
        """
        if not path.is_file():
            return None
        try:
            with _reading(path) as connection:
                meta = _meta(connection)
                kept = tuple(json.loads(meta["kept"]))
                if json.loads(meta["fingerprint"]) != fingerprint:
                    return None
                return cls(path, fingerprint=fingerprint, rows=int(meta["rows"]), kept=kept)
        except (sqlite3.Error, KeyError, ValueError, TypeError):
            return None

    def count(self, where: Where = ALL) -> int:
        """The number of failures that meet a condition."""
        return len(self._chosen(where))

    def page(
        self, where: Where = ALL, sort: Sort = BY_NUMBER, *, offset: int = 0, limit: int = 50
    ) -> tuple[Line, ...]:
        """A page of an ordered selection: at most `limit` failures from the `offset`-th, from 0.

        Raises:
            InputError: No such field or order exists.
        """
        start = max(0, offset)
        numbers = self._ordered(where, sort)[start : start + max(0, limit)].tolist()
        marks = ", ".join("?" * len(numbers))
        lines = {line.number: line for line in self._lines(f"WHERE number IN ({marks})", numbers)}
        return tuple(lines[number] for number in numbers)

    def numbers(self, where: Where = ALL, sort: Sort = BY_NUMBER) -> tuple[int, ...]:
        """The numbers of all failures of an ordered selection."""
        return tuple(self._ordered(where, sort).tolist())

    def line(self, number: int) -> Line | None:
        """One failure by its number."""
        lines = self._lines("WHERE number = ?", (number,))
        return lines[0] if lines else None

    def find(self, key: RecordKey) -> int | None:
        """Number of the failure with this key."""
        if not 0 <= key.repeat <= _MAX_INTEGER:
            return None
        names = map(storable, (key.dataset, key.example, key.model))
        values: tuple[Value, ...] = (*names, key.repeat)
        sql = "WHERE dataset = ? AND example_id = ? AND model = ? AND repeat = ?"
        lines = self._lines(sql, values)
        return lines[0].number if lines else None

    def facet(self, field: str, where: Where = ALL, *, limit: int = 200) -> tuple[Count, ...]:
        """The most frequent values of a field among some failures, with their counts.

        Raises:
            InputError: No such field exists.
        """
        name, met = column(field, self.kept), self._condition(where)
        counted = f"SELECT {name}, count(*) AS n FROM failures WHERE {met.sql} GROUP BY {name}"
        sql = f"{counted} ORDER BY n DESC, {name} LIMIT ?"
        with self._open() as connection:
            counts = connection.execute(sql, (*met.values, limit)).fetchall()
        return tuple(Count(str(value or ""), count) for value, count in counts)

    def siblings(self, dataset: str, example_id: str) -> tuple[Line, ...]:
        """All analysed failures of one example, by model."""
        where = Every((Equals("dataset", dataset), Equals("example_id", example_id)))
        return self.page(where, Sort("model"), limit=1_000)

    def neighbours(self, where: Where, sort: Sort, number: int) -> Neighbours:
        """Position of a failure in an ordered selection, and the failures before and after it."""
        ordered = self._ordered(where, sort)
        places = np.flatnonzero(ordered == number).tolist()
        if not places:
            return Neighbours(place=0, of=len(ordered), previous=None, following=None)
        place = places[0]
        return Neighbours(
            place=place + 1,
            of=len(ordered),
            previous=int(ordered[place - 1]) if place else None,
            following=int(ordered[place + 1]) if place + 1 < len(ordered) else None,
        )

    def _ordered(self, where: Where, sort: Sort) -> Numbers:
        # A mask over the cached order, as sorting the selection for every page would take longer.
        met = np.zeros(self.rows, np.bool_)
        met[self._chosen(where)] = True
        order = self._order(sort.by)
        ordered: Numbers = order[met[order]]
        return ordered[::-1] if sort.descending else ordered

    def _choose(self, where: Where) -> Numbers:
        met = self._condition(where)
        return self._numbers(f"SELECT number FROM failures WHERE {met.sql}", met.values)

    def _sorted(self, by: str) -> Numbers:
        if by not in SORT_TERMS:
            raise InputError(f"no order {by!r}", where="sort", hint=closest(by, SORT_TERMS))
        return self._numbers(f"SELECT number FROM failures ORDER BY {SORT_TERMS[by]}, number", ())

    def _numbers(self, sql: str, values: Sequence[Value]) -> Numbers:
        with self._open() as connection:
            rows = connection.execute(sql, values)
            return np.fromiter((number for (number,) in rows), np.uint32)

    def _condition(self, where: Where) -> Condition:
        return condition(where, self.kept)

    def _lines(self, rest: str, values: Sequence[Value]) -> tuple[Line, ...]:
        kept = "".join(f", kept_{number}" for number in range(len(self.kept)))
        with self._open() as connection:
            rows = connection.execute(
                f"SELECT {_LINE}{kept} FROM failures {rest}", values
            ).fetchall()
        return tuple(map(_line, rows))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with _reading(self.path) as connection:
                meta = _meta(connection)
                if json.loads(meta.get("fingerprint", "null")) != self.fingerprint:
                    raise _gone(self.path)
                yield connection
        except sqlite3.Error as error:
            raise _gone(self.path) from error


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    # An index is never changed in place, so SQLite needs no locks on it, nor write access.
    address = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        yield connection


def _meta(connection: sqlite3.Connection) -> dict[str, str]:
    """The metadata of an index; empty if it is of another version."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version != INDEX_VERSION:
        return {}
    return dict(connection.execute("SELECT name, value FROM meta").fetchall())


def _line(row: tuple[Value, ...]) -> Line:
    cells = dict(zip(LINE_COLUMNS, row, strict=False))

    def text(name: str) -> str:
        return str(cells[name])

    def number(name: str) -> int | None:
        return None if cells[name] is None else int(cells[name] or 0)

    def fraction(name: str) -> float | None:
        return None if cells[name] is None else float(cells[name] or 0)

    return Line(
        number=number("number") or 0,
        key=RecordKey(
            DatasetName(text("dataset")),
            ExampleId(text("example_id")),
            ModelName(text("model")),
            number("repeat") or 0,
        ),
        score=fraction("score"),
        **{name: text(name) for name in LINE_TEXTS},
        tokens_in=number("tokens_in"),
        tokens_out=number("tokens_out"),
        latency_s=fraction("latency_s"),
        kept=tuple(map(str, row[len(LINE_COLUMNS) :])),
    )


def _gone(path: Path) -> StoreError:
    message = "the index is not that of the run that was opened"
    return StoreError(message, where=str(path), hint="the run was written again: open it again")
