"""Right answers that the scorer did not recognize, and wrong ones."""

import pytest

from error_map.analysts.offline.answers.final_answer import final_answer, gold_answer
from error_map.analysts.offline.answers.profiles import Profile
from error_map.analysts.offline.detector import Case
from error_map.analysts.offline.detectors.answer.scorer_missed import DETECTOR
from error_map.analysts.offline.format_rules.broken import broken_rules

TAUGHT = {"agreement": 0.99, "recall": 0.99, "found": 0.95, "rows": 500}


def a_case(
    route: str, output: str, reference: str, *, prompt: str = "How many?", strict: bool = False
) -> Case:
    """A case of a dataset with a trusted route.

    Strict ones score literals as written, quotation marks around them aside.
    """
    profile = Profile(route=route, strict=strict, unquoted=strict, **TAUGHT)  # type: ignore[arg-type]  # a table of floats
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


GAS = "Which gas? A) oxygen B) carbon dioxide C) neon"
COUNTRY = '["Niger", "Republic of Niger"]'


@pytest.mark.parametrize(
    ("prompt", "route", "output", "reference", "quote"),
    [
        pytest.param(
            "",
            "stated answer",
            "40 + 32 = 72. The total is 72 pens, altogether.",
            "72",
            "72",
            id="answer-comma-behind",
        ),
        pytest.param(
            "",
            "stated answer",
            "40 + 32 = 72\uff0c\u6240\u4ee5\u7b54\u6848\u662f72\u3002",
            "72",
            "72",
            id="answer-chinese",
        ),
        pytest.param(
            "",
            "stated answer",
            "40 + 32 = 72. La respuesta es 72.",
            "72",
            "72",
            id="answer-spanish",
        ),
        pytest.param(
            "", "last number", "The answer is $70,000.", "70000", "70,000", id="answer-money"
        ),
        pytest.param(
            GAS,
            "option letter",
            "The answer is carbon dioxide.",
            "B",
            "carbon dioxide",
            id="answer-option-text",
        ),
        pytest.param(
            "", "stated answer", "The answer is Niger.", COUNTRY, "Niger", id="answer-alias"
        ),
        ("", "stated answer", "Die Antwort lautet 72.", "72", "72"),
        ("", "stated answer", "La r\u00e9ponse est 72.", "72", "72"),
        ("", "stated answer", "The answer is 72, in total, so he has plenty.", "72", "72"),
        ("", "stated answer", "The answer is eight legs.", "8", "eight legs"),
        (
            "",
            "stated answer",
            "The answer is the Republic of Niger.",
            COUNTRY,
            "the Republic of Niger",
        ),
        ("", "stated answer", "The answer is Niger.", "Chad||Niger", "Niger"),
        (
            "",
            "stated answer",
            "The answer is Niger.",
            '{"value": "Niger", "aliases": ["NE"]}',
            "Niger",
        ),
        ("", "first letter stated", "It floats. Therefore, (D) is the correct answer.", "D", "D"),
        ("", "first letter stated", "So the likeliest cause is (A).\n", "A", "A"),
        ("", "first letter stated", "All of them float except (C).", "C", "C"),
        ("", "first letter stated", "It comes closest to (I).<EOS_TOKEN>\n", "I", "I"),
        (
            GAS,
            "option letter",
            "It turns lime water milky, so \\boxed{carbon dioxide}",
            "B",
            "carbon dioxide",
        ),
        (GAS, "stated answer", "The answer is B", "carbon dioxide", "B"),
        (
            "",
            "first letter stated",
            "The answer is (B). Final answer: The answer is ... B.",
            "B",
            "B",
        ),
    ],
)
def test_a_right_answer_in_words_of_its_own_is_recognized(
    *, prompt: str, route: str, output: str, reference: str, quote: str
) -> None:
    detection = DETECTOR.detect(a_case(route, output, reference, prompt=prompt))

    assert detection is not None
    assert [output[start:end] for start, end in detection.spans] == [quote]


@pytest.mark.parametrize(
    ("prompt", "route", "output", "reference"),
    [
        pytest.param(
            "",
            "whole output",
            "SELECT id FROM accounts WHERE currency = 'eur'",
            "SELECT id FROM accounts WHERE currency = 'EUR'",
            id="sql-case",
        ),
        ("", "first letter stated", "The closest option would be (F), but this is not right.", "F"),
        ("", "first letter stated", "So the answer is (D) or (E), I think.", "D"),
        ("", "first letter stated", "The answer is (B). Taken together, the answer is (C).", "B"),
        ("", "first letter stated", "The first answer is (B), the second one is (J).", "B"),
        ("", "first letter stated", "Options (C) and (D) are the right ones.", "C"),
        ("", "first letter stated", "Clearly (C) means that it sinks.", "C"),
        ("", "first letter stated", "It is not (C).", "C"),
        (GAS, "option letter", "The answer is neon.", "B"),
        (GAS + " (a) 3 (b) 4", "option letter", "The answer is neon.", "A"),
        ("", "stated answer", "The answer is Chad.", COUNTRY),
        ("", "stated answer", "The answer is red.", '["red", "blue"]'),
        ("", "stated answer", "The answer is 72 or 73, as he likes.", "72"),
        ("", "last number", "He has 72 pens. The total is 73 pens.", "72"),
        ("", "last number", "We add 40 and 32 and find that this is", "32"),
    ],
)
def test_another_answer_or_a_doubt_is_not_the_scorers_fault(
    *, prompt: str, route: str, output: str, reference: str
) -> None:
    assert DETECTOR.detect(a_case(route, output, reference, prompt=prompt)) is None


def a_literal(output: str, reference: str) -> Case:
    prompt = "Complete the assertion with a literal."
    return a_case("answer field", output, reference, prompt=prompt, strict=True)


@pytest.mark.parametrize(
    ("output", "reference"),
    [
        ('{"answer": "816"}', "'816'"),
        ('{"answer": 816}', "'816'"),
        ('{"answer": "05"}', "'5'"),
        ('{"answer": "[1, 2]"}', "'[1, 2]'"),
        ('{"answer": "True"}', "'True'"),
        ('{"answer": "\'5\'"}', "5"),
        ('{"answer": "\'!? \'"}', "'!?'"),
    ],
)
def test_a_literal_of_another_type_or_content_is_wrong(output: str, reference: str) -> None:
    assert DETECTOR.detect(a_literal(output, reference)) is None


@pytest.mark.parametrize(
    ("output", "reference"),
    [
        ('{"answer": "more than that"}', "'more than that'"),
        ('{"answer": "\'816\'"}', "'816'"),
        ('{"answer": "\\"816\\""}', "'816'"),
        ('{"answer": "[\'a\', 1]"}', "['a', 1]"),
        ('{"answer": "{}"}', "{}"),
        ('{"answer": "5"}', "5"),
    ],
)
def test_the_literal_of_the_reference_is_right_with_or_without_its_quotes(
    output: str, reference: str
) -> None:
    assert DETECTOR.detect(a_literal(output, reference)) is not None


@pytest.mark.parametrize("output", ["The answer is 2,2,2.", "The answer is 2, 2 and 2."])
def test_a_number_of_several_is_not_the_whole_answer(output: str) -> None:
    assert DETECTOR.detect(a_case("stated, else last number", output, "2")) is None


def test_options_that_differ_after_a_bracket_are_different() -> None:
    prompt = "Which holds? Choices: (A) f (x) = g (x) (B) f (x) != g (x) (C) f (x) < g (x)"
    case = a_case("first letter stated", "The answer is (B).", "C", prompt=prompt)

    assert DETECTOR.detect(case) is None
