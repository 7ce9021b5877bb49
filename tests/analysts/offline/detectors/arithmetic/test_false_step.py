"""False calculations that explain the answer, and others."""

import time

import pytest

from error_map.analysts.offline.answers.extractors.routes import Answer
from error_map.analysts.offline.detector import Case, Detector
from error_map.analysts.offline.detectors.algebra import false_algebra, false_rewriting
from error_map.analysts.offline.detectors.arithmetic import false_equation, false_number_claim
from error_map.analysts.offline.detectors.arithmetic.false_step import DETECTOR
from error_map.analysts.offline.step_errors.counterfactual import (
    changes_answer,
    reaches_reference,
    recalculated,
)


def a_case(output: str, *, gold: str, correct: str = "", prompt: str = "What is $x$?") -> Case:
    place = output.rfind("answer is ") + len("answer is ")
    text = output[place:].rstrip(".")
    return Case(
        prompt=prompt,
        output=output,
        correct_outputs=(correct,) if correct else (),
        answer=Answer(text, place, place + len(text)),
        gold=gold,
    )


@pytest.mark.parametrize(
    ("output", "gold"),
    [
        (r"So $8! / 48 = 420$, and $420 / 14 = 30$. The answer is 30.", "60"),
        (r"We have $3\sqrt[3]{343} = 24$. Then $x + 24 = 30$, so $x = 6$. The answer is 6.", "9"),
        ("The sum (4 + 9 + 2 + 7 + 5) is 29, and 29 + 1 = 30. The answer is 30.", "28"),
        (r"$\binom{6}{2} = 30$. Then $y = 30$, and $2y + 1 = 61$. The answer is 61.", "31"),
    ],
)
def test_a_false_calculation_whose_mending_mends_the_answer_is_told(output: str, gold: str) -> None:
    detection = DETECTOR.detect(a_case(output, gold=gold))

    assert detection is not None
    assert "The working states" in detection.summary
    assert DETECTOR.detect(a_case(output, gold="77")) is None


def test_a_remainder_is_taken_again() -> None:
    output = r"$2^3 \cdot 5! = 980$, so it is 980. As 980 divided by 7 leaves 0. The answer is 0."
    recalculation = recalculated(a_case(output, gold="1"), 0, [(980, 960)])

    assert changes_answer(recalculation)
    assert reaches_reference(recalculation)


def test_a_calculation_that_a_right_answer_has_true_is_told() -> None:
    output = r"As $3! \cdot 5! = 2^4 \cdot 3^3 \cdot 5$, there are 4. The answer is 4."

    assert DETECTOR.detect(a_case(output, gold="6", correct=r"$3! \cdot 5! = 720$")) is not None
    assert DETECTOR.detect(a_case(output, gold="6", correct=r"$3! \cdot 4! = 144$")) is None


def test_the_answer_itself_counts_only_where_the_true_value_is_right() -> None:
    output = r"So $3! \cdot 5! = 702$. The answer is 702."

    assert DETECTOR.detect(a_case(output, gold="5", correct=r"$3! \cdot 5! = 720$")) is None
    assert DETECTOR.detect(a_case(output, gold="720")) is not None


def test_right_answers_and_true_calculations_are_left_alone() -> None:
    assert (
        DETECTOR.detect(a_case("$8!/48 = 420$, $420/14 = 30$. The answer is 30.", gold="30"))
        is None
    )
    assert (
        DETECTOR.detect(a_case("$8!/48 = 840$, $840/14 = 60$. The answer is 60.", gold="5")) is None
    )
    assert DETECTOR.detect(a_case("Is (4 + 9 + 2) is 16? The answer is 16.", gold="5")) is None


def test_what_the_calculator_tells_is_not_told_twice() -> None:
    case = a_case("So 12 * 8 = 86 pens, and 86 - 20 = 66. The answer is 66.", gold="76", prompt="?")

    assert false_equation.DETECTOR.detect(case) is not None
    assert DETECTOR.detect(case) is None


def test_what_is_told_as_a_cause_is_no_place() -> None:
    output = r"So $\binom{9}{3} = 504$, and $504 / 2 = 252$. The answer is 252."
    right = r"$\binom{9}{3} = 84$"

    assert DETECTOR.detect(a_case(output, gold="42", correct=right)) is not None
    assert false_algebra.DETECTOR.detect(a_case(output, gold="42", correct=right)) is None


@pytest.mark.parametrize(
    "detector", [DETECTOR, false_rewriting.DETECTOR, false_number_claim.DETECTOR]
)
@pytest.mark.parametrize("text", ["(1 + 2) = 5 ", "gcd(1, 2, ", "x = 2x + 1\nso ", "3 ≡ 4 mod "])
def test_a_text_without_end_is_no_working(detector: Detector, text: str) -> None:
    case = a_case(text * 1_000_000 + "The answer is 7.", gold="8")
    began = time.process_time()

    assert detector.detect(case) is None
    assert time.process_time() - began < 0.2
