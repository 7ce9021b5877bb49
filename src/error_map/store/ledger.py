"""Every reply that was ever received, under its question's key: what makes a run resumable."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from ..errors import StoreError

FILE_NAME: Final = "ledger.sqlite"
BUSY_TIMEOUT_S: Final = 30.0
"""How long a process waits for the others that write to the same ledger."""
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
"""Columns that the first ledgers lack: they are added where one is opened. The version stays the
same, as whoever does not know them can still read and write the others."""
_NOTES: Final = """
CREATE TABLE IF NOT EXISTS notes (model TEXT, text TEXT, PRIMARY KEY (model, text))
"""
_GET: Final = f"SELECT {_COLUMNS} FROM replies WHERE key = ?"  # noqa: S608 - constants only
_PUT: Final = f"INTO replies (key, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_FORGET: Final = "DELETE FROM replies WHERE key = ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReply:
    """One reply as the ledger keeps it."""

    text: str
    finish: str
    mode: str
    """How the answer's form was asked for; not part of the key."""
    model: str
    tokens_in: int = 0
    tokens_cached: int = 0
    tokens_out: int = 0
    cost: float | None = None
    """In US dollars; None where the price is unknown."""
    stage: str = ""
    """Who asked first."""
    refusal: str = ""
    thought: bool = False
    """Whether the provider told of thinking apart from the text."""


class Ledger:
    """Replies by key in one SQLite file, which several processes may share.

    Each reply is on its way to the disk before `put` returns: a process that is killed loses none.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path = path
        self._connection = connection

    @classmethod
    def open(cls, path: Path) -> Self:
        """The ledger at `path`, made where there is none.

        Raises:
            StoreError: If the file cannot be opened, or is not a ledger of this version.
        """
        with _named(path), ExitStack() as stack:
            connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None)
            stack.callback(connection.close)
            _prepare(path, connection)
            stack.pop_all()
        return cls(path, connection)

    def get(self, key: str) -> StoredReply | None:
        """What is recorded under `key`."""
        with _named(self._path):
            row = self._connection.execute(_GET, (key,)).fetchone()
        return None if row is None else _reply_of(*row)

    def put(self, key: str, reply: StoredReply, *, replace: bool = False) -> bool:
        """Records a reply; one that is there already stays, unless `replace`.

        Returns:
            Whether `reply` is what the ledger now holds by this call.
        """
        verb = "INSERT OR REPLACE" if replace else "INSERT OR IGNORE"
        with _named(self._path):
            cursor = self._connection.execute(f"{verb} {_PUT}", (key, *_row_of(reply)))
        return cursor.rowcount == 1

    def forget(self, keys: Iterable[str]) -> None:
        """Removes replies, so that their questions are asked again; all of them or none."""
        with _named(self._path), self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany(_FORGET, ((key,) for key in keys))

    def note(self, model: str, text: str) -> None:
        """Records, once, what holds for replies of a model."""
        with _named(self._path):
            self._connection.execute("INSERT OR IGNORE INTO notes VALUES (?, ?)", (model, text))

    def notes(self, model: str) -> tuple[str, ...]:
        """What was noted of a model, in the order in which it was."""
        query = "SELECT text FROM notes WHERE model = ? ORDER BY rowid"
        with _named(self._path):
            return tuple(text for (text,) in self._connection.execute(query, (model,)))

    def __len__(self) -> int:
        with _named(self._path):
            (count,) = self._connection.execute("SELECT count(*) FROM replies").fetchone()
        return int(count)

    def close(self) -> None:
        """Ends the connection; nothing is waiting to be written."""
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
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("BEGIN IMMEDIATE")  # two processes may make the same ledger
    with connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if tables and version != _VERSION:
            raise StoreError(
                f"it is not a ledger of version {_VERSION}",
                where=str(path),
                hint="move it away and run again",
            )
        connection.execute(_TABLE)
        there = {name for _, name, *_ in connection.execute("PRAGMA table_info(replies)")}
        for column in _ADDED.keys() - there:
            connection.execute(f"ALTER TABLE replies ADD COLUMN {column} {_ADDED[column]}")
        connection.execute(_NOTES)
        connection.execute(f"PRAGMA user_version = {_VERSION}")


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Whatever SQLite complains about, told with the file's name."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(
            f"the ledger cannot be used: {error}",
            where=str(path),
            hint="if it is damaged, move it away and run again",
        ) from error


def _row_of(reply: StoredReply) -> tuple[object, ...]:
    # Bytes, as a model may write half a surrogate pair, which is no UTF-8.
    text, refusal = (part.encode("utf-8", "surrogatepass") for part in (reply.text, reply.refusal))
    tokens = (reply.tokens_in, reply.tokens_cached, reply.tokens_out)
    asked = (reply.finish, reply.mode, reply.model)
    return (text, *asked, *tokens, reply.cost, reply.stage, refusal, reply.thought)


def _reply_of(  # noqa: PLR0913, PLR0917 - a row's cells, in the order of its columns
    text: bytes,
    finish: str,
    mode: str,
    model: str,
    tokens_in: int,
    tokens_cached: int,
    tokens_out: int,
    cost: float | None,
    stage: str,
    refusal: bytes,
    thought: int,
) -> StoredReply:
    return StoredReply(
        text=text.decode("utf-8", "surrogatepass"),
        finish=finish,
        mode=mode,
        model=model,
        tokens_in=tokens_in,
        tokens_cached=tokens_cached,
        tokens_out=tokens_out,
        cost=cost,
        stage=stage,
        refusal=refusal.decode("utf-8", "surrogatepass"),
        thought=bool(thought),
    )
