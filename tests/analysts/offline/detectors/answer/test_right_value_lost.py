"""The detector of workings that end in the right value, and answer another number."""

import time

import pytest

from error_map.analysts.offline.answers.final_answer import final_answer
from error_map.analysts.offline.answers.profiles import Profile
from error_map.analysts.offline.detector import Case
from error_map.analysts.offline.detectors.answer.right_value_lost import DETECTOR

FIELD = Profile(route="answer line", agreement=0.99, recall=0.99, found=0.95, rows=500)
LONGEST_S = 0.25


def title(output: str, gold: str = "5120", profile: Profile = FIELD) -> str | None:
    case = Case(
        prompt="How many ways are there?",
        output=output,
        answer=final_answer(output, profile),
        gold=gold,
        profile=profile,
    )
    detection = DETECTOR.detect(case)
    assert detection is None or all(start < end for start, end in detection.spans)
    return detection.title if detection else None


@pytest.mark.parametrize(
    ("working", "gold"),
    [
        ("So there are \\(10 \\times 2^9\\) ways.", "5120"),
        ("So the number of ways is 7! - (6! * 2!).", "3600"),
        ("So it is \\( \\binom{9}{5} - \\binom{6}{5} \\).", "120"),
        ("This gives (-2)^3 - 6(-2)^2 + 3(-2) - 4.", "-42"),
        ("We subtract the 200, so we get 3 * 100 * 100 - 200 = 29,800.", "29800"),
        ("Therefore the number of ways is 84.", "84"),
    ],
)
def test_another_number_than_the_right_one_at_the_end_is_found(working: str, gold: str) -> None:
    assert title(f"{working}\nAnswer: 2570", gold) == "Right value lost at the end"


@pytest.mark.parametrize(
    "output",
    [
        "So there are 10 * 2^9 ways.\nAnswer: 5120",
        "So there are 10 * 2^9 ways.\nAnswer: 5,120",
        "So there are 10 * 2^9 ways.\nAnswer: -5120",
        "So there are 10 * 2^8 ways.\nAnswer: 2560",
        "There are 5120 ways in all. Half of them count, which is 5120 / 2 = 2560.\nAnswer: 2560",
        "So there are 10 * 2^9 ways.\nAnswer: twice as many",
        "So there are 10 * 2^9 ways.",
        "\nAnswer: 12",
    ],
)
def test_right_answers_and_other_ends_are_left_alone(output: str) -> None:
    assert title(output) is None


def test_values_are_compared_only_where_the_route_is_trusted() -> None:
    assert (
        title("So there are 10 * 2^9 ways.\nAnswer: 12", profile=Profile(route="answer line"))
        is None
    )
    assert title("So there are 10 * 2^9 ways.\nAnswer: 12", gold="9" * 40) is None


@pytest.mark.parametrize(
    "text", ["9!" * 50_000, "((" * 99_999, "1+" * 99_999, "C(9, 9) by 9 " * 20_000]
)
def test_no_text_takes_long(text: str) -> None:
    begun = time.process_time()

    title(f"{text}\nAnswer: 12")

    assert time.process_time() - begun < LONGEST_S
