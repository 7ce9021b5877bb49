"""Rates and their intervals."""

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


def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    """Two strata of 400 failures, a tenth sampled each: 95 % intervals, within 2 points."""
    rng = random.Random(5)
    strata = [[n < 120 for n in range(400)], [n < 20 for n in range(400)]]
    truth = 140 / 800
    covered = 0
    for _ in range(1000):
        drawn = [sum(rng.sample(population, 40)) for population in strata]
        rate = Rate.estimated([Stratum(hits=hits, sampled=40, of=400) for hits in drawn])
        covered += rate.low <= truth <= rate.high

    assert 930 <= covered <= 985


def test_a_larger_sample_gives_a_narrower_interval() -> None:
    few = Rate.estimated([Stratum(hits=5, sampled=10, of=1000)])
    many = Rate.estimated([Stratum(hits=250, sampled=500, of=1000)])

    assert many.high - many.low < (few.high - few.low) / 4
