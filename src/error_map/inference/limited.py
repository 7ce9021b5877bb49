"""Limits concurrency and rates of calls, and ends the run if the endpoint stays unusable."""

from dataclasses import dataclass
from typing import Final

import anyio

from ..errors import ModelBusy, ModelDown, ModelUnusable
from .base import Ask, Engine, EngineWrapper, Reply
from .rate_limiter import AdaptiveLimiter, RateLimiter

# With 5 % random failures, 20 in a row have a probability of 1e-26. More would delay the end of a
# run whose endpoint hangs: until the first success each of them takes a whole timeout.
DOWN_AFTER: Final = 20
"""Consecutive failed attempts after which the endpoint counts as down."""
# Limits per minute pass within it. A daily quota does not: resuming later costs nothing more.
MAX_REFUSED_S: Final = 600.0
"""A provider that only refuses for this long, or asks for such a wait, ends the run, in seconds."""
# The usual figure for English text; only used until the first reply has reported its tokens.
CHARACTERS_PER_TOKEN: Final = 4.0
_INSTANT_S: Final = 1e-6
"""Shorter waits are rounding errors of the clock."""


class LimitedEngine(EngineWrapper):
    """Limits how many calls run concurrently and how fast they start.

    * At most `workers` concurrent calls. Until the first success there is one at a time: a wrong
      key, model or endpoint then costs one call, and the provider's prompt cache is warm.
    * At most `rpm` requests and about `tpm` tokens per minute, evenly spaced.
    * A refusal (`ModelBusy`) pauses all calls; see `AdaptiveLimiter`.
    * No call starts after `ModelUnusable`, after `DOWN_AFTER` consecutive `ModelDown` failures, or
      after `MAX_REFUSED_S` of refusals only.
    """

    def __init__(
        self, engine: Engine, *, workers: int, rpm: float | None = None, tpm: float | None = None
    ) -> None:
        if workers < 1:
            raise ValueError(f"workers must be at least 1, not {workers}")
        super().__init__(engine)
        self._adaptive = AdaptiveLimiter(workers)
        self._requests = RateLimiter(rpm)
        self._tokens = RateLimiter(tpm)
        self._token_use = _TokenUse()
        # Without contention, starting a call needs no extra turn of the event loop.
        self._queue = anyio.Lock(fast_acquire=True)
        self._call_ended = anyio.Event()
        self._in_flight = 0
        self._consecutive_failures = 0
        self._ended: ModelUnusable | None = None

    @property
    def in_flight(self) -> int:
        """Calls that have started and not ended."""
        return self._in_flight

    async def ask(self, ask: Ask) -> Reply:
        """Waits for this call's turn and returns the inner engine's reply.

        Raises:
            ModelUnusable: This call or an earlier one has ended the run.
        """
        async with self._queue:
            await self._wait_for_turn()
            call = self._start(ask)
        try:
            reply = await self._observed(ask, call)
        finally:
            self._in_flight -= 1
            self._call_ended.set()
        # The booking was an estimate: uncorrected, the limit would be exceeded or not fully used.
        self._tokens.amend(reply.tokens_in + reply.tokens_out - call.tokens)
        self._token_use.add(ask, reply)
        return reply

    async def _wait_for_turn(self) -> None:
        """Waits until a call may start; the lock lets one call wait here, the others in order."""
        while self._ended is None:
            wait_s = self._ready_at() - anyio.current_time()
            if self._in_flight >= self._adaptive.allowed:
                self._call_ended = anyio.Event()
                await self._call_ended.wait()
            elif wait_s > _INSTANT_S:
                await anyio.sleep(wait_s)
            else:
                return
        # A new error for each caller: one instance raised by many would collect their tracebacks.
        raise ModelUnusable(
            self._ended.message, where=self._ended.where, hint=self._ended.hint
        ) from self._ended

    def _ready_at(self) -> float:
        return max(self._adaptive.ready_at, self._requests.next_at, self._tokens.next_at)

    def _start(self, ask: Ask) -> "_Call":
        now = anyio.current_time()
        tokens = self._token_use.expected(ask)
        pauses = self._adaptive.start(now)
        self._requests.take(1, now)
        self._tokens.take(tokens, now)
        self._in_flight += 1
        return _Call(started=now, tokens=tokens, pauses_before=pauses)

    async def _observed(self, ask: Ask, call: "_Call") -> Reply:
        """Returns the reply, and adapts the limits to how the call ended."""
        try:
            reply = await self._engine.ask(ask)
        except ModelBusy as error:
            self._refused(error, call)
            raise
        except ModelDown as error:
            self._failed(error)
            raise
        except ModelUnusable as error:
            self._ended = error
            raise
        self._consecutive_failures = 0
        self._adaptive.succeeded(anyio.current_time(), started=call.started)
        return reply

    def _refused(self, error: ModelBusy, call: "_Call") -> None:
        self._adaptive.refused(
            anyio.current_time(),
            pauses_before=call.pauses_before,
            retry_after_s=error.retry_after_s,
        )
        if (refused_s := self._adaptive.refused_for_s) > MAX_REFUSED_S:
            self._end(
                f"the endpoint has only refused calls for {refused_s:.0f} s: {error.message}", error
            )

    def _failed(self, error: ModelDown) -> None:
        self._consecutive_failures += 1
        if self._consecutive_failures >= DOWN_AFTER:
            self._end(
                f"the endpoint is down: {DOWN_AFTER} calls in a row failed; "
                f"the last: {error.message}",
                error,
            )

    def _end(self, message: str, cause: Exception) -> None:
        self._ended = ModelUnusable(message)
        raise self._ended from cause


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """A call that has started."""

    started: float
    """Time on the event loop's clock, in seconds."""
    tokens: float
    """Its expected tokens, in and out."""
    pauses_before: int


class _TokenUse:
    """Predicts the tokens of a request from those of the earlier ones."""

    def __init__(self) -> None:
        self._characters = 0
        self._tokens_in = 0
        self._tokens_out = 0
        self._replies = 0

    def expected(self, ask: Ask) -> float:
        if not self._tokens_in:
            # The length of replies is unknown before the first one, so only the prompt counts.
            return _characters(ask) / CHARACTERS_PER_TOKEN
        per_character = self._tokens_in / self._characters
        return _characters(ask) * per_character + self._tokens_out / self._replies

    def add(self, ask: Ask, reply: Reply) -> None:
        self._characters += _characters(ask)
        self._tokens_in += reply.tokens_in
        self._tokens_out += reply.tokens_out
        self._replies += 1


def _characters(ask: Ask) -> int:
    return max(1, sum(len(message.content) for message in ask.messages))
