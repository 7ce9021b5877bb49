"""Recorded(Budgeted(Retrying(Limited(engine)))): each an Engine round an Engine."""

from dataclasses import dataclass
from random import Random

from ..store.ledger import Ledger
from .base import Engine
from .budget import Budgeted, Ceiling, Totals
from .cached import Recorded
from .concurrency import Limited
from .retrying import Retrying, Timed

__all__ = [
    "Budgeted",
    "Ceiling",
    "EngineStack",
    "Limited",
    "Limits",
    "Recorded",
    "Retrying",
    "Timed",
    "Totals",
    "engine_stack",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How hard a provider may be pressed, and how long to try."""

    workers: int = 100
    """Calls at once."""
    rpm: float | None = None
    """Requests a minute."""
    tpm: float | None = None
    """Tokens a minute."""
    timeout_s: float = 120.0
    """Of one attempt."""
    attempts: int = 6
    """Of one call, where the provider fails; refusals do not count."""
    deadline_s: float = 600.0
    """What one call may wait between its attempts, all in all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineStack:
    """The engine to ask, and what can be read of it."""

    engine: Recorded
    """The outermost; counts what was served and what was asked."""
    budget: Budgeted
    """Holds the totals."""


def engine_stack(
    engine: Engine,
    ledger: Ledger,
    *,
    limits: Limits,
    ceiling: Ceiling,
    rng: Random,
) -> EngineStack:
    """An engine that loses nothing and asks nothing twice.

    Args:
        engine: The provider: one attempt a call.
        ledger: Where replies are kept.
        limits: Of rates, time and attempts.
        ceiling: Of calls, tokens and cost.
        rng: Draws the waits between attempts.
    """
    limited = Limited(
        Timed(engine, timeout_s=limits.timeout_s),
        workers=limits.workers,
        rpm=limits.rpm,
        tpm=limits.tpm,
    )
    retrying = Retrying(limited, attempts=limits.attempts, deadline_s=limits.deadline_s, rng=rng)
    budgeted = Budgeted(retrying, ceiling)
    return EngineStack(engine=Recorded(budgeted, ledger), budget=budgeted)
