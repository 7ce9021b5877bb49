"""The last question of a prompt with worked examples."""

from dataclasses import replace

import pytest

from error_map.analysts.offline.answer_types.own_question import own_question, question_stem
from error_map.analysts.offline.detector import NO_PROFILE, Case
from error_map.analysts.offline.examine import case_of
from error_map.analysts.offline.text.last_question import last_question
from error_map.analysts.offline.text.truncation import PROMPT_END_CHARS
from tests.support import a_failure


@pytest.mark.parametrize(
    ("examples", "question"),
    [
        ("Q: 2 + 3?\nA: 5\n\n", "Q: 4 + 8?\nA:"),
        ("Be brief.\n\nQuestion: 2 + 3?\nAnswer: 5\n\n", "Question: 4 + 8?\nAnswer:"),
        ("Task: solve.\n\nQ: 2 + 3?\nA: 5\n\n", "Q: 4 + 8?\nA:"),
        ("Problem 1: 2 + 3?\n5\n\n", "Problem 2: 4 + 8?"),
        ("**Question:** 2 + 3?\n5\n\n", "**Question:** 4 + 8?"),
        ("### Problem: 2 + 3?\n5\n\n", "### Problem: 4 + 8?\n### Solution:"),
        ("Passage: a\nQuestion: b?\nA: c\n\n", "Passage: d\nQuestion: e?\nA:"),
        ("Frage: 2 + 3?\nAntwort: 5\n\n", "Frage: 4 + 8?\nAntwort:"),
        ("\u95ee\u9898\uff1a2 + 3\uff1f\n5\n\n", "\u95ee\u9898\uff1a4 + 8\uff1f"),
    ],
)
def test_worked_examples_are_left_out(examples: str, question: str) -> None:
    assert last_question(examples + question) == question


@pytest.mark.parametrize(
    "prompt",
    [
        "A box holds 6 pens. How many do 4 boxes hold?",
        "Passage: Ann has 6 pens.\nQuestion: How many has she?",
        "Problem: 4 + 8?\nQuestion: is that even?",
        "Question: 4 + 8?\n\nQuestion:",
        "User: I have 4 pens.\nAssistant: Good.\nUser: And 8 more. How many?",
        "",
    ],
)
def test_a_prompt_without_worked_examples_is_read_in_full(prompt: str) -> None:
    assert last_question(prompt) == prompt


def test_the_record_knows_better_where_the_question_begins() -> None:
    prompt = "2 + 3? 5. Q: 4 + 8?\nQ: again: 4 + 8?"

    assert own_question(Case(prompt=prompt, output="", question_start=10)) == prompt[10:]


def test_options_are_no_part_of_the_stem() -> None:
    prompt = "Q: red?\nA. 1\nB. 2\nAnswer: A\n\nQ: blue?\nA. 3\nB. 4\nAnswer:"

    assert question_stem(Case(prompt=prompt, output="")).strip() == "Q: blue?"


@pytest.mark.parametrize("omitted", [0, 5_000])
def test_the_start_of_the_question_is_kept_in_an_excerpt(omitted: int) -> None:
    question = "How many pens are there?"
    prompt = "x" * (2 * PROMPT_END_CHARS - 100 + omitted) + question
    failure = a_failure(prompt=prompt)
    record = replace(
        failure.record,
        question_start=len(prompt) - len(question),
    )
    case = case_of(replace(failure, record=record), NO_PROFILE)

    assert own_question(case) == question
