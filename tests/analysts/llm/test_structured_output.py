"""Structured output: the requests after an invalid reply, and how many there are."""

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest

from error_map.analysts.llm.answer_schemas import PlacementAnswer
from error_map.analysts.llm.structured_output import (
    MAX_INVALID_FIRST_REPLIES,
    MAX_UNUSABLE,
    StructuredOutput,
)
from error_map.errors import (
    AnswerCut,
    AnswerInvalid,
    AnswerWithheld,
    CallFailed,
    LimitRefused,
    ModelDown,
    ModelUnusable,
)
from error_map.inference.base import Message, Mode, Reply, question_key
from tests.scripted import ScriptedEngine, a_reply

pytestmark = pytest.mark.anyio

GOOD = a_reply('{"assignments": []}')
CUT = replace(a_reply('{"assignments": [{"item_id"'), finish="length")
PROSE = a_reply("The items fit nowhere.")
INVALID = a_reply('{"assignments": 5}')
THOUGHT = replace(a_reply(""), thought=True)


def engine_saying(*script: Reply | Exception, limit: int | None = 100) -> ScriptedEngine:
    return ScriptedEngine(script, parameters={} if limit is None else {"max_tokens": limit})


async def answered(engine: ScriptedEngine, *, retry: bool = False) -> str:
    """The text of a valid answer."""
    output = StructuredOutput(engine, retry=retry)
    messages = (Message("system", "Place."), Message("user", "Items."))
    _, text = await output.answer("placement", messages, PlacementAnswer)
    return text


async def fault_of(engine: ScriptedEngine) -> CallFailed:
    with pytest.raises(CallFailed) as caught:
        await answered(engine)
    return caught.value


def limits(engine: ScriptedEngine) -> list[int | None]:
    return [ask.max_tokens for ask in engine.requests]


def lengths(engine: ScriptedEngine) -> list[int]:
    """Turns of each question."""
    return [len(ask.messages) for ask in engine.requests]


async def test_a_cut_reply_is_requested_again_with_only_the_limit_changed() -> None:
    engine = engine_saying(CUT, GOOD)

    assert await answered(engine) == GOOD.text
    assert limits(engine) == [None, 400]
    assert engine.requests[0].messages == engine.requests[1].messages


async def test_replies_that_are_always_cut_cost_three_calls() -> None:
    engine = engine_saying(CUT, CUT, CUT)

    fault = await fault_of(engine)

    assert isinstance(fault, AnswerCut)
    assert fault.message.startswith("the answer was cut at 400 tokens, 4 times --max-tokens: ")
    assert (limits(engine), lengths(engine)) == ([None, 400, 400], [2, 2, 4])
    assert engine.requests[2].messages[-1].content.endswith("Be briefer.")


async def test_a_cut_repair_is_requested_again_with_more_tokens() -> None:
    engine = engine_saying(INVALID, CUT, GOOD)

    assert await answered(engine) == GOOD.text
    assert (limits(engine), lengths(engine)) == ([None, None, 400], [2, 4, 4])


async def test_a_complete_answer_in_a_cut_reply_is_valid() -> None:
    engine = engine_saying(replace(GOOD, text=f"{GOOD.text} I hope", finish="length"))

    assert await answered(engine) == f"{GOOD.text} I hope"


async def test_without_a_known_limit_a_cut_reply_is_repaired() -> None:
    engine = engine_saying(CUT, CUT, limit=None)

    fault = await fault_of(engine)

    assert fault.message.startswith("the answer was cut at the provider's limit of tokens: ")
    assert limits(engine) == [None, None]


async def test_a_refused_limit_leaves_the_cut_reply() -> None:
    engine = engine_saying(CUT, LimitRefused("too large"), GOOD)

    assert await answered(engine) == GOOD.text
    assert (limits(engine), lengths(engine)) == ([None, 400, None], [2, 2, 4])


async def test_another_failure_of_the_longer_call_is_raised() -> None:
    engine = engine_saying(CUT, ModelDown("gone"))

    assert (await fault_of(engine)).message == "gone"


async def test_the_limit_of_a_request_is_part_of_its_key() -> None:
    engine = engine_saying(CUT, GOOD)
    await answered(engine)
    first, longer = engine.requests

    assert question_key(first, engine) == question_key(replace(first, mode="text"), engine)
    assert question_key(first, engine) != question_key(longer, engine)
    assert question_key(longer, engine) == question_key(first, engine_saying(limit=400))


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (replace(a_reply(""), finish="content_filter"), "the provider filtered the content"),
        (replace(a_reply(""), refusal="I\nwill not."), "the model refused to answer: I will not."),
        (replace(a_reply(""), refusal="no " * 900), "the model refused to answer: no no"),
    ],
)
async def test_withheld_answers_are_not_repaired(reply: Reply, message: str) -> None:
    engine = engine_saying(reply)

    fault = await fault_of(engine)

    assert isinstance(fault, AnswerWithheld)
    assert fault.message.startswith(message)
    assert len(fault.message) < 400


async def test_an_answer_next_to_a_refusal_or_filter_counts() -> None:
    for reply in (replace(GOOD, refusal="no"), replace(GOOD, finish="content_filter")):
        assert await answered(engine_saying(reply)) == GOOD.text


