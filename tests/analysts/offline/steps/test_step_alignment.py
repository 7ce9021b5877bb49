"""How departing steps differ from right steps, final steps from right ones, and their wording."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from error_map.analysts.offline.steps.comparison import compare, same_way
from error_map.analysts.offline.steps.final_steps import (
    as_stated,
    ends,
    final_step_mismatch,
    results,
    right_answers,
    right_have,
)
from error_map.analysts.offline.steps.phrasing import listed, quoted, shown, written
from error_map.analysts.offline.steps.step_alignment import step_mismatch
from error_map.analysts.offline.steps.workings import steps
from tests.analysts.offline.step_errors.cases import answered
from tests.working_cases import a_case

RIGHT = "It is 31 + 52 = 83.\nAnswer: 83"


@pytest.mark.parametrize(
    ("output", "kind"),
    [
        ("14 * 25 = 350. 350 * 8 = 2800. 2800 - 900 = 1900. It is 1900.", "step skipped"),
        ("14 * 25 = 350. 350 + 36 = 386. 386 * 8 = 3088. It is 3088.", "wrong operation"),
        ("14 * 25 = 350. 350 - 36 = 314. 314 * 14 = 4396. It is 4396.", "wrong quantity"),
    ],
)
def test_a_departing_step_is_matched_with_a_right_one(output: str, kind: str) -> None:
    found = step_mismatch(a_case(output))

    assert found is not None
    assert found.kind == kind


@pytest.mark.parametrize(
    "output",
    [
        "14 * 25 = 350. 350 - 36 = 314. 314 * 8 = 2512. 2512 - 900 = 1612. It is 1612.",  # right
        "40 + 77 = 117. 117 * 3 = 351. It is 351.",  # no operands of a right step
        "The answer is 12.",
    ],
)
def test_right_or_unrelated_steps_are_not_matched(output: str) -> None:
    assert step_mismatch(a_case(output)) is None


@pytest.mark.parametrize(
    ("task", "reference", "output", "kind"),
    [
        # Corrected, the answer is right.
        ("30 less 12, 7 times", "30 - 12 = 18. 18 * 7 = 126.", "30 * 7 = 210.", "step skipped"),
        # It is not, but this is the first departing step.
        (
            "30 less 12, 7 times",
            "30 - 12 = 18. 18 * 7 = 126.",
            "30 * 7 = 210. 210 + 44 = 254.",
            "step skipped",
        ),
        # The working does later what it seems to skip.
        (
            "Half of 50 and 11 more",
            "50 / 2 = 25. 25 + 11 = 36.",
            "50 + 11 = 61. 61 / 2 = 30.5.",
            None,
        ),
        # It has made the number itself, in another way.
        (
            "A quarter of 80, twice, and 33 more",
            "80 / 4 = 20. 20 * 2 = 40. 40 + 33 = 73.",
            "17 + 3 = 20. 20 + 33 = 53.",
            None,
        ),
        # The same number stands for two things.
        (
            "15 pens at 15 francs, 40 pens more, in 12 boxes",
            "15 + 40 = 55. 55 * 12 = 660.",
            "15 * 12 = 180. 180 + 1 = 181.",
            None,
        ),
        # Two equal numbers may be combined as anything.
        (
            "15 red, 15 blue, 17 gone",
            "15 + 15 = 30. 30 - 17 = 13.",
            "15 - 15 = 0. 0 + 18 = 18.",
            None,
        ),
        # A term of a short sum counts only if it decides the answer.
        (
            "43 less 14 and 8, twice",
            "43 - 14 - 8 = 21. 21 * 2 = 42.",
            "43 - 8 = 35. 35 * 9 = 315.",
            None,
        ),
        (
            "43 less 14 and 8, twice",
            "43 - 14 - 8 = 21. 21 * 2 = 42.",
            "43 - 8 = 35. 35 * 2 = 70.",
            "term left out",
        ),
    ],
)
def test_a_mismatch_is_told_only_if_it_is_certain(
    *, task: str, reference: str, output: str, kind: str | None
) -> None:
    gold = reference.rstrip(".").rsplit(" ", 1)[1]
    found = step_mismatch(a_case(output, task=task, reference=reference, gold=gold))

    assert (found.kind if found else None) == kind


def test_a_false_result_of_the_right_step_is_no_wrong_operation() -> None:
    case = a_case("14 * 25 = 350. 350 - 36 = 314. 314 * 8 = 2521. It is 2521.")

    found = step_mismatch(case)
    assert found is None or found.kind != "wrong operation"


def test_a_final_step_with_another_number_is_compared_with_right_ones() -> None:
    case = answered("It is 40 + 52 = 92.", "92", gold="83", correct=(RIGHT, RIGHT + " "))

    found = final_step_mismatch(case)
    assert found is not None
    assert found.last.exchanged
    assert [operand.value for operand in found.last.exchanged] == [40, 31]
    assert right_have(found) == "right answers have"
    assert as_stated(case.output, found.last.own) == "40 + 52 = 92"


def test_right_answers_must_reach_the_reference() -> None:
    wrong = "It is 30 + 52 = 82.\nAnswer: 82"
    case = answered("It is 40 + 52 = 92.", "92", gold="83", correct=(wrong, RIGHT))

    assert right_answers(case) == ((RIGHT, RIGHT.index("83", RIGHT.index("Answer"))),)


@pytest.mark.parametrize(
    ("answer", "gold"), [("83", "83"), ("eighty", "83"), ("92", "none of them")]
)
def test_ends_are_two_different_numbers(answer: str, gold: str) -> None:
    assert ends(answered("It is 40 + 52.", answer, gold=gold, correct=(RIGHT,))) is None


def test_a_common_result_counts_only_near_the_end() -> None:
    early = "So 4 + 5 = 9. " + "And 20 * 30 = 600. " * 40

    assert results(early, 9.0, end=len(early), formulas=False) == []
    assert len(results(early + "So 4 + 5 = 9.", 9.0, end=9_999, formulas=False)) == 1


@given(st.integers(-(10**9), 10**9))
def test_a_whole_number_is_shown_with_separators(value: int) -> None:
    assert shown(float(value)) == f"{value:,}"


@given(st.lists(st.integers(0, 99), min_size=2, max_size=5))
def test_a_list_of_numbers_ends_in_and(values: list[int]) -> None:
    text = listed([float(value) for value in values])

    assert text.endswith(f" and {values[-1]}")
    assert text.count(",") == len(values) - 2


@given(st.integers(2, 99), st.integers(2, 99), st.sampled_from("+-*/"))
def test_a_step_that_is_written_out_is_read_as_the_same_step(
    one: int, other: int, sign: str
) -> None:
    result = {"+": one + other, "-": one - other, "*": one * other, "/": one}[sign]
    left = one * other if sign == "/" else one
    (step,) = steps(f"{left} {sign} {other} = {result}")

    (again,) = steps(written(step))
    assert again[:4] == step[:4]
    assert same_way(step, again)


def test_a_long_equation_is_written_out() -> None:
    case = a_case(f"14 rows{' of seats' * 12} * 25 = 350. 350 * 8 = 2800. It is 2800.")

    comparison = compare(case)
    assert comparison is not None
    assert quoted(comparison, comparison.steps[-1]) == "350 * 8 = 2800"
