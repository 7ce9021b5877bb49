"""Writes the index of a run, a SQLite file with full-text search, atomically."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from .columns import KEY
from .query import EVIDENCE, searchable

INDEX_VERSION: Final = 4
"""Version of the tables below: an index of another version is rebuilt."""
LINE_TEXTS: Final = (
    *("category", "state", "verdict", "detector", "benchmark_fault", "verified", "title"),
    *("summary", "answer", "reference", "stop_reason"),
)
"""Text columns of a line after its key, none of them null."""
LINE_COLUMNS: Final = (
    *("number", *KEY, "score"),
    *LINE_TEXTS,
    *("tokens_in", "tokens_out", "latency_s"),
)
"""Columns of the table `failures`, in its order; the kept columns follow."""


def _evidence_term() -> str:
    """The rank of a row in the order of `EVIDENCE`, as SQL."""
    cases = (
        f"WHEN verdict = '{verdict}' AND verified {sign} '{verified}' THEN {rank}"
        for rank, (verdict, sign, verified) in enumerate(EVIDENCE)
    )
    return f"CASE {' '.join(cases)} ELSE {len(EVIDENCE)} END"


SORT_TERMS: Final = {
    "number": "number",
    "evidence": _evidence_term(),
    "score": "ifnull(score, 9e999)",
    **{name: name for name in ("title", "category", "model", "dataset", "detector")},
}
"""SQL by which rows are ordered, by the name of the sort; each has a database index."""
# FTS5 would merge its segments again and again while rows are added; with these settings it
# collects them in memory and `finish` merges them once.
_TABLES: Final = """
CREATE TABLE failures (
    number INTEGER PRIMARY KEY, dataset TEXT NOT NULL, example_id TEXT NOT NULL,
    model TEXT NOT NULL, repeat INTEGER NOT NULL, score REAL, category TEXT NOT NULL,
    state TEXT NOT NULL, verdict TEXT NOT NULL, detector TEXT NOT NULL,
    benchmark_fault TEXT NOT NULL, verified TEXT NOT NULL, title TEXT NOT NULL,
    summary TEXT NOT NULL, answer TEXT NOT NULL, reference TEXT NOT NULL,
    stop_reason TEXT NOT NULL, tokens_in INTEGER, tokens_out INTEGER, latency_s REAL{kept}
);
CREATE TABLE under (
    ancestor TEXT NOT NULL, category TEXT NOT NULL, own INTEGER NOT NULL,
    PRIMARY KEY (ancestor, category)
) WITHOUT ROWID;
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE VIRTUAL TABLE words USING fts5(
    prompt, output, reference, title, summary,
    content = '', columnsize = 0, tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO words(words, rank) VALUES ('automerge', 0);
INSERT INTO words(words, rank) VALUES ('crisismerge', 1000);
INSERT INTO words(words, rank) VALUES ('hashsize', 16777216);
"""
_INDEXES: Final = (
    *(f"({term})" for name, term in SORT_TERMS.items() if name != "number"),
    "(dataset, example_id)",
    "(category, title)",
)
# A file that is only renamed when it is complete needs no journal and no fsync.
_PRAGMAS: Final = (
    "journal_mode = OFF",
    "synchronous = OFF",
    "page_size = 8192",
    "cache_size = -32000",
)

Cell: TypeAlias = str | int | float | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One failure to be added to the index."""

    row: Sequence[Cell]
    """Values of `LINE_COLUMNS`, then of the kept columns."""
    texts: Sequence[Cell]
    """Prompt, output, reference, title and summary, not truncated."""


class IndexFile:
    """An index that is being written: add entries, then finish it."""

    def __init__(self, connection: sqlite3.Connection, kept: Sequence[str]) -> None:
        self._connection = connection
        self._kept = kept
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        columns = "".join(f", kept_{number} TEXT NOT NULL" for number in range(len(kept)))
        connection.executescript(_TABLES.format(kept=columns))
        connection.execute("BEGIN")

    def add(self, entries: Iterable[Entry]) -> None:
        """Adds failures, whose numbers must increase."""
        marks = ", ".join("?" * (len(LINE_COLUMNS) + len(self._kept)))
        into_lines = f"INSERT INTO failures VALUES ({marks})"
        into_words = "INSERT INTO words(rowid, prompt, output, reference, title, summary) "
        for entry in entries:
            self._connection.execute(into_lines, entry.row)
            texts = [searchable(str(text or "")) for text in entry.texts]
            self._connection.execute(
                f"{into_words} VALUES (?, ?, ?, ?, ?, ?)", (entry.row[0], *texts)
            )

    def add_categories(self, under: Iterable[tuple[str, str, bool]]) -> None:
        """Adds triples of an ancestor, a category under it, and whether the two are the same."""
        self._connection.executemany("INSERT OR REPLACE INTO under VALUES (?, ?, ?)", under)

    def finish(self, fingerprint: str) -> None:
        """Adds database indexes and the metadata, with the fingerprint of the run's files."""
        self._connection.execute("INSERT INTO words(words) VALUES ('optimize')")
        for number, columns in enumerate(_INDEXES):
            self._connection.execute(f"CREATE INDEX failures_{number} ON failures {columns}")
        rows = self._connection.execute("SELECT count(*) FROM failures").fetchone()[0]
        values = {"fingerprint": fingerprint, "rows": rows, "kept": list(self._kept)}
        meta = [(name, json.dumps(value)) for name, value in values.items()]
        self._connection.executemany("INSERT INTO meta VALUES (?, ?)", meta)
        # One transaction for all rows: a commit per row would cost a write to the disk each time.
        self._connection.execute("COMMIT")
        self._connection.execute("ANALYZE")
        self._connection.execute(f"PRAGMA user_version = {INDEX_VERSION}")


@contextmanager
def writing_index(path: Path, kept: Sequence[str]) -> Iterator[IndexFile]:
    """An index that is moved to `path` at the end of the block, or not at all after an error.

    Raises:
        OSError: The folder cannot be written to.
        sqlite3.Error: The same, or the disk is full.
    """
    part = path.with_name(f"{path.name}.part")
    # A killed process may have left one.
    part.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(part, isolation_level=None)) as connection:
            yield IndexFile(connection, kept)
        part.replace(path)
    finally:
        if part.is_file():
            part.unlink()
