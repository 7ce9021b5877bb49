"""Negative differences used as positive, and comparisons that are meant so."""

import pytest

from error_map.analysts.offline.detector import Case
from error_map.analysts.offline.detectors.arithmetic.sign_dropped import DETECTOR


def a_case(output: str, *, reference: str | None = None, gold: str | None = None) -> Case:
    return Case(prompt="How many are left?", output=output, reference=reference, gold=gold)


@pytest.mark.parametrize(
    ("output", "quote"),
    [
        ("He has 40 - 64 = 24 screws left over.", "40 - 64 = 24"),
        ("She saves $8 - $270 = $262 a week.", "$8 - $270 = $262"),
        ("After that 48 - 40 - 21 = 13 people ride on.", "48 - 40 - 21 = 13"),
        ("Left are 40-64=<<40-64=-24>>24 screws.", "40-64=<<40-64=-24>>24"),
        ("So he keeps 15 - 40 = 25", "15 - 40 = 25"),
        ("It is 12.5 \u2212 20 = 7.5 kg heavier.", "12.5 \u2212 20 = 7.5"),
    ],
)
def test_a_negative_rest_that_is_carried_on_as_positive_is_quoted(output: str, quote: str) -> None:
    detection = DETECTOR.detect(a_case(output))

    assert detection is not None
    assert [output[start:end] for start, end in detection.spans] == [quote]


def test_the_summary_says_what_the_subtraction_comes_to() -> None:
    detection = DETECTOR.detect(a_case("He has 40 - 1,064 = 1,024 screws left over."))

    assert detection is not None
    assert detection.summary.startswith(
        "The working states 40 - 1,064 = 1,024, but 40 - 1,064 is -1,024: the minus sign is dropped"
    )


@pytest.mark.parametrize(
    "output",
    [
        "He has 20 - 50 = 30 less than before.",
        "The difference is 20 - 50 = 30.",
        "They lost 20 - 50 = 30 francs.",
        "The change in temperature is 125.0 - 298.5 = 173.5 K.",
        "So |20 - 50| = 30.",
        "He has 3 hours - 80 minutes = 77 minutes.",
        "He has 40 - 16 = 24 screws left over.",
        "He has 40 - 64 = -24 screws left over.",
        "He has 40 - 64 = 25 screws left over.",
        "No equation here.",
        "",
    ],
)
def test_a_stated_difference_and_a_right_subtraction_are_left_alone(output: str) -> None:
    assert DETECTOR.detect(a_case(output)) is None


def test_a_rest_that_the_reference_has_too_is_not_what_went_wrong() -> None:
    output = "He has 40 - 64 = 24 screws left over, 24 / 2 = 12 each."

    assert DETECTOR.detect(a_case(output, reference="64 - 40 = 24, 24 / 3 = 8")) is None
    assert DETECTOR.detect(a_case(output, gold="24")) is None


def test_a_negative_rest_that_comes_of_a_wrong_number_is_not_the_cause() -> None:
    case = Case(
        prompt="Of 60 plums 35 are ripe, and 2 of 5 of the others are green. How many are yellow?",
        output="2/5 * 70 = 28 are green. 60 - 35 - 28 = 3 are yellow.",
        reference="60 - 35 = 25. 2/5 * 25 = 10. 25 - 10 = 15.",
        gold="15",
    )

    assert DETECTOR.detect(case) is None


def test_it_is_declared_as_a_cause_behind_false_equations() -> None:
    assert (DETECTOR.kind, DETECTOR.category) == ("cause", "computation_error")
    assert DETECTOR.rank == 41
