"""How fast a provider lets us go: given rates, and the one learnt from its refusals."""

import math
from collections import deque
from typing import Final

CATCH_UP_S: Final = 0.25
"""A start that is late by less than this does not delay the ones after it."""
FIRST_PAUSE_S: Final = 0.1
LONGEST_PAUSE_S: Final = 60.0
"""Bounds of the pause where the provider does not say how long; doubles while nothing succeeds."""
SUCCESSES_PER_WORKER: Final = 5
"""After a cut, concurrency rises by one each time this many calls succeed."""
WINDOW_S: Final = 5.0
"""What counts as the rate seen: successes in this time."""
SLOWEST_PER_S: Final = 0.2
STEEPEST_CUT: Final = 0.5
"""The learnt rate falls at most to this share at once."""
DIP: Final = 0.1
PLATEAU_S: Final = 2.5
"""After a cut: below the learnt rate by `DIP`, back in this time, then ever faster (CUBIC)."""
_NEW_SHARE: Final = 0.1


class Pace:
    """Starts in even steps, as a provider counts requests or tokens a minute."""

    def __init__(self, per_minute: float | None = None) -> None:
        self.per_s = math.inf if per_minute is None else per_minute / 60
        self.next_at = -math.inf

    def take(self, units: float, now: float) -> None:
        """Books `units`; the next start waits until they are paid off."""
        late_s = now - self.next_at
        base = self.next_at if late_s < CATCH_UP_S else now
        self.next_at = base + units / self.per_s

    def amend(self, units: float) -> None:
        """Books units more, or less, than a start was expected to need."""
        self.next_at += units / self.per_s


class Congestion:
    """How many calls at once, from when on and how densely, as learnt from what comes back.

    A provider that refuses is left in peace for a moment. Then calls go at the rate at which calls
    have succeeded lately, a little below it first and a little above it later: a limit that is
    always just touched is used in full, and a refusal costs next to nothing.
    """

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._allowed = float(workers)
        self._proven = False
        self._pace = Pace()
        self._began_at: float | None = None
        self._halved_at = -math.inf
        self._resume_at = -math.inf
        self._pauses = 0
        self._learnt_per_s = math.inf
        self._successes: deque[float] = deque()
        self._latency_s = 0.0
        self._pause_s = FIRST_PAUSE_S
        self._refused_since: float | None = None

    @property
    def allowed(self) -> int:
        """Calls at once; one until the first success."""
        return int(self._allowed) if self._proven else 1

    @property
    def ready_at(self) -> float:
        """No call may start before."""
        return max(self._resume_at, self._pace.next_at)

    @property
    def refused_for_s(self) -> float:
        """From the first refusal without a success in between to the end of the pause."""
        return 0.0 if self._refused_since is None else self._resume_at - self._refused_since

    def start(self, now: float) -> int:
        """A call starts.

        Returns:
            How many pauses there were before.
        """
        if self._began_at is None:
            self._began_at = now
        self._pace.per_s = self._rate_at(now)
        self._pace.take(1, now)
        return self._pauses

    def succeeded(self, now: float, *, started: float) -> None:
        """A call that started then has its reply."""
        share = _NEW_SHARE if self._proven else 1.0
        self._latency_s += share * (now - started - self._latency_s)
        self._proven = True
        self._successes.append(now)
        self._forget(now)
        self._pause_s = FIRST_PAUSE_S
        self._refused_since = None
        self._allowed = min(self._workers, self._allowed + 1 / SUCCESSES_PER_WORKER)

    def refused(self, now: float, *, pauses_before: int, retry_after_s: float | None) -> None:
        """A call that started after so many pauses was told to come later."""
        if self._refused_since is None:
            self._refused_since = now
        if retry_after_s is not None:
            self._resume_at = max(self._resume_at, now + retry_after_s)
        if pauses_before < self._pauses:
            return  # it left before the last pause, and says nothing about what came after
        if retry_after_s is None:
            self._resume_at = now + self._pause_s
            self._pause_s = min(LONGEST_PAUSE_S, 2 * self._pause_s)
        self._pauses += 1
        self._cut(now)

    def _cut(self, now: float) -> None:
        self._forget(now)
        window_s = min(WINDOW_S, max(now - (self._began_at or 0.0), 1e-3))
        seen_per_s = len(self._successes) / window_s
        offered_per_s = min(self._rate_at(now), self._allowed / max(self._latency_s, 1e-3))
        floor_per_s = max(SLOWEST_PER_S, STEEPEST_CUT * offered_per_s)
        self._learnt_per_s = max(seen_per_s, floor_per_s)
        if now - self._halved_at >= self._latency_s:  # once a round trip, as all of it comes back
            self._allowed = max(1.0, self._allowed // 2)
            self._halved_at = now

    def _rate_at(self, now: float) -> float:
        beyond = max(0.0, now - self._resume_at) / PLATEAU_S - 1
        return self._learnt_per_s * (1 + DIP * beyond**3)

    def _forget(self, now: float) -> None:
        while self._successes and self._successes[0] < now - WINDOW_S:
            self._successes.popleft()
