"""Kinds of answer by form, and the detectors of answers that are not a number."""

import pytest

from error_map.analysts.offline.answer_types.answer_kinds import kind_of
from error_map.analysts.offline.answers.final_answer import final_answer
from error_map.analysts.offline.answers.profiles import Profile
from error_map.analysts.offline.detector import Case, Detection, Detector
from error_map.analysts.offline.detectors.answer import no_value, unevaluated_formula

FIELD = Profile(route="answer field", agreement=0.99, recall=0.99, found=0.95, rows=500)


def seen(
    detector: Detector, answer: str, *, gold: str = "42", prompt: str = ""
) -> Detection | None:
    output = f'{{"reasoning": "We count 7 of them.", "answer": "{answer}"}}'
    case = Case(
        prompt=prompt,
        output=output,
        answer=final_answer(output, FIELD),
        gold=gold,
        profile=FIELD,
    )
    return detector.detect(case)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("42", "number"),
        ("42 rolls a day", "number"),
        ("x = 17", "number"),
        ("12 + 45 = 57", "number"),
        ("The minimum value is 0.", "number"),
        ("There are 5 polynomials that fit", "number"),
        ("221_3", "number"),
        ("1001_b", "number"),
        ("3/4", "number"),
        ("(2, 3)", "number"),
        ("Friday", "number"),
        ("20 V", "number"),
        ("24.0W", "number"),
        ("-4.96 \u00b5s", "number"),
        ("9.8 m/s^2", "number"),
        ("1.57 x 10^11 m", "number"),
        ("[5V, 0.05A]", "number"),
        ("V: 3.76, I: 0.8", "number"),
        ("(a)", "number"),
        ("5m", "unknowns"),
        ("3 n", "unknowns"),
        ("4 s + 3", "unknowns"),
        ("4750 / x", "unknowns"),
        ("Infinitely many", "endless"),
        ("No such number exists", "denial"),
        ("Cannot be determined", "denial"),
        ("It depends on the size of the tray", "words"),
        ("2x + 1", "unknowns"),
        ("k = a - b", "unknowns"),
        ("10 * (2^9 - 1)", "formula"),
        ("8! * 3", "formula"),
        (r"7 + \\sqrt{29}", "irrational"),
        (r"12\\pi", "irrational"),
    ],
)
def test_an_answer_is_of_a_kind_by_its_form(text: str, kind: str) -> None:
    assert kind_of(text) == kind


@pytest.mark.parametrize(
    ("answer", "title"),
    [
        ("infinitely many", "Infinity instead of a number"),
        ("no solution", "Claims that there is no answer"),
        ("It depends on the size of the tray", "Words instead of a value"),
        ("4n - 3", "Unknowns left in the answer"),
    ],
)
def test_an_answer_without_a_value_is_found(answer: str, title: str) -> None:
    detection = seen(no_value.DETECTOR, answer)

    assert detection is not None
    assert detection.title == title
    assert repr(answer) in detection.summary


@pytest.mark.parametrize("answer", ["41", "x = 41", "The least one is 41.", "42 or none", "6 * 7"])
def test_an_answer_with_a_value_has_one(answer: str) -> None:
    assert seen(no_value.DETECTOR, answer) is None


@pytest.mark.parametrize("answer", ["20 V", "0.3333 m", "1080 N", "24.0W", "2 x 10^-5 J"])
def test_a_number_with_a_unit_is_a_number(answer: str) -> None:
    assert seen(no_value.DETECTOR, answer) is None


@pytest.mark.parametrize("answer", ["No losses were recognized in 2019", "None", "none of them"])
def test_a_negation_counts_none(answer: str) -> None:
    assert seen(no_value.DETECTOR, answer, gold="0") is None
    assert seen(no_value.DETECTOR, answer, gold="42")


@pytest.mark.parametrize("answer", ["The limit does not exist", "no such number", "unknown"])
def test_a_claim_that_nothing_can_be_told_is_not_zero(answer: str) -> None:
    assert seen(no_value.DETECTOR, answer, gold="0")


def test_yes_and_no_may_be_scored_as_one_and_zero() -> None:
    assert seen(no_value.DETECTOR, "Yes, they should leave the flat", gold="0.0") is None
    assert seen(no_value.DETECTOR, "Yes, they should leave the flat", gold="42")


def test_a_name_with_a_number_is_no_number() -> None:
    name = "42nd River Film Festival"

    assert seen(no_value.DETECTOR, "A film festival in France", gold=name) is None
    assert seen(no_value.DETECTOR, "A film festival in France", gold="42 miles per hour")


def test_words_are_expected_if_the_reference_is_no_number() -> None:
    assert seen(no_value.DETECTOR, "no solution", gold="none") is None
    assert seen(unevaluated_formula.DETECTOR, "6 * 8", gold="2x + 1") is None


def test_an_unevaluated_operation_is_found() -> None:
    detection = seen(unevaluated_formula.DETECTOR, "6 * (2^3 - 2)", gold="36")

    assert detection is not None
    assert detection.title == "Last operation not carried out"


def test_a_root_is_unevaluated_if_its_parts_are_to_be_added() -> None:
    root = r"7 + \\sqrt{29}"

    sum_prompt = "It is $a + \\sqrt b$. Find $a + b$."

    assert seen(unevaluated_formula.DETECTOR, root, prompt=sum_prompt, gold="36")
    assert seen(unevaluated_formula.DETECTOR, root, prompt=sum_prompt, gold="41") is None
    more = "Find $a + b + c$."
    assert seen(unevaluated_formula.DETECTOR, root, prompt=more, gold="36") is None
    assert seen(unevaluated_formula.DETECTOR, root, prompt="How long is it?", gold="36") is None


@pytest.mark.parametrize("answer", ["6 * (2^3 - 2)", "-7 + 2", "8! * 3"])
def test_an_operation_with_another_value_is_not_the_missing_step(answer: str) -> None:
    assert seen(unevaluated_formula.DETECTOR, answer, gold="41") is None


@pytest.mark.parametrize(
    "answer", ["41", "6 * 7 = 42", "6 * 8 = 48", "3/4", "-41", "41%", "41 cm^2"]
)
def test_a_plain_number_is_evaluated(answer: str) -> None:
    assert seen(unevaluated_formula.DETECTOR, answer) is None
