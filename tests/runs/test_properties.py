"""Properties that hold for any input, checked on whole runs."""

import json
import random
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Unpack

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from error_map import RunResult, run_sync
from error_map.options import Options
from error_map.records import STATES
from error_map.store import RunFolder
from tests.support import Row, a_row, read_csv

pytestmark = pytest.mark.slow

TEXTS = st.text(st.characters(codec="utf-8"), max_size=30) | st.sampled_from(
    ["", " ", "nan", "2 + 2 = 5", "The answer is 4.", "I'm sorry, I cannot help with that."]
)
ROWS = st.builds(
    a_row,
    st.sampled_from(["e1", "e2", "e3", ""]),
    st.sampled_from(["a", "b"]),
    score=st.sampled_from(["0", "1", "0.5", "x", "nan"]) | st.floats(0, 1).map(str),
    output=TEXTS,
    dataset=st.sampled_from(["d1", "d2"]),
)
SLOW = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow, *HealthCheck]
)


def analysed_rows(rows: Sequence[Row], output: Path, **options: Unpack[Options]) -> RunResult:
    defaults: Options = {"exp_id": "t", "ratio": 1.0, "processes": 1, "output_dir": output}
    arguments: Options = {**defaults, **options}
    return run_sync(data=rows, **arguments)


def contents(folder: RunFolder) -> dict[str, bytes]:
    """Every file that must be the same for the same input, seed and answers."""
    told_apart = {folder.manifest}
    return {file.name: file.read_bytes() for file in folder.all_files if file not in told_apart}


def enough(rows: list[Row]) -> list[Row]:
    """The rows plus enough valid ones that no file is mostly invalid."""
    return [*rows, *(a_row(f"good{n}", "a", dataset="d1") for n in range(len(rows) + 1))]


@SLOW
@given(st.lists(ROWS, max_size=12), st.sampled_from([0.1, 0.5, 1.0]))
def test_every_row_ends_in_exactly_one_state(rows: list[Row], ratio: float) -> None:
    every = enough(rows)
    with tempfile.TemporaryDirectory() as output:
        result = analysed_rows(every, Path(output), ratio=ratio, models=["a"])
        records = pl.read_parquet(result.folder.records)
        final = read_csv(result.folder.final_csv)

    counted = Counter(records["state"].to_list())
    assert set(counted) <= set(STATES)
    assert records.height == len(every) == result.total_records
    assert {state: n for state, n in result.summary.accounting if n} == dict(counted)
    assert len(final) == result.error_records


@SLOW
@given(st.lists(ROWS, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_rows_decides_nothing(rows: list[Row], rng: random.Random) -> None:
    every = [row for row in enough(rows) if row["example_id"] and row["score"] not in {"x", "nan"}]
    shuffled = rng.sample(every, len(every))
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        first = contents(analysed_rows(every, Path(one), ratio=0.5).folder)
        second = contents(analysed_rows(shuffled, Path(other), ratio=0.5).folder)

    first.pop("config__exp_id=t.json"), second.pop("config__exp_id=t.json")
    assert first == second


def test_one_and_two_processes_write_the_same_bytes(tmp_path: Path) -> None:
    rows = [a_row(f"e{n:03}", "ab"[n % 2], output=f"{n} + 2 = {n + n % 3}.") for n in range(500)]

    runs = [
        contents(analysed_rows(rows, tmp_path / str(n), processes=n, exp_id="t").folder)
        for n in (1, 2)
    ]

    for one in runs:
        config = json.loads(one.pop("config__exp_id=t.json"))
        assert config["seed"] == 42
    assert runs[0] == runs[1]


def test_more_rows_never_unsample_a_failure(tmp_path: Path) -> None:
    rows = [a_row(f"e{n}", "a") for n in range(60)]
    few = analysed_rows(rows[:30], tmp_path / "few", ratio=0.3)
    many = analysed_rows(rows, tmp_path / "many", ratio=0.3)

    studied = [
        {row["example_id"] for row in read_csv(result.folder.final_csv)} for result in (few, many)
    ]

    assert studied[0] < studied[1]


def test_running_again_replaces_the_files_whole(tmp_path: Path) -> None:
    analysed_rows([a_row("e1"), a_row("e2")], tmp_path)
    folder = analysed_rows([a_row("e3")], tmp_path).folder

    assert [row["example_id"] for row in read_csv(folder.final_csv)] == ["e3"]
    assert sorted(tmp_path.iterdir()) == sorted(folder.all_files)
