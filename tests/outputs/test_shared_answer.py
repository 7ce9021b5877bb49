"""The sentence about a wrong answer that most models share: each of its clauses is counted."""

from collections.abc import Sequence

import polars as pl
import pytest

from error_map.outputs.shared_answer import DOUBT, TRAP, shared_answers
from error_map.records import SHARED_TRAPS_MEANING

EASY = 6
"""Examples that only tell the strong models from the weak ones."""


def shared(
    answers: Sequence[str], *, strong: Sequence[int] = (), reference: str = "8", prompt: str = "?"
) -> tuple[str | None, str | None]:
    """Kind and sentence of the first failure.

    Args:
        answers: The answer of each model to one example; "8" passes.
        strong: Models that pass the easy examples; the others fail them.
        reference: The example's reference.
        prompt: The example's task.
    """
    rows = [("e", str(n), text, prompt, reference) for n, text in enumerate(answers)]
    for number in range(EASY):
        rows += [
            (f"easy{number}", str(n), "8" if n in strong else str(100 + number), "easy", "8")
            for n in range(len(answers))
        ]
    names = ["example_id", "model", "answer", "input_text", "correct_answer"]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    right = pl.col("answer") == "8"
    frame = frame.with_columns(
        dataset=pl.lit("d"),
        state=pl.when(right).then(pl.lit("passed")).otherwise(pl.lit("selected")),
    )
    kind, sentence = shared_answers(frame, frame.filter(~right)).row(0)
    return kind, sentence


def test_a_doubtful_reference_says_that_no_model_passes() -> None:
    kind, sentence = shared(["7"] * 6 + ["5", "6"], strong=[0, 1])

    assert kind == DOUBT
    assert sentence == (
        "Doubtful reference: 6 of the 8 models scored on this example, among them the 2 best, "
        "answer '7'; the reference says '8'; no model passes."
    )


def test_a_shared_trap_says_which_of_the_best_models_pass() -> None:
    kind, sentence = shared(["7"] * 6 + ["8", "8"], strong=[6, 7])

    assert kind == TRAP
    assert sentence == (
        "Shared trap: 6 of the 8 models scored on this example answer '7'; the reference says "
        "'8'; 2 models, among them the 2 best, pass."
    )


@pytest.mark.parametrize(
    ("answers", "strong", "told"),
    [
        (["7"] * 3 + ["8"], [3], "1 model, the best one, passes"),
        (["7"] * 6 + ["8", "5"], [0, 6], "1 model, one of the 2 best, passes"),
        (["7"] * 6 + ["8", "8"], [0, 6], "2 models, among them 1 of the 2 best, pass"),
        (["7"] * 6 + ["8", "8"], [0, 1, 6], "among them 2 of the 3 best, answer '7'"),
    ],
)
def test_the_best_models_are_counted_on_both_sides(
    answers: Sequence[str], strong: Sequence[int], told: str
) -> None:
    _, sentence = shared(answers, strong=strong)

    assert told in str(sentence)


def test_where_the_best_models_are_divided_the_meaning_of_a_trap_holds() -> None:
    kind, sentence = shared(["7"] * 6 + ["8", "8"], strong=[0, 6])

    assert kind == TRAP
    assert "among them 1 of the 2 best, answer '7'" in str(sentence)
    assert "at least as many of the best models give the reference" in SHARED_TRAPS_MEANING


def test_where_code_decides_the_meaning_of_a_trap_holds() -> None:
    prompt = "```python\nprint(3 // 2)\n```\nWhat does this code print?"

    assert shared(["7"] * 6 + ["5", "6"], strong=[0, 1], prompt=prompt)[0] == TRAP
    assert "the task shows code whose run decides what is right" in SHARED_TRAPS_MEANING


@pytest.mark.parametrize("reference", ["", "First 4 + 4.\n#### 8", "8" * 61])
def test_a_reference_that_is_absent_or_a_working_is_left_out(reference: str) -> None:
    _, sentence = shared(["7"] * 6 + ["5", "6"], strong=[0, 1], reference=reference)

    assert sentence is not None
    assert "the reference says" not in sentence


def test_a_long_answer_is_clipped_and_stays_on_one_line() -> None:
    _, sentence = shared(["7\n" * 500] * 6 + ["5", "6"], strong=[0, 1])

    assert sentence is not None
    assert "\n" not in sentence
    assert len(sentence) < 250


def test_an_answer_that_few_models_share_has_no_sentence() -> None:
    assert shared(["7", "7", "7", "8", "8", "8"], strong=[3, 4]) == (None, None)
    assert shared(["7"] * 3 + ["8"], strong=[0]) == (None, None)
