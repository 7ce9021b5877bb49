"""Counts what replies cost, and stops at a ceiling."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import anyio

from ..errors import BudgetExceeded
from .base import Ask, Engine, Reply

_WAY_ON: Final = "what is done is kept; the same command with a higher ceiling goes on"
_OTHER_CEILING: Final = "what is done is kept; the same command with a ceiling on {} goes on"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """What a run may use; None is without limit."""

    calls: int | None = None
    """Replies."""
    tokens: int | None = None
    """Of prompts and answers together."""
    cost: float | None = None
    """In US dollars."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What replies have used."""

    calls: int = 0
    tokens_in: int = 0
    tokens_cacheable: int = 0
    """Of `tokens_in`, those that the question before, of the same stage, began with too."""
    tokens_cached: int = 0
    """Of `tokens_in`, those that the provider says it served from its prompt cache."""
    tokens_out: int = 0
    cost: float = 0.0
    """In US dollars, of the calls whose price is known."""
    unknown_price: int = 0
    """Calls whose price is not."""
    untold: int = 0
    """Calls whose tokens the server did not report."""

    @property
    def tokens(self) -> int:
        """Of prompts and answers together."""
        return self.tokens_in + self.tokens_out

    def plus(self, reply: Reply, *, cacheable: int = 0) -> "Totals":
        """These and one reply more."""
        return Totals(
            calls=self.calls + 1,
            tokens_in=self.tokens_in + reply.tokens_in,
            tokens_cacheable=self.tokens_cacheable + cacheable,
            tokens_cached=self.tokens_cached + reply.tokens_cached,
            tokens_out=self.tokens_out + reply.tokens_out,
            cost=self.cost + (reply.cost or 0.0),
            unknown_price=self.unknown_price + (reply.cost is None),
            untold=self.untold + (not reply.tokens_in),
        )


class Budgeted:
    """An engine that stops when a ceiling is reached.

    No call starts then; those in flight end first and count, so that nothing that was paid for is
    thrown away. Calls never exceed their ceiling. Tokens and cost do only by what a call needs more
    than any before it: each call in flight counts as the dearest so far.
    """

    def __init__(self, engine: Engine, ceiling: Ceiling) -> None:
        self._engine = engine
        self._ceiling = ceiling
        self._total = Totals()
        self._by_stage: dict[str, Totals] = {}
        self._dearest = _Dearest()
        self._asked_last: dict[str, str] = {}
        self._in_flight = 0
        self._ended = anyio.Event()

    @property
    def model(self) -> str:
        """The inner engine's."""
        return self._engine.model

    @property
    def parameters(self) -> Mapping[str, object]:
        """The inner engine's."""
        return self._engine.parameters

    @property
    def total(self) -> Totals:
        """Of all stages."""
        return self._total

    @property
    def by_stage(self) -> Mapping[str, Totals]:
        """Stage by stage, in the order in which each had its first reply."""
        return MappingProxyType(self._by_stage)

    async def ask(self, ask: Ask) -> Reply:
        """The inner engine's reply.

        Raises:
            BudgetExceeded: A ceiling is reached, or cannot be kept, as the price or the tokens
                are unknown.
        """
        await self._admission()
        self._in_flight += 1
        shared = self._shared_with_last(ask)
        try:
            reply = await self._engine.ask(ask)
            self._count(ask.stage, reply, round(shared * reply.tokens_in))
        finally:
            self._in_flight -= 1
            self._ended.set()
            self._ended = anyio.Event()
        return reply

    async def _admission(self) -> None:
        while (reached := self._reached()) or self._all_promised():
            if not self._in_flight:
                raise BudgetExceeded(reached, hint=self._way_on())
            await self._ended.wait()

    def _all_promised(self) -> bool:
        """Whether the calls in flight may use up a ceiling, if none of them fails."""
        ceiling, total, waiting = self._ceiling, self._total, self._in_flight
        if ceiling.calls is not None and total.calls + waiting >= ceiling.calls:
            return True
        if (ceiling.tokens, ceiling.cost) == (None, None) or not waiting:
            return False
        if not total.calls:
            return True  # what a call needs is not known yet
        tokens = total.tokens + (waiting + 1) * self._dearest.tokens
        cost = total.cost + (waiting + 1) * self._dearest.cost
        return (ceiling.tokens is not None and tokens > ceiling.tokens) or (
            ceiling.cost is not None and cost > ceiling.cost
        )

    def _reached(self) -> str:
        """The ceiling that is reached, in words."""
        total, ceiling = self._total, self._ceiling
        if ceiling.calls is not None and total.calls >= ceiling.calls:
            return f"the ceiling of {ceiling.calls:,} calls is reached"
        if ceiling.tokens is not None and total.tokens >= ceiling.tokens:
            return f"the ceiling of {ceiling.tokens:,} tokens is reached, with {total.tokens:,}"
        if ceiling.cost is not None and total.cost >= ceiling.cost:
            return f"the ceiling of ${ceiling.cost:,.2f} is reached, with ${total.cost:,.2f}"
        unknown = self._unknown()
        return f"{unknown[0]} cannot be kept: {unknown[1]}" if unknown else ""

    def _unknown(self) -> tuple[str, str, str] | None:
        """A ceiling that cannot be kept, why, and on what one could."""
        tokens = f"the server of {self.model!r} reports no tokens"
        if self._ceiling.tokens is not None and self._total.untold:
            return "a ceiling on tokens", tokens, "calls"
        if self._ceiling.cost is not None and self._total.unknown_price:
            if self._total.untold:
                return "a ceiling on cost", tokens, "calls"
            return "a ceiling on cost", f"the price of {self.model!r} is unknown", "tokens"
        return None

    def _way_on(self) -> str:
        unknown = self._unknown()
        return _OTHER_CEILING.format(unknown[2]) if unknown else _WAY_ON

    def _shared_with_last(self, ask: Ask) -> float:
        """The share of a question that stands at the beginning of its stage's last one too."""
        text = "".join(message.content for message in ask.messages)
        last = self._asked_last.get(ask.stage, "")
        self._asked_last[ask.stage] = text
        return _common(text, last) / len(text) if text else 0.0

    def _count(self, stage: str, reply: Reply, cacheable: int) -> None:
        self._dearest = self._dearest.or_dearer(reply)
        self._total = self._total.plus(reply, cacheable=cacheable)
        own = self._by_stage.get(stage, Totals())
        self._by_stage[stage] = own.plus(reply, cacheable=cacheable)


@dataclass(frozen=True, slots=True)
class _Dearest:
    """The most that one call has needed."""

    tokens: int = 0
    cost: float = 0.0

    def or_dearer(self, reply: Reply) -> "_Dearest":
        tokens = reply.tokens_in + reply.tokens_out
        return _Dearest(max(self.tokens, tokens), max(self.cost, reply.cost or 0.0))


def _common(text: str, other: str) -> int:
    """Characters that two texts share from their beginning."""
    low, high = 0, min(len(text), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if text[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
