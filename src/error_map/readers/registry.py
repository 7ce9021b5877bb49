"""The readers of evaluation results by file suffix."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from .catalog import Source
from .file_names import COMPRESSED, stem_of, suffix_of
from .files import files_under
from .tables.arrow import read_arrow
from .tables.delimited import delimited_columns, read_delimited
from .tables.excel import read_excel
from .tables.jsonl import read_jsonl
from .tables.memory import SOURCE, read_memory
from .tables.parquet import parquet_columns, read_parquet
from .tables.table import ReadOptions, Table


@dataclass(frozen=True, slots=True)
class Reader:
    """The functions that read one format."""

    read: Callable[[Path, ReadOptions], Table]
    columns: Callable[[Path, ReadOptions], list[str]] | None = None
    """Reads only the canonical column names, where the format allows it."""


_CSV: Final = Reader(
    partial(read_delimited, separator=","), partial(delimited_columns, separator=",")
)
_TSV: Final = Reader(
    partial(read_delimited, separator="\t"), partial(delimited_columns, separator="\t")
)
READERS: Final = {
    ".csv": _CSV,
    ".tsv": _TSV,
    ".jsonl": Reader(read_jsonl),
    ".ndjson": Reader(read_jsonl),
    ".parquet": Reader(read_parquet, parquet_columns),
    ".xlsx": Reader(read_excel),
    ".arrow": Reader(read_arrow),
    ".feather": Reader(read_arrow),
}
"""Readers by file suffix, lower case."""
_TEXT_FORMATS: Final = (".csv", ".tsv", ".jsonl", ".ndjson")
"""Suffixes before which a file may be compressed; the others are compressed inside."""
SUFFIXES: Final = (
    *READERS,
    *(f"{text}{packed}" for text in _TEXT_FORMATS for packed in COMPRESSED),
)
"""All suffixes that can be read, lower case."""


def file_source(path: Path, options: ReadOptions) -> Source:
    """A file's rows, read by the reader that its suffix names."""
    reader = READERS[suffix_of(path)]
    read_columns = reader.columns

    def columns() -> list[str] | None:
        return read_columns(path, options) if read_columns else None

    name = options.dataset_name or stem_of(path)
    return Source(str(path), name, columns, lambda: (reader.read(path, options),))


def data_source(data: object, options: ReadOptions) -> Source:
    """The rows of a frame or of an iterable of mappings, which is consumed once."""
    table = read_memory(data, options)
    return Source(SOURCE, options.dataset_name or SOURCE, lambda: None, lambda: (table,))


def find_files(data_path: Path, *, logs: Collection[Path] = ()) -> tuple[list[Path], list[str]]:
    """The readable tables of a folder, sorted, and a notice for each file that is skipped.

    Args:
        data_path: A folder, searched without its subfolders, or one file.
        logs: Files of logs that were found there: they are no tables.

    Raises:
        InputError: No file can be read.
    """
    return files_under(data_path, SUFFIXES, logs=logs)
