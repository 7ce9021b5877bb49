"""Whole runs over small folders, through the public interface."""

import json
from pathlib import Path

import polars as pl
import pytest

import error_map
from error_map.records import STATES
from error_map.store import RunFolder

from .support import a_row, analysed, read_csv, write_csv

TWO_MODELS = [
    a_row("e1", "a", score=0, output="2 + 2 = 5, so the answer is 5."),
    a_row("e2", "a", score=1, output="The answer is 4."),
    a_row("e1", "b", score=1, output="The answer is 4."),
    a_row("e2", "b", score=0, output=""),
]


def test_a_run_studies_every_failure_and_leaves_every_file(data: Path, output: Path) -> None:
    write_csv(data / "sums.csv", TWO_MODELS)

    result = analysed(data, output)

    assert (result.total_records, result.error_records) == (4, 2)
    assert sorted(output.iterdir()) == sorted(RunFolder(output, "t").all_files)


def test_the_result_reads_like_a_dict(data: Path, output: Path) -> None:
    write_csv(data / "sums.csv", TWO_MODELS)

    result = analysed(data, output)

    assert dict(result) == {
        "exp_id": "t",
        "total_records": 4,
        "error_records": 2,
        "completed_at": result.completed_at,
    }
    with pytest.raises(KeyError):
        result["summary"]


def test_every_row_ends_in_one_state_and_the_totals_agree_everywhere(
    data: Path, output: Path
) -> None:
    write_csv(data / "sums.csv", [*TWO_MODELS, a_row("", "a"), a_row("e3", "a", score="x")])

    result = analysed(data, output, models=["a"])

    folder = RunFolder(output, "t")
    manifest = json.loads(folder.manifest.read_text())
    states = pl.read_parquet(folder.records)["state"].value_counts()
    counted = dict.fromkeys(STATES, 0) | dict(states.iter_rows())
    assert manifest["accounting"] == counted == dict(result.summary.accounting)
    assert manifest["rows"] == result.total_records == sum(counted.values()) == 6
    assert counted["invalid"] == 2
    assert counted["not_selected"] == 1


async def _awaited(data: Path, output: Path) -> error_map.RunResult:
    return await error_map.run(data_path=data, output_dir=output, exp_id="t", processes=1)


@pytest.mark.anyio
async def test_the_async_interface_gives_the_same_files(data: Path, output: Path) -> None:
    write_csv(data / "sums.csv", TWO_MODELS)

    await _awaited(data, output / "one")

    final = RunFolder(output / "one", "t").final_csv
    assert {row["example_id"] for row in read_csv(final)} == {"e1", "e2"}
