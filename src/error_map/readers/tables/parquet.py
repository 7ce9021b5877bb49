"""Reads Parquet files, and typed frames."""

from hashlib import file_digest
from pathlib import Path

import polars as pl

from ...errors import EmptyInput, InputError
from ...store.columns import LOG_SCHEMA, UNSCORED_SCHEMA
from ..foreign_formats import OPENING_BYTES, PARQUET, refuse_other_formats
from .header import canonical_names
from .table import LINE, NO_ROWS, Origin, ReadOptions, Table, as_text, build_table


def read_parquet(path: Path, options: ReadOptions) -> Table:
    """The rows of a Parquet file; its row numbers, from 1, are used as line numbers.

    Raises:
        InputError: The file cannot be used; see `build_table`.
    """
    try:
        # No globbing: brackets and stars are ordinary characters in file names.
        frame = pl.read_parquet(_checked(path), glob=False)
    except pl.exceptions.PolarsError as error:
        raise InputError(f"not a Parquet file: {error}", where=str(path)) from error
    with path.open("rb") as stream:
        fingerprint = file_digest(stream, "sha256").hexdigest()
    return table_of_frame(frame, options, origin=Origin.of(path, fingerprint))


def parquet_columns(path: Path, options: ReadOptions) -> list[str]:
    """The canonical column names of a file that has rows; raises the errors of `read_parquet`."""
    try:
        lazy = pl.scan_parquet(_checked(path), glob=False)
        schema, rows = lazy.collect_schema(), lazy.select(pl.len()).collect().item()
    except pl.exceptions.PolarsError as error:
        raise InputError(f"not a Parquet file: {error}", where=str(path)) from error
    if not rows:
        raise EmptyInput(NO_ROWS, where=str(path))
    ours = _logged(schema)
    others = [name for name in schema if name not in ours]
    return [*canonical_names(others, options.columns, where=str(path)).all_names, *ours]


def _checked(path: Path) -> Path:
    with path.open("rb") as stream:
        opening = stream.read(OPENING_BYTES)
    if not opening:
        raise EmptyInput("the file is empty", where=str(path))
    refuse_other_formats(opening, where=str(path), expected=PARQUET)
    return path


def table_of_frame(frame: pl.DataFrame, options: ReadOptions, *, origin: Origin) -> Table:
    """A table from a typed frame; numbers and nested values are converted to text.

    Columns of a record's optional fields stay as they are: an import has written them.
    """
    ours = _logged(frame.schema)
    others = frame.drop(ours)
    header = canonical_names(others.columns, options.columns, where=origin.source)
    raw = as_text(others.rename(dict(zip(others.columns, header.names, strict=True))))
    raw = header.completed(raw.with_row_index(LINE, offset=1), where=origin.source)
    raw = raw.with_columns(frame[name] for name in ours)
    return build_table(raw, origin=origin, options=options, notices=header.notices)


def _logged(schema: pl.Schema) -> list[str]:
    """The columns that an import writes; a column of another type under such a name is a user's."""
    written = {**LOG_SCHEMA, **UNSCORED_SCHEMA}
    return [name for name, kind in schema.items() if written.get(name) == kind]
