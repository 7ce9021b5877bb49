"""What is written where: the only writer of a run, and the list of all file names."""

from .atomic_write import write_whole
from .codec import OUTCOME_SCHEMA, criteria_of, findings_of
from .disk import telling_no_room
from .draft import PART_ROWS, Batch, Draft
from .index import Count, Index, Line, Neighbours
from .index_file import Cell, Entry, IndexFile, writing_index
from .layout import RunFolder, finished_runs, open_run
from .lock import locked
from .manifest import (
    DatasetEntry,
    InputFile,
    Manifest,
    StageCost,
    ThresholdOrigin,
    read_manifest,
    versions,
)
from .query import (
    ALL,
    BY_EVIDENCE,
    BY_NUMBER,
    KEPT,
    SORTS,
    TEXT_FIELDS,
    Either,
    Equals,
    Every,
    Named,
    Says,
    Scored,
    Sort,
    Under,
    Where,
    Without,
    storable,
)

__all__ = [
    "ALL",
    "BY_EVIDENCE",
    "BY_NUMBER",
    "KEPT",
    "OUTCOME_SCHEMA",
    "PART_ROWS",
    "SORTS",
    "TEXT_FIELDS",
    "Batch",
    "Cell",
    "Count",
    "DatasetEntry",
    "Draft",
    "Either",
    "Entry",
    "Equals",
    "Every",
    "Index",
    "IndexFile",
    "InputFile",
    "Line",
    "Manifest",
    "Named",
    "Neighbours",
    "RunFolder",
    "Says",
    "Scored",
    "Sort",
    "StageCost",
    "ThresholdOrigin",
    "Under",
    "Where",
    "Without",
    "criteria_of",
    "findings_of",
    "finished_runs",
    "locked",
    "open_run",
    "read_manifest",
    "storable",
    "telling_no_room",
    "versions",
    "write_whole",
    "writing_index",
]
