"""Final answers in full: their field, their final value and the working before them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from error_map.analysts.offline.answer_types.whole_answer import (
    final_value,
    in_full,
    magnitude,
    working_before,
)
from error_map.analysts.offline.answers.spans import Answer


@given(st.integers(min_value=0, max_value=10**9))
def test_the_magnitude_of_a_number_has_no_sign(number: int) -> None:
    assert magnitude(str(number)) == magnitude(f"-{number}") == number
    assert magnitude(f"{number:,}") == number


@pytest.mark.parametrize("text", ["", "two", "1/2", "50 %", "x = 3 or 4"])
def test_other_answers_have_no_magnitude(text: str) -> None:
    assert magnitude(text) is None


def test_an_answer_is_expanded_to_its_field() -> None:
    output = 'So. {"answer": "between 3 and 42 rafts"}'
    start = output.index("42")

    answer = in_full(output, Answer("42", start, start + 2, guessed=True))

    assert answer.text == "between 3 and 42 rafts"
    assert output[answer.start : answer.end] == answer.text
    assert answer.guessed


def test_an_answer_outside_a_field_is_complete() -> None:
    answer = Answer("42", 6, 8)

    assert in_full("It is 42.", answer) == answer
    assert in_full('42 is not {"answer": "43"}', Answer("42", 0, 2)) == Answer("42", 0, 2)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3 * 4 = 12, so the answer is 12.", "12"),
        ("There are 3 and the total is 1,250.", "1,250"),
        ("x = 4 or x = 5", None),
        ("It is 12 of 30", None),
        ("It is 12, is it not?", None),
        ("12", None),
        ("", None),
    ],
)
def test_a_sentence_has_its_final_value(text: str, value: str | None) -> None:
    found = final_value(Answer(text, 100, 100 + len(text)))

    assert (found.text if found else None) == value
    if found:
        assert text[found.start - 100 : found.end - 100] == value


@pytest.mark.parametrize(
    ("output", "working"),
    [
        ("We add 3 and 4.\nAnswer: 7", "We add 3 and 4."),
        ('{"reasoning": "We add.", "answer": "7"}', '{"reasoning": "We add.",'),
        ("We add 3 and 4 to 7", "We add 3 and 4 to"),
        ("7", ""),
    ],
)
def test_the_working_ends_before_the_announcement(output: str, working: str) -> None:
    assert working_before(output, output.rindex("7")) == working
