"""The estimate of a run before it starts, and that a dry run sends nothing."""

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

from error_map import ErrorMap, InputError
from error_map.analysts.estimate import (
    Amount,
    Estimate,
    Span,
    Unsent,
    diagnosis_span,
    taxonomy_span,
)
from error_map.analysts.llm.analyst import Settings
from error_map.cli import exit_code
from error_map.errors import CallFailed
from tests.llm_server import LlmServer
from tests.scripted import an_ask
from tests.support import Row, a_row, analysed, write_csv

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Shell:
    """The command line over one folder of failures, with a judge."""

    server: LlmServer
    data: Path
    output: Path
    capsys: pytest.CaptureFixture[str]

    def run(self, *more: str, judge: str = "gpt-4.1-mini") -> str:
        """What a run of everything prints on standard output."""
        folders = ["--data-path", str(self.data), "--output-dir", str(self.output)]
        analyst = ["--judge", judge, "--api-base", self.server.api_base, "--no-hints"]
        assert exit_code([*folders, *analyst, "--exp-id", "t", "--ratio", "1", *more]) == 0
        return self.capsys.readouterr().out

    def files(self) -> dict[str, bytes]:
        """What the run has published."""
        return {file.name: file.read_bytes() for file in self.output.glob("*exp_id*")}


