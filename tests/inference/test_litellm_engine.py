"""The LiteLLM engine against a loopback server: replies, modes, all kinds of errors."""

import json
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from importlib.util import find_spec

import anyio
import pytest
from pydantic import BaseModel, Field

from error_map.errors import (
    CallFailed,
    InputError,
    ModelBusy,
    ModelDown,
    ModelError,
    ModelUnusable,
)
from error_map.inference.base import Ask, Message, Reply
from error_map.inference.json_schema import strict_schema
from error_map.inference.litellm import LiteLLMEngine, price_per_token
from error_map.inference.model_table import is_provider
from error_map.inference.providers import Endpoint, JudgeOptions, resolve_endpoint
from tests.llm_server import LlmServer

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.slow,
    pytest.mark.skipif(not find_spec("litellm"), reason="the extra llm is not installed"),
]
KEY = "sk-planted-0123456789"


class Final(BaseModel):
    error_title: str = Field(description="3 to 8 words.", max_length=80)
    error_summary: str = "none"


class Answer(BaseModel):
    required_criteria: list[dict[str, str]] = Field(default_factory=list)
    final_answer: Final


QUESTION = Ask(
    stage="diagnosis",
    messages=(
        Message("system", "Find the first major error."),
        Message("user", "The model said [[gold:Arithmetic|Sign error]]."),
    ),
    schema=Answer,
)


def an_endpoint(server: LlmServer, *, model: str = "judge-1", **config: object) -> Endpoint:
    settings = {"model": f"openai/{model}", "api_base": server.api_base, "api_key": KEY, **config}
    return resolve_endpoint(JudgeOptions(litellm_config=settings), {}, is_provider=is_provider)


@pytest.fixture
async def engine(server: LlmServer) -> AsyncIterator[LiteLLMEngine]:
    made = LiteLLMEngine(an_endpoint(server))
    yield made
    await made.aclose()


async def refused(engine: LiteLLMEngine, ask: Ask = QUESTION) -> ModelError:
    with pytest.raises(ModelError) as caught:
        await engine.ask(ask)
    return caught.value


async def test_a_request_gets_a_reply_with_token_counts(
    server: LlmServer, engine: LiteLLMEngine
) -> None:
    server.configure(cached_tokens=5)

    reply = await engine.ask(QUESTION)

    assert json.loads(reply.text)["final_answer"]["error_title"] == "Sign error"
    assert (reply.finish, reply.mode, reply.cost) == ("stop", "json_schema", None)
    assert reply.tokens_in > reply.tokens_cached == 5
    assert reply.tokens_out > 0


async def test_messages_strict_schema_and_options_are_sent(
    server: LlmServer,
) -> None:
    engine = LiteLLMEngine(an_endpoint(server, temperature=0, max_tokens=77))

    await engine.ask(QUESTION)
    await engine.aclose()

    body = server.bodies()[0]
    assert body["messages"] == [
        {"role": "system", "content": "Find the first major error."},
        {"role": "user", "content": "The model said [[gold:Arithmetic|Sign error]]."},
    ]
    assert (body["model"], body["temperature"], body["max_tokens"]) == ("judge-1", 0, 77)
    assert body["response_format"]["json_schema"]["strict"] is True
    assert body["response_format"]["json_schema"]["schema"] == strict_schema(Answer)
    assert server.headers()[0]["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    ("refuse", "mode"), [(["json_schema"], "json_object"), (["json_schema", "json_object"], "text")]
)
async def test_a_refused_mode_falls_back_once_per_run(
    server: LlmServer, engine: LiteLLMEngine, *, refuse: list[str], mode: str
) -> None:
    server.configure(refuse=refuse)

    replies = [await engine.ask(QUESTION) for _ in range(3)]

    assert {reply.mode for reply in replies} == {mode}
    assert json.loads(replies[0].text)["final_answer"]["error_title"] == "Sign error"
    assert server.stats()["calls"] == len(refuse) + 3
    assert '"error_summary"' in server.bodies()[-1]["messages"][0]["content"]


async def test_a_provider_without_response_format_gets_the_schema_in_the_prompt(
    server: LlmServer,
) -> None:
    """litellm would drop the schema without a word."""
    named = resolve_endpoint(
        JudgeOptions(judge="morph/judge-1", api_base=server.api_base),
        {},
        is_provider=is_provider,
    )
    engine = LiteLLMEngine(replace(named, arguments={**named.arguments, "api_key": KEY}))

    reply = await engine.ask(QUESTION)
    await engine.aclose()

    assert reply.mode == "text"
    assert json.loads(reply.text)["final_answer"]["error_title"] == "Sign error"
    assert "response_format" not in server.bodies()[0]


