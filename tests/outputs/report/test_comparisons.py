"""Sentences that compare models, and the exact tests on shared examples that they rest on."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from error_map.outputs.report import summary_in_words
from error_map.outputs.summary import FinishedRun
from tests.pictured import category, finished

KINDS = [category("Sums", 0), category("Forms", 1)]


def outcomes(**failed: Sequence[int]) -> Mapping[str, Sequence[str]]:
    """For each model, which of 100 examples it fails; all in one category."""
    return {
        model: ["c0" if n in set(numbers) else "passed" for n in range(100)]
        for model, numbers in failed.items()
    }


def told(run: FinishedRun, about: str = "models") -> list[str]:
    return [str(one) for one in summary_in_words(run) if one.about == about]


def repeated(run: FinishedRun) -> FinishedRun:
    """The run with a second attempt at every example."""
    once = pl.read_parquet(run.folder.records)
    again = once.with_columns(pl.lit(1, pl.Int32).alias("repeat"))
    pl.concat([once, again]).write_parquet(run.folder.records)
    return run


# ---- rates


def test_the_models_that_fail_most_and_least_often_are_named(tmp_path: Path) -> None:
    run = finished(tmp_path, outcomes(a=range(90), b=range(50), c=range(10)), KINDS)

    assert told(run)[0] == (
        "a fails most often: 90.0 % [82.6, 94.5] of 100 attempts. "
        "c fails least often: 10.0 % [5.5, 17.4] of 100 attempts."
    )


def test_a_model_that_shares_the_first_place_is_not_called_the_first(tmp_path: Path) -> None:
    run = finished(tmp_path, outcomes(a=range(50), b=range(50), c=range(10)), KINDS)

    assert "most often" not in told(run)[0]
    assert told(run)[0].startswith("c fails least often")


@pytest.mark.parametrize(("models", "who"), [("ab", "Both models"), ("abc", "All 3 models")])
def test_models_that_fail_equally_often_are_not_ordered(
    tmp_path: Path, models: str, who: str
) -> None:
    run = finished(tmp_path, outcomes(**dict.fromkeys(models, range(10))), KINDS)

    assert told(run)[0] == f"{who} fail equally often: 10.0 % of their attempts."


@pytest.mark.parametrize("failed", [{"a": range(3)}, {}])
def test_one_model_is_not_compared(tmp_path: Path, failed: dict[str, Sequence[int]]) -> None:
    assert told(finished(tmp_path, outcomes(**failed), KINDS)) == []


def test_without_known_attempts_nothing_is_said_of_models(tmp_path: Path) -> None:
    run = finished(tmp_path, outcomes(a=range(50), b=range(10), c=range(30)), KINDS)

    manifest = run.manifest.model_copy(update={"attempts_known": False})

    assert told(replace(run, manifest=manifest)) == []


# ---- tests on the same examples


def test_overlapping_intervals_do_not_hide_a_difference(tmp_path: Path) -> None:
    """55 % [45, 64] and 45 % [36, 55] overlap, and 10 changes in one direction are no chance."""
    run = finished(tmp_path, outcomes(a=range(55), b=range(45)), KINDS)

    (pair,) = told(run, "comparison")

    assert pair == (
        "From a to b, on 100 attempts scored for both models: 10 fixed (10.0 %), "
        "0 newly broken (0.0 %): more than chance explains (exact McNemar test, p = 0.002)."
    )


def test_the_same_rates_with_changes_in_both_directions_may_be_chance(tmp_path: Path) -> None:
    run = finished(tmp_path, outcomes(a=range(55), b=range(30, 75)), KINDS)

    (pair,) = told(run, "comparison")

    assert "30 fixed (30.0 %), 20 newly broken (20.0 %): chance alone may explain it" in pair
    assert pair.endswith("(exact McNemar test, p = 0.203).")


def test_the_best_model_is_tested_against_the_next_and_the_last(tmp_path: Path) -> None:
    run = finished(tmp_path, outcomes(a=range(60), b=range(12), c=range(10)), KINDS)

    _, following, last, count = told(run)[:4]

    assert following.startswith("From b to c, on 100 attempts scored for both models: 2 fixed")
    assert following.endswith(
        "0 newly broken (0.0 %): chance alone may explain it (exact McNemar test, p = 1.000)."
    )
    assert last.startswith("From a to c, on 100 attempts scored for both models: 50 fixed")
    assert "more than chance explains (exact McNemar test, p < 0.001)" in last
    assert count == (
        "These are 2 of the 3 possible comparisons of 3 models; "
        "each p-value is corrected for all 3 (Holm's method)."
    )


def test_a_difference_that_only_one_comparison_would_show_is_corrected_away(
    tmp_path: Path,
) -> None:
    """7 changes of 7: p = 0.016 alone, 0.094 as the best of six pairs."""
    failed = {"a": range(60), "b": range(60), "c": range(17), "d": range(10)}
    run = finished(tmp_path, outcomes(**failed), KINDS)

    following = next(one for one in told(run) if one.startswith("From c to d"))

    assert "7 fixed (7.0 %), 0 newly broken (0.0 %): chance alone may explain it" in following


def test_several_attempts_at_an_example_are_not_tested(tmp_path: Path) -> None:
    run = repeated(finished(tmp_path, outcomes(a=range(55), b=range(45), c=range(9)), KINDS))

    compared = [one for one in told(run) if one.startswith("From ")]

    assert len(compared) == 2
    assert all("not tested, as examples were attempted several times" in one for one in compared)
    assert not any("chance" in one or "p-value" in one for one in told(run))


def test_models_without_a_common_example_are_not_tested(tmp_path: Path) -> None:
    run = finished(tmp_path, outcomes(a=range(50), b=range(40), c=range(9)), KINDS)
    records = pl.read_parquet(run.folder.records)
    own = pl.concat_str("model", "example_id").alias("example_id")
    records.with_columns(own).write_parquet(run.folder.records)

    assert [one.partition(" ")[0] for one in told(run)] == ["a"]


# ---- a category in which one model stands out


def standing_out(ahead: int, behind: int) -> Mapping[str, Sequence[str]]:
    """Two models; the first fails so many of 100 examples in "Forms", the second so many others."""
    return {
        "a": ["c1"] * ahead + ["c0"] * 30 + ["passed"] * (70 - ahead),
        "b": ["passed"] * ahead
        + ["c1"] * behind
        + ["c0"] * 40
        + ["passed"] * (60 - ahead - behind),
    }


def test_a_model_that_fails_in_a_way_of_its_own_is_named_with_both_rates(tmp_path: Path) -> None:
    run = finished(tmp_path, standing_out(20, 2), KINDS)

    (apart,) = (one for one in told(run) if "more often than every other model" in one)

    assert apart == (
        "a fails with Forms more often than every other model: in 20.0 % [13.3, 28.9] of its "
        "attempts (20 of 100); next is b with 2.0 % [0.6, 7.0] (2 of 100): more than chance "
        "explains (exact McNemar test, p < 0.001 after Holm's correction for 2 comparisons)."
    )


def test_a_difference_within_a_category_that_may_be_chance_is_not_told(tmp_path: Path) -> None:
    run = finished(tmp_path, standing_out(6, 2), KINDS)

    assert not any("with Forms more often" in one for one in told(run))


def test_a_larger_share_of_fewer_failures_is_no_finding(tmp_path: Path) -> None:
    """The best model has the largest share of "Forms", and fails with it as often as the other."""
    run = finished(
        tmp_path,
        {
            "best": ["c1"] * 10 + ["passed"] * 90,
            "worst": ["c1"] * 10 + ["c0"] * 80 + ["passed"] * 10,
        },
        KINDS,
    )

    assert not any("with Forms more often" in one for one in told(run))


def test_where_failures_were_sampled_no_model_stands_out(tmp_path: Path) -> None:
    rows = standing_out(20, 2)
    run = finished(tmp_path, {**rows, "b": [*rows["b"], "not_sampled"]}, KINDS)

    assert not any("every other model" in one for one in told(run))


def test_what_is_known_of_a_mock_is_not_told(tmp_path: Path) -> None:
    run = finished(tmp_path, standing_out(20, 2), KINDS)
    overall = run.summary.overall
    assert overall
    mocked = replace(run.summary, overall=replace(overall, mock=True), mock=True)

    words = [str(one) for one in summary_in_words(replace(run, summary=mocked))]

    assert not any("Forms" in one or "cause is known" in one for one in words)