@pytest.fixture
def shell(server: LlmServer, data: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(server, data, data.parent / "output", capsys)


def failed(count: int) -> list[Row]:
    """Failures that the judge names each in its own way."""
    titles = (f"{('Sums', 'Texts')[n % 2]}: {'abc'[n % 3]}: {n}" for n in range(count))
    return [
        a_row(f"e{n}", output=f"[[gold:{title.partition(':')[0]}|{title}]] " + "so it goes. " * 50)
        for n, title in enumerate(titles)
    ]


# ---- the arithmetic


def test_every_request_is_sent_once_or_some_are_sent_twice() -> None:
    span = diagnosis_span(100, 90_000, max_tokens=2_000)

    assert (span.low.calls, span.high.calls) == (100, 105)
    assert (span.low.tokens_in, span.low.tokens_out) == (20_000, 20_000)
    assert span.high.tokens_in > 30_000


def test_no_answer_is_longer_than_it_may_be() -> None:
    span = diagnosis_span(100, 90_000, max_tokens=1_000)

    assert (span.low.tokens_out, span.high.tokens_out) == (20_000, 105 * 800)


def test_replies_that_may_be_cut_may_all_be_requested_again_with_more_tokens() -> None:
    span = diagnosis_span(100, 90_000, max_tokens=150)

    assert (span.low.calls, span.low.tokens_out) == (100, 15_000)
    assert (span.high.calls, span.high.tokens_out) == (205, 105 * 150 + 100 * 600)
    assert span.high.tokens_in > 60_000


def test_a_model_that_thinks_may_use_all_its_tokens() -> None:
    span = diagnosis_span(100, 90_000, max_tokens=8_000, is_reasoning=True)

    assert (span.low.tokens_out, span.high.tokens_out) == (20_000, 105 * 8_000)


def test_no_question_is_no_call() -> None:
    assert diagnosis_span(0, 0, max_tokens=2_000) == Span()
    assert taxonomy_span(0, Settings()) == Span()


@pytest.mark.parametrize("titles", [1, 10, 11, 500, 501, 20_000])
def test_the_range_of_a_taxonomy_is_one(titles: int) -> None:
    span = taxonomy_span(titles, Settings())

    low, high = asdict(span.low), asdict(span.high)
    assert all(0 < low[name] <= high[name] for name in low)


def test_a_deeper_taxonomy_asks_more() -> None:
    shallow, deep = (taxonomy_span(2_000, Settings(max_depth=depth)) for depth in (0, 2))

    assert shallow.high.calls < deep.high.calls


def test_the_total_is_of_all_stages_and_its_price_of_both_kinds_of_tokens() -> None:
    amount = Amount(calls=1, tokens_in=10, tokens_out=5)
    estimate = Estimate(
        analyst="m",
        failures=1,
        answered=0,
        stages={"diagnosis": Span(amount, amount), "taxonomy": Span(Amount(), amount)},
        price=(0.5, 2.0),
    )

    assert estimate.total == Span(amount, amount.plus(amount))
    assert estimate.dollars(estimate.total.low) == 15.0


@pytest.mark.anyio
async def test_a_question_that_comes_twice_is_counted_once() -> None:
    unsent = Unsent("scripted", {})
    for text in ("Why?", "Why?", "€"):
        with pytest.raises(CallFailed, match="nothing is sent"):
            await unsent.ask(an_ask(text))

    assert (unsent.calls, unsent.turned_away, unsent.size_bytes) == (2, 3, 7)


# ---- whole dry runs


def test_a_dry_run_sends_nothing_and_writes_nothing(shell: Shell) -> None:
    write_csv(shell.data / "d.csv", failed(20))

    shown = shell.run("--dry-run")

    assert shown.startswith("Dry run: gpt-4.1-mini would study 20 failures.\n")
    assert re.search(r"^diagnosis +20 - 21 .* 0\.0\d - 0\.0\d$", shown, re.MULTILINE)
    assert shell.server.stats()["calls"] == 0
    assert not shell.output.exists()


def test_what_a_run_uses_is_within_its_estimate(shell: Shell) -> None:
    write_csv(shell.data / "d.csv", failed(60))
    total = json.loads(shell.run("--dry-run", "--json"))["stages"]["in all"]

    shell.run("--quiet")

    cost = json.loads((shell.output / "manifest__exp_id=t.json").read_text())["cost"].values()
    for name in ("calls", "tokens_in"):
        used = sum(stage[name] for stage in cost)
        assert total["low"][name] <= used <= total["high"][name]


def test_what_the_ledger_answers_is_not_in_the_estimate(shell: Shell) -> None:
    write_csv(shell.data / "d.csv", failed(20))
    shell.run("--quiet")
    write_csv(shell.data / "d.csv", failed(25))
    before = shell.files()

    estimate = json.loads(shell.run("--dry-run", "--json"))

    assert (estimate["failures"], estimate["answered"]) == (25, 20)
    assert estimate["stages"]["diagnosis"]["low"]["calls"] == 5
    assert shell.files() == before


def test_where_all_is_recorded_nothing_may_be_left_to_ask(shell: Shell) -> None:
    write_csv(shell.data / "d.csv", failed(12))
    shell.run("--quiet")

    total = json.loads(shell.run("--dry-run", "--json"))["stages"]["in all"]

    assert total["low"] == {"calls": 0, "tokens_in": 0, "tokens_out": 0, "dollars": 0.0}


def test_answers_that_are_requested_again_are_in_the_estimate(shell: Shell) -> None:
    write_csv(shell.data / "d.csv", failed(8))
    shell.server.configure(reply="bad", times=2, stage="diagnosis")
    shell.run("--quiet", "--max-lost", "1", "--max-workers", "1")

    estimate = json.loads(shell.run("--dry-run", "--retry-undiagnosed", "--json"))

    assert (estimate["answered"], estimate["stages"]["diagnosis"]["low"]["calls"]) == (7, 1)


def test_a_recorded_answer_that_was_cut_is_one_that_is_still_needed(shell: Shell) -> None:
    write_csv(shell.data / "d.csv", failed(1))
    shell.server.configure(cut_under=10_000)
    with pytest.raises(AssertionError):  # a ceiling
        shell.run("--quiet", "--max-calls", "1")

    estimate = json.loads(shell.run("--dry-run", "--json"))

    assert (estimate["failures"], estimate["answered"]) == (1, 0)
    assert estimate["stages"]["diagnosis"]["low"]["calls"] == 1


def test_the_estimate_of_a_model_that_thinks_ends_at_its_own_limit(shell: Shell) -> None:
    write_csv(shell.data / "d.csv", failed(20))

    estimate = json.loads(shell.run("--dry-run", "--json", judge="o3-mini"))

    assert estimate["stages"]["diagnosis"]["high"]["tokens_out"] == 21 * 8_000


def test_a_model_without_a_price_says_so(shell: Shell) -> None:
    write_csv(shell.data / "d.csv", failed(2))

    shown = shell.run("--dry-run", judge="planted-1")

    assert "The price of this model is unknown." in shown
    assert re.search(r"^total .* unknown$", shown, re.MULTILINE)


def test_the_offline_analyst_costs_nothing(
    data: Path, output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_csv(data / "d.csv", failed(2))

    arguments = ["--data-path", str(data), "--output-dir", str(output), "--ratio", "1"]
    assert exit_code([*arguments, "--dry-run"]) == 0

    assert "This analyst calls no model" in capsys.readouterr().out
    assert not output.exists()


def test_a_dry_run_of_nothing_to_study_is_one(shell: Shell) -> None:
    write_csv(shell.data / "d.csv", [a_row(score=1)])

    shown = shell.run("--dry-run")

    assert re.search(r"^total +0 +0 +0 +0\.00$", shown, re.MULTILINE)


@pytest.mark.anyio
async def test_python_gets_the_estimate_by_its_own_name(data: Path, output: Path) -> None:
    write_csv(data / "d.csv", failed(3))
    run = ErrorMap("litellm-mock", data_path=data, output_dir=output, ratio=1.0, processes=1)

    estimate = await run.estimate()

    assert (estimate.failures, estimate.stages["diagnosis"].low.calls) == (3, 3)
    assert estimate.dollars(estimate.total.high) == 0.0


def test_a_dry_run_is_not_run(data: Path, output: Path) -> None:
    """Who asks for a dry run must not pay for a real one."""
    write_csv(data / "d.csv", failed(1))

    with pytest.raises(InputError, match=r"a dry run has no result \(await ErrorMap"):
        analysed(data, output, inference_type="litellm-mock", dry_run=True)
