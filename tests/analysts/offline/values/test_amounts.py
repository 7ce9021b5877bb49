"""Numbers with magnitudes, signs, units and percent signs: their values and their equality."""

from fractions import Fraction

import pytest

from error_map.analysts.offline.values.amounts import MAX_NUMBER_CHARS, Amount, amount, same_amount
from error_map.analysts.offline.values.units import same_measure


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("5", "5", ""),
        ("-5", "-5", ""),
        ("--5", "5", ""),
        ("-$5", "-5", ""),
        ("$-5", "-5", ""),
        ("+5", "5", ""),
        (".5", "1/2", ""),
        ("1 3/4", "7/4", ""),
        ("-1 3/4", "-7/4", ""),
        ("3/4", "3/4", ""),
        ("1,250.50", "2501/2", ""),
        ("12 345", "12345", ""),
        ("2e3", "2000", ""),
        ("2e-3", "1/500", ""),
        ("2 x 10^3", "2000", ""),
        ("10^3", "1000", ""),
        ("-10^3", "-1000", ""),
        ("10^-2", "1/100", ""),
        ("3 million", "3000000", ""),
        ("2 dozen eggs", "24", "eggs"),
        ("3 million dollars", "3000000", "dollars"),
        ("5 km.", "5", "km"),
        ("5%", "5", "%"),
        ("5 per cent", "5", "%"),
        ("5 thousand percent", "5000", "%"),
        ("5 $", "5", ""),
        ("5 °c", "5", "°c"),
    ],
)
def test_a_number_is_read_with_its_value_and_unit(text: str, value: str, unit: str) -> None:
    assert amount(text) == Amount(Fraction(value), unit)


@pytest.mark.parametrize(
    "text", ["", ".", "$", "km", "5x", "5 pi", "1/0", "1 3/0", "raft", "5 to 6", "3 or more", "5 m"]
)
def test_what_is_more_or_less_than_one_number_is_not_read(text: str) -> None:
    assert amount(text) is None


def test_numbers_are_read_up_to_a_length() -> None:
    assert amount("9" * MAX_NUMBER_CHARS) == Amount(Fraction(10**MAX_NUMBER_CHARS - 1), "")
    assert amount("9" * (MAX_NUMBER_CHARS + 1)) is None


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("5", "5 km", True),
        ("5 cat", "5 cats", True),
        ("5 cats", "5 dogs", False),
        ("5 km", "5 kilometers", True),
        ("5 km", "6 kilometers", False),
        ("5%", "0.05", True),
        ("5%", "5", True),
        ("5%", "5 percent", True),
        ("5%", "0.05%", False),
        ("5%", "500", False),
        ("5%", "0.05 km", False),
        ("5 km", "0.05", False),
        ("5 km", "5000 metres", True),
        ("0", "0%", True),
        ("raft", "raft", False),
        ("5", "raft", False),
    ],
)
def test_a_unit_on_one_side_is_ignored_and_two_must_agree(
    *, left: str, right: str, same: bool
) -> None:
    assert same_amount(left, right) is same
    assert same_amount(right, left) is same


def test_measures_need_one_dimension_and_one_size() -> None:
    assert same_measure((Fraction(36), "km per h"), (Fraction(10), "m/s"))
    assert not same_measure((Fraction(36), "km / h"), (Fraction(11), "m/s"))
    assert not same_measure((Fraction(1), "raft"), (Fraction(1), "raft"))
    assert not same_measure((Fraction(1), "kg"), (Fraction(1), "raft"))
    assert not same_measure((Fraction(1), "kg"), (Fraction(1), "m"))
