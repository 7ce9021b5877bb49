"""Rate limits: those that the user sets, and one learned from the provider's refusals."""

import math
from collections import deque
from typing import Final

# Late starts happen because timers and other tasks are not exact. Without this tolerance, every
# delay would lower the rate that is used; with a large one, starts would come in bursts.
CATCH_UP_S: Final = 0.25
"""A start that is late by less than this does not delay the following ones, in seconds."""
# Without a Retry-After, the first pause is about the time of a short call, so that a limit on
# concurrent calls costs little. Doubling reaches the minute of a rate limit's window in 10 steps.
MIN_PAUSE_S: Final = 0.1
MAX_PAUSE_S: Final = 60.0
"""Bounds of the pause after a refusal without Retry-After, in seconds."""
# After a cut from 100 to 50 workers, 250 successes restore the old concurrency.
SUCCESSES_PER_WORKER: Final = 5
"""After a cut, concurrency rises by one each time this many calls succeed."""
# Long enough to count 5 calls at 1 per second, short enough to follow a changed limit.
WINDOW_S: Final = 5.0
"""Time window over which successes are counted to measure the rate, in seconds."""
# The learned rate must not reach 0, or it would never be tested again: one call in 5 s.
MIN_RATE_PER_S: Final = 0.2
# In the first window after a pause few successes are counted; the cut is bounded as in TCP.
MAX_CUT: Final = 0.5
"""One refusal lowers the learned rate to no less than this share of the offered rate."""
# With both, tests/inference/test_engine_stack.py measures at least 90 % of a provider's
# hidden limit, with refusals under 10 % of the calls.
DIP: Final = 0.1
"""Share by which calls start below the learned rate after a cut."""
PLATEAU_S: Final = 2.5
"""Time to return to the learned rate, then to exceed it ever faster (as in CUBIC), in seconds."""
_NEW_SHARE: Final = 0.1
"""Weight of the newest call in the moving average of the latency: about the last ten calls."""
_MIN_INTERVAL_S: Final = 1e-3
"""Avoids a division by zero where a call ends at the moment it started."""


class RateLimiter:
    """Spaces starts evenly, as providers count requests or tokens per minute."""

    def __init__(self, per_minute: float | None = None) -> None:
        self.per_s = math.inf if per_minute is None else per_minute / 60
        self.next_at = -math.inf

    def take(self, units: float, now: float) -> None:
        """Books `units`; the next start waits until the rate allows them."""
        late_s = now - self.next_at
        base = self.next_at if late_s < CATCH_UP_S else now
        self.next_at = base + units / self.per_s

    def amend(self, units: float) -> None:
        """Corrects a booking by the difference between actual and expected units."""
        self.next_at += units / self.per_s


class AdaptiveLimiter:
    """Concurrency, pauses and rate, learned from how calls end.

    After a refusal all calls pause. Then calls start at the rate at which calls succeeded recently:
    slightly below it at first, slightly above it later. A provider's limit is thus used in full,
    and refusals stay rare.
    """

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._allowed = float(workers)
        self._has_succeeded = False
        self._rate = RateLimiter()
        self._began_at: float | None = None
        self._halved_at = -math.inf
        self._resume_at = -math.inf
        self._pauses = 0
        self._learned_per_s = math.inf
        self._successes: deque[float] = deque()
        self._latency_s = 0.0
        self._pause_s = MIN_PAUSE_S
        self._refused_since: float | None = None

    @property
    def allowed(self) -> int:
        """Maximum concurrent calls; one until the first success."""
        return int(self._allowed) if self._has_succeeded else 1

    @property
    def ready_at(self) -> float:
        """When the next call may start."""
        return max(self._resume_at, self._rate.next_at)

    @property
    def refused_for_s(self) -> float:
        """Seconds from the first refusal since the last success to the end of the pause."""
        return 0.0 if self._refused_since is None else self._resume_at - self._refused_since

    def start(self, now: float) -> int:
        """Books the start of a call.

        Returns:
            The number of pauses so far.
        """
        if self._began_at is None:
            self._began_at = now
        self._rate.per_s = self._rate_at(now)
        self._rate.take(1, now)
        return self._pauses

    def succeeded(self, now: float, *, started: float) -> None:
        """Records that the call that began at `started` has its reply."""
        share = _NEW_SHARE if self._has_succeeded else 1.0
        self._latency_s += share * (now - started - self._latency_s)
        self._has_succeeded = True
        self._successes.append(now)
        self._drop_old_successes(now)
        self._pause_s = MIN_PAUSE_S
        self._refused_since = None
        self._allowed = min(self._workers, self._allowed + 1 / SUCCESSES_PER_WORKER)

    def refused(self, now: float, *, pauses_before: int, retry_after_s: float | None) -> None:
        """Records that a call was refused that started after `pauses_before` pauses."""
        if self._refused_since is None:
            self._refused_since = now
        if retry_after_s is not None:
            self._resume_at = max(self._resume_at, now + retry_after_s)
        if pauses_before < self._pauses:
            return  # it started before the last pause, and says nothing about the rate after it
        if retry_after_s is None:
            self._resume_at = now + self._pause_s
            self._pause_s = min(MAX_PAUSE_S, 2 * self._pause_s)
        self._pauses += 1
        self._cut(now)

    def _cut(self, now: float) -> None:
        self._drop_old_successes(now)
        window_s = min(WINDOW_S, max(now - (self._began_at or 0.0), _MIN_INTERVAL_S))
        measured_per_s = len(self._successes) / window_s
        latency_s = max(self._latency_s, _MIN_INTERVAL_S)
        offered_per_s = min(self._rate_at(now), self._allowed / latency_s)
        min_per_s = max(MIN_RATE_PER_S, MAX_CUT * offered_per_s)
        self._learned_per_s = max(measured_per_s, min_per_s)
        # Once per round trip, because one burst of refusals arrives together.
        if now - self._halved_at >= self._latency_s:
            self._allowed = max(1.0, self._allowed // 2)
            self._halved_at = now

    def _rate_at(self, now: float) -> float:
        beyond = max(0.0, now - self._resume_at) / PLATEAU_S - 1
        return self._learned_per_s * (1 + DIP * beyond**3)

    def _drop_old_successes(self, now: float) -> None:
        while self._successes and self._successes[0] < now - WINDOW_S:
            self._successes.popleft()
