"""No more calls, and no faster, than the caller allows and the provider bears."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import anyio

from ..errors import ModelBusy, ModelDown, ModelUnusable
from .base import Ask, Engine, Reply
from .rate_limiter import Congestion, Pace

DOWN_AFTER: Final = 20
"""Attempts in a row that failed, after which the endpoint counts as down."""
PATIENCE_S: Final = 600.0
"""A provider that does nothing but refuse for this long, or asks for it, ends the run."""
CHARACTERS_PER_TOKEN: Final = 4.0
"""Until replies tell better."""
_INSTANT_S: Final = 1e-6


class Limited:
    """An engine whose every call waits for its turn.

    * At most `workers` calls at once; until the first success one at a time, which finds a wrong
      key, model or endpoint by one call and warms the provider's prompt cache.
    * At most `rpm` requests and about `tpm` tokens a minute, in even steps.
    * A refusal (`ModelBusy`) pauses all calls together; see `Congestion`.
    * `ModelUnusable` ends the run: no call starts after it. So do `DOWN_AFTER` calls in a row
      that failed with `ModelDown`, and `PATIENCE_S` of nothing but refusals.
    """

    def __init__(
        self, engine: Engine, *, workers: int, rpm: float | None = None, tpm: float | None = None
    ) -> None:
        if workers < 1:
            raise ValueError(f"workers must be at least 1, not {workers}")
        self._engine = engine
        self._congestion = Congestion(workers)
        self._requests = Pace(rpm)
        self._tokens = Pace(tpm)
        self._sizes = _Sizes()
        self._door = anyio.Lock(fast_acquire=True)
        self._left = anyio.Event()
        self._in_flight = 0
        self._failed_in_a_row = 0
        self._ended: ModelUnusable | None = None

    @property
    def model(self) -> str:
        """The inner engine's."""
        return self._engine.model

    @property
    def parameters(self) -> Mapping[str, object]:
        """The inner engine's."""
        return self._engine.parameters

    @property
    def in_flight(self) -> int:
        """Calls that have started and not ended."""
        return self._in_flight

    async def ask(self, ask: Ask) -> Reply:
        """The inner engine's reply, asked for when it is this call's turn.

        Raises:
            ModelUnusable: The run is over, by this call or an earlier one.
        """
        async with self._door:
            await self._turn()
            turn = self._start(ask)
        try:
            reply = await self._judged(ask, turn)
        finally:
            self._in_flight -= 1
            self._left.set()
        self._tokens.amend(reply.tokens_in + reply.tokens_out - turn.tokens)
        self._sizes.add(ask, reply)
        return reply

    async def _turn(self) -> None:
        """Waits at the door, behind which only one waits at a time."""
        while self._ended is None:
            wait_s = self._ready_at() - anyio.current_time()
            if self._in_flight >= self._congestion.allowed:
                self._left = anyio.Event()
                await self._left.wait()
            elif wait_s > _INSTANT_S:
                await anyio.sleep(wait_s)
            else:
                return
        raise ModelUnusable(
            self._ended.message, where=self._ended.where, hint=self._ended.hint
        ) from self._ended

    def _ready_at(self) -> float:
        return max(self._congestion.ready_at, self._requests.next_at, self._tokens.next_at)

    def _start(self, ask: Ask) -> "_Turn":
        now = anyio.current_time()
        tokens = self._sizes.expected(ask)
        pauses = self._congestion.start(now)
        self._requests.take(1, now)
        self._tokens.take(tokens, now)
        self._in_flight += 1
        return _Turn(started=now, tokens=tokens, pauses_before=pauses)

    async def _judged(self, ask: Ask, turn: "_Turn") -> Reply:
        """The reply; how the call ended is learnt from."""
        try:
            reply = await self._engine.ask(ask)
        except ModelBusy as error:
            self._refused(error, turn)
            raise
        except ModelDown as error:
            self._failed(error)
            raise
        except ModelUnusable as error:
            self._ended = error
            raise
        self._failed_in_a_row = 0
        self._congestion.succeeded(anyio.current_time(), started=turn.started)
        return reply

    def _refused(self, error: ModelBusy, turn: "_Turn") -> None:
        self._congestion.refused(
            anyio.current_time(),
            pauses_before=turn.pauses_before,
            retry_after_s=error.retry_after_s,
        )
        if (lost_s := self._congestion.refused_for_s) > PATIENCE_S:
            self._end(f"the endpoint only refuses, for {lost_s:.0f} s: {error.message}", error)

    def _failed(self, error: ModelDown) -> None:
        self._failed_in_a_row += 1
        if self._failed_in_a_row >= DOWN_AFTER:
            self._end(
                f"the endpoint is down: {DOWN_AFTER} calls in a row failed; "
                f"the last: {error.message}",
                error,
            )

    def _end(self, message: str, cause: Exception) -> None:
        self._ended = ModelUnusable(message)
        raise self._ended from cause


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    """A call's start."""

    started: float
    tokens: float
    """What it is expected to need."""
    pauses_before: int


class _Sizes:
    """What a question will need in tokens, by what those before it needed."""

    def __init__(self) -> None:
        self._characters = 0
        self._tokens_in = 0
        self._tokens_out = 0
        self._replies = 0

    def expected(self, ask: Ask) -> float:
        if not self._tokens_in:
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
