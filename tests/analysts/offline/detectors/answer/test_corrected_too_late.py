"""The detector of right results that stand only behind a wrong answer."""

import time

import pytest

from error_map.analysts.offline.answers.extractors.routes import Answer
from error_map.analysts.offline.answers.profiles import Profile
from error_map.analysts.offline.detector import Case
from error_map.analysts.offline.detectors.answer.corrected_too_late import DETECTOR

FIELD = Profile(route="answer line", agreement=0.99, recall=0.99, found=0.95, rows=500)
FIRST = "We add up the four walls.\nAnswer: 65\n"
LONGEST_S = 0.25


def title(behind: str, gold: str = "68", given: str = "65") -> str | None:
    output = FIRST.replace("65", given) + behind
    place = output.index(given)
    case = Case(
        prompt="How long are the walls?",
        output=output,
        answer=Answer(given, place, place + len(given)),
        gold=gold,
        profile=FIELD,
    )
    detection = DETECTOR.detect(case)
    return detection.title if detection else None


@pytest.mark.parametrize(
    ("behind", "gold"),
    [
        ("The walls are 17 m each, so the sum is 4 * 17 = 68.", "68"),
        ("Each is 17 m. So the answer should be 68.", "68"),
        ('The sum was wrong. {"reasoning": "4 * 17", "answer": "68"}', "68"),
        ("We mend the sum and get \\(\\boxed{68}\\).", "68"),
        ("Let us calculate: -8 - 24 - 10 = -42.\nTherefore, the sum is \\(-42\\).", "-42"),
    ],
)
def test_a_right_result_behind_the_answer_comes_too_late(behind: str, gold: str) -> None:
    assert title(behind, gold) == "Right answer only after a wrong one"


@pytest.mark.parametrize(
    "behind",
    [
        "",
        "Each wall is 16.25 m long, as 65 / 4 = 16.25.",
        "It might be 4 * 17 = 68. But no: the answer is 65.",
        "So it was 68 at first. The answer is 70.",
        "\nQuestion: How long is a road of 4 * 17 m? So the answer is 68.",
        "There are 68 bricks in it, and each wall has a door.",
    ],
)
def test_other_words_behind_the_answer_are_left_alone(behind: str) -> None:
    assert title(behind) is None


@pytest.mark.parametrize(
    "rest",
    [
        " + 3 = 68 metres of wall in all.",
        " m + 3 m = 68 m. That is the length of all walls.",
        "$ \\times 3 - 127 = 68$ metres of wall in all.",
        " minus 3 plus 6 is 68, so the sum is 68.",
    ],
)
def test_a_calculation_that_ends_in_the_value_is_the_answer(rest: str) -> None:
    output = f"We add up the walls. The answer is 65{rest}"
    place = output.index("65")
    case = Case(
        prompt="How long are the walls?",
        output=output,
        answer=Answer("65", place, place + 2),
        gold="68",
        profile=FIELD,
    )

    assert DETECTOR.detect(case) is None


def test_a_right_answer_is_not_corrected() -> None:
    assert title("The walls are 17 m each, so the sum is 4 * 17 = 68.", given="68") is None
    assert title("So the answer is 68.", given="many") is None


@pytest.mark.parametrize("text", ["answer is " * 99_999, '"answer": "' * 50_000, "= 68 " * 99_999])
def test_no_text_takes_long(text: str) -> None:
    begun = time.process_time()

    title(text)

    assert time.process_time() - begun < LONGEST_S
