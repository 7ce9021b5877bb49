"""Assignment: the final state of each studied failure, joined to its record by key."""

import polars as pl
import pytest

from error_map.analysts.base import TitleGroup
from error_map.records import Assigned, CategoryId, Unassigned, Verdict
from error_map.stages.assignment import (
    assign,
    final_state,
    join_placements,
    no_placements,
    placements,
    title_groups,
)
from error_map.stages.induction import Induced
from error_map.store import KEY, STATE_COLUMNS
from error_map.taxonomy import Taxonomy, reserved

INDUCED = Induced(Taxonomy(reserved()), {("Sums", "calculator"): CategoryId("sums")}, "none fits")


def keys(*examples: str) -> pl.DataFrame:
    rows = [{"dataset": "d", "example_id": one, "model": "a", "repeat": 0} for one in examples]
    return pl.DataFrame(rows, schema_overrides={"repeat": pl.Int32})


def outcomes() -> pl.DataFrame:
    columns = ("verdict", "error_title", "detector", "reason")
    rows = [
        ("error", "Sums", "calculator", ""),
        ("error", "Dates", "calculator", ""),
        (None, "", "", "timeout"),
        ("no error found", "", "", ""),
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")


def test_each_outcome_ends_in_a_state_with_a_category_and_a_reason() -> None:
    placed = placements(keys("e1", "e2", "e3", "e4"), outcomes(), INDUCED)

    assert placed.columns == [*KEY, *STATE_COLUMNS]
    assert placed.select(STATE_COLUMNS).rows() == [
        ("assigned", "", "sums"),
        ("unassigned", "none fits", "other"),
        ("undiagnosed", "timeout", "not_diagnosed"),
        ("no_error_found", "", "no_error_found"),
    ]


@pytest.mark.parametrize(
    ("verdict", "state", "category"),
    [
        (None, "undiagnosed", "not_diagnosed"),
        ("no error found", "no_error_found", "no_error_found"),
        ("whole solution incorrect", "assigned", "hard_to_analyze"),
        ("error", "assigned", "sums"),
        ("located", "assigned", "sums"),
        ("unexplained", "assigned", "sums"),
    ],
)
def test_a_verdict_determines_the_state(verdict: Verdict | None, state: str, category: str) -> None:
    final = final_state(verdict, TitleGroup("Sums", "calculator"), INDUCED)

    assert (final.state, final.category, final.reason) == (state, category, "")


def test_a_title_of_another_detector_has_no_category() -> None:
    assert assign(TitleGroup("Sums", "calculator"), INDUCED) == Assigned(CategoryId("sums"))
    assert assign(TitleGroup("Sums", "other"), INDUCED) == Unassigned("none fits")


def test_diagnoses_are_grouped_by_title_with_two_summaries() -> None:
    columns = ("verdict", "error_title", "detector", "error_summary")
    rows = [
        ("error", "Sums", "", "first"),
        ("located", "Sums", "", "first"),
        ("unexplained", "Sums", "", "second"),
        ("error", "Sums", "", "third"),
        ("error", "Sums", "calculator", "fourth"),
        ("error", "Dates", "", "fifth"),
        ("no error found", "Sums", "", "sixth"),
        ("whole solution incorrect", "Sums", "", "seventh"),
        (None, "Sums", "", "eighth"),
    ]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")

    assert title_groups(frame.lazy()) == [
        TitleGroup("Dates", "", 1, ("fifth",)),
        TitleGroup("Sums", "", 4, ("first", "second")),
        TitleGroup("Sums", "calculator", 1, ("fourth",)),
    ]


def test_records_that_were_not_studied_keep_their_state_and_order() -> None:
    records = keys("e0", "e1", "e2").with_columns(
        pl.Series("state", ["passed", "selected", "not_sampled"])
    )
    placed = placements(keys("e1"), outcomes().head(1), INDUCED)

    joined = join_placements(records, placed)

    assert joined["example_id"].to_list() == ["e0", "e1", "e2"]
    assert joined["state"].to_list() == ["passed", "assigned", "not_sampled"]
    assert joined["category_id"].to_list() == [None, "sums", None]


def test_without_failures_every_record_keeps_its_state() -> None:
    records = keys("e0").with_columns(pl.Series("state", ["passed"]))

    assert join_placements(records, no_placements())["state"].to_list() == ["passed"]
