"""Small sets from the field on which version 0.1.0 misled: what a run over them says now."""

from pathlib import Path

import polars as pl
import pytest

from error_map.outputs.headline import headline
from error_map.pipeline import RunResult, run_sync
from error_map.store import read_manifest
from tests.support import shared_path

pytestmark = pytest.mark.slow


@pytest.fixture
def run(request: pytest.FixtureRequest, tmp_path: Path) -> RunResult:
    """A run over the set that the test names as its parameter."""
    path = shared_path(f"cases/sets/{request.param}")
    return run_sync(data_path=path, output_dir=tmp_path, ratio=1.0)


def titles(run: RunResult) -> dict[str, int]:
    """Failures by the title of their diagnosis; empty for those without a title."""
    column = pl.read_parquet(run.folder.failures)["error_title"]
    return dict(column.fill_null("").value_counts().iter_rows())


def notices(run: RunResult) -> str:
    return " ".join(read_manifest(run.folder).notices)


@pytest.mark.parametrize(
    ("run", "failures"), [("a21.jsonl", 30), ("a22.jsonl", 8)], indirect=["run"]
)
def test_failures_that_are_all_cut_off_are_told_to_be(run: RunResult, failures: int) -> None:
    assert titles(run) == {"Output cut off": failures}
    known = f"Of {failures} failures, for {failures} (100.0 %) the cause is known: Output cut off."
    assert headline(run.summary) == known
    assert f"{failures} of the {failures} studied failures" in notices(run)
    assert "were cut off before a final answer, half of them at" in notices(run)


@pytest.mark.parametrize("run", ["a23.jsonl"], indirect=True)
def test_bare_letters_are_no_cause_where_the_examples_of_the_prompt_have_them(
    run: RunResult,
) -> None:
    assert titles(run) == {"Unexplained failure": 10}


@pytest.mark.parametrize("run", ["sglang_60.jsonl"], indirect=True)
def test_right_answers_that_were_scored_wrong_are_all_found_and_noticed(run: RunResult) -> None:
    assert run.summary.faults == {"scorer": 60}
    assert "60 of the 140 studied failures of sglang_60 hold the reference's answer" in notices(run)


@pytest.mark.parametrize("run", ["a02_helm_comma.jsonl"], indirect=True)
def test_an_answer_before_a_comma_is_the_scorers_fault(run: RunResult) -> None:
    assert run.summary.faults == {"scorer": 4}
    assert "No final answer" not in titles(run)


@pytest.mark.parametrize("run", ["a13_aliases.jsonl"], indirect=True)
def test_any_alias_of_a_reference_is_right(run: RunResult) -> None:
    assert run.summary.faults == {"scorer": 4}
    (reading,) = run.summary.readings
    assert (reading.route, reading.distrust) == ("stated answer", "")


@pytest.mark.parametrize("run", ["a17c.jsonl"], indirect=True)
def test_models_with_look_alike_names_are_noticed(run: RunResult) -> None:
    assert "these models are counted apart, but their names look alike" in notices(run)


@pytest.mark.parametrize("run", ["a18c.jsonl"], indirect=True)
def test_a_threshold_for_negative_scores_is_noticed(run: RunResult) -> None:
    assert "check it, as the scores go from -5 to -1" in notices(run)


def test_a_table_of_a_spreadsheet_is_read_with_its_separator(tmp_path: Path) -> None:
    path = shared_path("cases/sets/a10_excel_semicolon.csv")

    result = run_sync(data_path=path, output_dir=tmp_path, ratio=1.0, decimal=",")

    assert "columns are separated by semicolons" in notices(result)
