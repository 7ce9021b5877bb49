"""The ledger: a SQLite cache of all received replies by request key, so that runs can resume."""

import sqlite3
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeVar

from ..errors import StoreError
from .regular_file import refuse_irregular

FILE_NAME: Final = "ledger.sqlite"
BUSY_TIMEOUT_S: Final = 30.0
"""How long a process waits for others that write to the same ledger; a write takes milliseconds."""
_VERSION: Final = 1
_COLUMNS: Final = (
    "text, finish, mode, model, tokens_in, tokens_cached, tokens_out, cost, stage, refusal, thought"
)
_TABLE: Final = """
CREATE TABLE IF NOT EXISTS replies (
    key TEXT PRIMARY KEY, text BLOB NOT NULL, finish TEXT NOT NULL, mode TEXT NOT NULL,
    model TEXT NOT NULL, tokens_in INTEGER NOT NULL, tokens_cached INTEGER NOT NULL,
    tokens_out INTEGER NOT NULL, cost REAL, stage TEXT NOT NULL
)
"""
_ADDED: Final[Mapping[str, str]] = {
    "refusal": "BLOB NOT NULL DEFAULT x''",
    "thought": "INTEGER NOT NULL DEFAULT 0",
}
"""Columns that the first ledgers lack, added when such a ledger is opened.

The version stays the same, as older programs can still read and write the other columns.
"""
_NOTES: Final = """
CREATE TABLE IF NOT EXISTS notes (model TEXT, text TEXT, PRIMARY KEY (model, text))
"""
_IN_MEMORY: Final = Path(":memory:")
_START_AGAIN: Final = "move it away and run again: its requests are sent again"
_ELSEWHERE: Final = "or use another --output-dir"
_MESSAGES: Final[Mapping[str, tuple[str, str]]] = {
    "BUSY": ("another process holds the ledger", f"wait for it to end, {_ELSEWHERE}"),
    "LOCKED": ("another process holds the ledger", f"wait for it to end, {_ELSEWHERE}"),
    "READONLY": ("the ledger may not be written to", f"make it writable, {_ELSEWHERE}"),
    "PERM": ("the ledger may not be read", f"make it readable, {_ELSEWHERE}"),
    "CANTOPEN": (
        "the ledger cannot be opened",
        f"check that its folder is there and can be written to, {_ELSEWHERE}",
    ),
    "FULL": ("the disk is full", f"make room, {_ELSEWHERE}"),
    "NOTADB": ("the ledger is no SQLite database", _START_AGAIN),
    "CORRUPT": ("the ledger is damaged", _START_AGAIN),
}
"""Message and hint by the first part of SQLite's name of the error."""
Cell = TypeVar("Cell")
_GET: Final = f"SELECT {_COLUMNS} FROM replies WHERE key = ?"  # noqa: S608 - constants only
_PUT: Final = f"INTO replies (key, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_VERSION_AND_TABLES: Final = (
    "SELECT user_version, (SELECT count(*) FROM sqlite_master) FROM pragma_user_version"
)
_FORGET: Final = "DELETE FROM replies WHERE key = ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReply:
    """One reply as it is stored."""

    text: str
    finish: str
    mode: str
    """How the answer's schema was requested; not part of the key."""
    model: str
    tokens_in: int = 0
    tokens_cached: int = 0
    tokens_out: int = 0
    cost: float | None = None
    """In US dollars; None where the price is unknown."""
    stage: str = ""
    """Stage that sent the request first."""
    refusal: str = ""
    thought: bool = False
    """Whether the provider reported thinking apart from the text."""


