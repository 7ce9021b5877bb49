"""Ledger keys: fixed values, so that a new version finds the replies of an old one."""

from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from itertools import product
from typing import Final

import pytest
from pydantic import BaseModel

from error_map.analysts.llm.answer_schemas import (
    DiagnosisAnswer,
    PlacementAnswer,
    ProposalAnswer,
    TopProposalAnswer,
)
from error_map.analysts.llm.structured_output import StructuredOutput
from error_map.errors import CallFailed
from error_map.inference.base import Ask, Message, engine_key, question_key
from tests.scripted import ScriptedEngine, a_reply

ENGINE: Final = ScriptedEngine(
    [], model="openai/judge-1", parameters={"temperature": 0.0, "max_tokens": 2_000}
)
MESSAGES: Final = (Message("system", "Diagnose."), Message("user", "2 + 2 = 5 é \ud800"))
ASK: Final = Ask(stage="diagnosis", messages=MESSAGES, schema=DiagnosisAnswer)


@pytest.mark.parametrize(
    ("schema", "key"),
    [
        (DiagnosisAnswer, "6195d7676f2663e99556175e06586cfb362efb20f88b211101933b3445e00094"),
        (ProposalAnswer, "9eaf66bd36c817f341d4b0047243fa9e0c55e363f7ff33d3458d94549778c25b"),
        (TopProposalAnswer, "9eaf66bd36c817f341d4b0047243fa9e0c55e363f7ff33d3458d94549778c25b"),
        (PlacementAnswer, "84e4a2f1c491e9757d1155c2ebf6653309ca71445d8f50db98ffd3a0c8932b0a"),
    ],
)
def test_keys_keep_their_values(schema: type[BaseModel], key: str) -> None:
    """If this fails, every resumed run pays for all its replies again."""
    assert question_key(replace(ASK, schema=schema), ENGINE) == key


def test_the_key_of_an_engines_notes_keeps_its_value() -> None:
    assert engine_key(ENGINE) == "db8e83ac0d704e15632f5d44a64a3c48afdbe77d215cc1d83cc328bb11c5bdf1"


@pytest.mark.parametrize(
    "same",
    [
        replace(ASK, stage="taxonomy"),
        replace(ASK, fresh=True),
        replace(ASK, mode="text"),
        replace(ASK, max_tokens=2_000),
    ],
    ids=["stage", "fresh", "mode", "the engine's own limit"],
)
def test_stage_mode_and_freshness_are_not_part_of_the_key(same: Ask) -> None:
    assert question_key(same, ENGINE) == question_key(ASK, ENGINE)


@pytest.mark.parametrize(
    "other",
    [
        replace(ASK, messages=MESSAGES[:1]),
        replace(ASK, messages=(Message("user", "Diagnose."), MESSAGES[1])),
        replace(ASK, max_tokens=8_000),
        replace(ASK, schema=PlacementAnswer),
    ],
    ids=["messages", "role", "max_tokens", "schema"],
)
def test_messages_schema_and_token_limit_are_part_of_the_key(other: Ask) -> None:
    assert question_key(other, ENGINE) != question_key(ASK, ENGINE)


def test_a_request_with_its_own_limit_has_the_key_of_an_engine_with_that_limit() -> None:
    more = ScriptedEngine(
        [], model="openai/judge-1", parameters={"temperature": 0.0, "max_tokens": 8_000}
    )

    assert question_key(replace(ASK, max_tokens=8_000), ENGINE) == question_key(ASK, more)


REPAIRED: Final = [
    a_reply("prose"),
    a_reply(""),
    a_reply("<think>so</think>"),
    a_reply('{"assignments": 5}'),
    a_reply('{"assignments": [1 2]}'),
    a_reply('{"clusters": []}'),
    replace(a_reply('{"assignments": [{'), finish="length"),
]


@pytest.mark.anyio
async def test_keys_of_repairs_keep_their_values() -> None:
    """The repair prompt quotes the fault, so the wording of faults is part of the keys."""
    keys: list[str] = []
    for reply, parameters in product(REPAIRED, ({}, {"max_tokens": 100})):
        engine = ScriptedEngine([reply] * 6, parameters=parameters)
        for schema in (PlacementAnswer, TopProposalAnswer):
            with suppress(CallFailed):
                await StructuredOutput(engine).answer("placement", MESSAGES, schema)
        keys += [question_key(request, engine) for request in engine.requests]

    assert sha256("".join(keys).encode()).hexdigest() == (
        "92c5910d23a64bceb0b22b3a09f3d1f2ea2f6fdcfda2c972526584377c2a8784"
    )