async def test_an_error_that_echoes_a_prompt_does_not_refuse_a_schema_that_was_answered(
    server: LlmServer, engine: LiteLLMEngine
) -> None:
    await engine.ask(QUESTION)
    server.configure(status=400, message="cannot read: Answer with one JSON object")

    fault = await refused(engine)
    server.configure(status=0)

    assert type(fault) is CallFailed
    assert (await engine.ask(QUESTION)).mode == "json_schema"


async def test_a_mode_may_be_refused_for_one_schema_after_another_was_answered(
    server: LlmServer, engine: LiteLLMEngine
) -> None:
    await engine.ask(QUESTION)
    server.configure(refuse=["json_schema", "json_object"])

    reply = await engine.ask(replace(QUESTION, schema=Final))

    assert reply.mode == "text"
    assert (await engine.ask(QUESTION)).mode == "text"


async def test_options_that_would_break_the_engine_are_overridden(server: LlmServer) -> None:
    spoilt = an_endpoint(server, stream=True, num_retries=3, response_format={"type": "text"})
    engine = LiteLLMEngine(spoilt)
    server.configure(status=500, times=1)

    await refused(engine)
    reply = await engine.ask(QUESTION)
    await engine.aclose()

    assert reply.mode == "json_schema"
    assert server.stats()["calls"] == 2


async def test_concurrent_refused_calls_fall_back_together(
    server: LlmServer, engine: LiteLLMEngine
) -> None:
    server.configure(refuse=["json_schema"], latency_s=0.1)
    replies: list[Reply] = []

    async def one() -> None:
        replies.append(await engine.ask(QUESTION))

    async with anyio.create_task_group() as group:
        for _ in range(8):
            group.start_soon(one)

    assert [reply.mode for reply in replies] == ["json_object"] * 8


@pytest.mark.parametrize(
    ("reply", "text", "finish"),
    [("empty", "", "stop"), ("bad", "{'not': json,", "stop"), ("truncated", None, "length")],
)
async def test_a_bad_answer_is_returned_unchanged(
    server: LlmServer, engine: LiteLLMEngine, *, reply: str, text: str | None, finish: str
) -> None:
    server.configure(reply=reply)

    answer = await engine.ask(QUESTION)

    assert answer.finish == finish
    assert text is None or answer.text == text


async def test_a_reply_without_usage_has_zero_tokens(
    server: LlmServer, engine: LiteLLMEngine
) -> None:
    server.configure(reply="no_usage")

    reply = await engine.ask(QUESTION)

    assert (reply.tokens_in, reply.tokens_cached, reply.tokens_out) == (0, 0, 0)


async def test_a_model_with_a_known_price_has_a_cost(server: LlmServer) -> None:
    engine = LiteLLMEngine(an_endpoint(server, model="gpt-4.1-mini"))

    reply = await engine.ask(QUESTION)
    await engine.aclose()

    prices = price_per_token("openai/gpt-4.1-mini")
    assert prices is not None
    assert reply.cost == pytest.approx(reply.tokens_in * prices[0] + reply.tokens_out * prices[1])


@pytest.mark.parametrize(
    ("model", "known"),
    [
        ("openai/judge-1", False),
        ("no-such-provider", False),
        ("anthropic/claude-sonnet-4-20250514", False),  # litellm guesses that it costs nothing
        ("azure/Azure/gpt-4.1", True),
        ("ollama/llama3", True),
    ],
)
def test_only_prices_in_the_table_are_known(*, model: str, known: bool) -> None:
    assert (price_per_token(model) is not None) is known


async def test_a_cancelled_call_ends_at_once(server: LlmServer, engine: LiteLLMEngine) -> None:
    server.configure(hang_s=5)

    with anyio.fail_after(2), anyio.move_on_after(0.2) as scope:
        await engine.ask(QUESTION)

    assert scope.cancelled_caught


async def test_an_error_prints_nothing(
    server: LlmServer, engine: LiteLLMEngine, capfd: pytest.CaptureFixture[str]
) -> None:
    server.configure(status=500)

    await refused(engine)

    assert capfd.readouterr() == ("", "")


LATE = "import error_map.inference.litellm; print('litellm' in sys.modules)"
MISSING = """
sys.modules["litellm"] = None
from error_map.inference.litellm import provider_names
try:
    provider_names()
except Exception as error:
    print(type(error).__name__, error)
"""
NEEDED = "InputError an LLM as the analyst needs litellm (pip install error-map[llm])"


@pytest.mark.parametrize(("code", "output"), [(LATE, "False"), (MISSING, NEEDED)])
def test_litellm_is_loaded_lazily_and_may_be_missing(code: str, output: str) -> None:
    command = [sys.executable, "-c", f"import sys\n{code}"]

    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == output


