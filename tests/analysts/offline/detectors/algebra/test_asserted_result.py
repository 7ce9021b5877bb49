"""The detector of results that are said to be found, with no way to them shown."""

import time

import pytest

from error_map.analysts.offline.answers.final_answer import final_answer
from error_map.analysts.offline.answers.profiles import Profile
from error_map.analysts.offline.detector import Case
from error_map.analysts.offline.detectors.algebra.asserted_result import DETECTOR

FIELD = Profile(route="answer line", agreement=0.99, recall=0.99, found=0.95, rows=500)
START = (
    "A tile has a length and a width, and both are whole numbers. We need all tiles whose area is"
    " at most that of the given one, up to a turn, and such that no two of them have the same"
    " border. We write down the conditions and put them together. "
)
SHOWN = (
    "The lengths are 5, 6 and 7, which give 12, 14 and 22 tiles. So 12 + 14 + 22 = 48.\nAnswer: 48"
)
LONGEST_S = 0.25


def title(
    end: str, *, correct: tuple[str, ...] = (SHOWN, SHOWN), gold: str | None = "48"
) -> str | None:
    output = START + end
    case = Case(
        prompt="How many tiles are there?",
        output=output,
        answer=final_answer(output, FIELD),
        correct_outputs=correct,
        gold=gold,
        profile=FIELD,
    )
    detection = DETECTOR.detect(case)
    return detection.title if detection else None


@pytest.mark.parametrize(
    "end",
    [
        "After checking all cases, we find that there are 33 tiles.\nAnswer: 33",
        "By trial and error, we can find that the number is 33. So it is 33.\nAnswer: 33",
        "Solving these equations gives 1,033 tiles.\nAnswer: 1033",
        "Using a calculator, the number of tiles is 33.\nAnswer: 33",
        "After some simplification, we obtain the ratio 2.25.\nAnswer: 2.25",
    ],
)
def test_a_wrong_result_that_is_only_asserted_is_found(end: str) -> None:
    assert title(end) == "Result asserted without working"


@pytest.mark.parametrize(
    "end",
    [
        "After checking all cases, we find that there are 48 tiles.\nAnswer: 48",
        "After checking all cases, we find 11 * 3 = 33 tiles.\nAnswer: 33",
        "There are 11 long and 22 wide ones. After checking, we find 33 tiles.\nAnswer: 33",
        "They number 2^5 + 1. After simplifying, we find that there are 33.\nAnswer: 33",
        "The area is 5!/4. After calculating this, we find that there are 33.\nAnswer: 33",
        "By listing all of them, we find that there are 33 tiles.\nAnswer: 33",
        "There are 33 of them. After checking, we find that there are 33 tiles.\nAnswer: 33",
        "By trial, we find that n = 33 works, since 33 * 2 - 60 = 6.\nAnswer: 33",
        "By trial, we find that n = 33 works. Indeed, 33 * 2 - 60 = 6.\nAnswer: 33",
        "By trial, we find 33. The sides are (1, 33), (3, 11) and (11, 3).\nAnswer: 33",
        "There are eleven tiles. After checking all, we find that there are 11.\nAnswer: 11",
        "They have 9, 10, 12 and 2 sides. After checking, we find 33 sides.\nAnswer: 33",
        "There are 33 tiles.\nAnswer: 33",
        "After checking all cases, we find that there are many.\nAnswer: 33",
        "After checking all cases, we find that there are 1/3.\nAnswer: 1/3",
        "After checking all cases, we find that there are 33.",
    ],
)
def test_results_that_are_right_or_shown_are_left_alone(end: str) -> None:
    assert title(end) is None


@pytest.mark.parametrize(
    "end",
    [
        "Solving this system, we find a = 7 and b = 24. So 7 + 24 + 2 = 33.\nAnswer: 33",
        "By trial, we find that a = -3 and b = 12. Thus (-3)^2 + 2 * 12 = 33.\nAnswer: 33",
    ],
)
def test_unknowns_that_are_only_asserted_are_found(end: str) -> None:
    right = (
        "As 2a = 40 and b = 28 - a, we have a = 20 and b = 8. So 20 + 2 * 8 + 12 = 48.\nAnswer: 48"
    )

    assert title(end, correct=(right,)) == "Result asserted without working"


@pytest.mark.parametrize(
    "end",
    [
        "Solving these equations, we find a = 7. So 7 + 24 + 2 = 33.\nAnswer: 33",
        "So a = 9. Solving these equations, we find a = 9 and b = 24. So 9 + 24 = 33.\nAnswer: 33",
        "By trial, we find that a = 9 and b = 24. We see that it fits.\nAnswer: 33",
        "Here a is 3^2. By trial, we find that a = 9 and b = 24. So 9 + 24 = 33.\nAnswer: 33",
        "As a is odd, we have a = 9 and b = 24. So 9 + 24 = 33.\nAnswer: 33",
        "By trial, we find a = 9 and b = 24. So 9 = 9, 8 = 8, 7 = 7, 9 + 24 = 33 = 33.\nAnswer: 33",
    ],
)
def test_unknowns_that_are_right_or_shown_or_lead_nowhere_are_left_alone(end: str) -> None:
    right = "From 2a = 14 and b = 41 we get a = 7, b = 41, so 7 + 41 = 48.\nAnswer: 48"

    assert title(end, correct=(right,)) is None


def test_what_right_answers_only_assert_too_is_not_for_writing() -> None:
    end = "After checking all cases, we find that there are 33 tiles.\nAnswer: 33"
    skipped = START + "After checking all cases, we find that there are 48 tiles.\nAnswer: 48"

    assert title(end, correct=(SHOWN, skipped)) is None
    assert title(end, correct=(SHOWN, SHOWN, skipped)) is not None
    assert title(end, gold=None) is None


@pytest.mark.parametrize(
    "text",
    ["after solving we find " * 20_000, "33.1 " * 99_999, "33" * 99_999, "by trial " * 50_000],
)
def test_no_text_takes_long(text: str) -> None:
    begun = time.process_time()

    title(f"{text} we find 33.\nAnswer: 33")
    title(f"{text[:8_000]} we find 33.\nAnswer: 33")

    assert time.process_time() - begun < LONGEST_S


def test_unknowns_whose_multiples_stand_right_before_are_worked_out() -> None:
    end = " Solving these equations, we find x = 13 and y = 7. So 13 + 7 * 12 = 97.\nAnswer: 97"

    assert title("We can set up the equations: 2x = 26 and 8y = 56." + end) is None
    assert title("We can set up the equations for x and y." + end) is not None
