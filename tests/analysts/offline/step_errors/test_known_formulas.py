"""Formulas and equations that the task or right workings contain."""

import pytest

from error_map.analysts.offline.algebra.equality_parser import equalities
from error_map.analysts.offline.step_errors.known_formulas import known_equation, known_formula

from .cases import answered

RIGHT = "As $2x^2 - 10x + 12 = 0$, we get $x = 3$ and $17 \\cdot 3 = 51$.\nAnswer: 3"


@pytest.mark.parametrize(
    ("equation", "known"),
    [
        ("x^2 - 5x + 6 = 0", True),
        ("x^2 + 6 = 5x", True),
        ("4x^2 = 20x - 24", True),
        ("x^2 - 5x - 6 = 0", False),
        ("x = 2", False),
    ],
)
def test_an_equation_is_known_in_any_arrangement(equation: str, known: bool) -> None:  # noqa: FBT001
    case = answered(f"We have ${equation}$.", "2", gold="3", correct=(RIGHT,))

    (equality,) = equalities(case.output)
    assert known_equation(equality, case) == known


@pytest.mark.parametrize(
    ("formula", "known"),
    [
        ("3 \\cdot 17", True),  # 51, as a right working has it
        ("50 + 2", False),
        ("4 + 6", False),  # 10 is a common number, and means nothing
        ("2 + 1", True),  # the reference itself always counts
        ("2x^2 - 10x + 12", True),
        ("2x^2 - 10x", False),
    ],
)
def test_a_formula_is_known_by_its_value_or_its_terms(formula: str, known: bool) -> None:  # noqa: FBT001
    case = answered(f"We have ${formula} = 99$.", "2", gold="3", correct=(RIGHT,))

    (equality,) = equalities(case.output)
    assert known_formula(equality.left, case) == known
