"""Servers that refuse a parameter or a role: adapted once per run, with a notice."""

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
from error_map.inference.providers import JudgeOptions, resolve_endpoint
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


class Judge:
    """An engine and its notices."""

    def __init__(self, server: LlmServer, **config: Any) -> None:  # noqa: ANN401 - what LiteLLM takes
        self.server = server
        self.notices: list[str] = []
        self.engine = LiteLLMEngine(an_endpoint(server, **config), notify=self.notices.append)

    async def three_times(self, ask: Ask = QUESTION) -> list[Json]:
        """The bodies that the server received for three requests."""
        for _ in range(3):
            reply = await self.engine.ask(ask)
            assert json.loads(reply.text)["final_answer"]["error_title"] == "Sign error"
        return list(self.server.bodies())


MakeJudge: TypeAlias = Callable[..., Judge]


@pytest.fixture
async def make_judge(server: LlmServer) -> AsyncIterator[MakeJudge]:
    """Makes engines, which are closed at the end."""
    judges: list[Judge] = []

    def make(**config: object) -> Judge:
        judges.append(Judge(server, **config))
        return judges[-1]

    yield make
    for judge in judges:
        await judge.engine.aclose()


@pytest.mark.parametrize(
    ("name", "message"),
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
async def test_a_parameter_refused_by_name_is_left_out_with_one_notice(
    server: LlmServer, make_judge: MakeJudge, *, name: str, message: str
) -> None:
    refused_name = "temperature" if "cannot both" in message else name
    judge = make_judge(**SETTINGS)
    server.configure(refuse_parameters={refused_name: message})

    bodies = await judge.three_times()

    assert [refused_name in body for body in bodies] == [True, False, False, False]
    assert {key for key in SETTINGS if key in bodies[-1]} == SETTINGS.keys() - {refused_name}
    assert judge.notices == [
        f"the judge does not accept {refused_name!r} as requested: it is left out"
    ]


async def test_a_parameter_with_another_name_is_renamed(
    server: LlmServer,
    make_judge: MakeJudge,
) -> None:
    judge = make_judge(**SETTINGS)
    server.configure(refuse_parameters={"max_tokens": OTHER_NAME})

    bodies = await judge.three_times()

    assert ("max_tokens" in bodies[-1], bodies[-1]["max_completion_tokens"]) == (False, 77)
    assert len(bodies) == 4
    (notice,) = judge.notices
    assert notice.endswith("as requested: it is sent as 'max_completion_tokens'")


async def test_a_hidden_reasoning_model_costs_one_refusal_per_parameter(
    server: LlmServer,
    make_judge: MakeJudge,
) -> None:
    judge = make_judge(**SETTINGS)
    refuse = {"max_tokens": OTHER_NAME, "temperature": ONLY_DEFAULT}
    server.configure(refuse_parameters=refuse, refuse=["json_schema"])

    bodies = await judge.three_times()

    assert len(bodies) == 3 + 3
    assert len(judge.notices) == 2


async def test_a_parameter_refused_under_both_names_is_left_out(
    server: LlmServer,
    make_judge: MakeJudge,
) -> None:
    judge = make_judge(max_tokens=77)
    back = "Unsupported parameter: 'max_completion_tokens'. Use 'max_tokens'"
    server.configure(refuse_parameters={"max_tokens": OTHER_NAME, "max_completion_tokens": back})

    bodies = await judge.three_times()

    assert len(bodies) == 5
    assert {"max_tokens", "max_completion_tokens"} & bodies[-1].keys() == set()


async def test_azure_deployments_hide_reasoning_models_too(server: LlmServer) -> None:
    base = server.api_base.removesuffix("/v1")
    config = {"model": "azure/mine", "api_base": base, "api_key": KEY, **SETTINGS}
    named = resolve_endpoint(JudgeOptions(litellm_config=config), {}, is_provider=is_provider)
    notices: list[str] = []
    engine = LiteLLMEngine(named, notify=notices.append)
    refuse = {"max_tokens": OTHER_NAME, "temperature": ONLY_DEFAULT}
    server.configure(refuse_parameters=refuse)

    reply = await engine.ask(QUESTION)
    await engine.aclose()

    assert reply.finish == "stop"
    assert server.bodies()[-1]["max_completion_tokens"] == 77
    assert (server.stats()["calls"], len(notices)) == (3, 2)


async def test_adaptations_do_not_change_the_parameters_of_the_key(
    server: LlmServer,
    make_judge: MakeJudge,
) -> None:
    judge = make_judge(**SETTINGS)
    before = dict(judge.engine.parameters)
    server.configure(refuse_parameters={"temperature": ONLY_DEFAULT})

    await judge.three_times()

    assert dict(judge.engine.parameters) == before


@pytest.mark.parametrize(
    "message",
    [
        "temperature is out of range",
        "Unsupported parameter: 'top_k'",
        "this seed of an idea is not supported",
    ],
)
async def test_a_refusal_of_something_else_does_not_concern_a_parameter(
    server: LlmServer, make_judge: MakeJudge, *, message: str
) -> None:
    judge = make_judge(**SETTINGS)
    server.configure(status=400, message=message)

    assert isinstance(await refused(judge.engine), ModelUnusable)
    assert server.stats()["calls"] == 1
    assert judge.notices == []


async def test_after_an_answer_an_error_that_names_a_parameter_fails_one_call(
    server: LlmServer,
    make_judge: MakeJudge,
) -> None:
    judge = make_judge(**SETTINGS)
    await judge.engine.ask(QUESTION)
    server.configure(status=400, message=ONLY_DEFAULT)

    assert type(await refused(judge.engine)) is CallFailed
    server.configure(status=0)
    await judge.three_times()

    assert "temperature" in server.bodies()[-1]
    assert judge.notices == []


async def test_an_adaptation_that_does_not_help_has_no_notice(
    server: LlmServer,
    make_judge: MakeJudge,
) -> None:
    judge = make_judge(**SETTINGS)
    server.configure(status=400, message=ONLY_DEFAULT)

    assert isinstance(await refused(judge.engine), ModelUnusable)
    assert judge.notices == []


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
@pytest.mark.parametrize("message", SYSTEM_REFUSED)
async def test_a_refused_system_role_is_merged_into_one_message_with_one_notice(
    server: LlmServer, make_judge: MakeJudge, *, message: str, status: int
) -> None:
    judge = make_judge()
    server.configure(refuse_roles={"system": message}, refuse_roles_status=status)

    bodies = await judge.three_times()

    assert [len(body["messages"]) for body in server.bodies()] == [2, 1, 1, 1]
    assert bodies[-1]["messages"] == [
        {
            "role": "user",
            "content": "Find the first major error.\n\n"
            "The model said [[gold:Arithmetic|Sign error]].",
        }
    ]
    (notice,) = judge.notices
    assert notice == (
        "the judge does not accept messages with the roles system, user: "
        "they are sent as one user message"
    )


async def test_a_repair_of_a_merged_conversation_is_merged_too(
    server: LlmServer,
    make_judge: MakeJudge,
) -> None:
    judge = make_judge()
    server.configure(refuse_roles={"system": SYSTEM_REFUSED[0]})
    await judge.engine.ask(QUESTION)

    bodies = await judge.three_times(REPAIR)

    assert len(bodies) == 2 + 3
    assert bodies[-1]["messages"][0]["content"].endswith(
        "\n\nYour answer was:\nI cannot say.\n\nGive the whole final_answer again."
    )


async def test_a_repair_with_refused_roles_leaves_other_requests_unchanged(
    server: LlmServer,
    make_judge: MakeJudge,
) -> None:
    judge = make_judge()
    server.configure(refuse_roles={"assistant": SYSTEM_REFUSED[2]})
    await judge.engine.ask(QUESTION)
    await judge.engine.ask(REPAIR)

    await judge.three_times()

    assert [len(body["messages"]) for body in server.bodies()] == [2, 4, 1, 2, 2, 2]
    assert len(judge.notices) == 1


async def test_in_text_mode_the_merged_message_holds_the_schema(
    server: LlmServer,
    make_judge: MakeJudge,
) -> None:
    judge = make_judge()
    server.configure(
        refuse_roles={"system": SYSTEM_REFUSED[0]}, refuse=["json_schema", "json_object"]
    )

    bodies = await judge.three_times()

    assert len(bodies) == 3 + 3
    assert '"error_summary"' in str(bodies[-1]["messages"])


async def test_after_an_answer_an_error_that_names_roles_fails_one_call(
    server: LlmServer,
    make_judge: MakeJudge,
) -> None:
    judge = make_judge()
    await judge.engine.ask(QUESTION)
    server.configure(status=400, message=SYSTEM_REFUSED[0])

    assert type(await refused(judge.engine)) is CallFailed
    assert judge.notices == []
