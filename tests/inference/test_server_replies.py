"""Unusual responses of real servers, each played by the loopback server."""

import json
from collections.abc import AsyncIterator, Iterator
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import Final

import pytest

from error_map.analysts.llm.analyst import LLMAnalyst, Settings
from error_map.errors import ModelBusy, ModelDown, ModelUnusable
from error_map.inference.engine_stack import CallLimits, Ceiling, engine_stack
from error_map.inference.litellm import LiteLLMEngine
from error_map.inference.model_table import is_provider
from error_map.inference.providers import JudgeOptions, resolve_endpoint
from error_map.inference.transport import guarded_call
from error_map.records import Diagnosed, Undiagnosed
from error_map.store.ledger import Ledger
from error_map.templates import Prompts
from tests.inference.test_litellm_engine import KEY, QUESTION, an_endpoint, refused
from tests.llm_server import LlmServer, running_server
from tests.support import a_failure

httpx = pytest.importorskip("httpx")
pytestmark = [
    pytest.mark.anyio,
    pytest.mark.slow,
    pytest.mark.skipif(not find_spec("litellm"), reason="the extra llm is not installed"),
]
ENVELOPE: Final = {"id": "x", "object": "chat.completion", "created": 1, "model": "judge-1"}
WITHOUT_AN_ANSWER: Final = {
    "no choices": json.dumps({**ENVELOPE, "choices": []}),
    "null choices": json.dumps({**ENVELOPE, "choices": None}),
    "no message": json.dumps({**ENVELOPE, "choices": [{"index": 0, "finish_reason": "stop"}]}),
    "null message": json.dumps({**ENVELOPE, "choices": [{"index": 0, "message": None}]}),
    "null choice": json.dumps({**ENVELOPE, "choices": [None]}),
    "error body": json.dumps({"error": {"message": "upstream failed", "code": None}}),
    "error word": json.dumps({"error": "upstream failed", "choices": []}),
    "error word as code": json.dumps({"error": {"message": "upstream failed", "code": "oops"}}),
    "a list": "[]",
    "html": "<html><body>please log in</body></html>",
    "nothing": " ",
}


@pytest.fixture
async def engine(server: LlmServer) -> AsyncIterator[LiteLLMEngine]:
    made = LiteLLMEngine(an_endpoint(server))
    yield made
    await made.aclose()


# ---- 200 without an answer


@pytest.mark.parametrize("raw", WITHOUT_AN_ANSWER.values(), ids=WITHOUT_AN_ANSWER)
async def test_a_200_without_an_answer_is_a_server_error(
    server: LlmServer, engine: LiteLLMEngine, raw: str
) -> None:
    server.configure(raw=raw)

    fault = await refused(engine)

    assert type(fault) is ModelDown
    assert str(fault).startswith("HTTP 200 without an answer: ")


async def test_the_error_message_in_a_200_is_shown(
    server: LlmServer, engine: LiteLLMEngine
) -> None:
    server.configure(raw=WITHOUT_AN_ANSWER["error body"])

    assert "upstream failed" in str(await refused(engine))


@pytest.mark.parametrize(("code", "kind"), [(429, ModelBusy), (401, ModelUnusable)])
async def test_a_status_in_the_body_of_a_200_overrides_it(
    server: LlmServer, engine: LiteLLMEngine, *, code: int, kind: type
) -> None:
    server.configure(raw=json.dumps({"error": {"message": "no", "code": code}}))

    assert type(await refused(engine)) is kind


@pytest.mark.parametrize("raw", WITHOUT_AN_ANSWER.values(), ids=WITHOUT_AN_ANSWER)
async def test_only_the_failure_without_an_answer_is_undiagnosed(
    server: LlmServer, engine: LiteLLMEngine, tmp_path: Path, *, raw: str
) -> None:
    limits = CallLimits(workers=1, attempts=2)
    server.configure(raw=raw, times=2)

    with Ledger.open(tmp_path / "ledger.sqlite") as ledger:
        stack = engine_stack(engine, ledger, limits=limits, ceiling=Ceiling(), rng=Random(1))
        analyst = LLMAnalyst(stack.engine, Prompts(), workers=1, settings=Settings())
        outcomes = await analyst.diagnose([a_failure("one"), a_failure("[[gold:A|B]]")])

    lost, kept = outcomes
    assert isinstance(lost, Undiagnosed)
    assert lost.reason.startswith("ModelDown: HTTP 200 without an answer: ")
    assert isinstance(kept, Diagnosed)
    assert server.stats()["calls"] == 3


