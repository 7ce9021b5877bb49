"""Thresholds from the caller, from known datasets, and from the scores."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from error_map.config import DatasetParams
from error_map.options import Direction
from error_map.stages.thresholds import KNOWN, Threshold, is_failure, threshold_for, with_threshold

SCORES = st.lists(st.floats(-1_000, 1_000), min_size=1, max_size=20)


def rule(
    *scores: float,
    dataset: str = "d",
    given: DatasetParams | None = None,
    direction: Direction = "high",
) -> Threshold:
    series = pl.Series("score", scores, pl.Float64)
    return threshold_for(dataset, series, given=given, direction=direction)


def failed(threshold: Threshold, *scores: float) -> list[bool]:
    scored = [("d", score) for score in scores]
    frame = pl.DataFrame(scored, schema={"dataset": pl.String, "score": pl.Float64}, orient="row")
    rules = {"d": threshold}
    return with_threshold(frame, rules).select(is_failure(rules)).to_series().to_list()


@pytest.mark.parametrize("scores", [(0, 1, 1), (0, 0), (1, 1), (0,), (1,)])
def test_of_scores_that_are_all_0_or_1_those_below_1_are_failures(scores: tuple[int, ...]) -> None:
    found = rule(*scores)

    assert (found.value, found.origin, found.notices) == (1.0, "binary", ())
    assert failed(found, 0, 1) == [True, False]


@pytest.mark.parametrize(
    ("scores", "value"),
    [
        ((0.5, 1.0), 0.52),
        ((0, 100), 35.0),
        ((40, 60, 80), 42.0),
        ((0, 0, 1, 2), 0.52),
        ((0.3,), 0.21),
        ((0, 0.5, 1), 0.35),
    ],
)
def test_other_scores_fail_below_seven_tenths_of_their_mean(
    scores: tuple[float, ...], value: float
) -> None:
    found = rule(*scores)

    assert (found.value, found.origin) == (value, "mean")
    [notice] = found.notices
    assert notice.startswith(f"d: no threshold is given, so score < {value:g} is a failure")
    assert notice.endswith("set it with --threshold d=X")


@pytest.mark.parametrize(
    ("scores", "warned"),
    [((-1, 0, -2), True), ((-3, 3), True), ((0, 0.02), False), ((2, 4), False)],
)
def test_a_threshold_that_is_not_positive_comes_with_a_warning(
    *, scores: tuple[float, ...], warned: bool
) -> None:
    notices = rule(*scores).notices

    assert len(notices) == 1 + warned
    if warned:
        low, high = min(scores), max(scores)
        assert notices[1].startswith(f"d: check it, as the scores go from {low} to {high} with a ")


def test_a_notice_gives_the_factor_and_the_mean() -> None:
    [high] = rule(40, 60, 80).notices
    [low] = rule(7, 8, direction="low").notices

    assert "(0.7 x the mean score 60)" in high
    assert "(1.4 x the mean score 7.5)" in low


def test_the_callers_threshold_goes_over_everything() -> None:
    given = DatasetParams(success_threshold=250)

    for dataset in ("d", "gpqa"):
        found = rule(0, 1, dataset=dataset, given=given)
        assert (found.value, found.origin, found.notices) == (250, "given", ())


@pytest.mark.parametrize(
    ("dataset", "value"),
    [
        ("mmlu_pro_old", 1),
        ("gpqa", 1),
        ("omni_math", 0.5),
        ("medhelm_v2_medec", 0.7),
        ("medhelm_v2_anything", 3.5),
    ],
)
def test_known_datasets_have_their_own_thresholds(dataset: str, value: float) -> None:
    found = rule(0, 0.25, 5, dataset=dataset)

    assert (found.value, found.origin, found.notices) == (value, "known", ())


@pytest.mark.parametrize("dataset", ["gpqa.v2", "my_gpqa", "GPQA", "medhelm", "omni_math2"])
def test_a_name_that_only_resembles_a_known_one_is_not_known(dataset: str) -> None:
    assert rule(0, 0.25, 5, dataset=dataset).origin == "mean"


@pytest.mark.parametrize(
    ("dataset", "scores", "origin"),
    [
        ("medhelm_v2_x", (0, 1), "binary"),
        ("omni_math", (0.6, 0.9), "mean"),
        ("gpqa", (0, 0), "binary"),
        ("gpqa", (25, 75), "mean"),
    ],
)
def test_a_known_threshold_outside_the_scores_is_ignored_with_a_notice(
    dataset: str, scores: tuple[float, ...], origin: str
) -> None:
    found = rule(*scores, dataset=dataset)

    assert found.origin == origin
    assert found.notices[0].startswith(f"{dataset}: the known threshold ")
    assert f"({min(scores):g} to {max(scores):g}) and is ignored" in found.notices[0]


def test_a_known_threshold_on_the_edge_of_the_scores_counts() -> None:
    assert {rule(0.5, 1, dataset="omni_math").origin, rule(0, 0.5, dataset="omni_math").origin} == {
        "known"
    }
    assert KNOWN["omni_math"] == 0.5


def test_where_less_is_better_failures_lie_over_the_threshold() -> None:
    binary = rule(0, 1, direction="low")
    mean = rule(7, 7, direction="low")
    given = rule(1, 2, given=DatasetParams(success_threshold=1.5), direction="low")

    assert (binary.value, failed(binary, 0, 1)) == (0, [False, True])
    assert (mean.value, failed(mean, 7, 10, 10.01)) == (10, [False, False, True])
    assert (str(given), failed(given, 1, 1.5, 2)) == ("score > 1.5", [False, False, True])


def test_the_direction_of_one_dataset_goes_over_the_direction_of_all() -> None:
    given = DatasetParams(score_direction="low")

    assert rule(0, 1, given=given).direction == "low"
    assert rule(0, 1, given=DatasetParams(), direction="low").direction == "low"


@given(scores=SCORES)
def test_the_threshold_itself_always_passes(scores: list[float]) -> None:
    for direction in ("high", "low"):
        found = rule(*scores, direction=direction)

        assert failed(found, found.value) == [False]
        assert found.value == round(found.value, 2)


@given(scores=st.lists(st.sampled_from([0.0, 1.0]), min_size=1))
def test_a_right_answer_is_never_a_failure_and_a_wrong_one_always(scores: list[float]) -> None:
    assert failed(rule(*scores), *scores) == [score < 1 for score in scores]
