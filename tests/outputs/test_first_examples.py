"""The examples below the headline: one real failure per frequent cause, none of a mock judge."""

import json
import re
from pathlib import Path
from typing import Final

import polars as pl
import pytest

from error_map.cli import exit_code
from error_map.outputs.first_examples import first_examples
from error_map.outputs.report import ReportOptions, report_of
from error_map.outputs.summary import read_run
from error_map.store import RunFolder
from tests.report_runs import HOSTILE, rewrite_failures
from tests.support import a_row, analysed, write_csv

pytestmark = pytest.mark.slow

FALSE: Final = "12 * 3 = 38. The answer is 38."
TOLD: Final = "  sums e0, m: The working states 12 * 3 = 38, but 12 * 3 is 36."


def rows_of(*outputs: str) -> list[dict[str, object]]:
    return [a_row(f"e{n}", "m", output=one, correct_answer="36") for n, one in enumerate(outputs)]


def shown(output: Path, capsys: pytest.CaptureFixture[str], *flags: str) -> list[str]:
    """The lines that `show` prints."""
    capsys.readouterr()
    assert exit_code(["show", "t", "--output-dir", str(output), *flags]) == 0
    return capsys.readouterr().out.splitlines()


def test_a_run_and_show_begin_with_a_failure_of_each_cause(
    data: Path, output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_csv(data / "sums.csv", rows_of(FALSE, "", "Banana."))
    typed = ["--data-path", str(data), "--output-dir", str(output), "--exp-id", "t"]

    assert exit_code([*typed, "--ratio", "1"]) == 0
    printed = capsys.readouterr().out.splitlines()

    first = next(n for n, line in enumerate(printed) if line.startswith("  "))
    examples, after = printed[first : first + 2], printed[first + 2]
    assert TOLD in (line.rstrip() for line in examples)
    assert [line.split(",")[0].strip() for line in examples] == ["sums e0", "sums e1"]
    assert after.startswith("cause:")
    assert shown(output, capsys)[: first + 3] == printed[: first + 3]


def test_they_are_the_first_examples_of_the_report(data: Path, output: Path) -> None:
    many = [a_row(f"{n}-{m}", m, output=FALSE, correct_answer="36") for n in range(9) for m in "ab"]
    write_csv(data / "sums.csv", many)
    run = read_run(analysed(data, output).folder)

    (example,) = first_examples(run)

    (group,) = report_of(run, ReportOptions()).groups
    first = group.instances[0]
    assert (example.example, example.model) == (first.example, first.model)
    assert first_examples(run) == (example,)


def test_there_are_none_where_no_cause_is_known(
    data: Path, output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_csv(data / "sums.csv", rows_of("Banana.", "Pear tree."))
    analysed(data, output)

    sentence, following = shown(output, capsys)[:2]

    assert sentence.startswith("Of 2 failures, no cause is known; for 2 (100.0 %) nothing is known")
    assert following.startswith("cause:")


def test_a_mock_shows_none(data: Path, output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(output.parent)
    write_csv(data / "sums.csv", rows_of(FALSE))
    run = read_run(analysed(data, output, inference_type="litellm-mock").folder)

    assert first_examples(run) == ()


def test_json_and_quiet_runs_have_none(
    data: Path, output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_csv(data / "sums.csv", rows_of(FALSE))
    typed = ["--data-path", str(data), "--output-dir", str(output), "--exp-id", "t"]

    assert exit_code([*typed, "--quiet"]) == 0
    assert capsys.readouterr().out == ""
    assert exit_code([*typed, "--json"]) == 0
    assert "The working states" not in capsys.readouterr().out
    assert json.loads("\n".join(shown(output, capsys, "--json")))["exp_id"] == "t"


def test_hostile_text_is_one_line_in_which_nothing_acts(
    data: Path, output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_csv(data / "sums.csv", rows_of(FALSE))
    folder = analysed(data, output).folder
    texts = (pl.lit(f"{HOSTILE}\n\n[red]x").alias(one) for one in ("error_summary", "example_id"))
    rewrite_failures(folder, lambda failures: failures.with_columns(*texts))

    lines = shown(output, capsys)

    assert lines[1].startswith("  sums <script>")
    assert lines[2].startswith("    <script>window.ran=1</script>")
    assert lines[3].startswith("cause:")
    assert not re.search(r"[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069]", "".join(lines[:3]))
    assert max(map(len, lines[:3])) <= 100


def test_a_long_sentence_is_cut_at_the_width(
    data: Path,
    output: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_csv(data / "sums.csv", rows_of(FALSE))
    folder: RunFolder = analysed(data, output).folder
    long = "The model m did not come to an end of what it had to say, and here it breaks off, " * 9
    told = pl.lit(long).alias("error_summary")
    rewrite_failures(folder, lambda failures: failures.with_columns(told))

    lines = shown(output, capsys)

    assert lines[1].rstrip() == "  sums e0, m:"
    assert lines[2].startswith("    The model m did not come to an end")
    assert len(lines[2]) == 100
    assert lines[2].endswith("…")
