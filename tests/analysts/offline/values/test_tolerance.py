"""Numeric tolerances: which differences they allow, and that they are ordered by width."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from error_map.analysts.offline.values import tolerance
from error_map.analysts.offline.values.tolerance import nearly_equal, power_of_ten

NUMBERS = st.fractions(min_value=Fraction(1, 10**6), max_value=10**6)


def test_tolerances_grow_from_float_noise_to_rough_estimates() -> None:
    shares = (
        tolerance.FLOAT_NOISE,
        tolerance.DERIVED,
        tolerance.SHOWN,
        tolerance.CLAIM_TAKEN_UP,
        tolerance.CONVERSION,
        tolerance.RESCALED,
        tolerance.ROUNDED,
        tolerance.ABOUT,
        tolerance.ROUGH,
    )

    assert list(shares) == sorted(shares)


@pytest.mark.parametrize(
    ("left", "right", "within", "equal"),
    [
        (Fraction(1, 3), 1 / 3, tolerance.FLOAT_NOISE, True),
        (0.1 + 0.2, Fraction(3, 10), tolerance.FLOAT_NOISE, True),
        (1000, 1001, tolerance.SHOWN, False),
        (98, 100, tolerance.ROUNDED, True),
        (97, 100, tolerance.ROUNDED, False),
        (0, 1e-12, tolerance.ROUGH, False),
        (0, 0, tolerance.FLOAT_NOISE, True),
        (-5, 5, tolerance.ROUGH, False),
    ],
)
def test_differences_count_as_a_share_of_the_larger_number(
    *, left: float, right: float, within: float, equal: bool
) -> None:
    assert nearly_equal(left, right, within=within) is equal


@given(NUMBERS, NUMBERS, st.fractions(min_value=Fraction(1, 1000), max_value=1000))
def test_neither_order_nor_sign_matters(left: Fraction, right: Fraction, scale: Fraction) -> None:
    close = nearly_equal(left, right, within=tolerance.ROUNDED)

    assert nearly_equal(right, left, within=tolerance.ROUNDED) == close
    assert nearly_equal(-left, -right, within=tolerance.ROUNDED) == close
    assert nearly_equal(left, left * (1 + Fraction(1, 10**12)) * scale / scale)


@given(NUMBERS, st.integers(min_value=-9, max_value=9))
def test_any_number_is_a_power_of_ten_away_from_its_rescaled_self(
    value: Fraction, exponent: int
) -> None:
    assert power_of_ten(value * Fraction(10) ** exponent, value) == exponent


@pytest.mark.parametrize("ratio", [Fraction(2), Fraction(1, 2), Fraction(102, 100), Fraction(7)])
def test_other_ratios_are_no_power_of_ten(ratio: Fraction) -> None:
    assert power_of_ten(ratio, 1) is None


@pytest.mark.parametrize(
    ("above", "exponent"), [(100.9, 2), (101, None), (99.1, 2), (99.0, None), (1.009, 0)]
)
def test_a_power_of_ten_may_be_off_by_less_than_a_hundredth(
    above: float, exponent: int | None
) -> None:
    assert power_of_ten(above, 1) == exponent
