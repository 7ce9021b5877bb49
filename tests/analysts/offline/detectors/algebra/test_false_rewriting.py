"""Equations changed while they are rewritten, and equivalent forms."""

import pytest

from error_map.analysts.offline.answers.extractors.routes import Answer
from error_map.analysts.offline.detector import Case
from error_map.analysts.offline.detectors.algebra.false_rewriting import DETECTOR

RIGHT = "Half of it: $2x^2 - 11x = 6$, so $x = 6$. The answer is 6."


def a_case(output: str, *, correct: str = RIGHT, gold: str | None = "6", prompt: str = "") -> Case:
    place = output.rfind("answer is ") + len("answer is ")
    text = output[place:].rstrip(".")
    return Case(
        prompt=prompt or "What is $x$?",
        output=output,
        correct_outputs=(correct,) if correct else (),
        answer=Answer(text, place, place + len(text)),
        gold=gold,
    )


def test_an_equation_of_a_right_working_that_is_rewritten_falsely_is_quoted() -> None:
    output = "So $2x^2 - 11x = 6$. Rearranging, we get $2x^2 - 11x + 6 = 0$. The answer is 5."
    detection = DETECTOR.detect(a_case(output))

    assert detection is not None
    ((start, end),) = detection.spans
    assert output[start:end] == "2x^2 - 11x = 6$. Rearranging, we get $2x^2 - 11x + 6 = 0"
    assert "2x^2 - 11x + 6 = 0, which is not equivalent" in detection.summary


@pytest.mark.parametrize(
    ("output", "correct"),
    [
        ("$(n + 4)(n - 1) = 24$\n$n^2 + 3n + 4 = 24$\nThe answer is 3.", "$(m + 4)(m - 1) = 24$"),
        ("$c - d = 8$. Therefore, $c + d = 8$. The answer is 8.", "$c - d = 8$, $c = 7$, $d = -1$"),
        (r"$90 + 7x + x^2 = 2x^2$ \\ $90 + 7x = 2x^2$. The answer is 9.", "$90 + 7x + x^2 = 2x^2$"),
        ("$r^2 + 5r = 66$, which factors as $(r + 6)(r - 11) = 0$. The answer is 11.", "$r = 6$"),
        ("Now $3x + 4x + 2x = 54$. Simplifying, we get $8x = 54$. The answer is 6.75.", ""),
    ],
)
def test_layout_words_right_values_and_mending_are_told_too(output: str, correct: str) -> None:
    assert DETECTOR.detect(a_case(output, correct=correct)) is not None


@pytest.mark.parametrize(
    "between",
    [
        "$. Rearranging, we get $2x^2 - 11x - 6 = 0",
        "$. Rearranging, we get $4x^2 - 22x - 12 = 0",
        "$ or $2x^2 - 11x = 7",
        "$. Substituting 2 for it, we get $2x^2 - 11x = 7",
        "$\n2. $2x^2 - 11x = 7",
        "$. Rearranging, we get $2y^2 - 11y + 6 = 0",
        "$. Rearranging, we get $2x^2 - 11x + 6 = 0$. That is wrong: $2x^2 - 11x - 6 = 0",
    ],
)
def test_true_forms_and_other_equations_are_left_alone(between: str) -> None:
    assert DETECTOR.detect(a_case(f"So $2x^2 - 11x = 6{between}$. The answer is 5.")) is None


def test_an_equation_off_the_right_way_is_left_alone() -> None:
    output = "So $3x^2 - 8x = 1$. Rearranging, we get $3x^2 - 8x + 1 = 0$. The answer is 5."

    assert DETECTOR.detect(a_case(output)) is None


def test_a_right_answer_is_left_alone_whatever_its_working() -> None:
    output = "So $2x^2 - 11x = 6$. Rearranging, we get $2x^2 - 11x + 6 = 0$. The answer is 6."

    assert DETECTOR.detect(a_case(output)) is None
    assert DETECTOR.detect(a_case(output.replace("is 6", "is 5"), gold=None)) is None


def test_what_is_chosen_from_options_is_left_alone() -> None:
    output = "So $2x^2 - 11x = 6$. Rearranging, we get $2x^2 - 11x + 6 = 0$. The answer is A."
    prompt = "What is $x$?\nA. 5\nB. 6\nC. 7"

    assert DETECTOR.detect(a_case(output, gold="B", prompt=prompt)) is None
