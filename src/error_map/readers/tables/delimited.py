"""Reads CSV and TSV files: well-formed ones with Polars, others row by row."""

import csv
from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Final

import polars as pl

from ...errors import EmptyInput, InputError
from .header import REQUIRED, canonical_names
from .quoting import canonical_quotes, separators_outside
from .table import (
    LINE,
    NO_ROWS,
    InvalidRow,
    Origin,
    ReadOptions,
    Table,
    build_table,
    has_invalid,
)
from .text import Lines, load_opening, load_utf8

_CHUNK: Final = 1 << 20
"""Bytes that are read for the header, which is rarely longer than a few thousand."""
_FIELD_LIMIT: Final = 2**31 - 1
SEPARATORS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
"""Separators that are recognised, with their names; spreadsheets of many countries write `;`."""
MIN_SEPARATORS: Final = len(REQUIRED) - 1
"""Separators in a header that has all required columns."""


def read_delimited(path: Path, options: ReadOptions, *, separator: str) -> Table:
    """The rows of a CSV or TSV file (RFC 4180 quoting).

    Polars reads the file only where the row reader would give the same table.

    Args:
        path: The file.
        options: Options for reading.
        separator: The usual one; another is taken if only that one gives enough columns.

    Raises:
        InputError: The file cannot be used; see `build_table`.
    """
    data = load_utf8(path, options.encoding)
    origin = Origin.of(path, sha256(data).hexdigest())
    header, separator, notices = _header(_lines(data, path), path, separator)
    columns = canonical_names(header, options.columns, where=f"{path}:1")
    notices = (*notices, *columns.notices)
    raw = _fast(data, columns.names, separator)
    if raw is not None:
        raw = columns.completed(raw, where=str(path))
        if not has_invalid(raw, options):
            return build_table(raw, origin=origin, options=options, notices=notices)
    raw, broken, replaced = _strict(data, columns.names, path=path, separator=separator)
    raw = columns.completed(raw, where=str(path))
    notices = (*notices, *replaced)
    return build_table(raw, origin=origin, options=options, broken=broken, notices=notices)


def delimited_columns(path: Path, options: ReadOptions, *, separator: str) -> list[str]:
    """The canonical names of a file's columns.

    Raises:
        EmptyInput: The file has no columns, or obviously no rows.
        InputError: A required column is missing.
    """
    opening, whole = load_opening(path, options.encoding, size=_CHUNK)
    lines = iter(_lines(opening, path))
    header, *_ = _header(lines, path, separator)
    columns = canonical_names(header, options.columns, where=f"{path}:1")
    if whole and not any(line.strip("\r\n") for line in lines):
        raise EmptyInput(NO_ROWS, where=str(path))
    return columns.all_names


def _header(
    lines: Iterable[str], path: Path, separator: str
) -> tuple[list[str], str, tuple[str, ...]]:
    """The names of the columns, the file's separator, and a notice if it is an unusual one."""
    lines = iter(lines)
    opening = next(lines, "")
    for other in SEPARATORS.keys() - {separator}:
        if opening.count(other) < MIN_SEPARATORS or opening.count(separator) >= MIN_SEPARATORS:
            continue
        names = _names(iter([opening]), path, other)
        if len(names) > MIN_SEPARATORS:
            return names, other, (f"{path}: its columns are separated by {SEPARATORS[other]}",)
    return _names(chain([opening], lines) if opening else iter(()), path, separator), separator, ()


def _names(lines: Iterator[str], path: Path, separator: str) -> list[str]:
    try:
        return next(csv.reader(lines, delimiter=separator, strict=True), [])
    except csv.Error as error:
        message = f"the header is not a CSV row: {_message(error)}"
        hint = 'lines end in \\n or \\r\\n, and a quoted name is "quoted" as a whole'
        raise InputError(message, where=f"{path}:1", hint=hint) from error


def _message(error: csv.Error) -> str:
    """The message of the csv module, without its advice on opening files."""
    return str(error).partition(" - ")[0]


def _lines(data: bytes, path: Path) -> Lines:
    csv.field_size_limit(_FIELD_LIMIT)  # the default, 128 kB, is too small for a long answer
    return Lines(data, where=str(path))


def _fast(data: bytes, names: list[str], separator: str) -> pl.DataFrame | None:
    """The raw frame by Polars, or None where the row reader might give another table."""
    quotes = canonical_quotes(data, ord(separator))
    if quotes is None or data.endswith(separator.encode()):  # Polars drops such a last empty field
        return None
    try:
        # Without inference, as ids such as `007` and answers such as `1.0` must stay as written.
        frame = pl.read_csv(
            data,
            separator=separator,
            infer_schema=False,
            new_columns=names,
            raise_if_empty=False,
        )
    except pl.exceptions.PolarsError:
        return None
    if frame.width != len(names):
        return None
    # Polars fills up short rows with nulls, which a count of the separators reveals.
    if frame[names[-1]].null_count():
        expected = (frame.height + 1) * (len(names) - 1)
        if separators_outside(data, quotes, ord(separator)) != expected:
            return None
    return frame


def _strict(
    data: bytes, names: list[str], *, path: Path, separator: str
) -> tuple[pl.DataFrame, list[InvalidRow], tuple[str, ...]]:
    lines = _lines(data, path)
    broken: list[InvalidRow] = []
    rows: list[tuple[int, list[str]]] = []
    for line, row in _rows(lines, separator, source=str(path), broken=broken):
        if len(row) == len(names):
            rows.append((line, row))
        elif row:
            reason = f"{len(row)} fields where the header has {len(names)}"
            broken.append(InvalidRow(str(path), line, reason))
    columns = dict(zip(names, zip(*(row for _, row in rows), strict=True), strict=False))
    frame = pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String))
    numbers = pl.Series(LINE, [line for line, _ in rows], pl.Int64)
    return frame.with_columns(numbers), broken, lines.notices()


def _rows(
    lines: Lines, separator: str, *, source: str, broken: list[InvalidRow]
) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line on which it starts; other lines are added to `broken`."""
    reader = csv.reader(lines, delimiter=separator, strict=True)
    if next(reader, None) is None:
        raise EmptyInput("the file is empty", where=source)
    while True:
        start = reader.line_num + 1
        try:
            yield start, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            # An open quote swallows the rest of the file, so all of its lines are invalid.
            if "end of data" not in str(error):
                broken.append(InvalidRow(source, start, f"not a CSV row: {_message(error)}"))
                continue
            reason = f"the quote opened on line {start} is never closed"
            swallowed = range(start, reader.line_num + 1)
            broken.extend(InvalidRow(source, line, reason) for line in swallowed)
            return
