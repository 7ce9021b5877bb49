"""Wrong answers that most models share: a doubtful reference, a shared trap, or neither."""

from collections.abc import Mapping, Sequence

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from error_map.analysis import binomial_tail, consensus

EASY = 6
"""Examples that only tell the strong models from the weak ones."""


def judged(
    answers: Mapping[str, Sequence[str]],
    *,
    strong: Sequence[str] = (),
    prompt: str = "How many?",
    elsewhere: Sequence[str] = ("1", "2", "3", "4", "5", "6"),
) -> list[tuple[str | None, int | None, int | None]]:
    """Kind, models with the same answer, and all models, for each failed attempt at example "e".

    Args:
        answers: By model, its answers to "e"; "right" passes.
        strong: Models that pass all of the easy examples; the others fail them.
        prompt: The task of "e".
        elsewhere: Wrong answers to the easy examples, in turn.
    """
    rows = [("e", model, text, prompt) for model, texts in answers.items() for text in texts]
    for number in range(EASY):
        rows += [
            (f"easy{number}", model, "right" if model in strong else elsewhere[number], "easy")
            for model in answers
        ]
    columns = ["example_id", "model", "answer", "input_text"]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
    passed = pl.col("answer") == "right"
    frame = frame.with_columns(
        dataset=pl.lit("d"),
        state=pl.when(passed).then(pl.lit("passed")).otherwise(pl.lit("selected")),
    )
    failures = frame.filter(~passed)
    found = consensus(frame, failures)
    own = found.filter(failures["example_id"] == "e")
    return own.select("kind", "same", "models").rows()


def models(same: int, *, right: int = 0, other: int = 0) -> dict[str, Sequence[str]]:
    """Models that answer "7", pass, and give an answer of their own."""
    return {
        **{f"same{n}": ["7"] for n in range(same)},
        **{f"right{n}": ["right"] for n in range(right)},
        **{f"other{n}": [f"1{n}"] for n in range(other)},
    }


@pytest.mark.parametrize(
    ("same", "right", "other", "shared"),
    [(6, 0, 4, True), (6, 4, 0, True), (5, 4, 0, False), (3, 0, 0, True), (3, 4, 0, False)],
)
def test_three_fifths_of_all_models_must_agree_those_that_pass_included(
    *, same: int, right: int, other: int, shared: bool
) -> None:
    answers = models(same, right=right, other=other)

    rows = judged(answers, strong=["same0", "same1"])

    assert [row[1] for row in rows] == [same if shared else None] * same + [None] * other


def test_two_models_are_no_consensus() -> None:
    assert judged(models(2), strong=["same0", "same1"]) == [(None, None, None)] * 2


def test_a_reference_that_reliable_models_contradict_and_no_model_gives_is_doubtful() -> None:
    rows = judged(models(6, other=2), strong=["same0", "same1"])

    assert rows[0] == ("doubt", 6, 8)


def test_a_reference_that_only_weak_models_give_is_doubtful() -> None:
    assert judged(models(6, right=2), strong=["same0", "same1"])[0][0] == "doubt"


def test_an_answer_that_the_best_models_do_not_give_is_a_trap() -> None:
    assert judged(models(6, right=2), strong=["right0", "right1"])[0] == ("trap", 6, 8)


def test_weak_models_alone_cast_no_doubt_on_a_reference() -> None:
    assert judged(models(8))[0] == (None, 8, 8)
    assert judged(models(8), strong=["same0"])[0] == (None, 8, 8)


@pytest.mark.parametrize(
    ("same", "other", "shared"), [(3, 0, False), (6, 4, False), (8, 0, True), (10, 0, True)]
)
def test_where_two_answers_exist_agreement_must_exceed_chance(
    *, same: int, other: int, shared: bool
) -> None:
    answers = {**models(same), **{f"o{n}": ["right"] for n in range(other)}}
    both = ["yes", "no", "yes", "no", "yes", "no"]
    answers = {
        model: ["no" if one == "7" else one for one in given] for model, given in answers.items()
    }

    rows = judged(answers, strong=["same0", "same1"], elsewhere=both)

    assert (rows[0][1] is not None) == shared


def test_repeats_of_one_model_count_once_and_the_answer_of_most_of_them_counts() -> None:
    assert judged({"a": ["7"] * 5, "b": ["7"]}, strong=["a", "b"]) == [(None, None, None)] * 6
    answers = {**models(2), "c": ["7", "7", "9"]}
    assert [row[1] for row in judged(answers, strong=["c"])] == [3, 3, 3, 3, None]
    answers = {**models(2), "c": ["7", "8", "9"]}
    assert [row[1] for row in judged(answers, strong=["c"])] == [None] * 5


def test_no_example_is_doubtful_where_half_of_the_models_pass_once() -> None:
    answers = {f"m{n}": ["7", "7", "right"] for n in range(6)}

    assert {row[0] for row in judged(answers, strong=["m0", "m1"])} != {"doubt"}


def test_an_empty_answer_is_shared_with_nobody() -> None:
    answers = {model: [""] for model in "abc"}

    assert judged(answers, strong=["a", "b"]) == [(None, None, None)] * 3


@pytest.mark.parametrize(
    "prompt",
    [
        "def f(x):\n    return x[::-1]\nWhat is the output of the function call f('ab')?",
        "```python\nprint(3 // 2)\n```\nWhat does this code print?",
        "def g(a):\n    return a\nComplete the assertion: assert g('x') == ",
    ],
)
def test_where_running_code_decides_a_shared_answer_is_a_trap(prompt: str) -> None:
    assert judged(models(6, other=2), strong=["same0", "same1"], prompt=prompt)[0][0] == "trap"


@pytest.mark.parametrize(
    "prompt",
    ["What is the output of the power plant?", "A teacher prints a code of conduct. How many?"],
)
def test_words_about_code_and_output_alone_are_no_task_to_run(prompt: str) -> None:
    assert judged(models(6, other=2), strong=["same0", "same1"], prompt=prompt)[0][0] == "doubt"


@given(st.integers(0, 60), st.integers(0, 60), st.floats(0, 1))
def test_the_tail_is_a_probability_that_falls_with_the_hits(
    hits: int, more: int, share: float
) -> None:
    trials = hits + more

    tail = binomial_tail(hits, trials, share)

    assert 0 <= tail <= 1
    assert tail >= binomial_tail(min(hits + 1, trials), trials, share) - 1e-9


def test_a_tail_outside_its_range_is_refused() -> None:
    for wrong in ((3, 2, 0.5), (1, 2, 1.5), (0, -1, 0.5)):
        with pytest.raises(ValueError, match="no binomial tail"):
            binomial_tail(*wrong)
