"""Transitions between two models on the same examples."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from error_map.analysis import (
    Flow,
    Stream,
    Transitions,
    flow_examples,
    folding,
    tallies,
    transitions,
)
from error_map.records import CategoryId
from error_map.taxonomy import Category, Taxonomy, reserved

SLIP = Category(CategoryId("sum.slip"), "Slip", "A slip.")
SIGN = Category(CategoryId("sum.sign"), "Sign", "A sign.")
TREE = Taxonomy(
    (
        Category(CategoryId("sum"), "Sum", "Sums.", (SLIP, SIGN)),
        Category(CategoryId("form"), "Form", "Forms."),
        *reserved(),
    )
)
STANDINGS = ("passed", "not_sampled", "sum.slip", "sum.sign", "form")
Rows = list[tuple[str, str, str]]


def records(rows: Rows) -> pl.LazyFrame:
    """A records table; a row is example, model, and state or category."""
    table = [
        {
            "dataset": "d",
            "example_id": example,
            "model": model,
            "repeat": 0,
            "state": result if result in {"passed", "not_sampled", "errored"} else "assigned",
            "category_id": result if result in TREE else None,
        }
        for example, model, result in rows
    ]
    schema = {"repeat": pl.Int32, "category_id": pl.String}
    return pl.DataFrame(table, schema_overrides=schema).lazy()


def moved(rows: Rows, depth: int = 1) -> Transitions:
    frame = records(rows)
    display_path = folding(tallies(frame), TREE, rare_below=0.0)
    return transitions(frame, TREE, before="a", after="b", display_path=display_path, depth=depth)


def test_each_example_is_fixed_broken_or_stays() -> None:
    found = moved(
        [
            *(("1", "a", "form"), ("1", "b", "passed")),
            *(("2", "a", "passed"), ("2", "b", "form")),
            *(("3", "a", "form"), ("3", "b", "form")),
            *(("4", "a", "form"), ("4", "b", "sum.slip")),
            *(("5", "a", "form"), ("5", "b", "not_sampled")),
            *(("6", "a", "passed"), ("6", "b", "passed")),
        ]
    )

    assert set(found.counts.values()) == {1}
    assert found.examples == 6
    assert {(flow.before, flow.after): found.transition(flow) for flow in found.flows} == {
        ("form", "passed"): "fixed",
        ("passed", "form"): "broken",
        ("form", "form"): "same",
        ("form", "sum"): "other",
        ("form", "not studied"): "unknown",
        ("passed", "passed"): "passed",
    }


@pytest.mark.parametrize("after", ["hard_to_analyze", "other", "no_error_found", "form"])
def test_two_failures_have_the_same_reason_only_where_both_have_one(after: str) -> None:
    rows = [("1", "a", "hard_to_analyze"), ("1", "b", after)]

    assert moved(rows).counts["unknown"] == 1


def test_fixed_and_newly_broken_are_tested_against_each_other() -> None:
    rows = [(str(n), "a", "form") for n in range(6)] + [(str(n), "b", "passed") for n in range(6)]

    assert moved(rows).p_value == 2 / 64
    assert moved([("1", "a", "form"), ("2", "b", "form")]).p_value is None


def test_several_attempts_at_one_example_are_not_independent() -> None:
    once = records([("1", "a", "form"), ("1", "b", "passed")])
    again = once.with_columns(pl.lit(1, pl.Int32).alias("repeat"))
    frame = pl.concat([once, again])
    display_path = folding(tallies(frame), TREE, rare_below=0.0)

    found = transitions(frame, TREE, before="a", after="b", display_path=display_path)

    assert (found.examples, found.repeated, found.p_value) == (2, True, None)


def test_depth_determines_which_categories_are_distinguished() -> None:
    rows = [("1", "a", "sum.slip"), ("1", "b", "sum.sign")]

    assert moved(rows).flows == moved(rows, 1).flows == (Flow("sum", "sum", 1),)
    assert moved(rows, 2).flows == (Flow("sum.slip", "sum.sign", 1),)


def test_what_only_one_model_was_scored_on_is_counted_apart() -> None:
    found = moved(
        [
            *(("1", "a", "form"), ("1", "b", "passed")),
            *(("2", "a", "form"), ("3", "b", "passed"), ("3", "c", "form")),
            *(("4", "a", "errored"), ("4", "b", "passed")),
        ]
    )

    assert (found.examples, found.unpaired) == (1, 3)


@given(st.lists(st.tuples(st.sampled_from(STANDINGS), st.sampled_from(STANDINGS)), min_size=1))
def test_all_pairs_are_somewhere(pairs: list[tuple[str, str]]) -> None:
    rows = [
        (str(n), m, one) for n, pair in enumerate(pairs) for m, one in zip("ab", pair, strict=True)
    ]
    found = moved(rows)

    assert sum(found.counts.values()) == found.examples == len(pairs)
    assert found.unpaired == 0


def test_the_examples_behind_every_flow_are_as_many_as_it_says() -> None:
    rows: Rows = [
        *(("1", "a", "form"), ("1", "b", "passed")),
        *(("2", "a", "form"), ("2", "b", "passed")),
        *(("3", "a", "sum.slip"), ("3", "b", "sum.sign")),
        *(("4", "a", "form"), ("5", "b", "passed")),
    ]
    frame = records(rows)
    display_path = folding(tallies(frame), TREE, rare_below=0.0)
    found = moved(rows)

    listed = {
        (flow.before, flow.after): flow_examples(
            frame, TREE, compared=found, flow=flow, display_path=display_path
        )["example_id"].to_list()
        for flow in found.flows
    }

    assert listed == {("form", "passed"): ["1", "2"], ("sum", "sum"): ["3"]}


def test_the_examples_of_a_flow_are_those_of_the_requested_depth() -> None:
    rows: Rows = [
        *(("1", "a", "sum.slip"), ("1", "b", "sum.sign")),
        *(("2", "a", "sum.slip"), ("2", "b", "sum.slip")),
    ]
    frame = records(rows)
    display_path = folding(tallies(frame), TREE, rare_below=0.0)

    examples = flow_examples(
        frame,
        TREE,
        compared=moved(rows, 2),
        flow=Flow("sum.slip", "sum.sign", 1),
        display_path=display_path,
        depth=2,
    )

    assert examples.columns == ["dataset", "example_id", "repeat"]
    assert examples.rows() == [("d", "1", 0)]


def test_the_largest_flow_comes_first_and_ties_are_in_order_of_their_names() -> None:
    rows: Rows = [
        *(("1", "a", "sum"), ("1", "b", "passed")),
        *(("2", "a", "form"), ("2", "b", "sum")),
        *(("3", "a", "form"), ("3", "b", "passed")),
        *(("4", "a", "passed"), ("4", "b", "form")),
        *(("5", "a", "passed"), ("5", "b", "form")),
    ]

    assert moved(rows).flows == (
        Flow("passed", "form", 2),
        Flow("form", "passed", 1),
        Flow("form", "sum", 1),
        Flow("sum", "passed", 1),
    )


def test_merging_adds_up_flows_of_one_transition_and_keeps_transitions_apart() -> None:
    compared = Transitions(
        before="a",
        after="b",
        flows=(
            Flow("form", "form", 4),
            Flow("form", "sum", 3),
            Flow("sum", "form", 2),
            Flow("form", "passed", 1),
        ),
        unpaired=0,
    )

    assert compared.merged({"passed"}, rest="failed") == (
        Stream(before="failed", after="failed", transition="same", examples=4),
        Stream(before="failed", after="failed", transition="other", examples=5),
        Stream(before="failed", after="passed", transition="fixed", examples=1),
    )
