"""Whole runs over small folders through the public interface."""

import json
import traceback
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import error_map
from error_map.records import STATES
from error_map.store import RunFolder
from tests.support import a_row, analysed, read_csv, write_csv

pytestmark = pytest.mark.slow

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


def test_many_small_datasets_together_end_as_each_does_alone(data: Path, output: Path) -> None:
    """Their tables are rendered together, with one dataset that fails nothing among them."""
    names = [f"d{n:02}" for n in range(8)]
    rows = [
        a_row(f"e{k}", f"m{m}", dataset=name, output=f"The answer is {k}.", score=int(n == 3))
        for n, name in enumerate(names)
        for k in range(1 + n % 3)
        for m in range(3)
    ]
    (data / "one").mkdir()
    write_csv(data / "one" / "all.csv", rows)
    for name in names:
        write_csv(data / f"{name}.csv", [row for row in rows if row["dataset"] == name])

    together = analysed(data / "one", output).folder
    apart = analysed(data, output.with_name("apart")).folder
    alone = [analysed(data / f"{name}.csv", output.with_name(name)).folder for name in names]

    assert together.final_csv.read_bytes() == apart.final_csv.read_bytes()
    assert together.final_json.read_bytes() == apart.final_json.read_bytes()
    for file in ("records", "failures"):
        own = [pl.read_parquet(getattr(folder, file)) for folder in alone]
        if file == "failures":
            own = [frame for frame in own if frame.height]
        whole = pl.read_parquet(getattr(together, file))
        assert whole.rows() == pl.concat(own, how="diagonal_relaxed").select(whole.columns).rows()


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


def test_a_column_of_any_name_never_changes_a_state(data: Path, output: Path) -> None:
    names = ["placed", "drawn", "under", "index", "row", "len", "low", "first", "selected"]
    write_csv(data / "d.csv", [a_row(**dict.fromkeys(names, "passed"))])

    result = analysed(data, output)

    assert dict(result.summary.accounting)["assigned"] == 1


def test_a_model_that_was_not_requested_is_not_in_the_summary(data: Path, output: Path) -> None:
    write_csv(data / "d.csv", [a_row("e1", "bad"), a_row("e1", "good", score=1)])

    requested = analysed(data, output, models=["bad"]).summary
    every = analysed(data, output).summary

    assert [one.model for one in requested.models] == ["bad"]
    assert [one.model for one in every.models] == ["bad", "good"]
    assert every.overall is not None
    assert every.overall.failure_rate.trials == 2


def test_attempts_that_are_numbered_from_one_are_no_repeats(data: Path, output: Path) -> None:
    write_csv(data / "d.csv", [a_row(f"e{n}", epoch=1) for n in range(3)])

    row = read_csv(analysed(data, output).folder.final_csv)[0]

    assert "repeat" not in row


def test_one_options_file_serves_parts_of_the_data(data: Path, output: Path) -> None:
    for name in ("d1", "d2"):
        write_csv(data / f"{name}.csv", [a_row()])
    (data / "notes.csv").write_text("of,no,matter\n1,2,3\n", encoding="utf-8")

    result = analysed(
        data, output, datasets=["d1"], dataset_params={"d2": {"success_threshold": 0.5}}
    )

    assert result.total_records == 1


def test_no_name_at_all_means_all(data: Path, output: Path) -> None:
    write_csv(data / "d.csv", [a_row()])

    assert analysed(data, output, datasets=[], models=[]).error_records == 1


def test_two_runs_without_a_name_are_two_runs(tmp_path: Path) -> None:
    results = [error_map.run_sync(data=[a_row()], output_dir=tmp_path) for _ in range(2)]

    assert len({result.exp_id for result in results}) == 2
    assert len(list(tmp_path.glob("manifest__*"))) == 2


@pytest.mark.anyio
async def test_the_synchronous_twin_says_what_to_do_in_a_running_loop() -> None:
    with pytest.raises(RuntimeError, match=r"await error_map\.run"):
        error_map.run_sync(data=[a_row()])


def test_a_secret_is_in_no_traceback() -> None:
    key: Any = "sk-very-secret"

    with pytest.raises(error_map.InputError) as caught:
        error_map.ErrorMap(litellm_config=key)

    assert key not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    "options",
    [
        {},
        pytest.param(
            {"judge": "judge-1", "api_base": "http://127.0.0.1:9/v1"},
            marks=pytest.mark.skipif(not find_spec("litellm"), reason="the extra is missing"),
        ),
    ],
)
def test_an_error_of_run_sync_says_nothing_of_event_loops(
    data: Path, output: Path, options: dict[str, Any]
) -> None:
    rows = TWO_MODELS if options else []
    write_csv(data / "sums.csv", rows)

    with pytest.raises(error_map.ErrorMapError) as caught:
        analysed(data, output, **options)

    trace = "".join(traceback.format_exception(caught.value))
    assert "event loop" not in trace
    assert "RuntimeError" not in trace


@pytest.mark.anyio
async def test_run_sync_in_a_loop_says_what_to_await(data: Path) -> None:
    with pytest.raises(RuntimeError, match=r"await error_map\.run"):
        error_map.run_sync(data_path=data)