async def test_a_wrong_key_is_permanent_and_not_shown(
    server: LlmServer, engine: LiteLLMEngine
) -> None:
    server.configure(key="another")

    fault = await refused(engine)

    assert isinstance(fault, ModelUnusable)
    assert str(fault) == (
        "HTTP 401: Incorrect API key provided: <not stored>. (check the API key and the account)"
    )
    assert fault.__cause__ is None
    assert fault.__context__ is None


async def test_an_unknown_model_is_permanent(server: LlmServer, engine: LiteLLMEngine) -> None:
    server.configure(models=["judge-2"])

    fault = await refused(engine)

    assert isinstance(fault, ModelUnusable)
    assert "The model `judge-1` does not exist" in str(fault)


async def test_an_unknown_path_is_permanent(server: LlmServer) -> None:
    engine = LiteLLMEngine(an_endpoint(server, api_base=f"{server.api_base}/elsewhere/x"))
    server.configure(status=404, message="Not Found")

    assert isinstance(await refused(engine), ModelUnusable)
    await engine.aclose()


@pytest.mark.parametrize("status", [402, 403])
async def test_a_refused_account_is_permanent(
    server: LlmServer, engine: LiteLLMEngine, status: int
) -> None:
    server.configure(status=status)

    assert isinstance(await refused(engine), ModelUnusable)


async def test_the_status_overrides_litellms_class_of_error(
    server: LlmServer, engine: LiteLLMEngine
) -> None:
    """litellm makes a BadRequestError of every text with `invalid_request_error`."""
    server.configure(status=403, message="invalid_request_error: no access")

    assert isinstance(await refused(engine), ModelUnusable)


async def test_an_exhausted_quota_is_permanent_although_its_status_is_429(
    server: LlmServer, engine: LiteLLMEngine
) -> None:
    server.configure(status=429, code="insufficient_quota")

    assert isinstance(await refused(engine), ModelUnusable)


async def test_a_bad_request_is_permanent_before_the_first_answer_and_fails_one_call_later(
    server: LlmServer, engine: LiteLLMEngine
) -> None:
    server.configure(status=400, message="temperature is out of range")
    first = await refused(engine)
    server.configure(status=0)
    await engine.ask(QUESTION)
    server.configure(status=400, message="I do not like this item")

    assert isinstance(first, ModelUnusable)
    assert type(await refused(engine)) is CallFailed


@pytest.mark.parametrize(
    ("status", "message", "reason"),
    [
        (400, "This model's maximum context length is 8 tokens", "too long"),
        (413, "Payload Too Large", "too long"),
        (400, "The response was filtered by our content management policy", "refuses the content"),
        (403, "Your input was flagged by moderation", "refuses the content"),
    ],
)
async def test_a_refused_item_fails_only_its_own_call(
    server: LlmServer, engine: LiteLLMEngine, *, status: int, message: str, reason: str
) -> None:
    server.configure(status=status, message=message)

    fault = await refused(engine)

    assert type(fault) is CallFailed
    assert reason in str(fault)


@pytest.mark.parametrize("status", [429, 529])
async def test_a_busy_model_tells_how_long_to_wait(
    server: LlmServer, engine: LiteLLMEngine, status: int
) -> None:
    server.configure(status=status, headers={"Retry-After": "7"})

    fault = await refused(engine)

    assert isinstance(fault, ModelBusy)
    assert fault.retry_after_s == 7
    assert server.stats()["calls"] == 1


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after-ms": "250", "Retry-After": "1"}, 0.25),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "Fri, 31 Dec 1999 23:59:59 GMT"}, 0),
        ({"Retry-After": "Fri, 31 Dec 9999 23:59:59 GMT"}, None),
        ({"Retry-After": "Mon, 30 Feb 2026 23:59:59 GMT"}, None),
        ({"Retry-After": "inf"}, None),
        ({"Retry-After": "Infinity"}, None),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "1e309"}, None),
        ({"Retry-After": "1e300"}, None),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "0"}, 0),
        ({"retry-after-ms": "inf", "Retry-After": "3"}, 3),
        ({"retry-after-ms": "nan"}, None),
    ],
)
async def test_the_wait_is_read_in_all_forms_that_are_a_time(
    server: LlmServer, engine: LiteLLMEngine, *, headers: dict[str, str], seconds: float | None
) -> None:
    server.configure(status=429, headers=headers)

    fault = await refused(engine)

    assert isinstance(fault, ModelBusy)
    assert fault.retry_after_s == seconds


async def test_a_date_is_relative_to_the_responses_date(
    server: LlmServer, engine: LiteLLMEngine
) -> None:
    now, later = "Fri, 31 Dec 1999 23:59:00 GMT", "Fri, 31 Dec 1999 23:59:59 GMT"
    server.configure(status=429, headers={"Date": now, "Retry-After": later})

    fault = await refused(engine)

    assert isinstance(fault, ModelBusy)
    assert fault.retry_after_s == 59


