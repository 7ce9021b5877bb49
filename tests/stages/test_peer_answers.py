"""Selection of the correct answers of other models that are shown with a failure."""

import random
from collections.abc import Iterable, Mapping

import polars as pl

from error_map.stages.peer_answers import correct_outputs
from error_map.store import KEY

WORKED = "First I add the two numbers, then I halve the sum; number {} gives {}."
SUBJECTS = (
    "The farmer sells eggs at the market each and every single day of the year.",
    "A quick look at the table tells us that the third row must be the largest.",
    "Since both sides are squares, it follows that their roots differ by eleven.",
    "Integrating by parts, with u for the logarithm, leaves only a constant term.",
    "We begin from the definition: no prime divides a product without a factor.",
    "Kelvin and Celsius have steps of the same size, so differences are the same.",
)
"""Long enough to show their work, and unlike each other."""
Answer = tuple[str, str]


def table(answers: Iterable[Answer], *, example: str = "e1", dataset: str = "d") -> pl.DataFrame:
    rows = [(dataset, example, model, 0, output) for model, output in answers]
    schema = dict(zip((*KEY, "output_text"), [pl.String] * 3 + [pl.Int32, pl.String], strict=True))
    return pl.DataFrame(rows, schema=schema, orient="row")


def shown_with(
    passes: pl.DataFrame | Mapping[str, str], model: str = "wrong", *, seed: int = 42
) -> list[Answer]:
    if not isinstance(passes, pl.DataFrame):
        passes = table(passes.items())
    shown = correct_outputs(passes, table([(model, "?")]), seed=seed)
    return [(one["model"], one["output"]) for one in shown.to_list()[0]]


def test_up_to_three_answers_of_other_models_are_kept() -> None:
    passes = dict(zip("abcdef", SUBJECTS, strict=True))

    shown = shown_with(passes)

    assert len(shown) == 3
    assert set(shown) < set(passes.items())
    assert len({model for model, _ in shown}) == 3


def test_an_answer_of_the_failing_model_itself_is_never_shown() -> None:
    passes = dict(zip("abc", SUBJECTS[:3], strict=True))

    for model in passes:
        assert {shown for shown, _ in shown_with(passes, model)} == set(passes) - {model}


def test_three_are_shown_even_where_the_failing_model_was_right_another_time() -> None:
    passes = dict(zip("abcd", SUBJECTS[:4], strict=True))

    for model in passes:
        assert {shown for shown, _ in shown_with(passes, model)} == set(passes) - {model}


def test_answers_that_show_their_work_come_first() -> None:
    passes = {"a": "42", "b": SUBJECTS[0], "c": "forty-two", "d": SUBJECTS[1], "e": "XLII"}

    shown = shown_with(passes)

    assert {model for model, _ in shown[:2]} == {"b", "d"}
    assert len(shown[2][1]) < 60


def test_near_identical_answers_are_shown_once() -> None:
    passes = {model: WORKED.format(7, number) for number, model in enumerate("abcd")}

    shown = shown_with({**passes, "x": SUBJECTS[0]})

    assert len(shown) == 2
    assert ("x", SUBJECTS[0]) in shown


def test_an_answer_like_the_failing_models_own_right_one_still_counts() -> None:
    """The failing model's own answer is left out, and must not hide another model's."""
    same = {"wrong": SUBJECTS[0], "other": SUBJECTS[0]}

    for seed in range(8):
        assert shown_with(same, "wrong", seed=seed) == [("other", SUBJECTS[0])]


def test_long_answers_are_compared_by_their_beginnings_and_at_once() -> None:
    """A comparison of two whole answers of this size takes the better part of a day."""
    long = SUBJECTS[0] * 400_000

    shown = shown_with({"a": long + "x", "b": long + "y", "c": SUBJECTS[1]})

    assert len(shown) == 2


def test_an_empty_answer_is_no_correct_answer_to_show() -> None:
    assert shown_with({"a": "", "b": " \n", "c": "4"}) == [("c", "4")]


def test_of_several_attempts_of_one_model_one_is_shown() -> None:
    first = table([("a", SUBJECTS[0])])
    second = table([("a", SUBJECTS[1])]).with_columns(repeat=pl.lit(1, pl.Int32))

    assert len(shown_with(pl.concat([first, second]))) == 1


def test_answers_to_other_examples_are_not_shown() -> None:
    passes = pl.concat([table([("a", "4")]), table([("b", "5")], example="e2")])

    assert shown_with(passes) == [("a", "4")]


def test_where_nobody_was_right_nothing_is_shown() -> None:
    assert shown_with({}) == []


def test_the_draw_is_seeded_and_blind_to_the_order_of_rows() -> None:
    passes = table(zip("abcdef", SUBJECTS, strict=True))
    shuffled = passes.sample(fraction=1, shuffle=True, seed=7)

    assert shown_with(passes) == shown_with(shuffled)
    assert len({tuple(shown_with(passes, seed=seed)) for seed in range(10)}) > 5


def test_every_failure_has_its_own_list_in_the_failures_order() -> None:
    examples = [f"e{number}" for number in range(20)]
    passes = pl.concat([table([("a", f"to {one}")], example=one) for one in examples])
    random.Random(3).shuffle(examples)
    failures = pl.concat([table([("b", "?")], example=one) for one in [*examples, "none"]])

    shown = correct_outputs(passes, failures, seed=1).to_list()

    expected = [[{"model": "a", "output": f"to {one}"}] for one in examples]
    assert shown == [*expected, []]


def test_answers_of_another_dataset_to_an_example_of_the_same_name_are_not_shown() -> None:
    names = ("d", "other")
    passes = pl.concat(table([("a", SUBJECTS[n])], dataset=names[n]) for n in range(2))
    failures = pl.concat(table([("wrong", "?")], dataset=name) for name in names)

    shown = correct_outputs(passes, failures, seed=1).to_list()

    assert shown == [[{"model": "a", "output": text}] for text in SUBJECTS[:2]]
