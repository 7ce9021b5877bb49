"""False claims about whole numbers, and claims that do not explain the answer."""

import pytest

from error_map.analysts.offline.answers.extractors.routes import Answer
from error_map.analysts.offline.detector import Case
from error_map.analysts.offline.detectors.arithmetic.false_number_claim import DETECTOR


def a_case(output: str, *, correct: str = "", gold: str | None = "1000") -> Case:
    place = output.rfind("answer is ") + len("answer is ")
    text = output[place:].rstrip(".")
    return Case(
        prompt="Which number is it?",
        output=output,
        correct_outputs=(correct,) if correct else (),
        answer=Answer(text, place, place + len(text)),
        gold=gold,
    )


@pytest.mark.parametrize(
    ("output", "title"),
    [
        ("So 13 * 9 ≡ 1 (mod 31). The answer is 9.", "False congruence"),
        (r"So $6^{-1} \equiv 4 \pmod{17}$. The answer is 4.", "False congruence"),
        ("The GCD of 84 and 126 is 21. We use 21 of them. The answer is 5.", "greatest common"),
        ("The least common multiple of 12 and 18 is 72, so 72 + 5. The answer is 77.", "multiple"),
        ("Thus 1203 is divisible by 7. The answer is 1203.", "False claim of divisibility"),
        (
            "The remainder when 145 is divided by 8 is 3, so 3 are left. The answer is 40.",
            "False remainder",
        ),
        ("Now 145 mod 8 = 3, and 3 of them are left. The answer is 33.", "False remainder"),
        ("The inverse of 6 modulo 17 is 4, so 4 + 4. The answer is 8.", "False modular inverse"),
        ("The common factors of 60 and 84 are 1, 3 and 8: 1 + 3 + 8. The answer is 12.", "divisor"),
        ("The divisors of 75 are 1, 3, 5, 25, 75. The answer is 5.", "Incomplete list of divisors"),
    ],
)
def test_what_a_calculation_refutes_is_told(output: str, title: str) -> None:
    detection = DETECTOR.detect(a_case(output))

    assert detection is not None
    assert title in detection.title


@pytest.mark.parametrize(
    "output",
    [
        "So 13 * 9 ≡ 1 (mod 4). The answer is 9.",
        "If 13 * 9 ≡ 1 (mod 31), we are done. The answer is 9.",
        "So 13 * 9 ≡ 1 (mod 31), which is false. The answer is 9.",
        "We need the next number, 20 is divisible by 7. The answer is 20.",
        "It says 7 + 20 is divisible by 3. The answer is 20.",
        "Note that 1203 is divisible by 7. The answer is 12.",
        "The GCD of 84 and 126 is 42, and 42 + 1 = 43. The answer is 43.",
        "The GCD of 84 and 126 is 126 - 84. The answer is 43.",
        "The factors of 75 are (1, 75). The answer is 5.",
        "The inverse of 6 modulo 17 is 3, so 3 + 3. The answer is 6.",
        "The remainder when 145 is divided by 8 is 1, so 1. The answer is 1.",
    ],
)
def test_true_claims_and_what_is_none_are_left_alone(output: str) -> None:
    assert DETECTOR.detect(a_case(output)) is None


def test_a_claim_that_a_right_answer_makes_too_is_left_alone() -> None:
    output = "So 13 * 9 ≡ 1 (mod 31). The answer is 9."

    assert DETECTOR.detect(a_case(output, correct=output)) is None


def test_residues_of_a_number_that_no_right_answer_takes_are_left_alone() -> None:
    output = "So 13 * 9 ≡ 1 (mod 31). The answer is 9."

    assert DETECTOR.detect(a_case(output, correct="50 ≡ 1 (mod 7)")) is None
    assert (
        DETECTOR.detect(a_case(output, correct="13 * 9 ≡ 1 (mod 4), 32 ≡ 1 (mod 31)")) is not None
    )


def test_a_slip_in_an_answer_that_is_as_wrong_without_it_is_left_alone() -> None:
    output = "The GCD of 84 and 126 is 21. The answer is 21."

    assert DETECTOR.detect(a_case(output, gold="42")) is not None
    assert DETECTOR.detect(a_case(output, gold="41")) is None


def test_right_answers_are_left_alone() -> None:
    assert (
        DETECTOR.detect(a_case("Thus 1203 is divisible by 7. The answer is 1203.", gold="1203"))
        is None
    )
