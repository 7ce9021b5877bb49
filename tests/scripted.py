"""Doubles of the Engine protocol, and a loop in which waiting costs no time."""

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
    """A form for answers."""

    word: str


def an_ask(text: str = "Why?", *, stage: str = "diagnosis") -> Ask:
    """A question."""
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
    """Answers from a list, in order, or by a function; an exception in the list is raised.

    Args:
        script: Past the end of a list, a call is a test's mistake.
        latency_s: What every call takes, before it answers or fails.
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
        """Every attempt, as it started."""
        self.started_at: list[float] = []
        """When each attempt started, in seconds of the loop's clock."""
        self.most_in_flight = 0
        """The most attempts that were open at once."""

    async def ask(self, ask: Ask) -> Reply:
        """The script's next answer."""
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
        assert step is not None, "asked more often than the script has answers"
        if isinstance(step, Exception):
            raise step
        return step

    return answer


class TokenBucket:
    """A provider's rate limit: refills evenly, and refuses when it is empty.

    Args:
        per_s: Requests that it lets through, over time.
        burst: Requests that it lets through at once after a rest.
        retry_after_s: What it says when it refuses.
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
    """An event loop that never waits: when all tasks sleep, its clock jumps to the next alarm.

    So `anyio.sleep`, time limits and `anyio.current_time` are the real ones, and take no time.
    """

    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        """Seconds since the loop was made, as its tasks know them."""
        return self._jumping.now


class _JumpingSelector(selectors.DefaultSelector):
    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        assert timeout is not None, "every task waits for another one"
        self.now += max(timeout, 0.0)
        return super().select(0)
