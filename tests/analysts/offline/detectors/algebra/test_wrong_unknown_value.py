"""Unknowns with another value than in right answers, and chosen or swapped ones."""

import pytest

from error_map.analysts.offline.answers.extractors.routes import Answer
from error_map.analysts.offline.answers.profiles import Profile
from error_map.analysts.offline.detector import Case
from error_map.analysts.offline.detectors.algebra.wrong_unknown_value import DETECTOR

TRUSTED = Profile(route="last number", agreement=1.0, recall=1.0, found=1.0, rows=100)
CIRCLE = "A circle about $(-5, 2)$ is $Ax^2 + 2y^2 + Bx + Cy = 40.$ Find $A + B + C.$"
RIGHT = "So $A = 2$, $B = 20$ and $C = -8$. The sum is 14."


def summary(
    output: str,
    *,
    prompt: str = CIRCLE,
    correct: tuple[str, ...] = (RIGHT,),
    gold: str = "14",
    profile: Profile = TRUSTED,
) -> str | None:
    number = output.rsplit(maxsplit=1)[-1].strip(".")
    place = output.rfind(number)
    case = Case(
        prompt=prompt,
        output=output,
        correct_outputs=correct,
        answer=Answer(number, place, place + len(number)),
        gold=gold,
        profile=profile,
    )
    detection = DETECTOR.detect(case)
    return detection.summary if detection else None


@pytest.mark.parametrize(
    ("output", "says"),
    [
        ("We see that $A = 1$, so it is 7.", "A = 1; right answers have A = 2."),
        ("So $A = 2$ and $B = 5 + 5 = 10$. It is 4.", "B = 10; right answers have B = 20."),
        ("So $A = 2$ and $2B = 20$. It is 4.", "2B = 20; right answers have 2B = 40."),
        (r"Here \( C = \frac{9}{2} \). It is 4.", "= 4.5; right answers have C = -8."),
    ],
)
def test_the_first_unknown_with_another_number_is_told(output: str, says: str) -> None:
    assert (summary(output) or "").endswith(says)


@pytest.mark.parametrize(
    "output",
    [
        "So $A = 2$, $B = 20$ and $C = -8$. The sum is 15.",
        "Let $A = 1$. It is 4.",
        "If $A = 1$, it is 4.",
        "Here $A = 1$. No, $A = 2$. It is 4.",
        "Here $D = 7$. It is 4.",
        "By the quadratic formula with $A = 1$ it is 4.",
        "Here $A \\equiv 1 \\pmod 5$ and $B = 10$. It is 4.",
        "Here $A = 14$, so it is 15.",
    ],
)
def test_right_tried_changed_foreign_and_residual_numbers_are_passed_over(output: str) -> None:
    assert (
        summary(output, correct=(RIGHT.replace("A = 2", "A = 14"),) if "14" in output else (RIGHT,))
        is None
    )


def test_unknowns_that_are_named_the_other_way_round_are_passed_over() -> None:
    prompt = "Two numbers $p$ and $q$ have the sum $12$. Find $p^2 + q$."

    assert (
        summary("$p = 5$, $q = 7$, so 32.", prompt=prompt, correct=("$p = 7$, $q = 5$.",)) is None
    )


def test_right_answers_that_differ_among_themselves_tell_nothing() -> None:
    assert summary("Here $A = 1$. It is 4.", correct=(RIGHT, "Here $A = 3$.")) is None


def test_a_letter_that_runs_through_values_needs_two_right_answers() -> None:
    prompt = "For $x$ with $x^3 = 64$, how large is the area?"

    assert summary("So $x = 8$ and 64.", prompt=prompt, correct=("$x = 4$",)) is None
    assert summary("So $x = 8$ and 64.", prompt=prompt, correct=("$x = 4$", "Thus $x = 4$."))


def test_letters_that_only_write_the_result_need_one_that_is_right() -> None:
    prompt = r"The result is of the form $\frac{a \sqrt{b}}{c}$. Find $a + b + c$."
    right = ("$a = 32$, $b = 3$, $c = 9$",)

    assert summary("$a = 8$, $b = 1$, $c = 1$, so 10.", prompt=prompt, correct=right) is None
    assert summary("$a = 8$, $b = 3$, $c = 9$, so 20.", prompt=prompt, correct=right)


def test_the_number_that_is_asked_for_is_left_to_others() -> None:
    assert summary("So $k = 9$.", prompt="Find $k$.", correct=("$k = 7$",), gold="7") is None


def test_nothing_is_said_of_a_right_answer_or_where_answers_are_not_read_reliably() -> None:
    assert summary("Here $A = 1$. It is 14.") is None
    assert summary("Here $A = 1$. It is 4.", profile=Profile(route="x", agreement=0.9)) is None
    assert summary("Here $A = 1$. It is 4.", correct=()) is None
