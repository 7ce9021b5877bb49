"""Recorded invalid answers: requested again on demand, and only these."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from error_map.analysts.llm.analyst import LLMAnalyst, Settings
from error_map.errors import ModelDown
from error_map.inference.cached import CachedEngine
from error_map.options import Options
from error_map.records import Diagnosed, Failure, Outcome, Undiagnosed
from error_map.store.ledger import Ledger
from error_map.templates import Prompts
from tests.llm_server import LlmServer
from tests.scripted import ScriptedEngine, a_reply, an_ask
from tests.support import a_failure, a_row, analysed, write_csv

pytestmark = pytest.mark.slow

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


async def outcome_of(
    engine: ScriptedEngine, ledger: Ledger, *, retry: bool, failure: Failure | None = None
) -> Outcome:
    """What a new process says of one failure."""
    analyst = LLMAnalyst(
        CachedEngine(engine, ledger), Prompts(), workers=1, settings=Settings(), retry=retry
    )
    (outcome,) = await analyst.diagnose([failure or a_failure()])
    return outcome


@pytest.mark.anyio
async def test_a_recorded_invalid_answer_is_requested_again(ledger: Ledger) -> None:
    await outcome_of(ScriptedEngine([BAD, BAD]), ledger, retry=False)

    engine = ScriptedEngine([GOOD])
    outcome = await outcome_of(engine, ledger, retry=True)

    assert isinstance(outcome, Diagnosed)
    assert len(engine.requests) == 1


@pytest.mark.anyio
async def test_without_retry_it_is_served(ledger: Ledger) -> None:
    await outcome_of(ScriptedEngine([BAD, BAD]), ledger, retry=False)

    engine = ScriptedEngine([])
    outcome = await outcome_of(engine, ledger, retry=False)

    assert isinstance(outcome, Undiagnosed)
    assert outcome.reason.startswith("AnswerInvalid")
    assert engine.requests == []


@pytest.mark.anyio
async def test_later_runs_use_the_new_answer(ledger: Ledger) -> None:
    await outcome_of(ScriptedEngine([BAD, BAD]), ledger, retry=False)
    renewed = await outcome_of(ScriptedEngine([GOOD]), ledger, retry=True)

    later = await outcome_of(ScriptedEngine([]), ledger, retry=False)

    assert later == renewed


@pytest.mark.anyio
async def test_a_valid_answer_is_not_requested_again(ledger: Ledger) -> None:
    first = await outcome_of(ScriptedEngine([GOOD]), ledger, retry=False)

    assert await outcome_of(ScriptedEngine([]), ledger, retry=True) == first


@pytest.mark.anyio
async def test_an_answer_with_a_valid_repair_is_not_requested_again(ledger: Ledger) -> None:
    first = await outcome_of(ScriptedEngine([BAD, GOOD]), ledger, retry=False)

    assert await outcome_of(ScriptedEngine([]), ledger, retry=True) == first


@pytest.mark.anyio
async def test_a_second_invalid_answer_is_repaired_once(ledger: Ledger) -> None:
    await outcome_of(ScriptedEngine([BAD, BAD]), ledger, retry=False)

    engine = ScriptedEngine([BAD, BAD])
    outcome = await outcome_of(engine, ledger, retry=True)

    assert isinstance(outcome, Undiagnosed)
    assert len(engine.requests) == 2


@pytest.mark.anyio
async def test_answers_received_in_this_run_are_not_requested_again(ledger: Ledger) -> None:
    """The provider has just sent it: requesting it again would only double the cost."""
    engine = ScriptedEngine([BAD, BAD])

    outcome = await outcome_of(engine, ledger, retry=True)

    assert isinstance(outcome, Undiagnosed)
    assert len(engine.requests) == 2


@pytest.mark.anyio
async def test_a_failed_call_keeps_the_recorded_answer(ledger: Ledger) -> None:
    await outcome_of(ScriptedEngine([BAD, BAD]), ledger, retry=False)
    await outcome_of(ScriptedEngine([ModelDown("HTTP 500")]), ledger, retry=True)

    outcome = await outcome_of(ScriptedEngine([]), ledger, retry=False)

    assert isinstance(outcome, Undiagnosed)
    assert outcome.reason.startswith("AnswerInvalid")


@pytest.mark.anyio
async def test_two_equal_fresh_requests_share_the_reply(ledger: Ledger) -> None:
    await CachedEngine(ScriptedEngine([BAD]), ledger).ask(an_ask())
    engine = ScriptedEngine([GOOD])
    recorded = CachedEngine(engine, ledger)

    replies = [await recorded.ask(replace(an_ask(), fresh=True)) for _ in range(2)]

    assert [reply.text for reply in replies] == [GOOD.text] * 2
    assert (recorded.misses, recorded.hits, len(ledger)) == (1, 1, 1)


def test_a_run_requests_only_the_undiagnosed_again(
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
