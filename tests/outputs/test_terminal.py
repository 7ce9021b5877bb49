"""Terminal output: the headline first, every term explained, the cost, and the next commands."""

import fcntl
import io
import json
import os
import pty
import re
import shlex
import struct
import subprocess
import sys
import termios
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final, Unpack

import pytest

from error_map import RunResult
from error_map.cli import exit_code
from error_map.options import Options
from error_map.outputs.headline import headline
from error_map.outputs.report import ReportOptions, report_of
from error_map.outputs.summary import Spending, open_run
from error_map.outputs.terminal import print_summary
from tests.cli.test_demo import demo_run
from tests.support import ROOT, a_row, analysed, write_csv

pytestmark = pytest.mark.slow

FALSE: Final = "12 * 3 = 38. The answer is 38."
ENVIRONMENT: Final = {**os.environ, "PYTHONPATH": str(ROOT / "src")}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    return demo_run(tmp_path_factory.mktemp("demo"))


def printed(result: RunResult) -> str:
    stream = io.StringIO()
    print_summary(result.summary, stream)
    return stream.getvalue()


def small(data: Path, output: Path, *outputs: str, **options: Unpack[Options]) -> RunResult:
    """A run of failures with these outputs, and one right answer."""
    rows = [
        a_row(f"e{n}", output=text, correct_answer="36", input_text="12 * 3?")
        for n, text in enumerate(outputs)
    ]
    write_csv(data / "sums.csv", [*rows, a_row("right", score=1, output="36")])
    return analysed(data, output, **options)


# ---- the sentence


def test_the_demo_begins_with_what_is_known_of_its_failures(demo: RunResult) -> None:
    sentence = (
        "Of 580 failures, for 201 (34.7 %) the cause is known, most often Output Format Error; for "
        "96 (16.6 %) only the place is known: the step, not why; for 283 (48.8 %) nothing is "
        "known: an LLM judge can study them."
    )

    assert headline(demo.summary) == sentence
    assert " ".join(printed(demo).split()).startswith(sentence)


def test_the_sentence_is_silent_about_what_there_is_not(data: Path, output: Path) -> None:
    result = small(data, output, FALSE)

    assert (
        headline(result.summary)
        == "Of 1 failure, for 1 (100.0 %) the cause is known: Calculation with a wrong result."
    )


def test_the_headline_names_no_leader_of_a_tie(data: Path, output: Path) -> None:
    assert "most often" not in headline(small(data, output, FALSE, "").summary)


def test_the_terminal_gives_rates_per_answer_where_attempts_are_known(
    data: Path, output: Path
) -> None:
    result = small(data, output, FALSE, "Banana.")
    (model,) = result.summary.models
    unknown = replace(result.summary, models=(replace(model, attempts_known=False),))

    shares = printed(replace(result, summary=unknown))

    assert "top categories: failures per 100 answers" in printed(result)
    assert "Computation Error 33.3 % [6.1, 79.2]" in printed(result)
    assert "top categories: share of the failures" in shares
    assert "Computation Error 50.0 % [9.5, 90.5]" in shares


def test_failures_without_a_cause_are_all_left_to_a_judge(data: Path, output: Path) -> None:
    result = small(data, output, "Banana.", "Pear tree.")

    assert headline(result.summary) == (
        "Of 2 failures, no cause is known; for 2 (100.0 %) nothing is known: an LLM judge can "
        "study them."
    )


def test_a_sample_says_what_it_is_drawn_from(data: Path, output: Path) -> None:
    result = small(data, output, *[FALSE] * 60, ratio=0.5)
    studied = result.error_records

    assert 0 < studied < 60
    assert headline(result.summary).startswith(
        f"Of {studied} failures studied (60 in all), for {studied} (100.0 %) the cause is known"
    )


def test_a_run_without_failures_says_so(data: Path, output: Path) -> None:
    result = small(data, output)

    assert headline(result.summary) == "No failures among 1 attempt."
    assert printed(result).startswith("No failures among 1 attempt.")


def test_a_judge_is_named_as_the_one_who_diagnosed(data: Path, output: Path) -> None:
    summary = replace(small(data, output, FALSE, FALSE).summary, analyst="judge-1")

    told = headline(summary)

    found = "always as Calculation with a wrong result."
    assert told == f"Every one of 2 failures was diagnosed by judge-1, {found}"


def test_a_judge_without_an_answer_did_not_diagnose_every_failure(data: Path, output: Path) -> None:
    summary = replace(small(data, output, FALSE, FALSE).summary, analyst="judge-1")
    counts = {**summary.accounting.counts, "assigned": 1, "undiagnosed": 1}

    told = headline(replace(summary, accounting=replace(summary.accounting, counts=counts)))

    assert told.startswith("1 of 2 failures was diagnosed by judge-1")
    assert told.endswith("1 has no diagnosis.")


