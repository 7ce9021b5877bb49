"""Reads evaluation results into tables with canonical columns, with one module per format."""

from .catalog import Catalog, Source
from .naming import NameTemplate
from .registry import READERS, Reader, data_source, file_source, find_files
from .tables.scores import ScoreFormat
from .tables.table import REPEAT_COLUMNS, InvalidRow, ReadOptions, Table

__all__ = [
    "READERS",
    "REPEAT_COLUMNS",
    "Catalog",
    "InvalidRow",
    "NameTemplate",
    "ReadOptions",
    "Reader",
    "ScoreFormat",
    "Source",
    "Table",
    "data_source",
    "file_source",
    "find_files",
]
