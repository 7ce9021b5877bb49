"""Equality of written answers across notations, units, dates and lists."""

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from error_map.analysts.offline.values.dates import clock_of, date_of
from error_map.analysts.offline.values.equality import (
    MAX_ITEMS,
    MAX_NUMBER_CHARS,
    MAX_VALUE_CHARS,
    is_number,
    same_value,
)
from error_map.analysts.offline.values.notation import plain
from error_map.analysts.offline.values.units import MEASURES


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("4 March 2021", "2021-03-04"),
        ("the 4th of March, 2021", "Mar. 4, 2021"),
        ("Thursday, March 4th 2021", "04-Mar-2021"),
        ("25/12/2020", "December 25, 2020"),
        ("12/25/2020", "2020-12-25"),
        ("04.03.2021", "2021-03-04"),
        ("05/05/2021", "5 May 2021"),
        ("2021-03-04T00:00:00Z", "2021/3/4"),
        ("3:05 pm", "15:05"),
        ("3.05 p.m.", "15:05:00"),
        ("12 noon", "12:00 pm"),
        ("12:30 am", "00:30"),
        ("8 o'clock", "8:00"),
    ],
)
def test_a_date_or_time_in_two_notations_is_the_same(left: str, right: str) -> None:
    assert same_value(left, right)
    assert same_value(right, left)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("03/04/2021", "2021-03-04"),
        ("03/04/2021", "2021-04-03"),
        ("03-04-2021", "4 March 2021"),
        ("4 March 2021", "5 March 2021"),
        ("30 February 2021", "2021-02-30"),
        ("March 2021", "4 March 2021"),
        ("3:05", "15:05"),
        ("3:05 am", "3:05 pm"),
        ("25:10", "1:10"),
        ("3", "3:00"),
    ],
)
def test_a_date_or_time_that_may_be_another_is_not_the_same(left: str, right: str) -> None:
    assert not same_value(left, right)
    assert not same_value(right, left)


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_day_is_read_from_its_iso_and_its_written_form(day: date) -> None:
    assert date_of(day.isoformat()) == day
    assert same_value(f"{day.day} {day:%B} {day.year}", day.isoformat())


@given(st.text(alphabet="0123456789:/-. apmnoTZ", max_size=30))
def test_any_mixture_of_digits_and_marks_is_a_time_or_none(text: str) -> None:
    clock, day = clock_of(text), date_of(text)

    assert clock is None or (clock.hour < 24 and clock.minute < 60 and clock.second < 60)
    assert day is None or str(day.year) in text


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("5 km", "5 kilometers"),
        ("1.5 hours", "90 minutes"),
        ("2 kg", "2,000 grams"),
        ("60 mph", "60 miles per hour"),
        ("3 feet", "1 yard"),
        (r"3 \times 10^{8}", "3e8"),
        ("2.5 x 10^-3", "0.0025"),
        ("10^3", "1,000"),
        (r"10^{-2}", "0.01"),
        ("12 345", "12,345"),
        ("5.", "5"),
    ],
)
def test_measures_and_powers_of_ten_compare_exactly(left: str, right: str) -> None:
    assert same_value(left, right)
    assert same_value(right, left)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("5 km", "5 kg"),
        ("1 mile", "1.6 km"),
        ("20 celsius", "20 fahrenheit"),
        ("5 minutes", "5 hours"),
        ("10^3", "10^-3"),
        ("3 x 10", "3"),
        ("1 2", "12"),
        ("10^-999", "0"),
    ],
)
def test_other_measures_are_not_the_same(left: str, right: str) -> None:
    assert not same_value(left, right)
    assert not same_value(right, left)


