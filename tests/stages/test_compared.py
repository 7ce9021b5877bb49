"""The sample of right and wrong answers in which ways of answering are counted."""

import random

import polars as pl

from error_map.config import RunConfig
from error_map.readers import Catalog, ReadOptions, data_source
from error_map.stages import compared
from error_map.stages.selection import Selection, select
from tests.support import a_row


def selected(rows: list[dict[str, object]], **options: object) -> Selection:
    frame = Catalog([data_source(rows, ReadOptions())]).rows("data")
    return select(frame, RunConfig.load({"exp_id": "t", "ratio": 1.0, **options}))


def answers(count: int, *models: str, wrong: int = 3) -> list[dict[str, object]]:
    """Answers of which every third is wrong."""
    return [
        a_row(f"e{n}", model, score=float(n % wrong > 0), output=f"{model} says {n}")
        for n in range(count)
        for model in models
    ]


def test_right_and_wrong_answers_of_each_model_are_drawn_with_their_peers() -> None:
    found = selected(answers(30, "a", "b")).compared

    counts = found.group_by("model", "state").len().sort("model", "state").rows()
    assert counts == [
        ("a", "passed", 20),
        ("a", "selected", 10),
        ("b", "passed", 20),
        ("b", "selected", 10),
    ]
    right = found.filter((pl.col("state") == "passed") & (pl.col("model") == "a"))
    assert {one[0]["model"] for one in right["correct_outputs"].to_list() if one} == {"b"}


def test_no_more_are_drawn_than_a_rate_needs() -> None:
    found = selected(answers(1_500, "a")).compared

    counts = dict(found.group_by("state").len().rows())
    assert counts == {"passed": compared.MOST_COMPARED, "selected": compared.MOST_COMPARED}


def test_the_models_of_a_dataset_share_a_number_of_answers() -> None:
    models = [f"m{n}" for n in range(12)]

    counts = selected(answers(400, *models)).compared.group_by("model", "state").len()["len"]

    assert set(counts) == {compared.COMPARED_ANSWERS // len(models)}


def test_the_sample_does_not_depend_on_the_order_of_the_rows() -> None:
    rows = answers(700, "a", "b")
    shuffled = random.Random(1).sample(rows, len(rows))

    assert selected(rows).compared.equals(selected(shuffled).compared)


def test_models_without_studied_failures_and_runs_without_detectors_compare_nothing() -> None:
    rows = [*answers(9, "a"), *answers(9, "b")]

    assert set(selected(rows, models=["a"]).compared["model"]) == {"a"}
    judged = selected(rows, inference_type="litellm-mock", hints=False)
    assert judged.compared.is_empty()
