"""The stack of wrappers around an engine: cache, budget, retries, and limits on rates and time."""

from dataclasses import dataclass
from random import Random

from ..store.ledger import Ledger
from .base import Engine
from .budget import BudgetedEngine, Ceiling, Totals
from .cached import CachedEngine
from .limited import LimitedEngine
from .retrying import RetryingEngine, TimeoutEngine

__all__ = [
    "BudgetedEngine",
    "CachedEngine",
    "CallLimits",
    "Ceiling",
    "EngineStack",
    "LimitedEngine",
    "RetryingEngine",
    "TimeoutEngine",
    "Totals",
    "engine_stack",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLimits:
    """Limits on concurrency, rates and retries."""

    workers: int = 100
    """Maximum concurrent calls."""
    rpm: float | None = None
    """Maximum requests per minute."""
    tpm: float | None = None
    """Maximum tokens per minute."""
    timeout_s: float = 120.0
    """Time limit of one attempt, in seconds."""
    # With full jitter, five waits after six attempts take 15 s on average: a restart of a server.
    attempts: int = 6
    """Maximum failed attempts per call; rate-limit refusals do not count."""
    # As long as an endpoint may refuse before the run ends (`MAX_REFUSED_S`).
    deadline_s: float = 600.0
    """Maximum total wait between the attempts of one call, in seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineStack:
    """A wrapped engine, and its wrappers that hold statistics."""

    engine: CachedEngine
    """The outermost wrapper: send requests here; it counts cache hits and misses."""
    budget: BudgetedEngine
    """Holds the totals."""


def engine_stack(
    engine: Engine,
    ledger: Ledger,
    *,
    limits: CallLimits,
    ceiling: Ceiling,
    rng: Random,
) -> EngineStack:
    """Wraps an engine with caching, a budget, retries, and limits on rates and time.

    Args:
        engine: The provider; one attempt per call.
        ledger: Stores the replies.
        limits: Limits on concurrency, rates and retries.
        ceiling: Limits on total calls, tokens and cost.
        rng: Draws the random waits between attempts.
    """
    limited = LimitedEngine(
        TimeoutEngine(engine, timeout_s=limits.timeout_s),
        workers=limits.workers,
        rpm=limits.rpm,
        tpm=limits.tpm,
    )
    retrying = RetryingEngine(
        limited, attempts=limits.attempts, deadline_s=limits.deadline_s, rng=rng
    )
    budgeted = BudgetedEngine(retrying, ceiling)
    return EngineStack(engine=CachedEngine(budgeted, ledger), budget=budgeted)
