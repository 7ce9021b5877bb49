"""Test doubles of the Engine protocol, and an event loop that never waits."""

import asyncio
import selectors
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

import anyio
from pydantic import BaseModel

from error_map.errors import ModelBusy
from error_map.inference.base import Ask, Message, Reply

Script: TypeAlias = Sequence[Reply | Exception] | Callable[[Ask], Awaitable[Reply]]


class Answer(BaseModel):
    """A reply schema."""

    word: str


def an_ask(text: str = "Why?", *, stage: str = "diagnosis") -> Ask:
    """A request."""
    return Ask(stage=stage, messages=(Message("user", text),), schema=Answer)


def a_reply(
    text: str = '{"word": "so"}',
    *,
    tokens_in: int = 10,
    tokens_cached: int = 0,
    tokens_out: int = 5,
    cost: float | None = 0.25,
) -> Reply:
    """A reply."""
    return Reply(
        text=text,
        tokens_in=tokens_in,
        tokens_cached=tokens_cached,
        tokens_out=tokens_out,
        cost=cost,
    )


class ScriptedEngine:
    """Replies from a list, in order, or by a function; exceptions in the list are raised.

    Args:
        script: The replies; more calls than replies are an error of the test.
        latency_s: Seconds until each call replies or fails.
        model: Name of the model.
        parameters: Parameters of the model.
    """

    def __init__(
        self,
        script: Script,
        *,
        latency_s: float = 0.0,
        model: str = "scripted",
        parameters: Mapping[str, object] | None = None,
    ) -> None:
        self._answer = script if callable(script) else _in_order(iter(script))
        self._latency_s = latency_s
        self._in_flight = 0
        self.model = model
        self.parameters: Mapping[str, object] = parameters or {}
        self.requests: list[Ask] = []
        """Every request, in order of arrival."""
        self.started_at: list[float] = []
        """Start of each call, in seconds of the loop's clock."""
        self.most_in_flight = 0
        """Maximum number of concurrent calls."""

    async def ask(self, ask: Ask) -> Reply:
        """The next reply of the script."""
        self.requests.append(ask)
        self.started_at.append(anyio.current_time())
        self._in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self._in_flight)
        try:
            await anyio.sleep(self._latency_s)
            return await self._answer(ask)
        finally:
            self._in_flight -= 1


def _in_order(script: Iterator[Reply | Exception]) -> Callable[[Ask], Awaitable[Reply]]:
    async def answer(_: Ask) -> Reply:
        step = next(script, None)
        assert step is not None, "more calls than replies in the script"
        if isinstance(step, Exception):
            raise step
        return step

    return answer


class TokenBucket:
    """The rate limit of a provider as a token bucket.

    Args:
        per_s: Requests allowed per second.
        burst: Requests allowed at once after a pause.
        retry_after_s: Seconds in the Retry-After of a refusal.
    """

    def __init__(
        self, per_s: float, *, burst: float = 1.0, retry_after_s: float | None = None
    ) -> None:
        self._per_s = per_s
        self._burst = burst
        self._retry_after_s = retry_after_s
        self._level = burst
        self._filled_at = 0.0
        self.refused = 0
        self.served_at: list[float] = []

    async def __call__(self, _: Ask) -> Reply:
        """A reply, or `ModelBusy`."""
        now = anyio.current_time()
        self._level = min(self._burst, self._level + (now - self._filled_at) * self._per_s)
        self._filled_at = now
        if self._level < 1:
            self.refused += 1
            raise ModelBusy("slow down", retry_after_s=self._retry_after_s)
        self._level -= 1
        self.served_at.append(now)
        return a_reply()


class HurriedLoop(asyncio.SelectorEventLoop):
    """An event loop that never waits: when all tasks sleep, its clock jumps to the next timer.

    `anyio.sleep`, timeouts and `anyio.current_time` work as usual but take no time.
    """

    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        """Simulated seconds since the loop was created."""
        return self._jumping.now


class _JumpingSelector(selectors.DefaultSelector):
    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        assert timeout is not None, "deadlock: no task has a timer"
        self.now += max(timeout, 0.0)
        return super().select(0)
