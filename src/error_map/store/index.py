"""The index of a run as it is read: pages, counts and neighbours of any choice of its failures."""

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
_LARGEST: Final = 2**63 - 1
"""Of SQLite's whole numbers."""
_REMEMBERED: Final = 32
"""Choices that are kept, as every page of a table asks for the same one; four bytes a row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One failure as a table shows it."""

    number: int
    """Its row in the failures file, from 0."""
    key: RecordKey
    score: float | None
    category: str
    """Id of the category in which it stands; empty where it has none."""
    state: str
    verdict: str
    """Empty if undiagnosed."""
    detector: str
    verified: str
    """`yes` if every quotation stands in the output, `no` if one does not; empty without any."""
    benchmark_fault: str
    title: str
    summary: str
    """Its beginning, where it is long."""
    answer: str
    """The final answer that was read, else the end of the output."""
    reference: str
    """The final answer extracted from the reference, else its end."""
    stop_reason: str
    """Empty where the evaluation log has none."""
    tokens_in: int | None
    tokens_out: int | None
    latency_s: float | None
    """Seconds."""
    kept: tuple[str, ...]
    """Of each kept column; its beginning, where it is long, and empty where it has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """Where a failure stands in an ordered choice."""

    place: int
    """From 1; 0 where the failure is not in the choice."""
    of: int
    previous: int | None
    """Number of the one before it; None where it is the first."""
    following: int | None


@dataclass(frozen=True, slots=True)
class Count:
    """How many failures share a value."""

    value: str
    failures: int


class Index:
    """One run's studied failures in a SQLite file; each call reads with a connection of its own.

    May be used by several threads at once. Times are for 200,000 failures: every call takes under
    half a second, also for words that stand in all of them.
    """

    def __init__(self, path: Path, *, fingerprint: str, rows: int, kept: tuple[str, ...]) -> None:
        self.path = path
        self.fingerprint = fingerprint
        self.rows = rows
        """Failures in it."""
        self.kept = kept
        """Names of the kept columns."""
        self._chosen = lru_cache(maxsize=_REMEMBERED)(self._choose)
        self._order = lru_cache(maxsize=len(SORT_TERMS))(self._sorted)

    @classmethod
    def open(cls, path: Path, fingerprint: str) -> Self | None:
        """The index at a path, or None if it is not there, damaged, or of other files.

        Args:
            path: Where it would be.
            fingerprint: Of the run's files as they are.
        """
        if not path.is_file():
            return None
        try:
            with _reading(path) as connection:
                told = _told(connection)
                kept = tuple(json.loads(told["kept"]))
                if json.loads(told["fingerprint"]) != fingerprint:
                    return None
                return cls(path, fingerprint=fingerprint, rows=int(told["rows"]), kept=kept)
        except (sqlite3.Error, KeyError, ValueError, TypeError):
            return None

    def count(self, where: Where = ALL) -> int:
        """How many failures meet a condition."""
        return len(self._chosen(where))

    def page(
        self, where: Where = ALL, sort: Sort = BY_NUMBER, *, offset: int = 0, limit: int = 50
    ) -> tuple[Line, ...]:
        """Some failures of an ordered choice, at most `limit` from the `offset`-th, from 0.

        Raises:
            InputError: There is no such field or order.
        """
        start = max(0, offset)
        numbers = self._ordered(where, sort)[start : start + max(0, limit)].tolist()
        marks = ", ".join("?" * len(numbers))
        found = {line.number: line for line in self._lines(f"WHERE number IN ({marks})", numbers)}
        return tuple(found[number] for number in numbers)

    def numbers(self, where: Where = ALL, sort: Sort = BY_NUMBER) -> tuple[int, ...]:
        """The numbers of all failures of an ordered choice."""
        return tuple(self._ordered(where, sort).tolist())

    def line(self, number: int) -> Line | None:
        """One failure by its number."""
        found = self._lines("WHERE number = ?", (number,))
        return found[0] if found else None

    def find(self, key: RecordKey) -> int | None:
        """Number of the failure with this key."""
        if not 0 <= key.repeat <= _LARGEST:
            return None
        names = map(storable, (key.dataset, key.example, key.model))
        told: tuple[Value, ...] = (*names, key.repeat)
        sql = "WHERE dataset = ? AND example_id = ? AND model = ? AND repeat = ?"
        found = self._lines(sql, told)
        return found[0].number if found else None

    def facet(self, field: str, where: Where = ALL, *, limit: int = 200) -> tuple[Count, ...]:
        """The most frequent values of a field among some failures, with their counts.

        Raises:
            InputError: There is no such field.
        """
        name, met = column(field, self.kept), self._condition(where)
        counted = f"SELECT {name}, count(*) AS n FROM failures WHERE {met.sql} GROUP BY {name}"
        sql = f"{counted} ORDER BY n DESC, {name} LIMIT ?"
        with self._open() as connection:
            found = connection.execute(sql, (*met.values, limit)).fetchall()
        return tuple(Count(str(value or ""), count) for value, count in found)

    def siblings(self, dataset: str, example_id: str) -> tuple[Line, ...]:
        """All studied failures of one example, by model."""
        where = Every((Equals("dataset", dataset), Equals("example_id", example_id)))
        return self.page(where, Sort("model"), limit=1_000)

    def neighbours(self, where: Where, sort: Sort, number: int) -> Neighbours:
        """Where a failure stands in an ordered choice, and what stands beside it."""
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
            found = connection.execute(sql, values)
            return np.fromiter((number for (number,) in found), np.uint32)

    def _condition(self, where: Where) -> Condition:
        return condition(where, self.kept)

    def _lines(self, rest: str, values: Sequence[Value]) -> tuple[Line, ...]:
        kept = "".join(f", kept_{number}" for number in range(len(self.kept)))
        with self._open() as connection:
            found = connection.execute(
                f"SELECT {_LINE}{kept} FROM failures {rest}", values
            ).fetchall()
        return tuple(map(_line, found))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with _reading(self.path) as connection:
                told = _told(connection)
                if json.loads(told.get("fingerprint", "null")) != self.fingerprint:
                    raise _gone(self.path)
                yield connection
        except sqlite3.Error as error:
            raise _gone(self.path) from error


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    address = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        yield connection


def _told(connection: sqlite3.Connection) -> dict[str, str]:
    """What an index says of itself; nothing if it is of another version."""
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
    told = "the index is not that of the run that was opened"
    return StoreError(told, where=str(path), hint="the run was written again: open it again")
