"""Answers with the opposite sign, and operands of larger expressions."""

from dataclasses import replace

import pytest

from error_map.analysts.offline.answers.extractors.routes import Answer
from error_map.analysts.offline.answers.profiles import Profile
from error_map.analysts.offline.detector import Case
from error_map.analysts.offline.detectors.answer.wrong_sign import DETECTOR

TRUSTED = Profile(route="last number", agreement=1.0, recall=1.0, found=1.0, rows=100)


def title(answer: str, gold: str, profile: Profile = TRUSTED) -> str | None:
    case = Case(
        prompt="What is left?",
        output=f"It is {answer}",
        answer=Answer(answer, 6, 6 + len(answer)),
        gold=gold,
        profile=profile,
    )
    detection = DETECTOR.detect(case)
    return detection.title if detection else None


@pytest.mark.parametrize(("answer", "gold"), [("-47", "47"), ("47", "-47"), ("\u221247", "47")])
def test_the_right_number_with_the_other_sign_is_told(answer: str, gold: str) -> None:
    assert title(answer, gold) == "Wrong sign"


@pytest.mark.parametrize(
    ("answer", "gold"), [("47", "47"), ("-46", "47"), ("-47", "-47"), ("-0", "0"), ("-x", "x")]
)
def test_other_numbers_right_ones_and_words_are_passed_over(answer: str, gold: str) -> None:
    assert title(answer, gold) is None


def test_nothing_is_said_where_answers_are_not_read_reliably() -> None:
    assert title("-47", "47", Profile(route="last number", agreement=0.9)) is None


@pytest.mark.parametrize(
    ("output", "number"),
    [
        ("So it is x - 47", "47"),
        ("So it is 47/(2 - x)", "47"),
        ("So it is 3 * 47", "47"),
        ("So it is 47 + t", "47"),
        ('{"answer": "k - 47/(3 - k)"}', "47"),
    ],
)
def test_a_number_out_of_a_larger_expression_is_not_the_answer(output: str, number: str) -> None:
    start = output.index(number)
    answer = Answer(number, start, start + len(number))
    case = Case(prompt="", output=output, answer=answer, gold="-47", profile=TRUSTED)

    assert DETECTOR.detect(case) is None


@pytest.mark.parametrize("output", ["So x = 47.", "**47**", "It is $47$ (as above)", "- 47 -"])
def test_a_number_that_stands_alone_is_compared(output: str) -> None:
    start = output.index("47")
    answer = Answer("47", start, start + 2)
    case = Case(prompt="", output=output, answer=answer, gold="-47", profile=TRUSTED)

    assert DETECTOR.detect(case)


@pytest.mark.parametrize(("answer", "gold"), [("-1", "1"), ("1", "-1")])
def test_minus_one_of_a_program_stands_for_nothing_found(answer: str, gold: str) -> None:
    case = Case(
        prompt="def f(text):\n    return text.find('a')\nWhat does f('ba') return?",
        output=f"It is {answer}",
        answer=Answer(answer, 6, 6 + len(answer)),
        gold=gold,
        profile=TRUSTED,
    )

    assert DETECTOR.detect(case) is None
    assert title(answer, gold, replace(TRUSTED, task="literals")) is None
    assert title(answer, gold) == "Wrong sign"
    assert title("-7", "7", replace(TRUSTED, task="literals")) == "Wrong sign"
