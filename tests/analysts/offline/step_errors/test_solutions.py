"""Values that workings find for unknowns, and equations that hold with them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from error_map.analysts.offline.algebra.formulas import formula
from error_map.analysts.offline.step_errors.solutions import (
    alone,
    close,
    found_values,
    holds,
    one_of_several,
    right_values,
    task_equations,
    tried,
    vanishes,
)


def test_values_that_are_found_count_and_chosen_ones_do_not() -> None:
    text = "So $x = 3$ and $y = 4$. Let $z = 5$. Now $w = 1$, or $w = 2$."

    assert found_values(text, len(text)).keys() == {"x", "y"}


def test_a_value_after_the_end_does_not_count() -> None:
    text = "So $x = 3$. Then $y = 4$."

    assert found_values(text, text.index("Then")).keys() == {"x"}


def test_right_values_are_those_on_which_right_workings_agree() -> None:
    agreed, every = right_values(["$x = 3$, $y = 2$", "$x = 3$, $y = 4$", "$z = 7$"])

    assert agreed == {"x": 3, "z": 7}
    assert every == {"x": [3], "z": [7]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [("If $x = 3$, then", True), ("So $x = 3$, as", False), ("So $x = 3$ is rejected", True)],
)
def test_a_value_is_tried_or_ruled_out(text: str, expected: bool) -> None:  # noqa: FBT001
    start = text.index("x")

    assert tried(text, start, start + len("x = 3")) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("either $x = 3$", True), ("Case 1: $x = 3$", True), ("so $x", False)]
)
def test_a_value_is_one_of_several(text: str, expected: bool) -> None:  # noqa: FBT001
    assert one_of_several(text, text.index("x")) == expected


def test_assignments_in_a_task_are_no_equations_to_solve() -> None:
    found = task_equations("Let $a = 3$, $ab = 6$ and $a + b < 9$. Find $b$.")

    assert [equation for equation, _ in found] == ["ab = 6"]


@pytest.mark.parametrize(("text", "name"), [("x", "x"), ("2x", "x"), ("x^2", None), ("x+y", None)])
def test_an_expression_is_a_single_unknown(text: str, name: str | None) -> None:
    parsed = formula(text)

    assert parsed is not None
    assert alone(parsed.value) == name


@given(st.integers(-50, 50), st.integers(-50, 50), st.integers(1, 50))
def test_a_linear_equation_holds_exactly_for_its_solution(x: int, other: int, a: int) -> None:
    equation = f"{a}x + 7 = {a * x + 7}"
    rest = formula(f"{a}x - {a * x}" if x >= 0 else f"{a}x + {-a * x}")

    assert holds(equation, {"x": Fraction(x)})
    assert holds(equation, {"x": Fraction(other)}) == (x == other)
    assert rest is not None
    assert vanishes(rest.value, {"x": Fraction(other)}) == (x == other)


@given(st.integers(-(10**6), 10**6), st.integers(-(10**6), 10**6))
def test_whole_numbers_are_close_only_if_they_are_equal(one: int, other: int) -> None:
    relative = abs(one - other) > 2
    assert close(Fraction(one), Fraction(one))
    assert not relative or not close(Fraction(one), Fraction(other))
