"""False equations between numbers, and those that are only a place."""

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

    detection = DETECTOR.detect(a_case(output, reference="6 * 14 = 84, and 10 more"))

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
    detection = DETECTOR.detect(a_case(output, reference=says.replace(" is ", " = ")))

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

    detection = DETECTOR.detect(a_case(output, correct=("94", "94 + 10 = 104")))

    assert detection is not None
    assert output[slice(*detection.spans[0])] == "94 + 10 = 124"


def test_a_small_claim_met_again_elsewhere_is_reported_all_the_same() -> None:
    correct = ("8 friends share 2 + 5 = 7 pens",)

    assert DETECTOR.detect(a_case("2 + 5 = 8 pens", correct=correct))


def test_a_slip_that_is_not_taken_up_again_is_passed_over() -> None:
    slip = "6 * 14 = 94 pens."

    def reported(output: str) -> bool:
        return DETECTOR.detect(a_case(output, reference="6 * 14 = 84")) is not None

    assert not reported(f"{slip} 6 + 14 = 20, so 20.")
    assert reported(f"{slip} 94 + 10 = 104, so 104.")
    assert reported(f"{slip[:-6]} = 94 pens. 6 + 14 = 20, so 94.")
    assert reported(f"6 + 14 = 20. {slip} The answer is (B).")


TASK = "He buys 6 boxes of 14 pens and 13 more."


@pytest.mark.parametrize(
    "case",
    [
        Case(prompt=TASK, output="6 * 14 = 94. 94 + 13 = 107.", reference="6 * 14 = 84"),
        Case(prompt=TASK, output="6 * 14 = 94.", correct_outputs=("84 + 13 = 97",)),
        Case(  # the correction leads to the reference
            prompt=TASK,
            output="6 * 14 = 94 pens. 94 pens + 13 = 107 pens.",
            answer=Answer("107", 34, 37),
            gold="97",
        ),
        Case(  # so do two of them
            prompt=TASK,
            output="6 * 14 = 94 pens. 94 pens + 13 = 109 pens.",
            answer=Answer("109", 34, 37),
            gold="97",
        ),
        Case(  # and the options are read
            prompt=f"{TASK}\nA. 97\nB. 107\nAnswer:",
            output="6 * 14 = 94. 94 + 13 = 107. The answer is (B).",
            answer=Answer("B", 44, 45),
            gold="A",
        ),
        Case(prompt="What is 6 * 14 + 13 - 2?", output="6 * 14 = 94. 94 + 11 = 105."),
    ],
)
def test_a_false_equation_is_the_cause_if_its_true_value_is_known_to_be_right(case: Case) -> None:
    assert DETECTOR.detect(case)
    assert late_false_equation.DETECTOR.detect(case) is None


@pytest.mark.parametrize(
    "case",
    [
        Case(prompt=TASK, output="6 * 14 = 94. 94 - 13 = 81."),  # nothing to compare with
        Case(prompt=TASK, output="6 * 13 = 88. 88 + 14 = 102.", reference="6 * 14 = 84"),
        Case(  # 14 is right, but as a number of the task
            prompt=TASK, output="13 + 1 = 15. 15 * 13 = 195.", reference="6 * 14 = 84"
        ),
        Case(
            prompt=TASK,
            output="6 * 13 = 88. 88 + 14 = 102.",
            answer=Answer("102", 23, 26),
            gold="97",
            correct_outputs=("6 * 14 + 13 = 97",),
        ),
    ],
)
def test_other_false_equations_are_only_a_place(case: Case) -> None:
    detection = late_false_equation.DETECTOR.detect(case)

    assert DETECTOR.detect(case) is None
    assert detection is not None
    assert detection.title.endswith(", effect unknown")
    assert detection.summary.endswith(
        "; no right working shows that this is why the answer is wrong."
    )


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


@pytest.mark.parametrize(
    "output",
    [
        "11/12/2019 + 24 hours = 11/13/2019",
        "We test it: 12 / (3 * 5/3 - 1) = 9 / 10, so 3 = 9 / 10. This is not a true statement.",
    ],
)
def test_a_date_and_a_claim_that_is_rejected_are_no_calculations(output: str) -> None:
    assert late_false_equation.DETECTOR.detect(a_case(output, reference="15")) is None
