"""The comparison of a working with right workings."""

import pytest

from error_map.analysts.offline.steps.comparison import compare
from error_map.analysts.offline.steps.workings import steps
from tests.working_cases import REFERENCE, a_case


def departed(output: str, *, correct: tuple[str, ...] = ()) -> list[float]:
    comparison = compare(a_case(output, correct=correct))
    assert comparison is not None
    return [step.result for step in comparison.departed]


def test_a_step_that_no_right_working_has_departs() -> None:
    assert departed("14 * 25 = 350. 350 * 8 = 2800. 2800 - 900 = 1900.") == [2800, 1900]


def test_another_order_that_leads_to_a_right_result_does_not_depart() -> None:
    assert departed("25 * 7 = 175 and 175 * 2 = 350. 350 - 30 = 320.") == [320]


def test_the_working_of_another_model_is_right_too() -> None:
    other = "350 * 8 = 2800; 36 * 8 = 288; 2800 - 288 = 2512; 2512 - 900 = 1612"

    assert departed("350 * 8 = 2800. 2800 - 900 = 1900.", correct=(other,)) == [1900]


def test_a_common_number_is_right_only_with_an_operand_of_the_right_step() -> None:
    assert departed("27 - 20 = 7 and 14 * 25 = 350. 350 * 8 = 2800") == [7, 2800]


def test_a_false_equation_departs_whatever_it_claims() -> None:
    assert departed("14 + 25 = 350. 350 - 40 = 310.")[0] == 350


@pytest.mark.parametrize(
    "output",
    [
        "14 * 25 = 350. 350 - 36 = 314. 314 * 8 = 2512. 2512 - 900 = 1612.",
        "The answer is 2800.",
        "Let s = 25 and so 14 * s = 350, 350 * 8 = 2800",
        "14^2 = 196, 196 * 8 = 1568",
        "",
    ],
)
def test_right_bare_and_algebraic_answers_are_not_compared(output: str) -> None:
    assert compare(a_case(output)) is None


@pytest.mark.parametrize(
    "task",
    [
        r"Find \(x\) where \(3x = 12\).",
        "If f(x) = 3, what is f(2)?",
        "Solve $x^2 = 4$.",
        "With b = 4, add 3.",
    ],
)
def test_tasks_of_algebra_are_left_alone(task: str) -> None:
    assert compare(a_case("14 * 25 = 350. 350 * 8 = 2800.", task=task)) is None


def test_prices_in_dollars_are_no_formulas() -> None:
    task = "A pen costs $3 and a book costs $14. What do 5 of each cost?"
    reference = "3 + 14 = 17 and 17 * 5 = 85"

    assert compare(a_case("3 + 14 = 17. 17 + 5 = 22", task=task, reference=reference, gold="85"))


def test_nothing_is_compared_without_a_right_working() -> None:
    assert compare(a_case("14 * 25 = 350. 350 * 8 = 2800.", reference="1612")) is None


def test_text_that_runs_on_into_another_question_is_not_read() -> None:
    comparison = compare(a_case("350 * 8 = 2800\nQuestion: what is 5 + 50?\n5 + 50 = 55"))

    assert comparison is not None
    assert [step.result for step in comparison.steps] == [2800]


def test_results_reached_the_same_way_are_anchors() -> None:
    comparison = compare(a_case("25 * 14 = 350. 350 * 8 = 2800."))

    assert comparison is not None
    assert set(comparison.anchors) == {350}
    assert comparison.whose(steps(REFERENCE)[0]) == "the reference"
