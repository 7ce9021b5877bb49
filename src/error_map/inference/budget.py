"""Counts what replies cost, and stops at a ceiling."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import anyio

from ..errors import BudgetExceeded
from .base import Ask, Engine, Reply

_WAY_ON = "what is done is kept; the same command with a higher ceiling goes on"


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
    tokens_cached: int = 0
    tokens_out: int = 0
    cost: float = 0.0
    """In US dollars, of the calls whose price is known."""
    unknown_price: int = 0
    """Calls whose price is not."""

    @property
    def tokens(self) -> int:
        """Of prompts and answers together."""
        return self.tokens_in + self.tokens_out

    def plus(self, reply: Reply) -> "Totals":
        """These and one reply more."""
        return Totals(
            calls=self.calls + 1,
            tokens_in=self.tokens_in + reply.tokens_in,
            tokens_cached=self.tokens_cached + reply.tokens_cached,
            tokens_out=self.tokens_out + reply.tokens_out,
            cost=self.cost + (reply.cost or 0.0),
            unknown_price=self.unknown_price + (reply.cost is None),
        )


class Budgeted:
    """An engine that stops when a ceiling is reached.

    No call starts then; those in flight end first and count, so that nothing that was paid for is
    thrown away. Calls never exceed their ceiling; tokens and cost do by what was in flight.
    """

    def __init__(self, engine: Engine, ceiling: Ceiling) -> None:
        self._engine = engine
        self._ceiling = ceiling
        self._total = Totals()
        self._by_stage: dict[str, Totals] = {}
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
            BudgetExceeded: A ceiling is reached, or cannot be kept as the price is unknown.
        """
        await self._admission()
        self._in_flight += 1
        try:
            reply = await self._engine.ask(ask)
            self._count(ask.stage, reply)
        finally:
            self._in_flight -= 1
            self._ended.set()
            self._ended = anyio.Event()
        return reply

    async def _admission(self) -> None:
        while (reached := self._reached()) or self._all_promised():
            if not self._in_flight:
                raise BudgetExceeded(reached, hint=_WAY_ON)
            await self._ended.wait()

    def _all_promised(self) -> bool:
        """Whether the calls in flight use up the ceiling, if none of them fails."""
        calls = self._ceiling.calls
        return calls is not None and self._total.calls + self._in_flight >= calls

    def _reached(self) -> str:
        """The ceiling that is reached, in words."""
        total, ceiling = self._total, self._ceiling
        if ceiling.calls is not None and total.calls >= ceiling.calls:
            return f"the ceiling of {ceiling.calls:,} calls is reached"
        if ceiling.tokens is not None and total.tokens >= ceiling.tokens:
            return f"the ceiling of {ceiling.tokens:,} tokens is reached, with {total.tokens:,}"
        if ceiling.cost is not None and total.cost >= ceiling.cost:
            return f"the ceiling of ${ceiling.cost:,.2f} is reached, with ${total.cost:,.2f}"
        if ceiling.cost is not None and total.unknown_price:
            return f"a ceiling on cost cannot be kept: the price of {self.model!r} is unknown"
        return ""

    def _count(self, stage: str, reply: Reply) -> None:
        self._total = self._total.plus(reply)
        self._by_stage[stage] = self._by_stage.get(stage, Totals()).plus(reply)
