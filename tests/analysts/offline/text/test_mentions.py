"""What texts mention: answers, options, new questions, turns of others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from error_map.analysts.offline.text.mentions import (
    announces_answer,
    ends_in_choice,
    ends_in_turn_of_other,
    names_option,
    option_texts,
    run_on_start,
    states_answer,
)

PROMPT = "Which bird swims?\nA. The lark.\nB. The grebe.\nC. I\nAnswer:"


@pytest.mark.parametrize(
    "text",
    [
        "The answer is 7.",
        "#### 7",
        "So \\boxed{7}.",
        '{"answer": "7"}',
        "A: 7",
        "Seven is the correct answer.",
        "It must be the grebe (B).",
    ],
)
def test_an_answer_with_a_usual_marker_is_stated(text: str) -> None:
    assert states_answer(text)


@pytest.mark.parametrize("text", ["", "We add 3 and 4.", "There is no answer here"])
def test_other_text_states_no_answer(text: str) -> None:
    assert not states_answer(text)


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("It swims.\nSolution: Choice_C, the grebe", True),
        ("**Answer: (B)**", True),
        ("The answer is B", False),
        ("Answer: B\nBecause it swims.", False),
    ],
)
def test_a_last_line_gives_the_letter(text: str, *, ends: bool) -> None:
    assert ends_in_choice(text) is ends


@pytest.mark.parametrize(
    ("text", "announces"),
    [("We add. The answer is", True), ("Sum: 7\n**Answer:**", True), ("The answer is 7", False)],
)
def test_an_announced_answer_may_be_missing(text: str, *, announces: bool) -> None:
    assert announces_answer(text) is announces


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("[assistant]: Which?\n[user]: That one.", True),
        ("assistant: I call it.\ntool: done", True),
        ("[user]: Which?\n[assistant]: That one.", False),
        ("User: a heading", False),
    ],
)
def test_a_transcript_ends_with_a_turn(text: str, *, ends: bool) -> None:
    assert ends_in_turn_of_other(text) is ends


def test_options_are_named_by_letter_or_text() -> None:
    assert option_texts(PROMPT) == ["the lark", "the grebe"]
    assert names_option(PROMPT, "I choose option B")
    assert names_option(PROMPT, "It is THE GREBE of course")
    assert not names_option(PROMPT, "It is a duck")


@given(st.text())
def test_the_run_on_begins_within_the_output(text: str) -> None:
    assert 0 <= run_on_start(text) <= len(text)


def test_an_output_runs_on_into_a_new_question() -> None:
    output = "It is 7.\n\nQuestion: What is 3 + 5?"

    assert output[: run_on_start(output)] == "It is 7.\n"
    assert run_on_start("\nQuestion: 3 + 4? It is 7.") == len("\nQuestion: 3 + 4? It is 7.")
