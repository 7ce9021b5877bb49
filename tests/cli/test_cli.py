"""The command line: output, streams and exit codes."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import pytest

from error_map.cli import exit_code
from tests.support import ROOT, Row, a_row, analysed, write_csv

pytestmark = pytest.mark.slow

ENVIRONMENT: Final = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "80"}
REFERENCE_FLAGS: Final = (
    *("--models", "--ratio", "--seed", "--inference-type", "--max-workers", "--datasets"),
    *("--data-path", "--output-dir", "--provider", "--judge", "--exp-id"),
    "--no-use-correct-predictions",
)


@pytest.fixture
def results(data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two small datasets, the working directory being empty."""
    for dataset in ("sums", "texts"):
        rows = [a_row("e1", "a", output=""), a_row("e2", "a", score=1), a_row("e1", "b", score=1)]
        write_csv(data / f"{dataset}.csv", rows)
    monkeypatch.chdir(data.parent)
    return data


def test_every_flag_of_the_reference_is_there() -> None:
    # A process of its own, as the width of the first help that a process prints stays for all.
    shown = subprocess.run(
        [sys.executable, "-m", "error_map", "--help"],
        env={**ENVIRONMENT, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert [flag for flag in REFERENCE_FLAGS if flag not in shown] == []


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["--version"]) == 0

    assert re.fullmatch(r"error-map \d+\.\d+\.\d+\n", capsys.readouterr().out)


def test_values_are_space_separated_and_the_summary_goes_to_standard_output(
    results: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--models", "a", "b", "--datasets", "sums", "texts", "--ratio", "1.0"]

    assert exit_code([*arguments, "--exp-id", "e1"]) == 0

    shown = capsys.readouterr()
    assert "6  rows in total" in shown.out
    assert "the offline analyst runs" in shown.err
    assert results.exists()


@pytest.mark.usefixtures("results")
def test_json_is_the_only_thing_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["--json", "--ratio", "1", "--exp-id", "e1"]) == 0

    summary = json.loads(capsys.readouterr().out)
    assert summary["accounting"]["rows"] == 6
    share = summary["overall"]["categories"][0]["share"]
    assert set(share) == {"value", "low", "high", "hits", "trials", "of"}


@pytest.mark.usefixtures("results")
def test_quiet_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["--quiet", "--exp-id", "e1"]) == 0

    assert capsys.readouterr() == ("", "")


@pytest.mark.usefixtures("results")
def test_show_prints_what_the_run_printed(capsys: pytest.CaptureFixture[str]) -> None:
    exit_code(["--exp-id", "e1", "--ratio", "1"])
    summary = capsys.readouterr().out.partition("\nfiles: ")[0]

    assert exit_code(["show", "e1"]) == 0

    assert capsys.readouterr().out.strip() == summary.strip()


@pytest.mark.usefixtures("results")
def test_runs_lists_the_runs_of_a_folder(capsys: pytest.CaptureFixture[str]) -> None:
    exit_code(["--exp-id", "e1", "--quiet"])
    exit_code(["--exp-id", "e2", "--quiet", "--datasets", "texts"])

    assert exit_code(["runs"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["run", "e1", "e2"]


def test_a_folder_without_runs_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["runs", "--output-dir", str(tmp_path)]) == 0

    assert capsys.readouterr().out == "no runs here\n"


@pytest.mark.usefixtures("results")
def test_a_run_that_is_not_there_is_named_with_the_closest(
    capsys: pytest.CaptureFixture[str],
) -> None:
    exit_code(["--exp-id", "first", "--quiet"])

    assert exit_code(["show", "frist"]) == 2

    assert "did you mean 'first'" in capsys.readouterr().err


@pytest.mark.usefixtures("results")
def test_a_run_that_lost_a_file_is_damaged(capsys: pytest.CaptureFixture[str]) -> None:
    exit_code(["--exp-id", "e1", "--quiet"])
    Path("output/records__exp_id=e1.parquet").unlink()

    assert exit_code(["show", "e1"]) == 1

    assert "a file of the run is gone" in capsys.readouterr().err


@pytest.mark.usefixtures("results")
def test_a_provider_without_its_key_is_refused_with_the_missing_variable(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("litellm", reason="the extra llm is not installed")
    monkeypatch.delenv("AZURE_API_KEY", raising=False)

    assert exit_code(["--provider", "azure"]) == 2

    assert "AZURE_API_KEY" in capsys.readouterr().err


@pytest.mark.usefixtures("results")
def test_a_mock_run_is_complete_and_says_that_it_is_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert exit_code(["--inference-type", "litellm-mock", "--ratio", "1", "--exp-id", "e1"]) == 0

    assert "analysed by mock" in capsys.readouterr().out
    assert json.loads(Path("output/manifest__exp_id=e1.json").read_text(encoding="utf-8"))["mock"]


def test_litellm_without_a_model_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["--inference-type", "litellm"]) == 2

    assert "give judge (--judge), provider or litellm_config" in capsys.readouterr().err


def test_an_unknown_flag_is_a_fault_of_the_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["--ratoi", "1"]) == 2

    assert "--ratoi" in capsys.readouterr().err


