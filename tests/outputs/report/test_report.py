"""Contents of a report in every format, its options, and the files that it may replace."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from error_map.cli import exit_code
from error_map.errors import InputError
from error_map.outputs.report import RENDERINGS, Format, ReportOptions, rendered, report_of
from error_map.outputs.summary import read_run
from error_map.records import SHARED_TRAPS_MEANING
from error_map.store import RunFolder, write_whole
from tests.report_runs import report_text, rewrite_failures, rewrite_manifest, small_run
from tests.support import ROOT, a_row, analysed, write_csv

pytestmark = pytest.mark.slow

FORMATS: tuple[Format, ...] = ("html", "md", "json")
CANARY = "canaryword"


@pytest.fixture
def run(data: Path, output: Path) -> RunFolder:
    return small_run(data, output)


def as_json(folder: RunFolder, options: ReportOptions | None = None) -> Any:  # noqa: ANN401 - of JSON
    return json.loads(report_text(folder, "json", options))


def test_the_nine_states_add_up_to_the_rows(run: RunFolder) -> None:
    accounting = as_json(run)["accounting"]

    rows = accounting.pop("rows")
    assert len(accounting) == 9
    assert sum(accounting.values()) == rows == 6


def test_a_sentence_says_how_many_failed_of_how_many_with_the_interval(run: RunFolder) -> None:
    told = {one["about"]: one["text"] for one in reversed(as_json(run)["summary"])}

    assert told["failures"] == "2 models failed 4 of 6 attempts on sums: 66.7 % [30.0, 90.3]."
    assert "of the failures (2 of 4 studied)" in told["causes"]
    assert "(2 of 4 studied)" in told["explained"]


def test_all_checks_hold_of_a_whole_run(run: RunFolder) -> None:
    checks = as_json(run)["checks"]

    assert {one["holds"] for one in checks} == {True, None}
    assert any("2 of 2, in the failures that this report contains" in one["told"] for one in checks)


def test_a_run_that_lost_a_failure_is_told_by_its_checks(run: RunFolder) -> None:
    rewrite_failures(run, lambda failures: failures.head(3))

    failed = [one["what"] for one in as_json(run)["checks"] if one["holds"] is False]

    assert failed == ["Every studied failure is in the failures file"]
    assert "DOES NOT HOLD" in report_text(run)


def test_two_models_are_compared_and_three_only_if_asked(data: Path, output: Path) -> None:
    folder = small_run(data, output, models=("a", "b", "c"))

    pair = as_json(folder, ReportOptions(compare=("b", "a")))["comparison"]

    assert as_json(folder)["comparison"] is None
    assert (pair["before"], pair["after"], pair["attempts"]) == ("b", "a", 3)
    assert sum(flow["attempts"] for flow in pair["flows"]) == 3


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_run_gives_the_same_bytes(run: RunFolder, form: Format) -> None:
    assert report_text(run, form) == report_text(run, form)


@pytest.mark.parametrize("form", FORMATS)
def test_a_redacted_report_holds_no_word_of_the_texts(
    data: Path, output: Path, form: Format
) -> None:
    folder = planted_run(data, output)

    redacted = report_text(folder, form, ReportOptions(redact=True))

    assert CANARY in report_text(folder, form)
    assert CANARY not in redacted
    assert "Computation Error" in redacted


@pytest.mark.parametrize("form", FORMATS)
def test_a_judges_titles_and_descriptions_are_left_out_of_a_redacted_report(
    data: Path, output: Path, form: Format
) -> None:
    folder = planted_run(data, output)
    title = pl.lit(CANARY).alias("error_title")
    rewrite_failures(folder, lambda failures: failures.with_columns(title))
    rewrite_manifest(folder, analyst="judge-1", notices=[CANARY], lacks=[])
    tree = folder.taxonomy.read_text(encoding="utf-8")
    folder.taxonomy.write_text(tree.replace("description: ", f"description: {CANARY} "), "utf-8")

    assert CANARY not in report_text(folder, form, ReportOptions(redact=True))


@pytest.mark.parametrize("form", FORMATS)
def test_a_redacted_report_holds_no_word_of_shared_answers_and_habits(
    data: Path, output: Path, form: Format
) -> None:
    write_csv(data / "x.csv", [*shared_traps(), *bare_letters()])
    folder = analysed(data, output).folder
    failures = pl.read_parquet(folder.failures)
    facts = failures["findings"].str.contains("so it is not counted as the cause")

    redacted = report_text(folder, form, ReportOptions(redact=True))

    assert failures["shared_answer"].str.contains(CANARY).any()
    assert facts.any()
    assert CANARY in report_text(folder, form)
    assert CANARY not in redacted
    assert SHARED_TRAPS_MEANING in redacted
    assert "in 40 of 120 wrong answers compared" in redacted


def shared_traps() -> list[dict[str, object]]:
    """Short answers, of which four models share the wrong ones and the best model is right."""
    return [
        a_row(
            f"{CANARY}-{n}",
            model,
            score=int(right),
            output=f"Answer: {CANARY} {'sun' if right else 'moon'}{n}",
            input_text=CANARY,
            correct_answer=f"{CANARY} sun{n}",
            dataset="names",
        )
        for n in range(40)
        for model in "abcde"
        for right in [n % 2 == 0 or model == "a"]
    ]


def bare_letters() -> list[dict[str, object]]:
    """Multiple choice, answered with a bare letter whether right or wrong."""
    prompt = f"{CANARY}: think step by step.\nA. {CANARY}\nB. Tin\nC. Clay\nAnswer:"
    return [
        a_row(
            f"{CANARY}-{n}",
            "a",
            score=n % 2,
            output=f"The answer is ({'AB'[n % 2]}).",
            input_text=prompt,
            correct_answer="B",
            dataset="choices",
        )
        for n in range(80)
    ]


def planted_run(data: Path, output: Path) -> RunFolder:
    """A run with one word in every text, column and example id."""
    plant = f"{CANARY} 12 * 3 = 38. {CANARY}"
    rows = [
        a_row(
            f"{CANARY}-{n}",
            model,
            score=score,
            output=f"{plant} So the answer is {CANARY} {n}.",
            input_text=f"{CANARY}: what is 12 * 3?",
            correct_answer=f"{CANARY} 36",
            note=CANARY,
            **{f"column {CANARY}": CANARY},
        )
        for n, (model, score) in enumerate((("a", 0), ("b", 0), ("b", 1)))
    ]
    write_csv(data / "sums.csv", rows)
    return analysed(data, output).folder


def test_the_path_of_an_input_file_is_not_told(run: RunFolder) -> None:
    for form in FORMATS:
        assert str(run.output_dir.parent) not in report_text(run, form)


def test_where_attempts_are_unknown_no_failure_rate_is_shown(run: RunFolder) -> None:
    rewrite_manifest(run, attempts_known=False, lacks=["It has no passes."])

    told = as_json(run)

    rates = [told["overall"]["failure_rate"], *(one["failure_rate"] for one in told["models"])]
    assert rates == [None] * 3
    assert told["datasets"][0]["failure_rate"] is None
    assert all(cell["per_attempt"] is None for row in told["heatmap"]["cells"] for cell in row)
    assert told["comparison"] is None
    for form in FORMATS:
        assert "The source holds failures only: failure rates are unknown" in report_text(run, form)
        assert "It has no passes." in report_text(run, form)
        assert "[30.0, 90.3]" not in report_text(run, form)


def test_of_a_sampled_run_the_report_says_what_was_drawn(data: Path, output: Path) -> None:
    rows = [a_row(f"e{n}", output=f"The answer is {n}.") for n in range(40)]
    write_csv(data / "sums.csv", rows)

    told = as_json(analysed(data, output, ratio=0.25).folder)

    assert any("were sampled and studied" in one["text"] for one in told["summary"])
    assert told["failures"]["studied"] == told["failures"]["carried"] < 40
    assert told["overall"]["explained"]["of"] == 40


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("rows", [[a_row(score=1)], [a_row(score="none")], [a_row("", "")]])
def test_a_run_without_failures_has_a_report_too(
    data: Path, output: Path, *, rows: list[dict[str, object]], form: Format
) -> None:
    write_csv(data / "sums.csv", [*rows, a_row("e9", score=1)])

    text = report_text(analysed(data, output).folder, form)

    assert "on sums" in text
    assert "DOES NOT HOLD" not in text


def test_every_rendering_is_written_where_the_run_is(
    run: RunFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    for form in RENDERINGS:
        command = ["report", "t", "--output-dir", str(run.output_dir), "--format", form]

        assert exit_code(command) == 0

        path = run.output_dir / f"report__exp_id=t.{form}"
        assert capsys.readouterr().out == f"{path}\n"
        assert path.read_text(encoding="utf-8") == report_text(run, form)
    assert list(run.output_dir.glob("*.part")) == []


def test_a_report_goes_to_standard_output_alone(
    run: RunFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["report", "t", "--output-dir", str(run.output_dir), "--out", "-", "--format", "json"]

    assert exit_code(command) == 0

    assert json.loads(capsys.readouterr().out)["exp_id"] == "t"
    assert list(run.output_dir.glob("report*")) == []


def test_a_report_replaces_an_earlier_one(run: RunFolder, tmp_path: Path) -> None:
    place = tmp_path / "r.html"
    command = ["report", "t", "--output-dir", str(run.output_dir), "--out", str(place)]
    assert exit_code([*command, "--format", "md"]) == 0

    assert exit_code(command) == 0
    assert place.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("", "it is a folder (name a file in it)"),
        ("gone/r.html", "no such folder (create it first)"),
        ("output/manifest__exp_id=t.json", "this is a file of the run"),
    ],
)
def test_a_place_that_cannot_be_written_to_is_named_with_the_way_out(
    *, run: RunFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str], place: str, said: str
) -> None:
    before = run.manifest.read_bytes()
    command = ["report", "t", "--output-dir", str(run.output_dir), "--out", str(tmp_path / place)]

    assert exit_code(command) == 2

    assert said in capsys.readouterr().err
    assert run.manifest.read_bytes() == before


def test_a_file_system_that_refuses_is_told() -> None:
    with pytest.raises(InputError, match="cannot write: "):
        write_whole(Path("/proc/r.html"), "text")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--compare", "a", "x"], "no model 'x' (there are: 'a', 'b')"),
        (["--examples", "101"], "--examples: cannot show 101 examples per category"),
        (["--format", "pdf"], "pdf"),
        (["--out", "--redact"], "--out: '--redact' is not a file name"),
    ],
)
def test_what_cannot_be_done_is_said_with_what_can(
    run: RunFolder, capsys: pytest.CaptureFixture[str], *, more: list[str], said: str
) -> None:
    assert exit_code(["report", "t", "--output-dir", str(run.output_dir), *more]) == 2

    assert said in capsys.readouterr().err


def test_a_run_whose_failures_are_gone_or_damaged_is_told_so(
    run: RunFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["report", "t", "--output-dir", str(run.output_dir)]
    rewrite_failures(run, lambda failures: failures.with_columns(pl.lit("{").alias("criteria")))

    assert exit_code(command) == 1
    assert "the run is damaged" in capsys.readouterr().err

    run.failures.unlink()

    assert exit_code(command) == 1
    assert "failures__exp_id=t.parquet" in capsys.readouterr().err


@pytest.mark.parametrize("form", FORMATS)
def test_half_a_surrogate_pair_is_shown_by_its_code(run: RunFolder, form: Format) -> None:
    report = replace(report_of(read_run(run), ReportOptions()), exp_id="half \ud83d")

    text = rendered(report, form)

    assert "half \\ud83d" in (json.loads(text)["exp_id"] if form == "json" else text)
    assert text.encode()


def test_no_examples_is_a_report_of_figures_alone(run: RunFolder) -> None:
    report = report_of(read_run(run), ReportOptions(examples=0))

    assert (len(report.instances), report.whole) == (0, False)
    assert "The answer is 7." not in report_text(run, "html", ReportOptions(examples=0))


def test_every_key_of_the_json_and_every_option_is_told_on_the_page(run: RunFolder) -> None:
    page = (ROOT / "docs" / "report.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(?:--)?([a-z_-]+)", page))

    told = as_json(run)
    instance = told["failures"]["instances"][0]
    keys = [*told, *instance, *instance["texts"], *instance["texts"]["output"]]
    keys += [*told["models"][0], *told["categories"][0], *told["comparison"], *told["heatmap"]]
    keys += [key for name in ("datasets", "method", "checks", "detectors") for key in told[name][0]]

    assert [key for key in keys if key not in named] == []
    assert {"out", "format", "redact", "compare", "examples", "output-dir"} <= named
