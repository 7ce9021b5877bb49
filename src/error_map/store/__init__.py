"""What is written where: the only writer of a run, and the list of all file names."""

from .codec import OUTCOME_SCHEMA, criteria_of, findings_of
from .draft import PART_ROWS, Batch, Draft
from .layout import RunFolder, finished_runs, open_run
from .manifest import DatasetEntry, InputFile, Manifest, StageCost, read_manifest, versions
from .whole_file import write_whole

__all__ = [
    "OUTCOME_SCHEMA",
    "PART_ROWS",
    "Batch",
    "DatasetEntry",
    "Draft",
    "InputFile",
    "Manifest",
    "RunFolder",
    "StageCost",
    "criteria_of",
    "findings_of",
    "finished_runs",
    "open_run",
    "read_manifest",
    "versions",
    "write_whole",
]
