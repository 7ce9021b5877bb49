"""Runs over logs of evaluation tools: from a folder to a map, with what was taken said."""

import json
from pathlib import Path

import polars as pl
import pytest

from error_map.cli import exit_code
from error_map.pipeline import run_sync
from error_map.store import read_manifest
from tests.readers.logs.test_lm_eval import RESULTS, a_line, a_log

pytestmark = pytest.mark.slow


def test_a_folder_of_logs_and_tables_gives_one_map(tmp_path: Path) -> None:
    lines = [
        a_line(n, score, filtered_by=name)
        for name, score in (("strict", 0), ("flexible", 1))
        for n in (1, 2, 3)
    ]
    a_log(tmp_path / "logs" / "deep" / "tiny", lines, RESULTS)
    table = [{"example_id": 1, "model": "m", "input_text": "q", "output_text": "o", "score": 0}]
    pl.DataFrame(table).write_csv(tmp_path / "logs" / "own.csv")

    result = run_sync(data_path=tmp_path / "logs", output_dir=tmp_path / "out", ratio=1.0)

    assert result.total_records == 4
    manifest = read_manifest(result.folder)
    assert set(manifest.datasets) == {"sums", "own"}
    assert any("filter 'strict' is taken; there is also flexible" in n for n in manifest.notices)
    assert manifest.versions


def test_samples_without_a_score_are_errored_and_no_failures(tmp_path: Path) -> None:
    lines = [a_line(1, 0), a_line(2, 1), a_line(3, 0, exact_match=None)]
    a_log(tmp_path / "logs", lines, RESULTS)

    result = run_sync(data_path=tmp_path / "logs", output_dir=tmp_path / "out", ratio=1.0)

    counts = result.summary.accounting.counts
    assert (counts["errored"], counts["invalid"], counts["passed"]) == (1, 0, 1)
    assert result.error_records == 1
    assert any("1 sample was not scored" in n for n in read_manifest(result.folder).notices)


def test_a_log_of_which_no_sample_has_a_score_is_counted_next_to_others(tmp_path: Path) -> None:
    a_log(tmp_path / "logs" / "a", [a_line(1, 0), a_line(2, 1)], RESULTS)
    unscored = [a_line(n, 0, exact_match=None) for n in (1, 2, 3)]
    a_log(tmp_path / "logs" / "b", unscored, RESULTS | {"model_name": "other"})

    result = run_sync(data_path=tmp_path / "logs", output_dir=tmp_path / "out", ratio=1.0)

    assert result.summary.accounting.counts["errored"] == 3
    notices = read_manifest(result.folder).notices
    assert any("3 samples were not scored" in notice for notice in notices)


def test_scan_lists_logs_tables_and_choices(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a_log(tmp_path / "deep", [a_line(1, 0)], RESULTS)
    (tmp_path / "own.csv").write_text("example_id,model\n1,m\n")

    assert exit_code(["scan", str(tmp_path)]) == 0

    shown = capsys.readouterr().out
    assert "lm-evaluation-harness 0.4.13: 1 log, 1 dataset, 1 model" in shown
    assert "filter: strict, flexible" in shown
    assert "table that needs options" in shown
    assert "own.csv" in shown


def test_a_folder_of_something_else_gets_a_helpful_no(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "notes.json").write_text(json.dumps({"a": 1}))

    assert exit_code(["scan", str(tmp_path)]) == 2

    shown = capsys.readouterr().err
    assert "no log of a known tool, and no table" in shown
    assert "lm-eval" in shown
