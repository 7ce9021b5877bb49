"""Answer routes: every answer is a span of its output, and each marker is read."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from error_map.analysts.offline.answers.extractors.field import answer_field, boxed, last_field
from error_map.analysts.offline.answers.extractors.letter import letter_or_words
from error_map.analysts.offline.answers.extractors.routes import ROUTES
from error_map.analysts.offline.answers.final_answer import (
    final_answer,
    gold_answer,
    same_written,
    written,
)
from error_map.analysts.offline.answers.profiles import Profile
from error_map.analysts.offline.answers.spans import (
    TAIL_CHARS,
    Answer,
    from_match,
    last_match,
    stripped,
)

PIECES = st.sampled_from(
    [
        "The answer is ",
        "Answer: ",
        "#### ",
        "\\boxed{",
        "}",
        '{"answer": "',
        '"',
        "**",
        "```\n",
        "<answer>",
        "</answer>",
        "== ",
        "(B)",
        "42",
        "-1,250.5",
        "yes",
        "\n",
        " ",
        "rafts",
    ]
)
OUTPUTS = st.lists(PIECES, max_size=12).map("".join)


@given(st.sampled_from(sorted(ROUTES)), OUTPUTS)
@settings(max_examples=200)
def test_every_answer_is_a_span_of_its_output(route: str, output: str) -> None:
    answer = ROUTES[route](output)

    if answer is not None:
        assert output[answer.start : answer.end] == answer.text
        assert answer.text


@pytest.mark.parametrize(
    ("route", "output", "text"),
    [
        ("####", "We add.\n#### 42", "42"),
        ("answer line", "Answer: 41\nA: 42", "42"),
        ("boxed", "So \\boxed{1} or \\boxed{\\frac{1}{2}}.", "\\frac{1}{2}"),
        ("boxed", "So \\boxed{1", None),
        ("answer field", '{"reasoning": "x", "answer": "42"}', "42"),
        ("answer field", '{"answer": "___"} {"answer": [4, 2]}', "[4, 2]"),
        ("number in answer field", '{"answer": "42 cm"}', "42"),
        ("number in answer field", '{"answer": "none"}', "none"),
        ("last field", '{"answer": 1, "value": "42"}', "42"),
        ("answer tags", "<answer>f(1) == 42</answer>", "42"),
        ("answer tags", "<answer>42", None),
        ("answer tags", "</answer>42<answer>", None),
        ("right side of ==", "assert f(1) == 42", "42"),
        ("last code block", "```python\n42\n```", "42"),
        ("last bold", "It is **41** or **42**.", "42"),
        ("last line", "41\n42\n\n", "42"),
        ("stated answer", "So the answer is 42. We are done.", "42"),
        ("output line", "Result: 42", "42"),
        ("leading letter", "(b) the grebe", "b"),
        ("first letter stated", "The answer is (B). The answer is (C).", "B"),
        ("last letter stated", "The answer is (B). The answer is (C).", "C"),
        ("first letter stated, else boxed", "So \\boxed{\\text{B} }", "B"),
        ("last yes or no", "Yes, or rather No.", "No"),
        ("last number", "41 and -1,250.5", "-1,250.5"),
        ("first number", "41 and 42", "41"),
        ("stated, else last number", "The answer is 42, not 7.", "42"),
        ("leading word", "**Yes**, it is", "Yes"),
        ("whole output", " 'ab' ", "ab"),
    ],
)
def test_a_route_reads_its_marker(route: str, output: str, text: str | None) -> None:
    answer = ROUTES[route](output)

    assert (answer.text if answer else None) == text


def test_an_option_is_named_by_its_words_alone_if_only_one_is() -> None:
    prompt = "Which?\nA. lark\nB. red lark\nC. grebe\nAnswer:"

    named = letter_or_words("It is the red lark", prompt)

    assert named is not None
    assert named.text == "red lark"
    assert letter_or_words("The lark or the grebe", prompt) is None


@given(OUTPUTS)
def test_the_answer_field_falls_back_to_the_box(output: str) -> None:
    if '"' not in output and "Answer" not in output:
        assert answer_field(output) == boxed(output)
        assert last_field(output) is None


def test_a_last_match_is_found_before_the_tail_too() -> None:

    output = "#### 42" + " " * (2 * TAIL_CHARS)

    match = last_match(re.compile(r"\d+"), output)

    assert match is not None
    assert from_match(match) == Answer("42", 5, 7)


@given(st.text(max_size=30))
def test_a_stripped_answer_has_no_quotes_or_blanks_around_it(text: str) -> None:
    answer = stripped(text, 0, len(text))

    if answer is None:
        assert not any(map(str.isalnum, text))
    else:
        assert answer.text == answer.text.strip(" \t\n\"'`*_“”")


@pytest.mark.parametrize(
    ("route", "reference", "gold"),
    [
        (None, "We add.\n#### 42", "42"),
        (None, "So \\boxed{42}.", "42"),
        (None, "Working.\nAnswer: 42", "42"),
        (None, " 42 ", "42"),
        ("option letter", "b) the grebe", "B"),
        ("last number", "It is 42", "42"),
        (None, "", None),
        (None, None, None),
    ],
)
def test_the_reference_has_its_final_answer(
    route: str | None, reference: str | None, gold: str | None
) -> None:
    assert gold_answer(reference, Profile(route=route)) == gold


def test_the_final_answer_is_read_before_a_run_on() -> None:
    output = "It is 7.\n\nQuestion: What is 3 + 5?"

    answer = final_answer(output, Profile(route="last number"))

    assert answer is not None
    assert answer.text == "7"
    assert final_answer(output, Profile()) is None


def test_literals_are_equal_as_written() -> None:
    assert same_written("[1, 2]", "[1,2]")
    assert same_written(" ab ", "ab")
    assert not same_written("'1'", "1")
    assert written("x = 'ab'", Answer("ab", 5, 7)) == "'ab'"
    assert written("x = ab", Answer("ab", 4, 6)) == "ab"
