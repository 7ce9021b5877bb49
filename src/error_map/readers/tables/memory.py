"""Reads rows from memory: a frame, or an iterable of dicts."""

from collections.abc import Iterable, Mapping
from typing import Final

import polars as pl

from ...errors import EmptyInput, InputError
from .header import canonical_names
from .jsonl import frame_of
from .parquet import table_of_frame
from .table import LINE, Origin, ReadOptions, Table, build_table

SOURCE: Final = "data"
"""Used as the file name, and as the name of the dataset where the rows name none."""
ORIGIN: Final = Origin(SOURCE, SOURCE)


def read_memory(data: object, options: ReadOptions) -> Table:
    """The rows of a Polars or pandas frame, or of an iterable of mappings.

    Raises:
        InputError: `data` is something else, or cannot be used; see `build_table`.
    """
    if isinstance(data, pl.LazyFrame):
        data = data.collect()
    if isinstance(data, pl.DataFrame):
        return table_of_frame(data, options, origin=ORIGIN)
    # They are iterable, but a user who passes one means a path or columns.
    if isinstance(data, (str, bytes, Mapping)):
        kind = type(data).__name__
        raise InputError(f"data is a {kind}", hint="give a frame or an iterable of dicts")
    # By its methods, as pandas is not a dependency.
    if hasattr(data, "to_dict") and hasattr(data, "columns"):
        names = [str(name) for name in data.columns]
        if names:
            canonical_names(names, options.columns, where=SOURCE)
        return _read_rows(data.to_dict("records"), options)
    if isinstance(data, Iterable):
        return _read_rows(data, options)
    raise InputError(
        f"data is a {type(data).__name__}", hint="give a frame or an iterable of dicts"
    )


def _read_rows(data: Iterable[object], options: ReadOptions) -> Table:
    rows: list[dict[str, object]] = []
    for number, row in enumerate(data, start=1):
        if not isinstance(row, Mapping):
            raise InputError(f"row {number} is a {type(row).__name__}, not a dict", where=SOURCE)
        rows.append({str(name): value for name, value in row.items()})
    if not rows:
        raise EmptyInput("there are no rows", where=SOURCE)
    raw, mended, renamed = frame_of(rows, options, where=SOURCE)
    replaced = (f"{mended} lone surrogates were replaced by U+FFFD",) if mended else ()
    return build_table(
        raw.with_row_index(LINE, offset=1),
        origin=ORIGIN,
        options=options,
        notices=(*renamed, *replaced),
    )