@pytest.mark.parametrize("status", [408, 409, 500, 502, 503, 504])
async def test_a_server_error_is_transient_and_not_retried_by_litellm(
    server: LlmServer, engine: LiteLLMEngine, status: int
) -> None:
    server.configure(status=status)

    assert isinstance(await refused(engine), ModelDown)
    assert server.stats()["calls"] == 1


async def test_a_body_that_is_not_a_completion_is_a_server_error(
    server: LlmServer, engine: LiteLLMEngine
) -> None:
    server.configure(reply="not_json")

    assert isinstance(await refused(engine), ModelDown)


async def test_a_call_that_hangs_ends_at_its_time_limit(server: LlmServer) -> None:
    engine = LiteLLMEngine(an_endpoint(server, timeout=0.3))
    server.configure(hang_s=3)

    fault = await refused(engine)
    await engine.aclose()

    assert isinstance(fault, ModelDown)


def test_an_address_without_a_scheme_is_refused(server: LlmServer) -> None:
    with pytest.raises(InputError, match="does not begin with http:// or https://"):
        an_endpoint(server, api_base="127.0.0.1/v1")


async def test_a_model_without_a_provider_is_permanent() -> None:
    named = resolve_endpoint(JudgeOptions(judge="judge-1"), {}, is_provider=is_provider)

    fault = await refused(LiteLLMEngine(named))

    assert isinstance(fault, ModelUnusable)


async def test_a_missing_key_is_permanent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    named = resolve_endpoint(JudgeOptions(judge="openai/gpt-4.1-mini"), {}, is_provider=is_provider)

    fault = await refused(LiteLLMEngine(named))

    assert isinstance(fault, ModelUnusable)
    assert "API key" in str(fault)


async def test_secrets_in_headers_and_address_are_not_shown(server: LlmServer) -> None:
    base = server.api_base.replace("/v1", "/tok3n-abcdef99/v1")
    headers = {"X-Auth": "Bearer hidden-0001"}
    engine = LiteLLMEngine(an_endpoint(server, api_base=base, extra_headers=headers))
    server.configure(status=500, message=f"no {base} for hidden-0001 with {KEY}")

    message = str(await refused(engine))
    await engine.aclose()

    assert message.count("<not stored>") == 3
    assert not [word for word in ("tok3n", "hidden", "planted-") if word in message]


async def test_a_lone_surrogate_is_sent_as_a_replacement_character(
    server: LlmServer, engine: LiteLLMEngine
) -> None:
    ask = Ask(stage="t", messages=(Message("user", "final_answer \ud800 é"),), schema=Answer)

    await engine.ask(ask)

    assert server.bodies()[0]["messages"][0]["content"] == "final_answer \ufffd é"


async def test_an_engine_works_again_after_it_was_closed(engine: LiteLLMEngine) -> None:
    await engine.ask(QUESTION)
    await engine.aclose()

    assert (await engine.ask(QUESTION)).finish == "stop"


async def test_calls_share_a_connection(server: LlmServer, engine: LiteLLMEngine) -> None:
    for _ in range(5):
        await engine.ask(QUESTION)

    assert (server.stats()["calls"], server.stats()["connections"]) == (5, 1)


async def test_azure_needs_only_its_environment_variables(server: LlmServer) -> None:
    environment = {
        "AZURE_API_KEY": KEY,
        "AZURE_API_BASE": server.api_base.removesuffix("/v1"),
    }
    named = resolve_endpoint(JudgeOptions(provider="azure"), environment, is_provider=is_provider)
    engine = LiteLLMEngine(named)
    server.configure(key=KEY)

    reply = await engine.ask(QUESTION)
    await engine.aclose()

    assert reply.text
    assert (engine.model, engine.parameters) == ("Azure/gpt-4.1", {"host": "127.0.0.1"})
    assert server.headers()[0]["api-key"] == KEY


async def test_rits_sends_its_key_in_a_header_and_the_whole_model_name(server: LlmServer) -> None:
    environment = {"RITS_API_KEY": KEY, "RITS_API_BASE": server.api_base}
    named = resolve_endpoint(JudgeOptions(provider="rits"), environment, is_provider=is_provider)
    engine = LiteLLMEngine(named)

    await engine.ask(QUESTION)
    await engine.aclose()

    assert server.headers()[0]["rits_api_key"] == KEY
    assert server.bodies()[0]["model"] == "openai/gpt-oss-120b"
    assert KEY not in server.headers()[0]["authorization"]
    assert named.arguments["extra_headers"] == {"RITS_API_KEY": KEY}
