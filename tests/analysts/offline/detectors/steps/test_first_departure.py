"""The first step that no right working has, and workings that are not compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from error_map.analysts.offline.detector import Case
from error_map.analysts.offline.detectors.steps.first_departure import DETECTOR

PROMPT = "A baker sells 12 loaves at 4 francs and three cakes at 15 francs. How much is it?"
RIGHT = "Loaves: 12 * 4 = 48. Cakes: 3 * 15 = 45. Together 48 + 45 = 93."


def a_case(
    output: str,
    *,
    prompt: str = PROMPT,
    reference: str | None = None,
    correct: tuple[str, ...] = (RIGHT,),
) -> Case:
    return Case(prompt=prompt, output=output, reference=reference, correct_outputs=correct)


def departure(case: Case) -> str | None:
    detection = DETECTOR.detect(case)
    return case.output[slice(*detection.spans[0])] if detection else None


def test_the_first_step_that_no_right_working_has_is_quoted() -> None:
    output = "Loaves: 12 * 4 = 48. Cakes: 3 * 48 = 144. Together 48 + 144 = 192."

    assert departure(a_case(output)) == "3 * 48 = 144"


def test_it_says_where_and_never_why() -> None:
    detection = DETECTOR.detect(a_case("12 + 4 = 16, so the answer is 16."))

    assert detection is not None
    assert detection.title == "Working departs from right ones"
    assert DETECTOR.kind == "place"


def test_numbers_of_the_task_are_no_departure_in_digits_or_words() -> None:
    output = "3 * 15 = 45 and 12 * 4 = 48, so 48 - 45 = 17."

    assert departure(a_case(output)) == "48 - 45 = 17"


def test_a_share_and_its_percentage_are_the_same_number() -> None:
    right = "The rise is 20% of 50 = 10, so 50 + 10 = 60."
    case = a_case("0.20 * 50 = 10, so 50 - 10 = 41.", prompt="50 rises by 20%", correct=(right,))

    assert departure(case) == "50 - 10 = 41"


def test_the_working_of_the_reference_counts_as_a_right_one() -> None:
    case = a_case("12 + 4 = 16", reference=RIGHT, correct=())

    assert departure(case) == "12 + 4 = 16"


@pytest.mark.parametrize("correct", [(), ("The answer is 93.",)])
def test_nothing_is_said_without_a_right_working_to_compare_with(correct: tuple[str, ...]) -> None:
    assert departure(a_case("12 + 4 = 16", correct=correct)) is None


@pytest.mark.parametrize(
    "output",
    [
        "Let n = k + 3, so 12 + 4 = 16.",
        "2x + 4 = 16, so 12 + 4 = 16",
        r"\(12 + 4 = \sqrt{256}\)",
        "4^2 = 16 and 12 + 5 = 17",
    ],
)
def test_algebra_and_formulas_are_left_alone(output: str) -> None:
    assert departure(a_case(output)) is None


def test_an_answer_without_shown_working_is_left_alone() -> None:
    assert departure(a_case("The answer is 1,234.")) is None


def test_a_working_that_ends_in_the_right_number_does_not_depart() -> None:
    assert departure(a_case("12 * 4 + 3 * 15 = 48 + 45, and 100 - 7 = 93.")) is None


def test_a_number_beside_no_calculation_is_no_step() -> None:
    output = "On page 77 there is 12 * 4 = 48 and then 48 + 12 = 61."

    assert departure(a_case(output)) == "48 + 12 = 61"


def test_what_runs_on_into_another_question_is_not_looked_at() -> None:
    output = "12 * 4 = 48. 3 * 15 = 45. 48 * 45 = 2160\nQuestion: what is 50 + 5?\n50 + 5 = 55"

    assert departure(a_case(output)) == "48 * 45 = 2160"


def test_a_step_whose_result_is_never_used_is_no_departure() -> None:
    output = "12 * 15 = 180, but wait. 12 * 4 = 48. Together 48 + 12 = 60."

    assert departure(a_case(output)) is None


def test_a_working_that_comes_back_to_right_steps_has_not_departed() -> None:
    output = "4 * 15 = 60 > 48. 12 * 4 = 48. 3 * 15 = 45. 48 + 60 = 108."

    assert departure(a_case(output)) is None


def test_a_step_by_one_before_is_the_departing_one() -> None:
    output = "Loaves: 11 + 1 = 12. Cakes: 3 * 15 = 45. Together 12 + 45 = 57."
    detection = DETECTOR.detect(a_case(output))

    assert detection is not None
    assert departure(a_case(output)) == "11 + 1 = 12"
    assert detection.summary.endswith("at 11 + 1 = 12: none of them has this step.")


def test_a_right_result_by_another_way_leaves_the_place_open() -> None:
    output = "Loaves: 50 - 2 = 48. Together 48 + 3 = 51."

    assert departure(a_case(output)) is None


def test_nothing_is_said_where_right_workings_go_other_ways() -> None:
    other = "A loaf and a cake: 4 + 15 = 19. 19 * 3 = 57. 9 * 4 = 36. 57 + 36 = 93."

    assert departure(a_case("12 + 4 = 16, 16 + 15 = 31.", correct=(RIGHT, other))) is None
    assert departure(a_case("12 + 4 = 16, 16 + 15 = 31.", correct=(RIGHT, RIGHT)))
    assert departure(a_case("12 * 4 = 48, 48 + 15 = 63.", correct=(RIGHT, other)))


def test_a_working_that_stops_at_a_right_number_is_placed_where_it_stops() -> None:
    assert departure(a_case("12 * 4 = 48, so it is 48.")) == "12 * 4 = 48"


@given(st.text("0123456789=+*.,() \nabQ:\x00", max_size=200))
def test_any_text_gives_a_place_inside_it_or_nothing(output: str) -> None:
    detection = DETECTOR.detect(a_case(output))

    if detection:
        ((start, end),) = detection.spans
        assert 0 <= start < end <= len(output)


@pytest.mark.parametrize("unit", ["(", "7", "1=1", "\n", "5x", "5-", " "])
def test_a_megabyte_of_one_thing_costs_bounded_work(unit: str) -> None:
    output = "12 + 4 = 16 " + unit * (1_000_000 // len(unit))

    detection = DETECTOR.detect(a_case(output))

    assert detection is None or detection.spans[0][0] < len(output)


def test_it_is_declared_as_a_place_that_explains_nothing() -> None:
    assert (DETECTOR.name, DETECTOR.category) == ("first_departure", "hard_to_analyze")
    assert DETECTOR.rank == 60


@pytest.mark.parametrize(
    "prompt",
    [
        "Use numbers and basic arithmetic operations (+ - * /) to obtain 24.\nInput: 2 4 6 12",
        "Using the numbers [2, 4, 6, 12], create an equation that equals 24. Use each once.",
        "Combine these numbers 2, 4, 6 and 12 to reach the target 24.",
    ],
)
def test_where_many_ways_lead_to_a_target_none_is_departed_from(prompt: str) -> None:
    right = "12 * 4 = 48. 48 / 2 = 24. 24 is reached."
    output = "6 - 4 = 2 and 12 + 2 = 14, so it is 14."

    assert departure(a_case(output, prompt=prompt, correct=(right,))) is None


@pytest.mark.parametrize(
    "prompt",
    [
        "A baker sells 12 trays of 4 rolls, half of them to obtain 6 francs. How many is that?",
        "A baker has 2, 4, 6 and 12 rolls. He multiplies and halves them.",
    ],
)
def test_other_tasks_with_numbers_are_compared(prompt: str) -> None:
    right = "12 * 4 = 48. 48 / 2 = 24. So it is 24."

    assert departure(a_case("12 + 4 = 16, so it is 16.", prompt=prompt, correct=(right,)))