async def test_reasoning_without_an_answer_is_repaired_in_the_same_turns() -> None:
    engine = engine_saying(THOUGHT, THOUGHT)

    fault = await fault_of(engine)

    reason = "the model thought and wrote no answer; --max-tokens 100 counts both"
    assert fault.message == reason
    assert lengths(engine) == [2, 2]
    assert engine.requests[1].messages[-1].content == (
        f"Items.\n\nYour last reply to this cannot be used: {reason}. Give the answer alone, "
        "without thinking before it, as one JSON object of the given schema and nothing else."
    )


async def test_a_draft_in_unfinished_reasoning_is_not_an_answer() -> None:
    cut = replace(a_reply(f"<think>{GOOD.text}"), finish="length")

    fault = await fault_of(engine_saying(cut, cut, cut))

    assert fault.message.startswith("the model was still thinking when it was cut at 400 tokens")


# ---- modes


@pytest.mark.parametrize(
    ("reply", "mode", "there"),
    [
        (PROSE, "json_schema", True),
        (PROSE, "json_object", False),
        (INVALID, "json_schema", False),
    ],
)
async def test_the_repair_has_the_schema_if_the_reply_ignored_it(
    reply: Reply, mode: Mode, *, there: bool
) -> None:
    engine = engine_saying(replace(reply, mode=mode), GOOD)

    await answered(engine)

    assert ('"assignments": {' in engine.requests[1].messages[-1].content) is there


async def modes_after(replies: Sequence[Reply]) -> list[Mode | None]:
    """The mode of each first request; all repairs succeed."""
    script = [part for reply in replies for part in ((reply,) if reply is GOOD else (reply, GOOD))]
    engine = engine_saying(*script)
    output = StructuredOutput(engine)
    messages = (Message("user", "Items."),)
    for _ in replies:
        await output.answer("placement", messages, PlacementAnswer)
    return [ask.mode for ask in engine.requests if len(ask.messages) == 1]


async def test_a_mode_without_success_falls_back_to_a_less_strict_one() -> None:
    in_object = replace(PROSE, mode="json_object")

    modes = await modes_after(
        [PROSE] * MAX_INVALID_FIRST_REPLIES + [in_object] * MAX_INVALID_FIRST_REPLIES + [GOOD]
    )

    assert modes == [None] * MAX_INVALID_FIRST_REPLIES + [
        "json_object"
    ] * MAX_INVALID_FIRST_REPLIES + ["text"]


async def test_a_mode_with_a_success_is_kept() -> None:
    assert set(await modes_after([GOOD] + [PROSE] * 9)) == {None}


async def test_replies_in_flight_do_not_undo_a_fallback() -> None:
    in_object = replace(PROSE, mode="json_object")

    modes = await modes_after([PROSE] * 3 + [in_object] * 3 + [PROSE, GOOD])

    assert modes[-1] == "text"


async def test_invalid_recorded_answers_are_requested_again_on_demand() -> None:
    engine = engine_saying(INVALID, INVALID, GOOD)

    assert await answered(engine, retry=True) == json.dumps({"assignments": []})
    assert [ask.fresh for ask in engine.requests] == [False, False, True]


async def test_the_text_of_an_answer_is_valid_utf_8() -> None:
    text = await answered(engine_saying(a_reply('{"assignments": []} \ud83d')))

    assert text.encode() == '{"assignments": []} \ufffd'.encode()


async def test_an_invalid_answer_stays_invalid_after_one_repair() -> None:
    fault = await fault_of(engine_saying(INVALID, INVALID))

    assert type(fault) is AnswerInvalid
    assert fault.message == "assignments: input should be a valid list"


# ---- answers of no use, one after the other

REFUSED = replace(a_reply(""), refusal="no")


async def errors_of(output: StructuredOutput, times: int) -> list[CallFailed]:
    """What so many questions failed with."""
    faults = []
    for number in range(times):
        with pytest.raises(CallFailed) as caught:
            await output.answer("placement", (Message("user", str(number)),), PlacementAnswer)
        faults.append(caught.value)
    return faults


async def test_a_judge_without_any_valid_answer_ends_the_run() -> None:
    output = StructuredOutput(engine_saying(*[PROSE] * 2 * MAX_UNUSABLE))

    await errors_of(output, MAX_UNUSABLE - 1)
    with pytest.raises(ModelUnusable, match="none of the first 20 answers can be used; the last"):
        await output.answer("placement", (Message("user", "last"),), PlacementAnswer)


async def test_one_valid_answer_keeps_the_run_alive() -> None:
    output = StructuredOutput(engine_saying(GOOD, *[PROSE] * 2 * (MAX_UNUSABLE + 5)))
    await output.answer("placement", (Message("user", "first"),), PlacementAnswer)

    assert len(await errors_of(output, MAX_UNUSABLE + 5)) == MAX_UNUSABLE + 5


@pytest.mark.parametrize("reply", [REFUSED, replace(PROSE, recorded=True)])
async def test_refusals_and_recorded_answers_do_not_end_the_run(reply: Reply) -> None:
    output = StructuredOutput(engine_saying(*[reply] * 2 * (MAX_UNUSABLE + 5)))

    assert len(await errors_of(output, MAX_UNUSABLE + 5)) == MAX_UNUSABLE + 5


async def test_recorded_answers_do_not_change_the_mode() -> None:
    engine = engine_saying(*[replace(PROSE, recorded=True)] * 2 * MAX_INVALID_FIRST_REPLIES, GOOD)
    output = StructuredOutput(engine)
    await errors_of(output, MAX_INVALID_FIRST_REPLIES)

    await output.answer("placement", (Message("user", "fresh"),), PlacementAnswer)

    assert engine.requests[-1].mode is None
