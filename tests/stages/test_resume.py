"""The taxonomy of an earlier run of the same name: when it is reused, and with which titles."""

from pathlib import Path

import polars as pl
import pytest

from error_map.stages.resume import earlier_taxonomy
from error_map.store import RunFolder
from error_map.taxonomy import load_taxonomy
from tests.report_runs import rewrite_failures, rewrite_manifest
from tests.support import a_row, analysed, write_csv

pytestmark = pytest.mark.slow


@pytest.fixture
def run(data: Path, output: Path) -> RunFolder:
    write_csv(data / "d.csv", [a_row(f"e{n}", "a", output=f"The answer is {n}.") for n in range(5)])
    folder = analysed(data, output).folder
    rewrite_manifest(folder, fingerprint="same")
    return folder


def test_without_an_earlier_run_there_is_nothing_to_reuse(output: Path) -> None:
    assert earlier_taxonomy(RunFolder(output, "t"), "same") == (None, "")


def test_the_taxonomy_is_reused_with_the_titles_of_errors_that_have_a_category(
    run: RunFolder,
) -> None:
    def changed(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.with_columns(
            pl.Series("verdict", ["error", "error", "located", "error", "error"]),
            pl.Series("state", ["assigned", "assigned", "assigned", "unassigned", "assigned"]),
            pl.Series("error_title", ["Slip", "Slip", "Place", "Lost", "Other"]),
            pl.Series("detector", ["", "", "", "", "x"]),
            pl.Series("category_id", ["hard_to_analyze"] * 4 + ["other"]),
        )

    rewrite_failures(run, changed)

    induced, notice = earlier_taxonomy(run, "same")

    assert notice == ""
    assert induced is not None
    assert induced.taxonomy == load_taxonomy(run.taxonomy)
    assert induced.places == {("Slip", ""): "hard_to_analyze", ("Other", "x"): "other"}


def test_another_analyst_and_an_unfinished_run_are_not_reused_and_the_user_is_informed(
    run: RunFolder,
) -> None:
    assert earlier_taxonomy(run, "different") == (
        None,
        "an earlier run of this name had another analyst: everything is recomputed",
    )
    rewrite_manifest(run, whole=False)
    assert earlier_taxonomy(run, "same") == (None, "resuming the unfinished run of this name")