def test_every_unit_has_a_size() -> None:
    assert all(size > 0 for _, size in MEASURES.values())


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("(1, 2)", "(1,2)"),
        (r"\left( 3, \frac{\pi}{2} \right)", r"(3, \pi/2)"),
        (r"(-\infty, 3]", "(-∞,3]"),
        (r"\{1, 2\}", r"\{2,1\}"),
        ("[1, 0.5]", "[1,1/2]"),
        ("1, 2, 3", "1 ,2, 3"),
        ('{"a": 1, "b": [2]}', '{"b":[2.0],"a":1}'),
        ("['x', 'y']", '["x", "y"]'),
        (r"x \leq 5", "x ≤ 5"),
        (r"x^2 + 3x", "x^2+3x"),
        ("2*sqrt(3)", r"2\sqrt{3}"),
    ],
)
def test_lists_and_formulas_compare_by_their_parts(left: str, right: str) -> None:
    assert same_value(left, right)
    assert same_value(right, left)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("[1, 2]", "[2, 1]"),
        ("(1, 2)", "[1, 2]"),
        ("[1, 2)", "(1, 2]"),
        ("1, 2", "2, 1"),
        ("1, 250", "1,250"),
        ('["a"]', '["A"]'),
        ("[1]", '["1"]'),
        ("[true]", "[1]"),
        (r"\{1, 2\}", r"\{1, 3\}"),
        ("x^2 - 3", "x^2 + 3"),
    ],
)
def test_other_lists_are_not_the_same(left: str, right: str) -> None:
    assert not same_value(left, right)
    assert not same_value(right, left)


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("B", "(b)", True),
        ("B", "C", False),
        ("(B)", "B. the second", True),
        ("A) the second", "B) the second", False),
        ("A) the first", "A) the second", False),
        ("A) the second", "the second", True),
        ("A) the second", "the first", False),
        ("A", "the second", False),
        ("", "", False),
        ("*", "*", False),
        (" raft ", "raft", True),
        ("{1, 1, 2}", r"\{1, 2, 2\}", False),
        (r"\{1, 2, 3\}", r"\{3, 1, 2\}", True),
        ("1; 1/2", "1;0.5", True),
        ("1, 1/2", "1, 0.5", True),
        ("[1/2]", "[0.5]", True),
        ("(1/2, 2)", "(0.5, 3)", False),
        ("(1/2, 2)", "(0.5, 2, 3)", False),
        ("(1, [1/2])", "(1, [0.5])", False),
        ("(1/2,, 3)", "(0.5,, 3)", False),
        ("(1/2, 3)]", "(0.5, 3)]", False),
        ("((1/2, 3)", "((0.5, 3)", False),
        ("x = 1/2", "y = 0.5", True),
        ("2 * (x + 1)", "2*(x+1)", True),
        ("a - 1", "a-1", True),
        ("3 - 2i", "3-2i", True),
        ("x^2 - 3", "x^2-3", True),
        ("5 -2", "5-2", False),
        ("2*pi", "2pi", True),
        ("a*b", "ab", False),
    ],
)
def test_options_lists_and_formulas_at_their_edges(*, left: str, right: str, same: bool) -> None:
    assert same_value(left, right) is same
    assert same_value(right, left) is same


def test_a_list_is_compared_item_by_item_up_to_a_length() -> None:
    halves = ", ".join(["1/2"] * MAX_ITEMS)
    decimals = halves.replace("1/2", "0.5")

    assert same_value(f"({halves})", f"({decimals})")
    assert not same_value(f"({halves}, 1/2)", f"({decimals}, 0.5)")


def test_a_longer_text_is_compared_letter_by_letter() -> None:
    longest = "Raft" * (MAX_VALUE_CHARS // 4)

    assert same_value(longest, longest.lower())
    assert not same_value(f"{longest}s", f"{longest}s".lower())
    assert same_value(f" {longest}s", f"{longest}s")
    assert not same_value("$1$", "1" + " " * 200)


def test_a_number_may_have_a_unit_and_has_a_length() -> None:
    assert is_number("$1,250.00")
    assert is_number("5 km")
    assert is_number("9" * MAX_NUMBER_CHARS)
    assert not is_number("9" * (MAX_NUMBER_CHARS + 1))
    assert not is_number("5 km and 3 m")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"\frac{x+1}{2}", "(x+1)/2"),
        (r"\frac{\pi}{2}", "pi/2"),
        (r"\frac{\sqrt{3}}{2}", "sqrt(3)/2"),
        (r"\tfrac12", "1/2"),
        (r"$\text{Paris}$", "paris"),
        (r"\mathrm{\text{km}}", "km"),
        (r"50\%", "50%"),
        ("1{,}250", "1,250"),
        ("$5", "$5"),
        ("$5$", "5"),
        (r"x \geq 5", "x >= 5"),
        (r"x \ne 5", "x != 5"),
        (r"2^{10}", "2^10"),
        ("x = 5", "5"),
        ("xy = 5", "xy = 5"),
        ("x =", "x ="),
    ],
)
def test_notation_is_written_out_plainly(text: str, expected: str) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "[" * 4000,
        "1," * 2000,
        "{" * 2000 + "}" * 2000,
        "9" * 4000,
        "- " * 2000,
        "1 " * 2000,
        "a=" * 2000,
    ],
)
def test_pathological_values_cost_next_to_nothing(text: str) -> None:
    start = time.process_time()

    same_value(text, text + "1")
    same_value(text, f"[{text}]")

    assert time.process_time() - start < 0.1
