"""Counts calls, tokens and cost, and stops at a ceiling."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import anyio

from ..errors import BudgetExceeded
from .base import Ask, Engine, EngineWrapper, Reply

_RESUME: Final = "all replies are kept; resume with the same command and a higher ceiling"
_OTHER_CEILING: Final = "all replies are kept; resume with the same command and a ceiling on {}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """Limits of a run; None means no limit."""

    calls: int | None = None
    """Maximum replies."""
    tokens: int | None = None
    """Maximum tokens, in and out."""
    cost: float | None = None
    """Maximum cost, in US dollars."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Calls, tokens and cost of the replies so far."""

    calls: int = 0
    tokens_in: int = 0
    tokens_cacheable: int = 0
    """The part of `tokens_in` in the prefix shared with the previous request of the stage."""
    tokens_cached: int = 0
    """The part of `tokens_in` that the provider reports as served from its prompt cache."""
    tokens_out: int = 0
    cost: float = 0.0
    """In US dollars, without the calls whose price is unknown."""
    unknown_price: int = 0
    """Calls whose price is unknown."""
    unreported: int = 0
    """Calls whose tokens the server did not report."""

    @property
    def tokens(self) -> int:
        """Tokens in and out."""
        return self.tokens_in + self.tokens_out

    def plus(self, reply: Reply, *, cacheable: int = 0) -> "Totals":
        """The totals with one more reply."""
        return Totals(
            calls=self.calls + 1,
            tokens_in=self.tokens_in + reply.tokens_in,
            tokens_cacheable=self.tokens_cacheable + cacheable,
            tokens_cached=self.tokens_cached + reply.tokens_cached,
            tokens_out=self.tokens_out + reply.tokens_out,
            cost=self.cost + (reply.cost or 0.0),
            unknown_price=self.unknown_price + (reply.cost is None),
            unreported=self.unreported + (not reply.tokens_in),
        )


class BudgetedEngine(EngineWrapper):
    """Stops when a ceiling is reached.

    Then no call starts; those in flight finish and count, so no paid reply is lost. Calls never
    exceed their ceiling. Tokens and cost exceed theirs by at most what one call needs beyond the
    largest before it, because each call in flight is counted as large as the largest so far.
    """

    def __init__(self, engine: Engine, ceiling: Ceiling) -> None:
        super().__init__(engine)
        self._ceiling = ceiling
        self._total = Totals()
        self._by_stage: dict[str, Totals] = {}
        self._largest = _LargestCall()
        self._last_prompts: dict[str, str] = {}
        """The latest prompt of each stage."""
        self._in_flight = 0
        self._call_ended = anyio.Event()

    @property
    def total(self) -> Totals:
        """Totals over all stages."""
        return self._total

    @property
    def by_stage(self) -> Mapping[str, Totals]:
        """Totals by stage, ordered by first reply."""
        return MappingProxyType(self._by_stage)

    async def ask(self, ask: Ask) -> Reply:
        """Returns the inner engine's reply.

        Raises:
            BudgetExceeded: A ceiling is reached, or cannot be enforced because the price or the
                tokens are unknown.
        """
        await self._wait_for_budget()
        self._in_flight += 1
        prefix_share = self._shared_prefix(ask)
        try:
            reply = await self._engine.ask(ask)
            self._count(ask.stage, reply, round(prefix_share * reply.tokens_in))
        finally:
            self._in_flight -= 1
            # Wakes all waiting calls. Events cannot be cleared, so the next end needs a new one.
            self._call_ended.set()
            self._call_ended = anyio.Event()
        return reply

    async def _wait_for_budget(self) -> None:
        while (reached := self._reached()) or self._may_be_used_up():
            # Calls in flight are paid for: the run ends only after they have been recorded.
            if not self._in_flight:
                raise BudgetExceeded(reached, hint=self._hint())
            await self._call_ended.wait()

    def _may_be_used_up(self) -> bool:
        """Whether the calls in flight may use up a ceiling if all of them succeed."""
        ceiling, total, in_flight = self._ceiling, self._total, self._in_flight
        if ceiling.calls is not None and total.calls + in_flight >= ceiling.calls:
            return True
        if (ceiling.tokens, ceiling.cost) == (None, None) or not in_flight:
            return False
        if not total.calls:
            return True  # how much a call needs is not known yet
        tokens = total.tokens + (in_flight + 1) * self._largest.tokens
        cost = total.cost + (in_flight + 1) * self._largest.cost
        return (ceiling.tokens is not None and tokens > ceiling.tokens) or (
            ceiling.cost is not None and cost > ceiling.cost
        )

    def _reached(self) -> str:
        """A message that names the ceiling that is reached; empty if none is."""
        total, ceiling = self._total, self._ceiling
        if ceiling.calls is not None and total.calls >= ceiling.calls:
            return f"the ceiling of {ceiling.calls:,} calls is reached"
        if ceiling.tokens is not None and total.tokens >= ceiling.tokens:
            return f"the ceiling of {ceiling.tokens:,} tokens is reached, with {total.tokens:,}"
        if ceiling.cost is not None and total.cost >= ceiling.cost:
            return f"the ceiling of ${ceiling.cost:,.2f} is reached, with ${total.cost:,.2f}"
        unknown = self._unenforceable()
        return f"{unknown[0]} cannot be enforced: {unknown[1]}" if unknown else ""

    def _unenforceable(self) -> tuple[str, str, str] | None:
        """A ceiling that cannot be enforced, the reason, and what could be limited instead."""
        tokens = f"the server of {self.model!r} reports no tokens"
        if self._ceiling.tokens is not None and self._total.unreported:
            return "a ceiling on tokens", tokens, "calls"
        if self._ceiling.cost is not None and self._total.unknown_price:
            if self._total.unreported:
                return "a ceiling on cost", tokens, "calls"
            return "a ceiling on cost", f"the price of {self.model!r} is unknown", "tokens"
        return None

    def _hint(self) -> str:
        unknown = self._unenforceable()
        return _OTHER_CEILING.format(unknown[2]) if unknown else _RESUME

    def _shared_prefix(self, ask: Ask) -> float:
        """Share of the prompt, in [0, 1], that is a prefix of the stage's previous prompt too."""
        text = "".join(message.content for message in ask.messages)
        previous = self._last_prompts.get(ask.stage, "")
        self._last_prompts[ask.stage] = text
        return _shared_chars(text, previous) / len(text) if text else 0.0

    def _count(self, stage: str, reply: Reply, cacheable: int) -> None:
        self._largest = self._largest.with_reply(reply)
        self._total = self._total.plus(reply, cacheable=cacheable)
        own = self._by_stage.get(stage, Totals())
        self._by_stage[stage] = own.plus(reply, cacheable=cacheable)


@dataclass(frozen=True, slots=True)
class _LargestCall:
    """Maximum tokens and cost of a call so far."""

    tokens: int = 0
    cost: float = 0.0

    def with_reply(self, reply: Reply) -> "_LargestCall":
        tokens = reply.tokens_in + reply.tokens_out
        return _LargestCall(max(self.tokens, tokens), max(self.cost, reply.cost or 0.0))


def _shared_chars(text: str, other: str) -> int:
    """Length of the longest common prefix, by bisection: slices compare in C."""
    low, high = 0, min(len(text), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if text[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
