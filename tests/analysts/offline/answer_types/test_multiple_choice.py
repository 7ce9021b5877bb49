"""Options of a prompt, the chosen option and the working before it."""

import pytest

from error_map.analysts.offline.answer_types.multiple_choice import (
    choice,
    has_no_working,
    options,
    own_text,
    peers_calculate,
    stem,
)
from error_map.analysts.offline.answers.extractors.routes import Answer
from error_map.analysts.offline.detector import Case

QUESTION = "Which bird swims?\nOptions:\nA. The lark\nB. The grebe\nC. The swift\nAnswer:"


def test_the_options_are_those_of_the_last_question() -> None:
    earlier = "Which fish flies?\nA. None\nB. One\nC. Two\nD. Three\nAnswer: B\n\n"

    assert options(earlier + QUESTION) == {"A": "The lark", "B": "The grebe", "C": "The swift"}


@pytest.mark.parametrize(
    "prompt",
    [
        "Pick: (A) 3 kg (B) 4 kg (C) 5 kg",
        "Pick:\n(A) 3 kg\n(B) 4 kg\n(C) 5 kg",
        "A) 3 kg\nB) 4 kg\nC) 5 kg",
    ],
)
def test_options_are_listed_in_lines_or_in_one_line(prompt: str) -> None:
    assert options(prompt) == {"A": "3 kg", "B": "4 kg", "C": "5 kg"}


def test_an_option_in_a_line_of_options_may_have_brackets() -> None:
    prompt = "Which holds? Choices: (A) f (x) = g (x) (B) f (x) < g (x) (C) None"

    assert options(prompt) == {"A": "f (x) = g (x)", "B": "f (x) < g (x)", "C": "None"}


@pytest.mark.parametrize("prompt", ["", "How many?", "A. Only one of them", "B. Second\nC. Third"])
def test_a_prompt_without_a_list_has_no_options(prompt: str) -> None:
    assert options(prompt) == {}


def test_the_stem_is_the_text_before_the_options() -> None:
    assert stem(QUESTION).startswith("Which bird swims?")
    assert "lark" not in stem(QUESTION)


def test_the_working_ends_where_the_answer_is_first_stated() -> None:
    output = "Grebes dive. The answer is (B). The answer is (C)."
    place = output.index("B")
    case = Case(prompt=QUESTION, output=output, answer=Answer("B", place, place + 1))

    chosen = choice(case)

    assert chosen is not None
    assert (chosen.working, chosen.text) == ("Grebes dive. ", "The grebe")
    assert output[slice(*chosen.statement)] == "The answer is (B)"


@pytest.mark.parametrize("answer", [None, Answer("Z", 0, 1), Answer("the grebe", 0, 9)])
def test_an_answer_other_than_a_letter_chooses_no_option(answer: Answer | None) -> None:
    assert choice(Case(prompt=QUESTION, output="the grebe", answer=answer)) is None


def test_text_that_runs_on_into_a_new_question_is_not_the_answer() -> None:
    assert own_text("It is B.\n\nQuestion: Which fish flies?") == "It is B.\n"


@pytest.mark.parametrize(
    ("text", "nothing"),
    [
        ("The answer is (B).", True),
        ("Let's think step by step. The answer is (B).\n\nThe answer is (B).", True),
        ("Final answer: B", True),
        ("Grebes dive for fish. The answer is (B).", False),
    ],
)
def test_a_statement_of_the_answer_is_no_working(text: str, *, nothing: bool) -> None:
    assert has_no_working(text) is nothing


def test_peers_calculate_if_most_of_them_do() -> None:
    worked, bare = "2 * 3 = 6, 6 + 1 = 7", "It is 7."

    assert peers_calculate(Case(prompt="", output="", correct_outputs=(worked, worked, bare)))
    assert not peers_calculate(Case(prompt="", output="", correct_outputs=(worked, bare, bare)))
    assert not peers_calculate(Case(prompt="", output="", correct_outputs=(worked,)))