GEMINI: Final = {
    "no candidates": {"candidates": [], "usageMetadata": {"promptTokenCount": 3}},
    "blocked": {"promptFeedback": {"blockReason": "SAFETY"}},
}


@pytest.mark.parametrize("body", GEMINI.values(), ids=GEMINI)
async def test_a_200_without_an_answer_of_another_protocol_is_a_server_error(
    server: LlmServer, body: object
) -> None:
    base = server.api_base.removesuffix("/v1")
    config = {"model": "gemini/gemini-2.0-flash", "api_base": base, "api_key": KEY}
    engine = LiteLLMEngine(
        resolve_endpoint(JudgeOptions(litellm_config=config), {}, is_provider=is_provider)
    )
    server.configure(raw=json.dumps(body))

    fault = await refused(engine)
    await engine.aclose()

    assert type(fault) is ModelDown


# ---- content as a list of parts


async def test_text_parts_are_joined(server: LlmServer, engine: LiteLLMEngine) -> None:
    server.configure(reply="parts")

    reply = await engine.ask(QUESTION)

    assert json.loads(reply.text)["final_answer"]["error_title"] == "Sign error"
    assert reply.tokens_in > 0


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ([], ""),
        ([{"type": "thinking", "thinking": "so"}, {"type": "text", "text": "yes"}], "yes"),
        ([{"type": "output_text", "text": "yes"}, "no"], "yesno"),
        ([{"type": "text", "text": None}], ""),
        ({"answer": 1}, '{"answer": 1}'),
    ],
)
async def test_content_in_all_forms_is_read(
    server: LlmServer, engine: LiteLLMEngine, *, content: object, text: str
) -> None:
    message = {"role": "assistant", "content": content}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    server.configure(raw=json.dumps({**ENVELOPE, "choices": [choice]}))

    assert (await engine.ask(QUESTION)).text == text


# ---- redirects


@pytest.fixture(scope="module")
def other_process() -> Iterator[LlmServer]:
    with running_server() as started:
        yield started


@pytest.fixture
def other(other_process: LlmServer) -> LlmServer:
    other_process.reset()
    return other_process


PROVIDERS: Final = {
    "openai": ("openai/judge-1", "/v1"),
    "azure": ("azure/judge-1", ""),
    "ollama": ("ollama_chat/judge-1", ""),
    "anthropic": ("anthropic/claude-sonnet-4-5", ""),
}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(("model", "path"), PROVIDERS.values(), ids=PROVIDERS)
async def test_a_redirect_to_another_host_is_reported_and_not_followed(
    server: LlmServer, other: LlmServer, *, model: str, path: str, status: int
) -> None:
    base = server.api_base.removesuffix("/v1") + path
    config = {"model": model, "api_base": base, "api_key": KEY}
    engine = LiteLLMEngine(
        resolve_endpoint(JudgeOptions(litellm_config=config), {}, is_provider=is_provider)
    )
    there = other.api_base.removesuffix("/v1")
    place = f"{other.api_base}/chat/completions?token=abcdef12345"
    server.configure(status=status, redirect=place)

    fault = await refused(engine)
    await engine.aclose()

    assert str(fault) == (
        f"HTTP {status}: http://127.0.0.1:{server.port} redirects to {there}, and no prompt is "
        "sent there (if that is the model's address, name it by --api-base)"
    )
    seen = other.stats()
    assert server.stats()["calls"] == 1
    assert (seen["calls"], seen["by_status"]) == (0, {"200": 1}), "the test's own reset alone"


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/v1/chat/completions/", "to another address on the same host"),
        ("https://127.0.0.1/v1/chat/completions", "to https://127.0.0.1"),
    ],
)
async def test_a_redirect_on_the_same_host_is_reported_and_not_followed(
    server: LlmServer, engine: LiteLLMEngine, *, location: str, target: str
) -> None:
    server.configure(redirect=location)

    fault = await refused(engine)

    assert type(fault) is ModelUnusable
    assert f" redirects {target}, and no prompt is sent there" in str(fault)
    assert server.stats()["calls"] == 1


