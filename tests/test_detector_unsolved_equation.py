import time

import pytest

from error_map.analysts.offline.answers import Profile, final_answer
from error_map.analysts.offline.detector import Case
from error_map.analysts.offline.detectors.unsolved_equation import DETECTOR

TRUSTED = Profile(route="answer line", agreement=1.0, recall=1.0, found=1.0, rows=100)
BOXES = "If $ab = 24$ and $a + 2b = 16$ with $a > b$, what is $a - b$?"
RIGHT = "The numbers are 12 and 2.\nAnswer: 10"


def detected(
    working: str,
    *,
    prompt: str = BOXES,
    answer: str = "5",
    correct: tuple[str, ...] = (RIGHT,),
    profile: Profile = TRUSTED,
) -> tuple[str, str] | None:
    """What the detector quotes and says."""
    output = f"{working}\nAnswer: {answer}"
    case = Case(
        prompt=prompt,
        output=output,
        correct_outputs=correct,
        answer=final_answer(output, profile),
        gold="10",
        profile=profile,
    )
    sign = DETECTOR.detect(case)
    return (output[slice(*sign.spans[0])], sign.summary) if sign else None


def test_values_that_are_said_to_solve_an_equation_of_the_task_are_tried_on_it() -> None:
    found = detected("Solving both, we find $a = 8$ and $b = 3$.")

    assert found is not None
    assert found[0] == "a = 8$ and $b = 3"
    assert found[1] == (
        "The working says that a = 8 and b = 3 is a solution, but it does not satisfy"
        " \u201ca + 2b = 16\u201d."
    )


def test_an_equation_that_a_right_working_has_too_counts_like_the_tasks() -> None:
    prompt = "A field of 24 square metres has a fence on three sides of 16 metres. How long is it?"
    right = "We have $ab = 24$ and $a + 2b = 16$. So it is 12.\nAnswer: 10"
    working = "Here $ab = 24$. By trial and error we get $a = 7$, $b = 3$."

    found = detected(working, prompt=prompt, correct=(right,))

    assert found is not None
    assert found[0] == "a = 7$, $b = 3"
    assert detected(working, prompt=prompt) is None


@pytest.mark.parametrize(
    "working",
    [
        "Solving both, we find $a = 12$ and $b = 2$.",
        "So we have $a = 8$ and $b = 3$.",
        "Testing values, we get $a = 8$ and $b = 3$. This does not satisfy the second.",
        "Testing values, let $a = 8$ and $b = 3$.",
        "Solving both, we find $a = 8$.",
    ],
)
def test_right_unsaid_rejected_and_partial_solutions_are_passed_over(working: str) -> None:
    assert detected(working) is None


def test_it_takes_a_trusted_profile_a_wrong_answer_and_no_bound() -> None:
    working = "Solving both, we find $a = 8$ and $b = 3$."

    assert detected(working, answer="10") is None
    assert detected(working, profile=Profile(route="answer line")) is None
    assert detected(working, prompt=f"{BOXES} Find the maximum value.") is None


def test_what_can_be_followed_to_a_wrong_equation_is_left_alone() -> None:
    right = "From $ab = 24$ we get $a = 12$ and $b = 2$.\nAnswer: 10"

    assert detected("Solving both, we find $a = 8$ and $b = 3$.", correct=(right,)) is None


@pytest.mark.parametrize("piece", ["solving $a = $", "satisfy ", "$a^2 = 2a$ trying "])
def test_hostile_text_costs_no_time(piece: str) -> None:
    start = time.process_time()

    detected(piece * 200_000)

    assert time.process_time() - start < 1
