"""False equations between numbers, and late ones that are only a place."""

from dataclasses import replace

import pytest

from error_map.analysts.offline.answers.extractors.routes import Answer
from error_map.analysts.offline.detector import Case
from error_map.analysts.offline.detectors.arithmetic import late_false_equation
from error_map.analysts.offline.detectors.arithmetic.false_equation import DETECTOR


def a_case(output: str, *, reference: str | None = None, correct: tuple[str, ...] = ()) -> Case:
    return Case(prompt="How many?", output=output, reference=reference, correct_outputs=correct)


def test_the_first_of_two_false_equations_is_the_one_reported() -> None:
    output = "He buys 6 * 14 = 94 pens. With 10 more, 94 + 10 = 114."

    detection = DETECTOR.detect(a_case(output))

    assert detection is not None
    assert [output[start:end] for start, end in detection.spans] == ["6 * 14 = 94"]


@pytest.mark.parametrize(
    ("output", "title", "says"),
    [
        ("17 + 25 = 32", "False addition", "17 + 25 is 42."),
        ("90 - 25 = 55", "False subtraction", "90 - 25 is 65."),
        ("60 * 70 = 5200", "False multiplication", "60 * 70 is 4,200."),
        ("10 / 3 = 4.5", "False division", "10 / 3 is about 3.333."),
        ("5% of 90 = 6", "False percentage", "5% of 90 is 4.5."),
        ("15 / 60 = 35%", "False percentage", "15 / 60 is 25%."),
        ("15 / 60 * 100 = 35%", "False percentage", "15 / 60 * 100 is 25."),
        ("2 * 3 + 1 = 9", "False mixed calculation", "2 * 3 + 1 is 7."),
    ],
)
def test_the_title_names_the_operation_and_the_summary_gives_the_right_value(
    output: str, title: str, says: str
) -> None:
    detection = DETECTOR.detect(a_case(output))

    assert detection is not None
    assert detection.title == title
    assert detection.summary.endswith(says)


def test_a_huge_right_value_is_shown_by_its_first_digits() -> None:
    detection = DETECTOR.detect(a_case("2^70 = 12 * 10"))

    assert detection is None or "e+" in detection.summary


def test_a_working_without_a_false_equation_gives_nothing() -> None:
    assert DETECTOR.detect(a_case("6 * 14 = 84 pens, so the answer is 84.")) is None


def test_an_output_without_an_equation_gives_nothing() -> None:
    assert DETECTOR.detect(a_case("The answer is (C).")) is None


def test_a_claim_that_the_reference_shares_is_not_what_went_wrong() -> None:
    assert DETECTOR.detect(a_case("6 * 14 = 94 pens", reference="B. 94 pens")) is None


def test_a_claim_that_a_right_working_shares_is_not_what_went_wrong() -> None:
    correct = ("He has 94 pens at the end.",)

    assert DETECTOR.detect(a_case("6 * 14 = 94 pens", correct=correct)) is None


def test_a_later_false_equation_is_reported_where_the_first_is_shared() -> None:
    output = "6 * 14 = 94 pens, then 94 + 10 = 124 pens."

    detection = DETECTOR.detect(a_case(output, correct=("94",)))

    assert detection is not None
    assert output[slice(*detection.spans[0])] == "94 + 10 = 124"


def test_a_small_claim_met_again_elsewhere_is_reported_all_the_same() -> None:
    assert DETECTOR.detect(a_case("2 + 5 = 8 pens", correct=("8 friends share 7 pens",)))


def test_a_slip_that_is_not_taken_up_again_is_passed_over() -> None:
    slip = "6 * 14 = 94 pens."

    assert DETECTOR.detect(a_case(f"{slip} 6 + 14 = 20, so 20.")) is None
    assert DETECTOR.detect(a_case(f"{slip} 94 + 10 = 104, so 104."))
    assert DETECTOR.detect(a_case(f"{slip[:-6]} = 94 pens. 6 + 14 = 20, so 94."))
    assert DETECTOR.detect(a_case(f"6 + 14 = 20. {slip} The answer is (B)."))


def test_a_slip_without_which_the_answer_were_wrong_too_stands_by_itself_and_behind() -> None:
    answer = Answer("94", 9, 11)
    late = replace(a_case("6 * 14 = 94"), answer=answer, gold="71")
    only = replace(a_case("6 * 14 = 94"), answer=answer, gold="84")
    detection = late_false_equation.DETECTOR.detect(late)

    assert DETECTOR.detect(late) is None
    assert late_false_equation.DETECTOR.rank > DETECTOR.rank
    assert detection is not None
    assert detection.summary.endswith("6 * 14 is 84, which is not the right answer either.")
    assert DETECTOR.detect(only)
    assert late_false_equation.DETECTOR.detect(only) is None


def test_it_is_declared_as_a_cause_of_computation_errors() -> None:
    assert (DETECTOR.name, DETECTOR.category) == ("false_equation", "computation_error")
    assert (DETECTOR.kind, DETECTOR.rank) == ("cause", 40)