class Ledger:
    """Replies by key in one SQLite file, which several processes may share.

    `put` hands each reply to the operating system before it returns: a killed process loses none.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path = path
        self._connection = connection

    @classmethod
    def open(cls, path: Path, *, timeout_s: float = BUSY_TIMEOUT_S) -> Self:
        """The ledger at `path`; created, readable by its owner alone, if it does not exist.

        Raises:
            StoreError: The file cannot be opened, or is not a ledger of this version.
        """
        refuse_irregular(path)
        with suppress(OSError):  # it exists, or SQLite reports why it cannot be created
            if path != _IN_MEMORY:
                path.touch(mode=0o600, exist_ok=False)  # SQLite gives -wal and -shm the same
        with _named(path), ExitStack() as stack:
            # Autocommit: every reply is a transaction of its own, and no lock is held between
            # replies.
            connection = sqlite3.connect(path, timeout=timeout_s, isolation_level=None)
            stack.callback(connection.close)
            _prepare(path, connection)
            stack.pop_all()
        _close_to_others(path)
        return cls(path, connection)

    def damaged(self, reason: str) -> StoreError:
        """The error for an unreadable reply, with a hint."""
        return StoreError(
            f"the ledger is damaged: {reason}", where=str(self._path), hint=_START_AGAIN
        )

    def get(self, key: str) -> StoredReply | None:
        """The reply stored under `key`, or None."""
        with _named(self._path):
            row = self._connection.execute(_GET, (key,)).fetchone()
        try:
            return None if row is None else _reply_of(row)
        except (UnicodeDecodeError, TypeError) as error:
            raise self.damaged(f"the reply under {key!r} cannot be read: {error}") from error

    def put(self, key: str, reply: StoredReply, *, replace: bool = False) -> bool:
        """Stores a reply; an existing one is kept unless `replace` is set.

        Returns:
            Whether this call stored `reply`.
        """
        verb = "INSERT OR REPLACE" if replace else "INSERT OR IGNORE"
        with _named(self._path):
            cursor = self._connection.execute(f"{verb} {_PUT}", (key, *_row_of(reply)))
        return cursor.rowcount == 1

    def forget(self, keys: Iterable[str]) -> None:
        """Removes replies, all or none, so that their requests are sent again."""
        with _named(self._path), self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany(_FORGET, ((key,) for key in keys))

    def note(self, model: str, text: str) -> None:
        """Stores a note about replies of a model, once."""
        with _named(self._path):
            self._connection.execute("INSERT OR IGNORE INTO notes VALUES (?, ?)", (model, text))

    def notes(self, model: str) -> tuple[str, ...]:
        """The notes about a model, oldest first."""
        query = "SELECT text FROM notes WHERE model = ? ORDER BY rowid"
        with _named(self._path):
            return tuple(text for (text,) in self._connection.execute(query, (model,)))

    def __len__(self) -> int:
        with _named(self._path):
            (count,) = self._connection.execute("SELECT count(*) FROM replies").fetchone()
        return int(count)

    def close(self) -> None:
        """Closes the connection; every reply is already written."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _prepare(path: Path, connection: sqlite3.Connection) -> None:
    _refuse_other(path, connection)  # before the journal mode is set, which changes the file
    # In WAL mode readers and writers do not block each other; NORMAL survives a killed process,
    # and only a power failure can lose the last replies.
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("BEGIN IMMEDIATE")  # two processes may create the same ledger at once
    with connection:
        _refuse_other(path, connection)
        connection.execute(_TABLE)
        existing = {name for _, name, *_ in connection.execute("PRAGMA table_info(replies)")}
        for column in _ADDED.keys() - existing:
            connection.execute(f"ALTER TABLE replies ADD COLUMN {column} {_ADDED[column]}")
        connection.execute(_NOTES)
        connection.execute(f"PRAGMA user_version = {_VERSION}")


def _refuse_other(path: Path, connection: sqlite3.Connection) -> None:
    # One statement, as another process may create the ledger between two.
    version, tables = connection.execute(_VERSION_AND_TABLES).fetchone()
    if tables and version != _VERSION:
        message = f"it is not a ledger of version {_VERSION}"
        raise StoreError(message, where=str(path), hint=_START_AGAIN)


def _close_to_others(path: Path) -> None:
    """Removes other users' permissions from a ledger that was created without care.

    A group with write permission shares the ledger on purpose, and keeps its permissions.
    """
    for suffix in ("", "-wal", "-shm"):
        file = path.with_name(path.name + suffix)
        with suppress(OSError):  # it does not exist, or belongs to another user
            mode = stat.S_IMODE(file.stat().st_mode)
            kept = mode & (0o660 if mode & stat.S_IWGRP else 0o600)
            if kept != mode:
                file.chmod(kept)


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Turns errors of SQLite into ones that name the file."""
    try:
        yield
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "").removeprefix("SQLITE_")
        other = (f"the ledger cannot be used: {error}", _START_AGAIN)
        known = (entry for kind, entry in _MESSAGES.items() if name.startswith(kind))
        message, hint = next(known, other)
        raise StoreError(message, where=str(path), hint=hint) from error


def _row_of(reply: StoredReply) -> tuple[object, ...]:
    # Bytes, as a model may write a lone surrogate, which UTF-8 cannot encode.
    text, refusal = (part.encode("utf-8", "surrogatepass") for part in (reply.text, reply.refusal))
    tokens = (reply.tokens_in, reply.tokens_cached, reply.tokens_out)
    names = (reply.finish, reply.mode, reply.model)
    return (text, *names, *tokens, reply.cost, reply.stage, refusal, reply.thought)


def _reply_of(row: Sequence[object]) -> StoredReply:
    """A row as a value.

    Raises:
        TypeError: A cell has a type that is never written there.
        UnicodeDecodeError: A text is not UTF-8.
    """
    (
        text,
        finish,
        mode,
        model,
        tokens_in,
        tokens_cached,
        tokens_out,
        cost,
        stage,
        refusal,
        thought,
    ) = row
    return StoredReply(
        text=_a(bytes, text).decode("utf-8", "surrogatepass"),
        finish=_a(str, finish),
        mode=_a(str, mode),
        model=_a(str, model),
        tokens_in=_a(int, tokens_in),
        tokens_cached=_a(int, tokens_cached),
        tokens_out=_a(int, tokens_out),
        cost=None if cost is None else float(_a((float, int), cost)),
        stage=_a(str, stage),
        refusal=_a(bytes, refusal).decode("utf-8", "surrogatepass"),
        thought=bool(_a(int, thought)),
    )


def _a(kind: type[Cell] | tuple[type[Cell], ...], cell: object) -> Cell:
    if not isinstance(cell, kind):
        raise TypeError(f"a cell holds {type(cell).__name__}")
    return cell
