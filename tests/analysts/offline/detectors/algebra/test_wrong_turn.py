"""The first equation that right values violate, and equations that are tried."""

import time

import pytest

from error_map.analysts.offline.answers.final_answer import final_answer
from error_map.analysts.offline.answers.profiles import Profile
from error_map.analysts.offline.detector import Case
from error_map.analysts.offline.detectors.algebra.wrong_turn import DETECTOR

TRUSTED = Profile(route="answer line", agreement=1.0, recall=1.0, found=1.0, rows=100)
FENCE = "A fence has 40 posts in x rows of x + 3 posts each. How long is a row?"
RIGHT = "We have $x(x + 3) = 40$, so $x^2 + 3x - 40 = 0$ and $x = 5$.\nAnswer: 8"


def detected(
    working: str,
    *,
    answer: str = "7",
    prompt: str = FENCE,
    correct: tuple[str, ...] = (RIGHT,),
    gold: str = "8",
    profile: Profile = TRUSTED,
) -> tuple[str, str] | None:
    """What the detector quotes and says."""
    output = f"{working}\nAnswer: {answer}"
    case = Case(
        prompt=prompt,
        output=output,
        correct_outputs=correct,
        answer=final_answer(output, profile),
        gold=gold,
        profile=profile,
    )
    detection = DETECTOR.detect(case)
    return (output[slice(*detection.spans[0])], detection.summary) if detection else None


@pytest.mark.parametrize(
    ("working", "quote"),
    [
        ("We have $x(x + 3) = 40$, so $x^2 + 3 = 40$. We find $x = 6$.", "x^2 + 3 = 40"),
        ("We have $x(x + 3) = 40$. Solving this, we find $x = 4$.", "x = 4"),
        ("So $x^2 + 3x = 40$.\n$x^2 + 3x + 40 = 0$\nThat gives $x = 4$.", "x^2 + 3x + 40 = 0"),
        ("So $x^2 + 3x = 40$.\n$3x = 40 - x$\nThat gives $x = 10$.", "3x = 40 - x"),
    ],
)
def test_the_first_equation_that_the_right_value_breaks_is_quoted(working: str, quote: str) -> None:
    found = detected(working)

    assert found is not None
    assert found[0] == quote


def test_the_summary_names_the_right_values_and_the_equation_that_they_keep() -> None:
    found = detected("We have $x(x + 3) = 40$, so $x^2 + 3 = 40$. We find $x = 6$.")

    assert found is not None
    assert found[1] == (
        "Right answers have x = 5, which satisfies \u201cx(x + 3) = 40\u201d but not"
        " \u201cx^2 + 3 = 40\u201d. The working gets x = 6."
    )


def test_an_equation_of_the_task_counts_as_one_before() -> None:
    prompt = r"If $x\sqrt{x} - 2x = 9$ for a whole number $x$, what is $x + 3$?"
    right = "By trial we see that $x = 9$.\nAnswer: 12"

    found = detected(
        "After some work we find $x = 16$.", prompt=prompt, correct=(right,), gold="12"
    )

    assert found is not None
    assert found[0] == "x = 16"


@pytest.mark.parametrize(
    "working",
    [
        "We have $x(x + 3) = 40$, so $x^2 + 3x - 40 = 0$ and $x = 5$.",
        "We have $x(x + 3) = 40$, so $x^2 + 3x - 40 = 0$ and $x = -8$.",
        "We have $x(x + 3) = 40$. Suppose $x = 4$.",
        "We have $x(x + 3) = 40$. It gives $x = 4$, which is not possible.",
        "We have $x(x + 3) = 40$. Case 1: it is odd. Then $x = 7$.",
        "We have $x(x + 3) = 40$. Then $x = 5$ or $x = 4$.",
        "Here $x = 4$, as one sees.",
        "We have $x(x + 3) = 40$. With $y = x - 2$ it is $x^2 = 4y + 7$ and $x = 4$.",
        "We have $x(x + 3) = 40 \\pmod 7$. So $x = 4$.",
        "We have $x(x + 3) = 40$. So $x \\approx 4.2$.",
        "There are many rows.",
    ],
)
def test_right_other_chosen_rejected_and_unjudged_values_are_passed_over(working: str) -> None:
    assert detected(working) is None


def test_right_answers_without_a_value_in_common_tell_nothing() -> None:
    working = "We have $x(x + 3) = 40$. Solving this, we find $x = 4$."
    other = RIGHT.replace("x = 5", "x = 6")

    assert detected(working, correct=(RIGHT, other)) is None
    assert detected(working, correct=(RIGHT, RIGHT, other)) is not None
    assert detected(working, correct=("Just count.\nAnswer: 8",)) is None


def test_what_counts_as_right_is_read_and_not_believed() -> None:
    working = "We have $x(x + 3) = 40$. Solving this, we find $x = 4$."

    assert detected(working, correct=(RIGHT.replace("Answer: 8", "Answer: 9"),)) is None


def test_a_right_answer_has_no_wrong_turn() -> None:
    working = "We have $x(x + 3) = 40$. Solving this, we find $x = 4$."

    assert detected(working, answer="8") is None


def test_values_are_only_compared_where_answers_are_read_reliably() -> None:
    working = "We have $x(x + 3) = 40$. Solving this, we find $x = 4$."

    assert detected(working, profile=Profile(route="answer line")) is None


def test_decimals_may_be_rounded() -> None:
    right = "We have $3x = 10$, so $x = 10/3$.\nAnswer: 8"

    assert detected("We have $3x = 10$, so $x = 3.3$.", correct=(right,)) is None


@pytest.mark.parametrize("piece", ["$x = $", "x(", "$x^2 = 2x$ ", "a=", "if case or "])
def test_hostile_text_costs_no_time(piece: str) -> None:
    start = time.process_time()

    detected(piece * 200_000, correct=(RIGHT, RIGHT))

    assert time.process_time() - start < 1
