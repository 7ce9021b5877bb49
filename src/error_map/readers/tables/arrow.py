"""Reads Arrow files: those of Polars and pandas, and the shards of a saved Hugging Face dataset."""

from hashlib import file_digest
from pathlib import Path
from typing import Final

import polars as pl

from ...errors import EmptyInput, InputError
from .parquet import table_of_frame
from .table import Origin, ReadOptions, Table

_MAGIC: Final = b"ARROW1"


def read_arrow(path: Path, options: ReadOptions) -> Table:
    """The rows of an Arrow file, in the file or in the stream format.

    Raises:
        InputError: The file cannot be used; see `build_table`.
    """
    if not path.stat().st_size:
        raise EmptyInput("the file is empty", where=str(path))
    frame = _frame(path)
    with path.open("rb") as stream:
        fingerprint = file_digest(stream, "sha256").hexdigest()
    return table_of_frame(frame, options, origin=Origin.of(path, fingerprint))


def _frame(path: Path) -> pl.DataFrame:
    data = path.read_bytes()  # as brackets and stars in a path are taken for a pattern
    try:
        return (pl.read_ipc if data.startswith(_MAGIC) else pl.read_ipc_stream)(data)
    except (pl.exceptions.PolarsError, OSError, ValueError) as error:
        raise InputError(f"not an Arrow file: {error}", where=str(path)) from error
