"""Letters without reasoning: only where it is due, and in words that are true of the answer."""

import pytest

from error_map.analysts.offline.answers.final_answer import final_answer
from error_map.analysts.offline.detector import Case, Detection
from error_map.analysts.offline.detectors.choice import bare_claim, bare_letter
from tests.analysts.offline.detectors.choice.test_choice import LETTERS

OPTIONS = "Which is a metal?\nA. Chalk\nB. Tin\nC. Clay\n"
REASONED = "Chalk and clay are minerals, while tin is an element of group 14, hence a metal. So B."


def case(
    prompt: str, output: str = "The answer is (A).", *, gold: str = "B", right: tuple[str, ...] = ()
) -> Case:
    return Case(
        prompt=prompt,
        output=output,
        answer=final_answer(output, LETTERS),
        gold=gold,
        correct_outputs=right,
        profile=LETTERS,
    )


def seen(prompt: str, output: str = "The answer is (A).", **more: object) -> Detection | None:
    return bare_letter.detect(case(prompt, output, **more))  # type: ignore[arg-type] # as given


@pytest.mark.parametrize(
    "request_",
    [
        "Think step by step.",
        "Let's work through this step-by-step.",
        "Please explain your reasoning.",
        "Show your work.",
        "Justify your choice, then give the letter.",
        "Describe how you got the result.",
        "Provide a rationale first.",
        'Reply as {"reasoning": "...", "answer": "..."}.',
    ],
)
def test_a_letter_alone_lacks_the_reasoning_that_the_task_asks_for(request_: str) -> None:
    found = seen(f"{request_}\n{OPTIONS}")

    assert found is not None
    assert "only the letter A without the reasoning that the task asks for." in found.summary


@pytest.mark.parametrize(
    "words",
    [
        "",
        "Which theory explains the result?",
        "The reason for this is unknown.",
        "Do not explain your answer.",
        "Don't think step by step.",
        "Answer without showing your work.",
        "Think carefully.",
        "A step by step guide is sold for $4.",
    ],
)
def test_words_about_reasons_ask_for_none(words: str) -> None:
    assert seen(f"{words}\n{OPTIONS}") is None


def test_the_reasoning_of_other_models_is_counted() -> None:
    found = seen(OPTIONS, right=(REASONED, REASONED, "B"))

    assert found is not None
    assert "reasoning, which 2 of 3 right answers of other models show" in found.summary
    assert seen(OPTIONS, right=(REASONED, "B", "(B)")) is None


@pytest.mark.parametrize(
    "prompt",
    [
        "Q: Which is red?\nOptions:\n(A) Ash\n(B) Rust\nA: (B)\n\nQ: {}A:",
        "Question: Which is red?\nA. Ash\nB. Rust\nAnswer: B\n\nQuestion: {}Answer:",
        "user: Which is red?\nA. Ash\nB. Rust\nassistant: The answer is B.\nuser: {}assistant:",
        "\u554f\uff1a\nA. Ash\nB. Rust\n\u7b54\u6848\uff1aB\n\u554f\uff1a{}\u7b54\u6848\uff1a",
        "Answer with only the letter of the right option.\n{}",
        "Respond with just the letter.\n{}",
        "Antworte nur mit dem Buchstaben.\n{}",
        "R\u00e9pondez uniquement par la lettre.\n{}",
        "Your answer must be a single letter.\n{}",
    ],
)
def test_there_is_no_finding_where_the_prompt_wants_or_shows_a_bare_letter(prompt: str) -> None:
    """Case `bare-letter-asked`."""
    assert seen(prompt.format(OPTIONS), right=(REASONED, REASONED)) is None


def test_several_letters_and_text_after_the_answer_are_told() -> None:
    several = seen(f"Think step by step.\n{OPTIONS}", "The answer is (A).\n\nThe answer is (C).")
    assert several is not None
    assert "only letters, first A," in several.summary

    ran_on = seen(
        f"Think step by step.\n{OPTIONS}",
        "The answer is (A).\n\nQuestion: Which is blue?\nA. Sky\nB. Rust\nAnswer: A",
    )
    assert ran_on is not None
    assert ran_on.summary.endswith("Other text follows it.")


def test_right_answers_have_the_form_of_wrong_ones() -> None:
    prompt = f"Think step by step.\n{OPTIONS}"
    for letter in "ABC":
        bare = case(prompt, f"The answer is ({letter}).")
        assert bare_letter.form(bare) == "Answer letter without reasoning"
    assert bare_letter.detect(case(prompt, "The answer is (B).")) is None
    assert not bare_letter.form(case(prompt, f"{REASONED} The answer is (B)."))

    claim = "A metal among these is tin. The answer is (B)."
    assert bare_claim.form(case(OPTIONS, claim)) == bare_claim.DETECTOR.finding
    assert bare_claim.detect(case(OPTIONS, claim)) is None
