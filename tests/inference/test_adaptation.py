"""Servers that take a question only otherwise than it is asked for: once a run, and told."""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from importlib.util import find_spec
from typing import Any, Final, TypeAlias

import pytest

from error_map.errors import CallFailed, ModelUnusable
from error_map.inference.base import Ask, Message
from error_map.inference.litellm import LiteLLMEngine
from error_map.inference.model_table import is_provider
from error_map.inference.providers import Wanted, endpoint
from tests.inference.test_litellm_engine import KEY, QUESTION, an_endpoint, refused
from tests.llm_server import Json, LlmServer

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.slow,
    pytest.mark.skipif(not find_spec("litellm"), reason="the extra llm is not installed"),
]
ONLY_DEFAULT: Final = (
    "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) "
    "value is supported."
)
OTHER_NAME: Final = (
    "Unsupported parameter: 'max_tokens' is not supported with this model. Use "
    "'max_completion_tokens' instead."
)
SETTINGS: Final = {"temperature": 0, "max_tokens": 77, "top_p": 0.5, "seed": 7}
REPAIR: Final = replace(
    QUESTION,
    messages=(
        *QUESTION.messages,
        Message("assistant", "I cannot say."),
        Message("user", "Give the whole final_answer again."),
    ),
)


class Asked:
    """An engine, and what it told."""

    def __init__(self, server: LlmServer, **config: Any) -> None:  # noqa: ANN401 - what LiteLLM takes
        self.server = server
        self.told: list[str] = []
        self.engine = LiteLLMEngine(an_endpoint(server, **config), tell=self.told.append)

    async def three_times(self, ask: Ask = QUESTION) -> list[Json]:
        """What the server saw of three questions."""
        for _ in range(3):
            reply = await self.engine.ask(ask)
            assert json.loads(reply.text)["final_answer"]["error_title"] == "Sign error"
        return list(self.server.bodies())


Made: TypeAlias = Callable[..., Asked]


@pytest.fixture
async def made(server: LlmServer) -> AsyncIterator[Made]:
    """Makes engines, which are closed at the end."""
    every: list[Asked] = []

    def make(**config: object) -> Asked:
        every.append(Asked(server, **config))
        return every[-1]

    yield make
    for one in every:
        await one.engine.aclose()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("temperature", ONLY_DEFAULT),
        ("temperature", "invalid temperature: only 1 is allowed for this model"),
        ("temperature", "`temperature` is deprecated for this model."),
        ("top_p", "`temperature` and `top_p` cannot both be specified"),
        ("seed", "Unrecognized request argument supplied: seed"),
        ("seed", "property 'seed' is unsupported"),
        ("seed", '[{"type": "extra_forbidden", "loc": ["body", "seed"]}]'),
        ("max_tokens", "Unknown parameter: 'max_tokens'."),
    ],
)
async def test_a_parameter_that_is_refused_by_its_name_is_left_out_once_and_told(
    server: LlmServer, made: Made, *, name: str, said: str
) -> None:
    named = "temperature" if "cannot both" in said else name
    asked = made(**SETTINGS)
    server.configure(refuse_parameters={named: said})

    bodies = await asked.three_times()

    assert [named in body for body in bodies] == [True, False, False, False]
    assert {key for key in SETTINGS if key in bodies[-1]} == SETTINGS.keys() - {named}
    assert asked.told == [f"the judge does not take {named!r} as it was asked for: it is left out"]


async def test_a_parameter_that_has_another_name_is_sent_by_that(
    server: LlmServer,
    made: Made,
) -> None:
    asked = made(**SETTINGS)
    server.configure(refuse_parameters={"max_tokens": OTHER_NAME})

    bodies = await asked.three_times()

    assert ("max_tokens" in bodies[-1], bodies[-1]["max_completion_tokens"]) == (False, 77)
    assert len(bodies) == 4
    (told,) = asked.told
    assert told.endswith("as it was asked for: it is sent as 'max_completion_tokens'")


async def test_a_reasoning_model_behind_a_plain_name_costs_one_refusal_a_parameter(
    server: LlmServer,
    made: Made,
) -> None:
    asked = made(**SETTINGS)
    refuse = {"max_tokens": OTHER_NAME, "temperature": ONLY_DEFAULT}
    server.configure(refuse_parameters=refuse, refuse=["json_schema"])

    bodies = await asked.three_times()

    assert len(bodies) == 3 + 3
    assert len(asked.told) == 2


async def test_a_name_that_is_refused_too_is_left_out(
    server: LlmServer,
    made: Made,
) -> None:
    asked = made(max_tokens=77)
    back = "Unsupported parameter: 'max_completion_tokens'. Use 'max_tokens'"
    server.configure(refuse_parameters={"max_tokens": OTHER_NAME, "max_completion_tokens": back})

    bodies = await asked.three_times()

    assert len(bodies) == 5
    assert {"max_tokens", "max_completion_tokens"} & bodies[-1].keys() == set()


