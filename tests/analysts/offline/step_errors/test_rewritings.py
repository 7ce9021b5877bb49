"""False rewritings of equations, and rewritings that must not be reported."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from error_map.analysts.offline.algebra.equality_parser import difference, equalities
from error_map.analysts.offline.algebra.formulas import formula
from error_map.analysts.offline.step_errors.rewritings import (
    arranged,
    equation_of_right_workings,
    false_rewritings,
    fixes_answer,
    proportional,
    solved_by_right_values,
)

from .cases import answered, quoted

FALSE = "We have $2x(x - 5) = x + 6$, which simplifies to $2x^2 - 11x + 6 = 0$."


def test_an_equation_that_is_changed_by_simplifying_is_reported() -> None:
    case = answered(FALSE, "5")

    ((first, second),) = false_rewritings(case)
    assert (quoted(case, first), quoted(case, second)) == (
        "2x(x - 5) = x + 6",
        "2x^2 - 11x + 6 = 0",
    )


@pytest.mark.parametrize(
    "working",
    [
        FALSE.replace("+ 6 = 0", "- 6 = 0"),  # equivalent
        FALSE.replace("which simplifies to", "and the other equation is"),
        FALSE.replace("2x^2 - 11x + 6", "2y^2 - 11y + 6"),  # other unknowns
        FALSE + " Again, $2x(x - 5) = x + 6$.",  # the working returns to the first form
    ],
)
def test_equivalent_or_separate_equations_are_not_reported(working: str) -> None:
    assert list(false_rewritings(answered(working, "5"))) == []


def test_the_first_form_belongs_to_right_workings_in_any_letters() -> None:
    right = "We have $2n(n - 5) = n + 6$, so $n = 6$.\nAnswer: 6"
    case = answered(FALSE, "5", gold="6", correct=(right,))

    ((first, second),) = false_rewritings(case)
    assert equation_of_right_workings(case, first)
    assert not equation_of_right_workings(case, second)


def test_the_value_of_the_reference_solves_only_the_first_form() -> None:
    case = answered(FALSE, "5", gold="6")

    ((first, second),) = false_rewritings(case)
    assert solved_by_right_values(case, first, second)
    assert not solved_by_right_values(case, second, first)


def test_solving_the_first_form_fixes_the_answer() -> None:
    working = "We have $3(x - 4) = 15$. Expanding, $3x - 4 = 15$. Now $x = 19/3$."
    ((first, second),) = false_rewritings(answered(working, "19/3", gold="9"))

    assert fixes_answer(answered(working, "19/3", gold="9"), first, second)
    assert not fixes_answer(answered(working, "19/3", gold="8"), first, second)


@given(st.integers(1, 9), st.integers(-9, 9), st.integers(1, 9))
def test_a_multiple_of_an_equation_is_the_same_equation(a: int, b: int, by: int) -> None:
    text = f"{a}x^2 + ({b})x + 7"
    one, other = formula(text), formula(f"{by}({text})")

    assert one is not None
    assert other is not None
    assert proportional(one.value, other.value)


@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 9))
def test_the_key_of_an_equation_ignores_factor_and_names(a: int, b: int, c: int) -> None:
    first, second, third = equalities(
        f"${a}x + {b}y = {c}$ and ${2 * a}n + {2 * b}m = {2 * c}$ and ${a}x + {b}y = {c + 1}$"
    )

    assert arranged(difference(first)) == arranged(difference(second))
    assert arranged(difference(first)) != arranged(difference(third))