# ---- the terms


def test_the_confidence_of_intervals_is_said_once(demo: RunResult) -> None:
    assert printed(demo).count("95 %") == 1


def test_cause_and_place_are_explained_before_the_figures(demo: RunResult) -> None:
    before, _, after = printed(demo).partition("rows in total")

    assert "cause: an error that explains why the answer is wrong" in before
    assert "place: the step where the answer first departs from correct work" in before
    assert "agreement: " in after
    assert "  cause known: 34.7 % [30.9, 38.6], 201 of 580" in after


def test_what_is_not_printed_is_not_explained(data: Path, output: Path) -> None:
    shown = printed(small(data, output, FALSE))

    assert "cause: " in shown
    assert "place: " not in shown


def in_a_terminal(*typed: str, columns: int, **environment: str) -> str:
    """What a command shows in a real terminal so wide; line ends are a file's."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    known = {name: value for name, value in ENVIRONMENT.items() if name not in {"COLUMNS", "LINES"}}
    with subprocess.Popen(
        [sys.executable, "-m", "error_map", *typed],
        env={**known, "TERM": "xterm", **environment},
        stdout=slave,
        stderr=subprocess.DEVNULL,
    ):
        os.close(slave)
        shown = b"".join(iter(partial(_read, master), b""))
    os.close(master)
    return shown.decode().replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:  # how Linux says that nobody writes to it any more
        return b""


@pytest.mark.parametrize("columns", [80, 120])
def test_no_line_is_wider_than_the_terminal(tmp_path: Path, columns: int) -> None:
    shown = in_a_terminal("demo", "--output-dir", str(tmp_path), columns=columns, NO_COLOR="1")

    summary = shown.partition("\nfiles: ")[0].split("\n")
    plain = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in summary]
    assert plain[0].startswith("Of 580 failures, for 201 (34.7 %) the cause is known")
    assert max(map(len, plain)) <= columns
    assert "\x1b[1m" in shown
    assert not re.search(r"\x1b\[(?:\d+;)*[34]\d", shown)


def test_a_file_gets_no_colours(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "error_map", "demo", "--output-dir", str(tmp_path)],
        env=ENVIRONMENT,
        check=True,
        capture_output=True,
    )

    assert b"\x1b" not in done.stdout


# ---- what a judge cost


NOTHING: Final = Spending(calls=0, tokens_in=0, tokens_out=0, cost=0.0, from_ledger=0)


def spent(result: RunResult, spending: Mapping[str, Any]) -> str:
    """What is printed where a judge was asked so much."""
    made = replace(NOTHING, **spending)
    summary = replace(result.summary, analyst="judge-1", spending=made)
    return " ".join(printed(replace(result, summary=summary)).split())


@pytest.mark.parametrize(
    ("spending", "told"),
    [
        (
            {"calls": 1200, "tokens_in": 34_000, "tokens_out": 5, "cost": 1.234},
            "1,200 calls to judge-1: 34,000 tokens in, 5 out, US$ 1.23",
        ),
        (
            {"calls": 1, "tokens_in": 1, "tokens_out": 1, "cost": None},
            "1 token in, 1 out, price unknown",
        ),
        ({"calls": 1, "cost": 0.004}, "US$ 0.0040"),
        ({"from_ledger": 1}, "no call to judge-1: 1 reply from the ledger"),
        ({"calls": 2, "from_ledger": 30}, "; 30 replies from the ledger"),
    ],
)
def test_what_a_judge_cost_is_one_line(
    *, data: Path, output: Path, spending: dict[str, Any], told: str
) -> None:
    assert told in spent(small(data, output, FALSE), spending)


def test_the_offline_analyst_costs_nothing_and_says_nothing_of_cost(
    data: Path, output: Path
) -> None:
    result = small(data, output, FALSE)

    assert result.summary.spending is None
    assert "tokens" not in printed(result)


# ---- a mock


@pytest.fixture
def mocked(data: Path, output: Path, monkeypatch: pytest.MonkeyPatch) -> RunResult:
    monkeypatch.chdir(output.parent)
    return small(data, output, FALSE, "Banana.", inference_type="litellm-mock")


def test_a_mock_says_so_first_and_explains_nothing(mocked: RunResult) -> None:
    shown = printed(mocked)

    assert shown.startswith(
        "A mock judge answered: nothing below says anything about the models.\n"
    )
    assert "cause known" not in shown
    assert "calls to" not in shown


@pytest.mark.usefixtures("mocked")
def test_show_and_report_of_a_mock_say_so_first(
    output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(["show", "t", "--output-dir", str(output)]) == 0
    assert capsys.readouterr().out.startswith("A mock judge answered")

    report = report_of(open_run(output, "t"), ReportOptions())
    assert str(report.sentences[0]).startswith("A mock judge answered")
    for form in ("html", "md", "json"):
        arguments = ["report", "t", "--output-dir", str(output), "--format", form, "--out", "-"]
        assert exit_code(arguments) == 0
        shown = capsys.readouterr().out
        assert "mock judge answered" in shown
        assert "cause known" not in shown
        assert "cause is known" not in shown
    assert json.loads(shown)["mock"] is True


@pytest.mark.usefixtures("mocked")
def test_the_json_marks_a_mock(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["show", "t", "--output-dir", str(output), "--json"]) == 0

    assert json.loads(capsys.readouterr().out)["mock"] is True


def test_a_notebook_and_a_picture_of_a_mock_explain_nothing(mocked: RunResult) -> None:
    assert "cause known" not in mocked.summary._repr_html_()
    assert "A mock judge answered" in mocked.summary._repr_html_()


# ---- what to type next


def next_steps(shown: str) -> list[str]:
    return [line.strip() for line in shown.partition("\nnext:\n")[2].splitlines() if line.strip()]


@pytest.mark.parametrize("folder", ["output", "else where"])
def test_what_is_said_to_be_typed_next_works(
    *, data: Path, folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    write_csv(data / "sums.csv", [a_row(output=FALSE)])

    typed = ["--data-path", str(data), "--exp-id", "mine", "--output-dir", folder]
    assert exit_code(typed) == 0

    steps = next_steps(capsys.readouterr().out)
    commands = [shlex.split(step.partition("#")[0]) for step in steps]
    report = commands[1]
    assert [command[1:3] for command in commands[:2]] == [["view", "mine"], ["report", "mine"]]
    assert ("--output-dir" in report) is (folder != "output")
    assert exit_code(report[1:]) == 0
    assert "--redact without any text" in steps[1]
    assert exit_code(commands[2][1:]) == 0
    assert (tmp_path / "heatmap.svg").is_file()
    assert steps[3:] == ["# the same command with --judge MODEL: a model reads the failures"]


def test_a_sample_is_told_how_all_are_studied_and_that_shares_are_weighted(
    data: Path, output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_csv(data / "sums.csv", [a_row(f"e{n}", output=FALSE) for n in range(20)])
    typed = ["--data-path", str(data), "--output-dir", str(output)]

    assert exit_code(typed) == 0
    sampled = capsys.readouterr().out
    assert exit_code([*typed, "--ratio", "1"]) == 0
    whole = capsys.readouterr().out

    steps = next_steps(sampled)
    assert "# the same command with --ratio 1: studies all 20 failures" in steps
    assert len(steps) <= 4
    assert "failures were sampled: shares are weighted by dataset and model" in sampled
    assert not any("--ratio" in step for step in next_steps(whole))
    assert "weighted" not in whole


def test_agreement_says_where_it_was_measured_on_a_sample(data: Path, output: Path) -> None:
    passed = [a_row(f"r{n}", score=1, output="The answer is 4.") for n in range(1_000)]
    write_csv(data / "sums.csv", [a_row("e1", output=FALSE), *passed])
    few = small_folder(data.parent / "few")

    large, little = analysed(data, output), analysed(few, output, exp_id="few")

    assert "reproduce, in a sample of 1,000 rows" in " ".join(printed(large).split())
    assert "in a sample of" not in printed(little)


def small_folder(folder: Path) -> Path:
    """As many rows as are all looked at."""
    folder.mkdir()
    passed = [a_row(f"r{n}", score=1, output="The answer is 4.") for n in range(999)]
    write_csv(folder / "sums.csv", [a_row("e1", output=FALSE), *passed])
    return folder


def test_a_missing_extra_comes_with_the_way_to_get_it(tmp_path: Path) -> None:
    """As on a machine that has neither Streamlit nor LiteLLM: their names cannot be found."""
    hide = (
        "import sys\n"
        "sys.modules.update(dict.fromkeys(['streamlit', 'litellm']))\n"
        "from error_map.cli import main\n"
        "main(['demo'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", hide],
        cwd=tmp_path,
        env=ENVIRONMENT,
        check=True,
        capture_output=True,
        text=True,
    )

    steps = next_steps(done.stdout)
    assert steps[0].startswith('pip install "error-map[app]" && ')
    assert " view demo" in steps[0]
    assert 'pip install "error-map[llm]" && ' in steps[-1]
