"""False calculations that explain an answer, and false ones that do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from error_map.analysts.offline.algebra.formulas import formula
from error_map.analysts.offline.step_errors.counterfactual import roots
from error_map.analysts.offline.step_errors.deciding_steps import (
    deciding_step,
    is_false_equation,
)
from error_map.analysts.offline.step_errors.false_equations import (
    first_false_equation,
    wrong_regardless,
)
from error_map.analysts.offline.step_errors.false_expansions import (
    false_expansions,
    false_solutions,
)
from error_map.analysts.offline.step_errors.first_violation import wrong_turn
from error_map.analysts.offline.step_errors.formula_claims import false_claims, first_false_claim
from tests.working_cases import a_case

from .cases import answered, quoted

SEATINGS = "There are $8! / 48 = 420$ seatings, and $420 / 14 = 30$."
FENCE = "We have $x(x + 3) = 40$, so $x^2 + 3 = 40$. We find $x = 6$."
POSTS = "We have $x(x + 3) = 40$, so $x = 5$.\nAnswer: 8"


def test_a_false_calculation_explains_the_answer_if_correcting_it_gives_the_reference() -> None:
    step = deciding_step(answered(SEATINGS, "30", gold="60"))

    assert step is not None
    assert (step.left, step.wrong, step.right) == ("8! / 48", 420, 840)


def test_a_right_answer_with_the_true_value_explains_it_too() -> None:
    right = "There are $8! / 48 = 840$ seatings, in 12 rounds 70 each.\nAnswer: 70"

    assert deciding_step(answered(SEATINGS, "30", gold="70", correct=(right,)))


@pytest.mark.parametrize(
    ("working", "gold"),
    [
        (SEATINGS, "50"),  # correcting it gives 60
        ("There are $8! / 48 = 840$ seatings, and $840 / 14 = 60$.", "50"),  # true
        (SEATINGS.replace("$8!", "Suppose that $8!"), "50"),
    ],
)
def test_other_calculations_do_not_explain_the_answer(working: str, gold: str) -> None:
    assert deciding_step(answered(working, "30", gold=gold)) is None


def test_a_plain_false_equation_is_left_to_its_own_detector() -> None:
    case = answered("There are 12 * 8 = 86 pens, and 86 - 20 = 66.", "66", gold="76")

    step = deciding_step(case)
    assert step is not None
    assert is_false_equation(case, step)


@pytest.mark.parametrize(
    ("output", "found"),
    [
        ("12 * 8 = 86. Then 86 - 20 = 66. The answer is 66.", True),
        ("12 * 8 = 96. Then 96 - 20 = 76. The answer is 76.", False),
        ("12 * 8 = 86. Then 30 + 20 = 50. The answer is 50.", False),  # never used again
        ("12 * 8 = 76. Then 76 - 20 = 56. The answer is 56.", False),  # the reference has 76
    ],
)
def test_a_false_equation_must_be_used_and_not_shared(output: str, found: bool) -> None:  # noqa: FBT001
    case = a_case(output, gold="76", reference=None)

    assert (first_false_equation(case) is not None) == found


@pytest.mark.parametrize(("gold", "regardless"), [("84", False), ("71", True)])
def test_a_false_last_equation_may_not_be_the_only_error(gold: str, regardless: bool) -> None:  # noqa: FBT001
    case = answered("We take 6 * 14 = 94.", "94", gold=gold)

    claim = first_false_equation(case)
    assert claim is not None
    assert wrong_regardless(claim, case) == regardless


@pytest.mark.parametrize(
    ("expansion", "false"),
    [
        ("(x + 2)(x^2 + x + 3) = x^3 + 3x^2 + 6x + 6", True),
        ("(x + 2)(x^2 + x + 3) = x^3 + 3x^2 + 5x + 6", False),
        ("(x + 2)(x^2 + x + 3) = 25", False),  # an equation, not an expansion
        ("(x + 1)(x^2 + x + 3) = x^3 + 2x^2 + 5x + 3", False),  # not a formula of the task
    ],
)
def test_expansions_of_known_formulas_are_checked(expansion: str, false: bool) -> None:  # noqa: FBT001
    prompt = "Solve $(x + 2)(x^2 + x + 3) = 25$."
    case = answered(f"Expanding, ${expansion}$.", "4", gold="3", prompt=prompt)

    assert [quoted(case, each) for each in false_expansions(case)] == [expansion] * false


@pytest.mark.parametrize(
    ("gap", "value", "false"),
    [
        ("which gives", 4, True),
        ("which gives", 3, False),
        ("which gives", 2, False),
        ("and if we try", 4, False),
    ],
)
def test_solutions_must_satisfy_their_equation(gap: str, value: int, false: bool) -> None:  # noqa: FBT001
    case = answered(
        f"We have $x^2 - 5x + 6 = 0$, {gap} $x = {value}$.",
        str(value),
        gold="9",
        correct=("As $x^2 - 5x + 6 = 0$, $x = 3$.\nAnswer: 9",),
    )

    solutions = [quoted(case, solution) for _, solution in false_solutions(case)]
    assert solutions == [f"x = {value}"] * false


def test_the_first_equation_that_right_values_violate_is_found() -> None:
    case = answered(FENCE, "9", correct=(POSTS,), prompt="A fence has x rows.")

    turn = wrong_turn(case, case.correct_outputs)
    assert turn is not None
    assert quoted(case, turn.wrong) == "x^2 + 3 = 40"
    assert (turn.before, turn.values) == ("x(x + 3) = 40", {"x": 5})


@pytest.mark.parametrize(
    "working",
    [
        FENCE.replace("= 6$", "= 5$"),  # no wrong value follows
        FENCE.replace("so $x^2", "so if $x^2"),  # only tried
        FENCE.replace("x(x + 3) = 40", "x(x + 4) = 40"),  # no right equation before it
        FENCE.replace("x^2 + 3 = 40", "x^2 + 3x = 40"),  # right
    ],
)
def test_without_a_right_equation_before_or_a_wrong_value_after_there_is_none(
    working: str,
) -> None:
    case = answered(working, "9", correct=(POSTS,), prompt="A fence has x rows.")

    turn = wrong_turn(case, case.correct_outputs)
    assert turn is None or "x^2 + 3 = 40" not in quoted(case, turn.wrong)


@pytest.mark.parametrize(
    ("claim", "false"),
    [
        (r"\binom{6}{2} = 30", True),
        (r"\binom{6}{2} = 15", False),
        (r"8!/48 = 420", True),
        (r"8!/48 \approx 841", False),
    ],
)
def test_values_of_formulas_are_checked(claim: str, false: bool) -> None:  # noqa: FBT001
    left = claim.split(maxsplit=1)[0]
    case = answered(f"Here ${claim}$.", "7", prompt=f"What is ${left}$?", gold="70")

    assert bool(list(false_claims(case))) == false
    assert (first_false_claim(case) is not None) == false


@given(st.integers(-30, 30), st.integers(-30, 30), st.integers(1, 9))
def test_the_roots_of_a_quadratic_equation_are_found_in_order(
    one: int, other: int, factor: int
) -> None:
    parsed = formula(f"{factor}(x - ({one}))(x - ({other}))")

    assert parsed is not None
    assert roots(parsed.value, "x") == tuple(sorted((one, other)))


def test_equations_without_real_roots_have_none() -> None:
    parsed = formula("x^2 + 1")

    assert parsed is not None
    assert roots(parsed.value, "x") == ()
    assert roots(parsed.value, "y") == ()
