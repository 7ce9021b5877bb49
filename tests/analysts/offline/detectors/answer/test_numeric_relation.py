"""Answers that are a multiple or a fraction of the reference."""

import pytest

from error_map.analysts.offline.answers.extractors.routes import Answer
from error_map.analysts.offline.answers.profiles import Profile
from error_map.analysts.offline.detector import Case
from error_map.analysts.offline.detectors.answer.numeric_relation import DETECTOR

TRUSTED = Profile(route="last number", agreement=1.0, recall=1.0, found=1.0, rows=100)


def summary(answer: str, gold: str, profile: Profile = TRUSTED) -> str | None:
    case = Case(
        prompt="How many?",
        output=f"It is {answer}",
        answer=Answer(answer, 6, 6 + len(answer)),
        gold=gold,
        profile=profile,
    )
    detection = DETECTOR.detect(case)
    return detection.summary if detection else None


@pytest.mark.parametrize(
    ("answer", "gold", "relation"),
    [
        ("$1,280", "640", "exactly 2 times the reference 640"),
        ("35", "70", "exactly half the reference 70"),
        ("$12.50", "37.5", "exactly a third of the reference 37.5"),
    ],
)
def test_the_relation_is_stated_with_both_numbers(answer: str, gold: str, relation: str) -> None:
    assert relation in (summary(answer, gold) or "")


@pytest.mark.parametrize(
    ("answer", "gold"), [("8", "4"), ("70", "70"), ("700", "70"), ("71", "35"), ("2x", "70")]
)
def test_small_equal_and_other_numbers_are_passed_over(answer: str, gold: str) -> None:
    assert summary(answer, gold) is None


def test_nothing_is_said_where_answers_are_not_read_reliably() -> None:
    assert summary("140", "70", Profile(route="last number", agreement=0.9)) is None


def test_it_is_declared_as_a_fact_that_decides_nothing() -> None:
    assert (DETECTOR.kind, DETECTOR.rank) == ("fact", 70)