@pytest.mark.usefixtures("results")
def test_options_come_from_the_file_and_flags_win(capsys: pytest.CaptureFixture[str]) -> None:
    Path("error-map.toml").write_text(
        'exp_id = "filed"\nratio = 1.0\ndatasets = ["sums"]\n', "utf-8"
    )

    assert exit_code(["--datasets", "texts", "--json"]) == 0

    shown = capsys.readouterr()
    assert [line["dataset"] for line in json.loads(shown.out)["thresholds"]] == ["texts"]
    assert "options are read from error-map.toml" in shown.err
    assert Path("output/manifest__exp_id=filed.json").exists()


@pytest.mark.usefixtures("results")
def test_no_failures_is_a_result(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_csv(data / "right.csv", [a_row("e1", "a", score=1)])

    assert exit_code(["--datasets", "right", "--exp-id", "e1"]) == 0

    shown = capsys.readouterr().out
    assert shown.startswith("No failures among 1 attempt.\n")
    assert "--judge" not in shown
    assert Path("output/exp_name=construct_taxonomy_recursively__exp_id=e1.json").exists()


def test_hostile_names_are_shown_and_not_obeyed(
    data: Path, output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = a_row("e1", "\x1b[31m[bold]evil\u202e", output="")
    write_csv(data / "d.csv", [row])

    assert exit_code(["--data-path", str(data), "--output-dir", str(output)]) == 0

    shown = capsys.readouterr().out
    assert "\\x1b[31m[bold]evil\\u202e" in shown
    assert "\x1b" not in shown


def started(data: Path, output: Path, rows: Iterable[Row]) -> subprocess.Popen[str]:
    """A run of its own process group that has read its input and goes on to diagnose."""
    write_csv(data / "d.csv", [*rows, a_row("", "a")])
    command = [sys.executable, "-m", "error_map", "--data-path", str(data)]
    process = subprocess.Popen(
        [*command, "--output-dir", str(output), "--ratio", "1", "--exp-id", "t"],
        env=ENVIRONMENT,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "row is invalid" in line:
            return process
    raise AssertionError("the run ended before it diagnosed")


@pytest.mark.slow
def test_an_interrupted_run_ends_with_130_and_leaves_nothing(data: Path, output: Path) -> None:
    rows = (a_row(f"e{n}", "a", output=f"{n} + 1 = {n}. " * 40) for n in range(40_000))
    process = started(data, output, rows)

    os.killpg(process.pid, signal.SIGINT)
    _, message = process.communicate(timeout=60)

    assert process.returncode == 130
    assert "40,001 rows: 1 invalid, 40,000 undiagnosed" in message
    assert "Traceback" not in message
    assert list(output.iterdir()) == []


@pytest.mark.slow
def test_a_killed_run_leaves_the_earlier_one_as_it_was(data: Path, output: Path) -> None:
    write_csv(data / "d.csv", [a_row("e1", "a", output="")])
    analysed(data, output)
    before = {file.name: file.read_bytes() for file in output.iterdir()}
    process = started(data, output, (a_row(f"e{n}", "a", output="x " * 900) for n in range(20_000)))

    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()

    left = {file.name: file.read_bytes() for file in output.glob("[!.]*")}
    assert left == before


@pytest.mark.slow
def test_a_run_after_a_killed_one_cleans_up(data: Path, output: Path) -> None:
    process = started(data, output, (a_row(f"e{n}", "a", output="x " * 900) for n in range(20_000)))
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    write_csv(data / "d.csv", [a_row("e1", "a", output="")])

    folder = analysed(data, output).folder

    assert sorted(output.iterdir()) == sorted(folder.all_files)


@pytest.mark.slow
def test_a_second_run_under_the_same_name_is_refused_while_the_first_is_at_work(
    data: Path, output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    process = started(data, output, (a_row(f"e{n}", "a", output="x " * 900) for n in range(20_000)))

    same = ["--data-path", str(data), "--output-dir", str(output), "--exp-id", "t"]
    assert exit_code(same) == 2

    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert "another run is writing under this name" in capsys.readouterr().err


@pytest.mark.usefixtures("results")
def test_a_reader_that_closes_the_pipe_is_no_fault() -> None:
    exit_code(["--exp-id", "e1", "--quiet"])
    read_end, write_end = os.pipe()
    os.close(read_end)

    shown = subprocess.run(
        [sys.executable, "-m", "error_map", "show", "e1"],
        env=ENVIRONMENT,
        stdout=write_end,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )

    os.close(write_end)
    assert (shown.returncode, shown.stderr) == (0, "")


@pytest.mark.usefixtures("results")
def test_a_damaged_run_does_not_hide_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    exit_code(["--exp-id", "good", "--quiet"])
    exit_code(["--exp-id", "bad", "--quiet"])
    Path("output/manifest__exp_id=bad.json").write_text("{", encoding="utf-8")

    assert exit_code(["runs"]) == 0

    shown = capsys.readouterr()
    assert "good" in shown.out
    assert "the manifest is damaged" in shown.err


@pytest.mark.usefixtures("results")
def test_a_terminal_that_cannot_show_a_name_shows_its_code(data: Path) -> None:
    write_csv(data / "d.csv", [a_row("e1", "mödel-🎉")])
    command = [sys.executable, "-m", "error_map", "--datasets", "d", "--ratio", "1"]

    shown = subprocess.run(
        command,
        env={**ENVIRONMENT, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert "m\\xf6del-\\U0001f389" in shown.stdout


@pytest.mark.usefixtures("results")
def test_a_damaged_table_is_reported_in_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    exit_code(["--exp-id", "e1", "--quiet"])
    records = Path("output/records__exp_id=e1.parquet")
    records.write_bytes(records.read_bytes()[:100])

    assert exit_code(["show", "e1"]) == 1

    assert "the run is damaged" in capsys.readouterr().err


def test_a_folder_is_no_options_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["--config", str(tmp_path)]) == 2

    assert "cannot read" in capsys.readouterr().err


@pytest.mark.slow
def test_a_script_without_a_main_guard_runs_once(data: Path, tmp_path: Path) -> None:
    """The reference's README calls `asyncio.run(main())` at the top level of a script."""
    write_csv(data / "d.csv", [a_row("e1", "a", output="")])
    script = tmp_path / "script.py"
    script.write_text(
        "import asyncio\nfrom error_map import run\n"
        "async def main():\n"
        f"    result = await run(data_path={str(data)!r}, output_dir={str(tmp_path / 'o')!r})\n"
        "    print(result['error_records'])\n"
        "asyncio.run(main())\n"
    )

    shown = subprocess.run(
        [sys.executable, script], env=ENVIRONMENT, capture_output=True, text=True, check=True
    )

    assert shown.stdout == "1\n"
