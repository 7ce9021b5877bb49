"""Right answers that the scorer did not recognize, and wrong ones."""

import pytest

from error_map.analysts.offline.answers.final_answer import final_answer, gold_answer
from error_map.analysts.offline.answers.profiles import Profile
from error_map.analysts.offline.detector import Case
from error_map.analysts.offline.detectors.answer.scorer_missed import DETECTOR
from error_map.analysts.offline.format_rules.broken import broken_rules

TAUGHT = {"agreement": 0.99, "recall": 0.99, "found": 0.95, "rows": 500}


def a_case(route: str, output: str, reference: str, *, prompt: str = "How many?") -> Case:
    profile = Profile(route=route, **TAUGHT)  # type: ignore[arg-type]  # a table of floats
    return Case(
        prompt=prompt,
        output=output,
        reference=reference,
        answer=final_answer(output, profile),
        gold=gold_answer(reference, profile),
        profile=profile,
    )


@pytest.mark.parametrize(
    ("route", "output", "reference", "quote"),
    [
        ("answer line", "Nine trays of six.\nAnswer: 1,054.0", "1054", "1,054.0"),
        ("answer field", '{"answer": "3/4"}', "0.75", "3/4"),
        ("number in answer field", '{"answer": "$54"}', "54", "$54"),
        ("number in answer field", '{"answer": "4 + 50 = 54"}', "54", "54"),
        (
            "number in answer field",
            '{"answer": "Of 80 rolls, 26 go, so 54 = 80 - 26. It is 54."}',
            "54",
            "54",
        ),
        ("number in answer field", '{"answer": "For x = 2 we get y = 3 - 2*4 = -5."}', "-5", "-5"),
        ("answer line", "Answer: 3 * 351 + 1 = 1,054 tiles", "1054", "1,054"),
        ("first letter stated", "It floats. The closest option is (C).", "C", "C"),
        ("first letter stated", "It floats, so the answer is **C**", "C. a raft", "C"),
        ("whole output", "`Paris`", "paris", "Paris"),
        ("last letter stated", "Hence \\boxed{C}", "C", "C"),
    ],
)
def test_a_right_value_that_was_scored_wrong_is_the_scorers_fault(
    *, route: str, output: str, reference: str, quote: str
) -> None:
    detection = DETECTOR.detect(a_case(route, output, reference))

    assert detection is not None
    assert [output[start:end] for start, end in detection.spans] == [quote]


@pytest.mark.parametrize(
    ("route", "output", "reference"),
    [
        ("answer line", "Answer: 1,055", "1054"),
        ("number in answer field", '{"answer": "5/2"}', "5"),
        ("number in answer field", '{"answer": "5 or 6"}', "5"),
        ("number in answer field", '{"answer": "min(8, 5) = 8"}', "5"),
        ("number in answer field", '{"answer": "x = 4 or x = 5"}', "5"),
        ("number in answer field", '{"answer": "x = 4, 5"}', "5"),
        ("number in answer field", '{"answer": "2 * 3 = 5 apples and 1 pear"}', "5"),
        ("number in answer field", '{"answer": "4 + 5 = 5%"}', "5"),
        ("number in answer field", '{"answer": "4 = 5x"}', "5"),
        ("number in answer field", '{"answer": "From 4 on it is not 5"}', "5"),
        ("####, else last number", "of the 54 rolls he eats none, so all are left", "54"),
        ("first letter stated", "Consider each choice:\n(C) is out, (D) too.", "C"),
        ("first letter stated", "The answer is (B).\nQuestion: next\nThe option is (C).", "C"),
        ("first letter stated", "C comes to mind, but who knows", "C"),
    ],
)
def test_a_wrong_or_uncertain_value_is_not(route: str, output: str, reference: str) -> None:
    assert DETECTOR.detect(a_case(route, output, reference)) is None


def test_a_right_answer_in_a_form_that_the_prompt_forbids_is_the_models_fault() -> None:
    prompt = 'Respond in JSON like this: {"answer": "___"}'
    case = a_case("answer field", "Surely it is \\boxed{7", "7", prompt=prompt)
    right = a_case("first letter stated", "So the best option is (C).", "C", prompt=prompt)

    assert DETECTOR.detect(case) is None
    assert DETECTOR.detect(right) is None


def test_values_are_not_compared_under_a_route_that_is_not_trusted() -> None:
    profile = Profile(route="answer line", agreement=0.9, recall=0.9, found=1.0, rows=500)
    output = "Answer: 54"
    case = Case(
        prompt="How many?",
        output=output,
        answer=final_answer(output, profile),
        gold="54",
        profile=profile,
    )

    assert DETECTOR.detect(case) is None


def test_without_a_reference_nothing_is_compared() -> None:
    profile = Profile(route="answer line", **TAUGHT)  # type: ignore[arg-type]  # a table of floats

    assert DETECTOR.detect(Case(prompt="", output="Answer: 54", profile=profile)) is None


def test_a_calculation_where_the_number_alone_is_asked_for_is_the_models_fault() -> None:
    prompt = "Answer with the number only. How many rolls are left?"
    case = a_case("number in answer field", '{"answer": "80 - 26 = 54"}', "54", prompt=prompt)

    assert DETECTOR.detect(case) is None
    assert list(broken_rules(case)) == ["single_answer"]


def test_where_no_form_is_asked_for_a_calculation_breaks_none() -> None:
    case = a_case("number in answer field", '{"answer": "80 - 26 = 54"}', "54")

    assert not broken_rules(case)
