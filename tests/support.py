"""Builders of records and input files, runs of small folders, and paths of the shared data."""

import csv
import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, Unpack

import pytest

from error_map import RunResult, run_sync
from error_map.options import Options
from error_map.pipeline import RunArguments
from error_map.records import (
    CorrectOutput,
    DatasetName,
    ExampleId,
    Failure,
    ModelName,
    Record,
    RecordKey,
)

ROOT: Final = Path(__file__).resolve().parents[1]
COLUMNS: Final = ("example_id", "model", "input_text", "output_text", "score", "correct_answer")
Row = Mapping[str, object]


def shared_path(name: str) -> Path:
    """A file or folder of the shared material; skips the test if it is absent."""
    path = Path(os.environ.get("ERROR_MAP_SHARED", ROOT.parent / "shared")) / name
    if not path.exists():
        pytest.skip(f"the shared material does not exist: {path}")
    return path


def shared_file(name: str) -> Path:
    """A file of the shared data sets; skips the test if they are absent."""
    path = Path(os.environ.get("ERROR_MAP_SHARED", ROOT.parent / "shared")) / "data" / name
    if not path.exists():
        pytest.skip(f"the shared data sets do not exist: {path}")
    return path


def a_key(
    example: str = "e1", model: str = "m", *, dataset: str = "d", repeat: int = 0
) -> RecordKey:
    """A record's key."""
    return RecordKey(DatasetName(dataset), ExampleId(example), ModelName(model), repeat)


def a_failure(
    output: str = "The answer is 5.",
    *,
    prompt: str = "What is 2 + 2?",
    reference: str | None = "4",
    correct: Sequence[str] = (),
    key: RecordKey | None = None,
) -> Failure:
    """A failure with its peer answers."""
    record = Record(
        key=key or a_key(), prompt=prompt, output=output, score=0.0, reference=reference
    )
    peers = tuple(CorrectOutput(ModelName(f"right-{n}"), text) for n, text in enumerate(correct))
    return Failure(record=record, threshold=1.0, weight=1.0, correct_outputs=peers)


def a_row(
    example: object = "e1",
    model: object = "m",
    *,
    score: object = 0,
    output: object = "The answer is 5.",
    **more: object,
) -> dict[str, object]:
    """An input row with canonical column names."""
    return {
        "example_id": example,
        "model": model,
        "input_text": "What is 2 + 2?",
        "output_text": output,
        "score": score,
        "correct_answer": "4",
        **more,
    }


def write_csv(path: Path, rows: Iterable[Row], columns: Sequence[str] | None = None) -> Path:
    """Writes rows to a CSV file."""
    rows = list(rows)
    names = list(columns or (rows[0] if rows else COLUMNS))
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, names)
        writer.writeheader()
        writer.writerows(rows)
    return path


def read_csv(path: Path) -> list[dict[str, str]]:
    """Reads the rows of a CSV file with the standard library."""
    csv.field_size_limit(2**31 - 1)
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def analysed(data_path: Path, output_dir: Path, /, **options: Unpack[RunArguments]) -> RunResult:
    """A run of everything in a folder with one worker process, under the name `t`.

    In a thread of its own, as a browser test has an event loop in the main thread.
    """
    defaults: Options = {"exp_id": "t", "ratio": 1.0, "processes": 1}
    places: Options = {"data_path": data_path, "output_dir": output_dir}
    arguments: RunArguments = {**defaults, **places, **options}
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: run_sync(**arguments)).result()
