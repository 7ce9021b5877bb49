"""The rate limiters as pure functions of time."""

import math

import pytest

from error_map.inference.rate_limiter import (
    CATCH_UP_S,
    DIP,
    MAX_PAUSE_S,
    MIN_PAUSE_S,
    MIN_RATE_PER_S,
    PLATEAU_S,
    AdaptiveLimiter,
    RateLimiter,
)


def test_without_a_rate_calls_may_start_at_any_time() -> None:
    limiter = RateLimiter()
    limiter.take(1_000, now=5.0)

    assert limiter.next_at == 5.0


def test_starts_are_spaced_evenly() -> None:
    limiter = RateLimiter(per_minute=120)
    starts = []
    now = 0.0
    for _ in range(4):
        limiter.take(1, now)
        starts.append(now)
        now = limiter.next_at

    assert starts == [0.0, 0.5, 1.0, 1.5]


@pytest.mark.parametrize(("late_s", "next_at"), [(CATCH_UP_S / 2, 2.0), (CATCH_UP_S, 2.25)])
def test_only_slightly_late_starts_catch_up(late_s: float, next_at: float) -> None:
    limiter = RateLimiter(per_minute=60)
    limiter.take(1, now=0.0)
    limiter.take(1, now=1.0 + late_s)

    assert limiter.next_at == pytest.approx(next_at)


def test_a_booking_is_corrected_by_the_actual_units() -> None:
    limiter = RateLimiter(per_minute=60)
    limiter.take(10, now=0.0)
    limiter.amend(-4)

    assert limiter.next_at == 6.0


def test_one_call_at_a_time_until_the_first_success() -> None:
    limiter = AdaptiveLimiter(8)
    assert limiter.allowed == 1

    limiter.succeeded(1.0, started=0.0)
    assert limiter.allowed == 8


def test_pauses_double_up_to_a_bound_and_reset_after_a_success() -> None:
    limiter = AdaptiveLimiter(1)
    pauses = []
    now = 0.0
    for _ in range(12):
        number = limiter.start(now)
        limiter.refused(now, pauses_before=number, retry_after_s=None)
        pauses.append(limiter.ready_at - now)
        now = limiter.ready_at
    limiter.succeeded(now, started=now)
    number = limiter.start(now)
    limiter.refused(now, pauses_before=number, retry_after_s=None)

    assert pauses == sorted(pauses)
    assert pauses[-1] == pytest.approx(MAX_PAUSE_S)
    assert limiter.refused_for_s == pytest.approx(MIN_PAUSE_S)


def test_a_refusal_of_a_call_that_started_before_the_pause_changes_nothing() -> None:
    limiter = AdaptiveLimiter(8)
    limiter.succeeded(0.1, started=0.0)
    first, second = limiter.start(1.0), limiter.start(1.0)
    limiter.refused(1.1, pauses_before=first, retry_after_s=None)
    before = (limiter.allowed, limiter.ready_at)
    limiter.refused(1.2, pauses_before=second, retry_after_s=None)

    assert (limiter.allowed, limiter.ready_at) == before


def test_the_longest_requested_wait_counts() -> None:
    limiter = AdaptiveLimiter(8)
    number = limiter.start(0.0)
    limiter.refused(0.0, pauses_before=number, retry_after_s=30.0)
    limiter.refused(1.0, pauses_before=number, retry_after_s=5.0)

    assert limiter.ready_at == 30.0


def test_the_rate_after_a_cut_dips_recovers_and_then_grows() -> None:
    limiter = AdaptiveLimiter(1)
    for step in range(50):
        limiter.start(step / 10)
        limiter.succeeded(step / 10 + 0.1, started=step / 10)
    number = limiter.start(5.0)
    limiter.refused(5.0, pauses_before=number, retry_after_s=1.0)

    def rate_at(now: float) -> float:
        limiter.start(now)
        return 1 / (limiter.ready_at - now)

    dip, plateau, beyond = (rate_at(6.0 + part * PLATEAU_S) for part in (0.0, 1.0, 3.0))
    assert dip == pytest.approx(10 * (1 - DIP), rel=0.05)
    assert plateau == pytest.approx(10, rel=0.05)
    assert beyond > plateau


def test_the_learned_rate_never_reaches_zero() -> None:
    limiter = AdaptiveLimiter(1)
    limiter.succeeded(0.0, started=-1_000.0)
    number = limiter.start(100.0)
    limiter.refused(100.0, pauses_before=number, retry_after_s=0.0)
    limiter.start(100.0)

    assert limiter.ready_at - 100.0 <= 1 / (MIN_RATE_PER_S * (1 - DIP)) + 1e-9
    assert math.isfinite(limiter.ready_at)
