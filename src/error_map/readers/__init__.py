"""Reads evaluation results into tables with canonical columns: a module per format and tool."""

from .catalog import REPEATED_KEY, Catalog, Source, refuse_shared_keys
from .logs.formats import log_formats
from .logs.json_files import (
    json_lines,
    json_object,
    list_at,
    mapping_at,
    number_at,
    text_at,
    value_at,
)
from .logs.log import CHOICES, Log, LogFormat, Opening, choose
from .logs.names import dataset_name
from .logs.rows import log_source
from .logs.sample import Sample
from .logs.search import Found, chosen_formats, found_lines, latest, search
from .naming import NameTemplate
from .registry import READERS, Reader, data_source, file_source, find_files
from .tables.scores import ScoreFormat
from .tables.table import REPEAT_COLUMNS, InvalidRow, ReadOptions, Table

__all__ = [
    "CHOICES",
    "READERS",
    "REPEATED_KEY",
    "REPEAT_COLUMNS",
    "Catalog",
    "Found",
    "InvalidRow",
    "Log",
    "LogFormat",
    "NameTemplate",
    "Opening",
    "ReadOptions",
    "Reader",
    "Sample",
    "ScoreFormat",
    "Source",
    "Table",
    "choose",
    "chosen_formats",
    "data_source",
    "dataset_name",
    "file_source",
    "find_files",
    "found_lines",
    "json_lines",
    "json_object",
    "latest",
    "list_at",
    "log_formats",
    "log_source",
    "mapping_at",
    "number_at",
    "refuse_shared_keys",
    "search",
    "text_at",
    "value_at",
]
