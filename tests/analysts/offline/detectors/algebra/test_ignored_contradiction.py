"""The detector of answers given against a flaw that the text admits."""

import time

import pytest

from error_map.analysts.offline.answers.final_answer import final_answer
from error_map.analysts.offline.answers.profiles import Profile
from error_map.analysts.offline.detector import Case
from error_map.analysts.offline.detectors.algebra.ignored_contradiction import DETECTOR

FIELD = Profile(route="answer line", agreement=0.99, recall=0.99, found=0.95, rows=500)
LONGEST_S = 0.25


def title(working: str) -> str | None:
    output = f"{working}\nAnswer: 12"
    case = Case(
        prompt="How long is the side?",
        output=output,
        answer=final_answer(output, FIELD),
        profile=FIELD,
    )
    detection = DETECTOR.detect(case)
    return detection.title if detection else None


@pytest.mark.parametrize(
    "working",
    [
        "It is sqrt(9 - 25). However, this is not a real number. But we can take the root of 144.",
        "This leads to -4 = 0, which is not possible. However, with the last term zero we get 12.",
        "Since both sides are not equal, we need to recheck it. However, the one is indeed 12.",
        "We made a mistake. The correct way is 9 + 25 = 34. This is still wrong. So it is 12.",
    ],
)
def test_an_admitted_flaw_that_is_not_mended_is_found(working: str) -> None:
    assert title(working) == "Admitted contradiction ignored"


@pytest.mark.parametrize(
    "working",
    [
        "If x = -3, this is not possible. But x = 12 is.",
        "We suppose that it is even, which is a contradiction. However, odd sides are 12.",
        "The root -3 is extraneous, as it is not possible. But 12 is a root.",
        "This is wrong. So we add the other side, and get 12.",
        "The result is negative, which is not possible. However, we need to take the other root.",
        "We made a mistake in the sum. The correct sum is 9 + 3 = 12.",
        "We made a mistake in the sum. Let us recheck it. So it is 9 + 3 = 12.",
        "There is a mistake in the problem. However, the side is 12.",
        "There are 12 possible sides.",
    ],
)
def test_cases_proofs_and_mended_slips_are_left_alone(working: str) -> None:
    assert title(working) is None


def test_a_flaw_far_before_the_answer_is_left_alone() -> None:
    flaw = "This gives -4 = 0, which is not possible. However, the side is long. "

    assert title(flaw + "We measure it again. " * 10) is not None
    assert title(flaw + "We measure it again. " * 200) is None


@pytest.mark.parametrize(
    "text", ["this is wrong. but " * 20_000, "the correct " * 50_000, "a mistake error " * 50_000]
)
def test_no_text_takes_long(text: str) -> None:
    begun = time.process_time()

    title(text)

    assert time.process_time() - begun < LONGEST_S


def test_what_cannot_be_told_is_no_contradiction() -> None:
    assert title("It is not possible to provide an exact answer. However, we round it.") is None
    assert title("This is not possible. However, we go on with 12.") is not None