async def test_without_aiohttp_a_redirect_is_not_followed_either(
    server: LlmServer, other: LlmServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISABLE_AIOHTTP_TRANSPORT", "True")
    engine = LiteLLMEngine(an_endpoint(server))
    server.configure(redirect=f"{other.api_base}/chat/completions")

    fault = await refused(engine)
    await engine.aclose()

    assert type(fault) is ModelUnusable
    assert other.stats()["calls"] == 0


def test_calls_in_threads_are_guarded_too(server: LlmServer, other: LlmServer) -> None:
    """LiteLLM has only synchronous clients for some providers."""
    LiteLLMEngine(an_endpoint(server))
    server.configure(redirect=f"{other.api_base}/chat/completions")

    with (
        guarded_call(),
        httpx.Client(follow_redirects=True) as client,
        pytest.raises(ModelUnusable),
    ):
        client.post(f"{server.api_base}/chat/completions", json={"messages": []})

    assert other.stats()["calls"] == 0


async def test_other_calls_of_the_process_are_unaffected(
    server: LlmServer, other: LlmServer, engine: LiteLLMEngine
) -> None:
    """Other users of httpx in the process may follow redirects."""
    await engine.ask(QUESTION)
    server.configure(redirect=f"{other.api_base}/chat/completions")

    async with httpx.AsyncClient(follow_redirects=True) as client:
        response = await client.post(f"{server.api_base}/chat/completions", json={"messages": []})

    assert response.status_code == 200
    assert other.stats()["calls"] == 1


# ---- no connection


@pytest.mark.parametrize(
    ("base", "place"),
    [
        ("http://127.0.0.1:9/v1", "http://127.0.0.1:9"),
        ("http://no-such-host.invalid:8000/v1", "http://no-such-host.invalid:8000"),
    ],
)
@pytest.mark.parametrize("aiohttp", ["False", "True"])
async def test_an_unreachable_host_is_named_and_permanent(
    server: LlmServer, monkeypatch: pytest.MonkeyPatch, *, base: str, place: str, aiohttp: str
) -> None:
    monkeypatch.setenv("DISABLE_AIOHTTP_TRANSPORT", aiohttp)
    engine = LiteLLMEngine(an_endpoint(server, api_base=base))

    fault = await refused(engine)
    await engine.aclose()

    assert type(fault) is ModelUnusable
    assert str(fault).startswith(f"no connection to {place}: ")
    assert str(fault).endswith(" (check the network, and the address in --api-base)")


async def test_a_host_that_disappears_after_an_answer_is_down() -> None:
    with running_server() as server:
        engine = LiteLLMEngine(an_endpoint(server))
        await engine.ask(QUESTION)

    fault = await refused(engine)
    await engine.aclose()

    assert type(fault) is ModelDown


# ---- secrets


@pytest.mark.parametrize("status", [200, 500])
async def test_a_key_at_the_cut_of_a_message_is_not_shown_in_part(
    server: LlmServer, engine: LiteLLMEngine, status: int
) -> None:
    messages: list[str] = []
    for before in range(100, 400, 9):
        raw = json.dumps({"error": {"message": f"{'x' * before}{KEY} is no key"}})
        server.configure(status=status, raw=raw)
        messages.append(str(await refused(engine)))

    assert [text for text in messages if "x" * 100 not in text] == []
    assert [text for text in messages if KEY[:6] in text] == []


# ---- bodies without an end, and keys in them


@pytest.mark.parametrize("status", [0, 400, 502])
async def test_an_endless_body_is_read_up_to_the_bound(
    server: LlmServer, engine: LiteLLMEngine, status: int
) -> None:
    server.configure(status=status, raw="x" * 1024, repeated=64 * 1024)

    fault = await refused(engine)

    assert type(fault) is ModelDown
    assert str(fault) == f"HTTP {status or 200}: the body has more than 8 MB"


@pytest.mark.parametrize("repeated", [2, 3])
async def test_a_compressed_body_is_read(
    server: LlmServer, engine: LiteLLMEngine, repeated: int
) -> None:
    half = json.dumps({**ENVELOPE, "choices": [{"index": 0, "message": {"content": "so"}}]})
    server.configure(raw=half, repeated=repeated)

    fault = await refused(engine)

    assert str(fault).startswith("HTTP 200 without an answer: it is not JSON: '{")


async def test_a_key_that_a_server_echoes_is_removed_from_the_reply(
    server: LlmServer, engine: LiteLLMEngine
) -> None:
    message = {"role": "assistant", "content": f"Bearer {KEY}", "refusal": f"not with {KEY}"}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    server.configure(raw=json.dumps({**ENVELOPE, "choices": [choice]}))

    reply = await engine.ask(QUESTION)

    assert reply.text == "Bearer <not stored>"
    assert reply.refusal == "not with <not stored>"
    assert KEY not in str(reply)
