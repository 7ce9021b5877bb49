"""The answer that was given next to the one that is right."""

from dataclasses import replace

import pytest

from error_map.analysts.offline.answers.final_answer import final_answer, gold_answer
from error_map.analysts.offline.answers.profiles import Profile
from error_map.analysts.offline.detector import Case
from error_map.analysts.offline.detectors.answer import scorer_missed
from error_map.analysts.offline.detectors.answer.other_answer import DETECTOR, MAX_CHARS

OPTIONS = (
    "Who was the first president?\n(A) John Adams\n(B) Thomas Jefferson\n(C) George Washington\n"
)


def a_profile(
    route: str = "answer line", *, agreement: float = 1.0, strict: bool = False
) -> Profile:
    return Profile(route=route, agreement=agreement, recall=1.0, found=1.0, rows=100, strict=strict)


def a_case(
    output: str, reference: str, profile: Profile | None = None, *, prompt: str = "How many?"
) -> Case:
    profile = profile or a_profile()
    return Case(
        prompt=prompt,
        output=output,
        reference=reference,
        answer=final_answer(output, profile, prompt),
        gold=gold_answer(reference, profile),
        profile=profile,
    )


def said(
    output: str, reference: str, profile: Profile | None = None, *, prompt: str = "How many?"
) -> str:
    detection = DETECTOR.detect(a_case(output, reference, profile, prompt=prompt))
    return detection.summary if detection else ""


@pytest.mark.parametrize(
    ("answer", "reference", "expected"),
    [
        ("42", "48", "The answer is 42, smaller than the reference, 48."),
        ("1,250", "800.5", "The answer is 1,250, larger than the reference, 800.5."),
        ("-7", "7", "The answer is -7, the negative of the reference, 7."),
        ("\u22127", "7", "The answer is \u22127, the negative of the reference, 7."),
        ("480", "48", "The answer is 480, ten times the reference, 48."),
        ("0.48", "48", "The answer is 0.48, a hundredth of the reference, 48."),
        ("47", "48", "The answer is 47, one less than the reference, 48."),
        ("-2", "-3", "The answer is -2, one more than the reference, -3."),
        ("3", "0", "The answer is 3, larger than the reference, 0."),
    ],
)
def test_numbers_are_named_with_their_relation(answer: str, reference: str, expected: str) -> None:
    assert said(f"So.\nAnswer: {answer}", reference) == expected


@pytest.mark.parametrize(
    ("answer", "reference", "expected"),
    [
        ("Lyon", "Paris", 'The answer is "Lyon"; the reference is "Paris".'),
        ("x + 1", "5", 'The answer is "x + 1"; the reference is 5.'),
        ("42 or 43", "48", 'The answer is "42 or 43"; the reference is 48.'),
        ("50%", "0.25", "The answer is 50%; the reference is 0.25."),
        ("3/4", "2", "The answer is 3/4; the reference is 2."),
        ("[1, 2]", "[1]", "The answer is [1, 2]; the reference is [1]."),
    ],
)
def test_other_answers_are_quoted_without_a_relation(
    answer: str, reference: str, expected: str
) -> None:
    assert said(f"So.\nAnswer: {answer}", reference) == expected


@pytest.mark.parametrize("answer", ["B", "(B)", "b"])
def test_options_are_named_with_their_texts(answer: str) -> None:
    expected = "The output chooses B (Thomas Jefferson); the reference is C (George Washington)."

    assert said(f"I think so.\nAnswer: {answer}", "C", prompt=OPTIONS) == expected
    assert said(f"I think so.\nAnswer: {answer}", "(C)", prompt=OPTIONS) == expected


def test_the_answer_is_quoted_as_evidence() -> None:
    case = a_case("We add.\nAnswer: 42", "48")
    detection = DETECTOR.detect(case)

    assert detection is not None
    assert [case.output[start:end] for start, end in detection.spans] == ["42"]


@pytest.mark.parametrize(
    ("answer", "reference"),
    [
        ("48.0", "48"),
        ("$1,250", "1250"),
        ("paris", "Paris"),
        ("4 March 2021", "2021-03-04"),
        ("3 * 4 = 12, so it is 12", "12"),
    ],
)
def test_nothing_is_said_of_the_right_answer(answer: str, reference: str) -> None:
    assert not said(f"So.\nAnswer: {answer}", reference)


def test_nothing_is_said_where_the_scorer_missed_the_right_answer() -> None:
    case = a_case('{"answer": "We get 3 + 4 = 7"}', "7", a_profile("number in answer field"))

    assert scorer_missed.DETECTOR.detect(case) is not None
    assert DETECTOR.detect(case) is None


def test_nothing_is_said_where_answers_are_not_read_reliably() -> None:
    assert not said("So.\nAnswer: 42", "48", a_profile(agreement=0.9))
    assert not said("So it goes", "48")
    assert not said("So.\nAnswer: 42", "")


def test_nothing_is_said_of_long_answers() -> None:
    assert not said("Answer: " + "word " * MAX_CHARS, "48")
    assert not said("Answer: 42", "word " * MAX_CHARS)


@pytest.mark.parametrize(
    "output",
    [
        "We add 3 and 4\nand then we take the",
        "There are 12 of them.\nThat is all that I can say.",
        "1, 2, 3, 4, " * 40,
    ],
)
def test_a_last_number_that_need_not_be_the_answer_is_passed_over(output: str) -> None:
    assert not said(output, "48", a_profile("last number"))


def test_a_number_that_ends_a_finished_output_is_named_as_read() -> None:
    summary = said("We add them.\nThere are 12 of them.", "48", a_profile("last number"))

    assert summary == "The answer, read as the last number, is 12; the reference is 48."


def test_a_leading_word_counts_only_if_there_is_no_other() -> None:
    profile = a_profile("leading word")

    assert said("Yes.", "no", profile) == 'The answer is "Yes"; the reference is "no".'
    assert not said("The answer cannot be known.", "no", profile)


def test_literals_that_are_scored_as_written_keep_their_quotes() -> None:
    profile = a_profile("right side of ==", strict=True)

    assert said("assert f(2) == 'a'", "a", profile) == "The answer is 'a'; the reference is \"a\"."


def test_years_are_neither_larger_nor_smaller() -> None:
    profile = replace(a_profile(), task="short answers")

    assert said("Answer: 1978", "1983", profile) == "The answer is 1978; the reference is 1983."


def test_it_is_a_fact_that_decides_nothing() -> None:
    assert (DETECTOR.kind, DETECTOR.category) == ("fact", "hard_to_analyze")
