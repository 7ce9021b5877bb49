"""A run folder that somebody else made, or changed: it is refused in one sentence, at once."""

import json
from pathlib import Path

import polars as pl
import pytest

from error_map.cli import exit_code
from error_map.store import RunFolder

from .support import a_row, analysed, write_csv

COMMANDS = (["show", "t"], ["report", "t", "--format", "md", "--out", "-"])


@pytest.fixture
def run(data: Path, output: Path) -> RunFolder:
    write_csv(data / "d.csv", [a_row("e1", "a", output=""), a_row("e2", "a", score=1)])
    return analysed(data, output).folder


def refused(run: RunFolder, capsys: pytest.CaptureFixture[str]) -> str:
    """What every command says of it."""
    for command in COMMANDS:
        assert exit_code([*command, "--output-dir", str(run.output_dir)]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.count("\n") == len(COMMANDS)
    return shown.err


@pytest.mark.parametrize(
    "changed",
    [
        {"completed_at": "\x1b[2Jnow"},
        {"rows": -1},
        {"accounting": {"passed": -3}},
        {"faults": {"reference": 10**30}},
    ],
)
def test_a_manifest_that_no_run_writes_is_refused(
    run: RunFolder, changed: dict[str, object], capsys: pytest.CaptureFixture[str]
) -> None:
    manifest = json.loads(run.manifest.read_text(encoding="utf-8"))
    run.manifest.write_text(json.dumps(manifest | changed), encoding="utf-8")

    assert "the manifest is damaged" in refused(run, capsys)


def test_a_taxonomy_without_the_categories_of_the_records_is_refused(
    run: RunFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    run.taxonomy.write_text("categories: []\n", encoding="utf-8")

    assert "its taxonomy has no category" in refused(run, capsys)


@pytest.mark.parametrize("category", ["nowhere", None])
def test_failures_in_a_category_that_the_taxonomy_has_not_are_refused(
    run: RunFolder, category: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    other = pl.lit(category, dtype=pl.String).alias("category_id")
    pl.read_parquet(run.failures).with_columns(other).write_parquet(run.failures)

    code = exit_code(["report", "t", "--out", "-", "--output-dir", str(run.output_dir)])

    assert code == 1
    assert f"its taxonomy has no category {category!r}" in capsys.readouterr().err


def test_studied_records_without_a_category_are_refused(
    run: RunFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    nothing = pl.lit(None, dtype=pl.String).alias("category_id")
    pl.read_parquet(run.records).with_columns(nothing).write_parquet(run.records)

    assert "its taxonomy has no category ''" in refused(run, capsys)


def test_records_whose_names_are_bytes_are_refused(
    run: RunFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    records = pl.read_parquet(run.records).with_columns(pl.lit(b"\xff").alias("model"))
    records.write_parquet(run.records)

    assert "are no names" in refused(run, capsys)


def test_records_with_an_unknown_state_are_refused(
    run: RunFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    records = pl.read_parquet(run.records).with_columns(pl.lit("lost").alias("state"))
    records.write_parquet(run.records)

    assert "no state 'lost'" in refused(run, capsys)


def test_a_taxonomy_of_billions_of_aliases_is_refused(
    run: RunFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    levels = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    bomb = "\n".join(["a0: &a0 [x]", *levels, "categories: *a29"])
    run.taxonomy.write_text(bomb, encoding="utf-8")

    assert "anchors are not allowed in line 1" in refused(run, capsys)
