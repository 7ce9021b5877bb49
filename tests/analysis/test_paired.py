"""Exact tests of two models on the same examples."""

import sys
from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from error_map.analysis import holm, mcnemar

pytestmark = pytest.mark.slow

BY_HAND = [
    # fixed, newly broken, twice the lower tail of a fair coin, summed on paper
    (0, 0, 1.0),
    (1, 0, 1.0),
    (5, 0, 2 / 32),
    (6, 0, 2 / 64),
    (8, 1, 2 * (1 + 9) / 512),
    (7, 2, 2 * (1 + 9 + 36) / 512),
    (10, 2, 2 * (1 + 12 + 66) / 4096),
    (3, 3, 1.0),
    (4, 3, 1.0),
]
COUNTS = st.integers(0, 400)


@pytest.mark.parametrize(("fixed", "broken", "p"), BY_HAND)
def test_the_p_value_is_the_one_worked_out_by_hand(fixed: int, broken: int, p: float) -> None:
    assert mcnemar(fixed, broken) == pytest.approx(p, rel=1e-12)


@given(COUNTS, COUNTS)
def test_the_p_value_is_symmetric_and_a_probability(fixed: int, broken: int) -> None:
    assert mcnemar(fixed, broken) == mcnemar(broken, fixed)
    assert 0 < mcnemar(fixed, broken) <= 1


@given(st.integers(0, 60), st.integers(0, 60))
def test_the_p_value_is_the_sum_of_binomial_terms(fixed: int, broken: int) -> None:
    changed, fewer = fixed + broken, min(fixed, broken)
    tail = Fraction(sum(comb(changed, k) for k in range(fewer + 1)), 2**changed)

    assert mcnemar(fixed, broken) == pytest.approx(float(min(Fraction(1), 2 * tail)), rel=1e-9)


@pytest.mark.parametrize(("fixed", "broken"), [(520, 480), (521, 480), (540, 461), (5000, 5200)])
def test_large_counts_agree_with_whole_numbers(fixed: int, broken: int) -> None:
    """Above a thousand changed examples logarithms replace whole numbers."""
    changed, fewer = fixed + broken, min(fixed, broken)
    ways = sum(comb(changed, k) for k in range(fewer + 1))

    assert mcnemar(fixed, broken) == pytest.approx(float(Fraction(2 * ways, 2**changed)), rel=1e-9)


def test_a_probability_too_small_for_a_float_is_not_zero() -> None:
    assert mcnemar(1_000_000, 3) == sys.float_info.min
    assert mcnemar(500_000, 500_000) == 1.0


def test_negative_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="no counts"):
        mcnemar(-1, 2)


def test_holm_multiplies_the_smallest_p_value_most_and_keeps_their_order() -> None:
    assert holm([0.04, 0.01, 0.03], family=3) == pytest.approx((0.06, 0.03, 0.06))


def test_comparisons_that_are_not_reported_count_too() -> None:
    assert holm([0.01, 0.2], family=6) == pytest.approx((0.06, 1.0))


def test_more_p_values_than_comparisons_are_refused() -> None:
    with pytest.raises(ValueError, match="3 p-values of 2 comparisons"):
        holm([0.1, 0.2, 0.3], family=2)


@given(st.lists(st.floats(0.0001, 1), min_size=1, max_size=8), st.integers(0, 50))
def test_a_corrected_p_value_is_never_smaller_than_its_own(
    p_values: list[float], more: int
) -> None:
    corrected = holm(p_values, family=len(p_values) + more)

    assert all(one <= other <= 1 for one, other in zip(p_values, corrected, strict=True))
    assert sorted(corrected) == [corrected[n] for n in sorted(
        range(len(p_values)), key=lambda n: p_values[n]
    )]  # fmt: skip