async def test_azures_deployments_hide_reasoning_models_too(server: LlmServer) -> None:
    base = server.api_base.removesuffix("/v1")
    config = {"model": "azure/mine", "api_base": base, "api_key": KEY, **SETTINGS}
    named = endpoint(Wanted(litellm_config=config), {}, is_provider=is_provider)
    told: list[str] = []
    engine = LiteLLMEngine(named, tell=told.append)
    refuse = {"max_tokens": OTHER_NAME, "temperature": ONLY_DEFAULT}
    server.configure(refuse_parameters=refuse)

    reply = await engine.ask(QUESTION)
    await engine.aclose()

    assert reply.finish == "stop"
    assert server.bodies()[-1]["max_completion_tokens"] == 77
    assert (server.stats()["calls"], len(told)) == (3, 2)


async def test_what_was_asked_for_names_the_question_whatever_is_sent(
    server: LlmServer,
    made: Made,
) -> None:
    asked = made(**SETTINGS)
    before = dict(asked.engine.parameters)
    server.configure(refuse_parameters={"temperature": ONLY_DEFAULT})

    await asked.three_times()

    assert dict(asked.engine.parameters) == before


@pytest.mark.parametrize(
    "said",
    [
        "temperature is out of range",
        "Unsupported parameter: 'top_k'",
        "this seed of an idea is not supported",
    ],
)
async def test_a_refusal_of_something_else_is_none_of_a_parameter(
    server: LlmServer, made: Made, *, said: str
) -> None:
    asked = made(**SETTINGS)
    server.configure(status=400, message=said)

    assert isinstance(await refused(asked.engine), ModelUnusable)
    assert server.stats()["calls"] == 1
    assert asked.told == []


async def test_after_an_answer_an_error_that_names_a_parameter_is_this_items(
    server: LlmServer,
    made: Made,
) -> None:
    asked = made(**SETTINGS)
    await asked.engine.ask(QUESTION)
    server.configure(status=400, message=ONLY_DEFAULT)

    assert type(await refused(asked.engine)) is CallFailed
    server.configure(status=0)
    await asked.three_times()

    assert "temperature" in server.bodies()[-1]
    assert asked.told == []


async def test_what_does_not_help_is_not_told(
    server: LlmServer,
    made: Made,
) -> None:
    asked = made(**SETTINGS)
    server.configure(status=400, message=ONLY_DEFAULT)

    assert isinstance(await refused(asked.engine), ModelUnusable)
    assert asked.told == []


# ---- roles


SYSTEM_REFUSED: Final = (
    "System role not supported",
    "Jinja Exception: System role not supported",
    "Conversation roles must alternate user/assistant/user/assistant/...",
    "After the optional system message, conversation roles must alternate",
    "Only user and assistant roles are supported!",
    "Developer instruction is not enabled for models/gemma-3-27b-it",
    "This model doesn't support system messages.",
    "Unsupported value: 'messages[0].role' does not support 'system' with this model.",
    "Template error: undefined value (in <string>:1) raise_exception",
)


@pytest.mark.parametrize("status", [400, 422, 500])
@pytest.mark.parametrize("said", SYSTEM_REFUSED)
async def test_a_refused_system_role_falls_once_to_one_message_and_is_told(
    server: LlmServer, made: Made, *, said: str, status: int
) -> None:
    asked = made()
    server.configure(refuse_roles={"system": said}, refuse_roles_status=status)

    bodies = await asked.three_times()

    assert [len(body["messages"]) for body in server.bodies()] == [2, 1, 1, 1]
    assert bodies[-1]["messages"] == [
        {
            "role": "user",
            "content": "Find the first major error.\n\n"
            "The model said [[gold:Arithmetic|Sign error]].",
        }
    ]
    assert asked.told == [
        "the judge does not take messages of system, user: they are sent as one message of the user"
    ]


async def test_a_repair_of_a_question_that_is_one_message_is_one_too(
    server: LlmServer,
    made: Made,
) -> None:
    asked = made()
    server.configure(refuse_roles={"system": SYSTEM_REFUSED[0]})
    await asked.engine.ask(QUESTION)

    bodies = await asked.three_times(REPAIR)

    assert len(bodies) == 2 + 3
    assert bodies[-1]["messages"][0]["content"].endswith(
        "\n\nYour answer was:\nI cannot say.\n\nGive the whole final_answer again."
    )


async def test_a_repair_whose_roles_are_refused_leaves_the_questions_as_they_were(
    server: LlmServer,
    made: Made,
) -> None:
    asked = made()
    server.configure(refuse_roles={"assistant": SYSTEM_REFUSED[2]})
    await asked.engine.ask(QUESTION)
    await asked.engine.ask(REPAIR)

    await asked.three_times()

    assert [len(body["messages"]) for body in server.bodies()] == [2, 4, 1, 2, 2, 2]
    assert len(asked.told) == 1


async def test_in_plain_words_the_schema_stands_in_the_one_message(
    server: LlmServer,
    made: Made,
) -> None:
    asked = made()
    server.configure(
        refuse_roles={"system": SYSTEM_REFUSED[0]}, refuse=["json_schema", "json_object"]
    )

    bodies = await asked.three_times()

    assert len(bodies) == 3 + 3
    assert '"error_summary"' in str(bodies[-1]["messages"])


async def test_after_an_answer_an_error_that_names_roles_is_this_items(
    server: LlmServer,
    made: Made,
) -> None:
    asked = made()
    await asked.engine.ask(QUESTION)
    server.configure(status=400, message=SYSTEM_REFUSED[0])

    assert type(await refused(asked.engine)) is CallFailed
    assert asked.told == []
