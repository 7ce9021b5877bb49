"""Stage 4: assigns each diagnosis to a category or says why none fits, and joins it to records."""

from dataclasses import dataclass
from typing import Final, assert_never

import polars as pl

from ..analysts.base import TitleGroup
from ..records import Assigned, CategoryId, Placement, State, Unassigned, Verdict
from ..store import KEY, STATE_COLUMNS
from ..taxonomy import HARD_TO_ANALYZE, NO_ERROR_FOUND, NOT_DIAGNOSED, OTHER
from .induction import Induced

OUTCOME_COLUMNS: Final = ("verdict", "error_title", "detector", "reason")
"""What it needs of each outcome."""


@dataclass(frozen=True, slots=True)
class FinalState:
    """State and category of a studied failure."""

    state: State
    category: CategoryId
    reason: str = ""
    """Why no category fits; empty if one does."""


def final_state(verdict: Verdict | None, group: TitleGroup, induced: Induced) -> FinalState:
    """State and category of failures with a verdict and a title.

    Args:
        verdict: None if the failure was not diagnosed.
        group: Title and detector; counts and summaries are ignored.
        induced: The taxonomy and the places of its groups.
    """
    match verdict:
        case None:
            return FinalState("undiagnosed", NOT_DIAGNOSED)
        case "no error found":
            return FinalState("no_error_found", NO_ERROR_FOUND)
        case "whole solution incorrect":
            return FinalState("assigned", HARD_TO_ANALYZE)
        case "error" | "located" | "unexplained":
            return _of(assign(group, induced))
        case _:
            assert_never(verdict)


def final_states(outcomes: pl.DataFrame, induced: Induced) -> pl.DataFrame:
    """State and category of each outcome.

    Args:
        outcomes: Frame with `OUTCOME_COLUMNS`.
        induced: The taxonomy and the places of its groups.

    Returns:
        Columns `state, category_id, reason`, in the order of the outcomes.
    """
    kinds = ["verdict", "error_title", "detector"]
    unique = outcomes.select(kinds).unique().sort(kinds)
    states = [
        final_state(verdict, TitleGroup(title, detector), induced)
        for verdict, title, detector in unique.iter_rows()
    ]
    known = unique.with_columns(
        pl.Series("state", [one.state for one in states], pl.String),
        pl.Series("category_id", [one.category for one in states], pl.String),
        pl.Series("no_place", [one.reason for one in states], pl.String),
    )
    joined = outcomes.join(known, on=kinds, how="left", nulls_equal=True, maintain_order="left")
    reason = pl.when(pl.col("reason") == "").then("no_place").otherwise("reason")
    return joined.select("state", "category_id", reason.alias("reason"))


def placements(keys: pl.DataFrame, outcomes: pl.DataFrame, induced: Induced) -> pl.DataFrame:
    """State, reason and category of each studied failure, by record key.

    Args:
        keys: Key columns, one row per studied failure.
        outcomes: `OUTCOME_COLUMNS` of the same failures, in the same order.
        induced: The taxonomy and the places of its groups.

    Returns:
        The key columns and `STATE_COLUMNS`, in the order of `keys`.
    """
    return keys.select(KEY).hstack(final_states(outcomes, induced).select(STATE_COLUMNS))


def no_placements() -> pl.DataFrame:
    """The `placements` of no failures."""
    texts = dict.fromkeys((*KEY, *STATE_COLUMNS), pl.String)
    return pl.DataFrame(schema={**texts, "repeat": pl.Int32})


def join_placements(records: pl.DataFrame, placed: pl.DataFrame) -> pl.DataFrame:
    """The records with the state, reason and category of those that were studied.

    Args:
        records: With key columns and `state`, as selection left them.
        placed: As `placements` returns them.

    Returns:
        The records in their order; records that were not studied keep their state.
    """
    own = placed.select(*KEY, *STATE_COLUMNS)
    matches = records.select(KEY).join(own, on=KEY, how="left", maintain_order="left")
    state = matches["state"].fill_null(records["state"])
    return records.with_columns(state, matches["reason"], matches["category_id"])


def title_groups(outcomes: pl.LazyFrame) -> list[TitleGroup]:
    """The diagnoses that need a category, grouped by title, with counts and example summaries."""
    kinds = ["error_title", "detector"]
    to_place = pl.col("verdict").is_in(["error", "located", "unexplained"])
    grouped = (
        outcomes.filter(to_place)
        .group_by(kinds)
        .agg(pl.len(), pl.col("error_summary").unique(maintain_order=True).head(2))
        .sort(kinds)
        .collect()
    )
    return [
        TitleGroup(title, detector, count, tuple(summaries))
        for title, detector, count, summaries in grouped.iter_rows()
    ]


def assign(group: TitleGroup, induced: Induced) -> Placement:
    """The category of a group, or the reason why it has none."""
    category = induced.places.get((group.title, group.detector))
    return Unassigned(induced.missing) if category is None else Assigned(category)


def _of(placement: Placement) -> FinalState:
    match placement:
        case Assigned(category=category):
            return FinalState("assigned", category)
        case Unassigned(reason=reason):
            return FinalState("unassigned", OTHER, reason)
        case _:
            assert_never(placement)
