"""Rates and their confidence intervals."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from error_map.analysis import Rate, Stratum, wilson

STRATA = st.builds(
    lambda hits, missed, unseen: Stratum(
        hits=hits, sampled=hits + missed, of=hits + missed + unseen
    ),
    st.integers(0, 50),
    st.integers(1, 50),
    st.integers(0, 500),
)


def test_wilson_agrees_with_a_published_example() -> None:
    """Newcombe 1998, table I: 81 of 263."""
    low, high = wilson(81, 263)

    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)


def test_wilson_depends_on_the_quantile() -> None:
    """Wilson's closed form for one hit of two at z = 1: (1 ± 1/sqrt(3)) / 2."""
    low, high = wilson(1, 2, z=1)

    assert (low, high) == pytest.approx((0.5 - 1 / 12**0.5, 0.5 + 1 / 12**0.5))


def test_one_of_two_samples_that_is_known_completely_has_no_variance() -> None:
    rate = Rate.estimated([Stratum(hits=1, sampled=2, of=2), Stratum(hits=1, sampled=2, of=4)])

    # Cochran's formula by hand: the second stratum has weight 2/3, correction 1/2, variance 1/4.
    assert rate.value == pytest.approx(0.5)
    even = (2 / 3) ** 2 * (1 - 2 / 4) / 2
    own = (2 / 3) ** 2 * (1 - 2 / 4) * 0.25 / (2 - 1)
    effective = min(0.25 / own, 1 / even)
    assert (rate.low, rate.high) == pytest.approx(wilson(0.5 * effective, effective))


def test_one_sampled_failure_has_the_pooled_variance() -> None:
    rate = Rate.estimated([Stratum(hits=1, sampled=1, of=2), Stratum(hits=0, sampled=1, of=2)])

    effective = min(0.25 / (2 * 0.25 * 0.5 * 0.25), 1 / (2 * 0.25 * 0.5))
    assert (rate.low, rate.high) == pytest.approx(wilson(0.5 * effective, effective))


@pytest.mark.parametrize(("hits", "trials"), [(0, 0), (-1, 5), (6, 5)])
def test_a_proportion_of_nothing_is_refused(hits: int, trials: int) -> None:
    with pytest.raises(ValueError, match="no proportion"):
        wilson(hits, trials)


@given(st.lists(STRATA, min_size=1, max_size=6))
def test_an_estimate_lies_inside_its_interval_and_both_inside_zero_and_one(
    strata: list[Stratum],
) -> None:
    rate = Rate.estimated(strata)

    assert 0 <= rate.low <= rate.value + 1e-9
    assert rate.value - 1e-9 <= rate.high <= 1
    assert rate.trials <= rate.of


def test_strata_count_by_their_size_and_not_by_their_sample() -> None:
    whole = Stratum(hits=10, sampled=10, of=10)
    sparse = Stratum(hits=0, sampled=10, of=90)

    rate = Rate.estimated([whole, sparse])

    assert rate.value == pytest.approx(0.1)
    assert (rate.hits, rate.trials, rate.of) == (10, 20, 100)


def test_a_complete_count_has_the_plain_wilson_interval() -> None:
    rate = Rate.estimated([Stratum(hits=3, sampled=20, of=20), Stratum(hits=0, sampled=20, of=20)])

    assert (rate.low, rate.high) == wilson(3, 40)


@pytest.mark.parametrize(
    "strata",
    [
        [(400, 40, 120), (400, 40, 20)],
        [(3000, 30, 90), (20, 2, 10)],
        [(3000, 30, 2850), (20, 2, 10)],
        [(500, 5, 50), (500, 50, 50)],
    ],
)
def test_the_interval_covers_the_truth_as_often_as_it_says(
    strata: list[tuple[int, int, int]],
) -> None:
    """Strata of (failures, sampled, hits among all): 95 % intervals, within a few points."""
    rng = random.Random(5)
    truth = sum(hits for _, _, hits in strata) / sum(of for of, _, _ in strata)
    covered = 0
    for _ in range(1000):
        drawn = [
            Stratum(
                hits=sum(rng.sample([n < hits for n in range(of)], sampled)), sampled=sampled, of=of
            )
            for of, sampled, hits in strata
        ]
        rate = Rate.estimated(drawn)
        covered += rate.low <= truth <= rate.high

    assert 915 <= covered <= 990


def test_a_larger_sample_gives_a_narrower_interval() -> None:
    few = Rate.estimated([Stratum(hits=5, sampled=10, of=1000)])
    many = Rate.estimated([Stratum(hits=250, sampled=500, of=1000)])

    assert many.high - many.low < (few.high - few.low) / 4
