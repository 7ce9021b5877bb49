"""Shared phrases: each says no more than the numbers that it is given."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from error_map.analysis import TIERS, Accounting, Rate
from error_map.presentation.wording import (
    accounting_line,
    chance,
    kinds_mentioned,
    known_clause,
    marked,
    outputs_of,
    threshold_origin,
    tier_lines,
    values_not_compared,
)
from error_map.records import STATES
from tests.pictured import category, finished

KINDS = [category("Sums", 0)]


@given(st.floats(1e-300, 1))
def test_a_verdict_says_no_more_than_its_p_value(p: float) -> None:
    assert chance(p).startswith("more than chance explains (") == (p < 0.05)
    assert chance(p).startswith("chance alone may explain it (") == (p >= 0.05)


@pytest.mark.parametrize(("p", "shown"), [(0.04999, "p = 0.0499"), (0.05, "p = 0.050")])
def test_a_p_value_near_the_level_is_on_the_side_of_its_verdict(p: float, shown: str) -> None:
    assert shown in chance(p)


def test_without_a_test_there_is_no_verdict() -> None:
    assert chance(None) == "not tested, as examples were attempted several times"


def test_a_clause_has_the_share_of_the_count_that_it_names() -> None:
    """Where failures were sampled, the weighted share is another one, and is not printed there."""
    weighted = Rate(value=0.9, low=0.8, high=0.95, hits=1, trials=4, of=400)

    assert known_clause("cause", weighted) == "for 1 (25.0 %) the cause is known"


def test_the_tiers_of_a_signature_add_up(tmp_path: Path) -> None:
    hard = ["hard_to_analyze", "hard_to_analyze", "passed"]
    overall = finished(tmp_path, {"a": ["c0", *hard]}, KINDS).summary.overall
    assert overall

    lines = dict(tier_lines(overall))

    assert [rate.hits for rate in lines.values()] == [1, 0, 2]
    assert sum(rate.hits for rate in lines.values()) == overall.failure_rate.hits
    assert sum(rate.value for rate in overall.tiers.values()) == pytest.approx(1)
    assert tuple(overall.tiers) == TIERS


def test_a_failure_without_an_error_is_in_no_tier(tmp_path: Path) -> None:
    overall = finished(tmp_path, {"a": ["no_error_found", "c0"]}, KINDS).summary.overall
    assert overall

    assert [rate.hits for rate in overall.tiers.values()] == [1, 0, 0]
    assert overall.tiers["cause"].trials == 2


def test_a_place_is_not_explained_where_there_is_none(tmp_path: Path) -> None:
    overall = finished(tmp_path, {"a": ["c0"]}, KINDS).summary.overall

    assert kinds_mentioned(overall) == ("cause",)
    assert kinds_mentioned(None) == ()


def test_lost_rows_are_named_and_others_are_not() -> None:
    counts = {**dict.fromkeys(STATES, 0), "passed": 2, "invalid": 1, "undiagnosed": 3}

    assert accounting_line(Accounting(counts)) == "6 rows: 1 invalid, 3 undiagnosed"
    assert accounting_line(Accounting({**counts, "invalid": 0, "undiagnosed": 0})) == (
        "2 rows, all accounted for"
    )


def test_a_threshold_from_the_mean_names_its_direction() -> None:
    assert threshold_origin("mean", "score < 0.4") == "0.7 x mean score"
    assert threshold_origin("mean", "score > 0.4") == "mean score / 0.7"
    assert threshold_origin("binary", "score < 1") == "all scores are 0 or 1"


def test_a_reason_for_distrust_ends_in_what_follows_from_it() -> None:
    assert values_not_compared("no route") == "no route: detectors that compare values are off"


def test_a_part_with_many_models_names_some_and_counts_the_others() -> None:
    assert outputs_of(list("abc")) == "a, b, c"
    assert outputs_of(list("abcde")) == "a, b and 3 more models"


def test_marked_failures_are_counted_in_examples_too() -> None:
    assert marked(203, 14) == "14 examples (203 failures)"


def test_where_examples_were_not_counted_only_failures_are() -> None:
    assert marked(203, 0) == "203 failures"
