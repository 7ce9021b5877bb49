"""Recorded replies that cannot be used are repeated with --retry-undiagnosed, and only these."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from error_map.analysts.llm.analyst import LLMAnalyst, Settings
from error_map.errors import ModelDown
from error_map.inference.cached import Recorded
from error_map.options import Options
from error_map.records import Diagnosed, Failure, Outcome, Undiagnosed
from error_map.store.ledger import Ledger
from error_map.templates import Prompts
from tests.llm_server import LlmServer, running_server
from tests.scripted import ScriptedEngine, a_reply, an_ask
from tests.support import a_failure, a_row, analysed, write_csv

GOOD: Final = a_reply(
    json.dumps(
        {
            "required_criteria": [],
            "final_answer": {"error_title": "Wrong sum", "error_summary": "It is 4."},
        }
    )
)
BAD: Final = a_reply("I cannot say.")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "ledger.sqlite") as opened:
        yield opened


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[LlmServer]:
    pytest.importorskip("litellm")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with running_server() as started:
        yield started


async def outcome_of(
    engine: ScriptedEngine, ledger: Ledger, *, retry: bool, failure: Failure | None = None
) -> Outcome:
    """What a new process says of one failure."""
    analyst = LLMAnalyst(
        Recorded(engine, ledger), Prompts(), workers=1, settings=Settings(), retry=retry
    )
    (outcome,) = await analyst.diagnose([failure or a_failure()])
    return outcome


@pytest.mark.anyio
async def test_a_recorded_invalid_reply_is_requested_again(ledger: Ledger) -> None:
    await outcome_of(ScriptedEngine([BAD, BAD]), ledger, retry=False)

    engine = ScriptedEngine([GOOD])
    outcome = await outcome_of(engine, ledger, retry=True)

    assert isinstance(outcome, Diagnosed)
    assert len(engine.asked) == 1


@pytest.mark.anyio
async def test_without_the_wish_it_is_served(ledger: Ledger) -> None:
    await outcome_of(ScriptedEngine([BAD, BAD]), ledger, retry=False)

    engine = ScriptedEngine([])
    outcome = await outcome_of(engine, ledger, retry=False)

    assert isinstance(outcome, Undiagnosed)
    assert outcome.reason.startswith("AnswerInvalid")
    assert engine.asked == []


@pytest.mark.anyio
async def test_the_new_answer_is_what_later_runs_go_on_from(ledger: Ledger) -> None:
    await outcome_of(ScriptedEngine([BAD, BAD]), ledger, retry=False)
    renewed = await outcome_of(ScriptedEngine([GOOD]), ledger, retry=True)

    later = await outcome_of(ScriptedEngine([]), ledger, retry=False)

    assert later == renewed


@pytest.mark.anyio
async def test_a_valid_answer_is_not_requested_again(ledger: Ledger) -> None:
    first = await outcome_of(ScriptedEngine([GOOD]), ledger, retry=False)

    assert await outcome_of(ScriptedEngine([]), ledger, retry=True) == first


@pytest.mark.anyio
async def test_an_answer_that_a_repair_made_valid_is_not_requested_again(ledger: Ledger) -> None:
    first = await outcome_of(ScriptedEngine([BAD, GOOD]), ledger, retry=False)

    assert await outcome_of(ScriptedEngine([]), ledger, retry=True) == first


@pytest.mark.anyio
async def test_an_answer_that_stays_invalid_is_repaired_once_and_lost_again(ledger: Ledger) -> None:
    await outcome_of(ScriptedEngine([BAD, BAD]), ledger, retry=False)

    engine = ScriptedEngine([BAD, BAD])
    outcome = await outcome_of(engine, ledger, retry=True)

    assert isinstance(outcome, Undiagnosed)
    assert len(engine.asked) == 2


@pytest.mark.anyio
async def test_a_reply_of_this_run_is_not_requested_again(ledger: Ledger) -> None:
    """The reply is from this run: requesting it again would only double the price."""
    engine = ScriptedEngine([BAD, BAD])

    outcome = await outcome_of(engine, ledger, retry=True)

    assert isinstance(outcome, Undiagnosed)
    assert len(engine.asked) == 2


@pytest.mark.anyio
async def test_a_call_that_fails_leaves_what_is_recorded(ledger: Ledger) -> None:
    await outcome_of(ScriptedEngine([BAD, BAD]), ledger, retry=False)
    await outcome_of(ScriptedEngine([ModelDown("HTTP 500")]), ledger, retry=True)

    outcome = await outcome_of(ScriptedEngine([]), ledger, retry=False)

    assert isinstance(outcome, Undiagnosed)
    assert outcome.reason.startswith("AnswerInvalid")


@pytest.mark.anyio
async def test_two_that_want_the_same_question_fresh_share_the_reply(ledger: Ledger) -> None:
    await Recorded(ScriptedEngine([BAD]), ledger).ask(an_ask())
    engine = ScriptedEngine([GOOD])
    recorded = Recorded(engine, ledger)

    replies = [await recorded.ask(replace(an_ask(), fresh=True)) for _ in range(2)]

    assert [reply.text for reply in replies] == [GOOD.text] * 2
    assert (recorded.asked, recorded.served, len(ledger)) == (1, 1, 1)


def test_a_run_asks_again_for_exactly_the_undiagnosed(
    server: LlmServer, data: Path, output: Path
) -> None:
    planted = "[[gold:Sums|Sums: carry: {0}]]"
    write_csv(data / "d.csv", [a_row(f"e{n}", output=planted.format(n)) for n in range(8)])
    options: Options = {
        "judge": "judge-1",
        "api_base": server.api_base,
        "hints": False,
        "max_lost": 1.0,
    }
    server.configure(reply="bad", every=1, times=4, stage="diagnosis")
    one_by_one: Options = {**options, "max_workers": 1}
    lost = dict(analysed(data, output, **one_by_one).summary.accounting)
    server.reset()

    again: Options = {**options, "retry_undiagnosed": True}
    result = analysed(data, output, **again)

    assert lost["undiagnosed"] == 2
    assert dict(result.summary.accounting)["undiagnosed"] == 0
    assert server.stats()["by_stage"]["diagnosis"] == 2
