"""Assignment: the final state of each studied failure, joined to its record by key."""

import polars as pl

from error_map.records import CategoryId
from error_map.stages.assignment import (
    join_placements,
    no_placements,
    placements,
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
