"""Selection: repeats, thresholds, requested models, the sample."""

from collections.abc import Iterable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from error_map.config import RunConfig
from error_map.readers import Catalog, ReadOptions, data_source, file_source
from error_map.stages.compared import SELECTED
from error_map.stages.sampling import draw
from error_map.stages.selection import Selection, select
from error_map.stages.thresholds import is_failure
from error_map.store import KEY
from tests.support import Row, a_row, write_csv

pytestmark = pytest.mark.slow

SCORES = st.sampled_from([0, 1, 0.5])
OUTPUTS = st.sampled_from(["", "4", "5", "The answer is 4.", "nan"])
ROWS = st.builds(
    a_row,
    st.sampled_from(["e1", "e2", "e3"]),
    st.sampled_from(["a", "b", "c"]),
    score=SCORES,
    output=OUTPUTS,
    repeat=st.sampled_from(["", "", "0", "1", "x"]),
    subject=st.sampled_from(["art", "law", ""]),
)
FEW = settings(max_examples=40, deadline=None)
TABLES = st.lists(ROWS, min_size=1, max_size=12)
OPTIONS = st.fixed_dictionaries(
    {
        "ratio": st.sampled_from([0.1, 0.5, 1.0]),
        "models": st.sampled_from([None, ["a"], ["a", "b"]]),
        "seed": st.integers(0, 3),
    }
)


def rows_of(rows: Iterable[Row]) -> pl.DataFrame:
    return Catalog([data_source(list(rows), ReadOptions())]).rows("data")


def selected(rows: Iterable[Row], **options: object) -> Selection:
    config = RunConfig.load({"exp_id": "t", "ratio": 1.0, **options})
    return select(rows_of(rows), config)


def states(selection: Selection) -> dict[tuple[str, str], str]:
    found = selection.records.select("example_id", "model", "state").rows()
    return {(example, model): state for example, model, state in found}


def attempts(rows: Iterable[Row]) -> list[tuple[str, int, str]]:
    records = selected(rows).records
    return records.select("example_id", "repeat", "output_text").rows()


@FEW
@given(rows=TABLES, options=OPTIONS, data=st.data())
def test_the_order_of_rows_changes_nothing(
    rows: list[Row], options: dict[str, object], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(rows))

    one, other = selected(rows, **options), selected(shuffled, **options)

    assert one.records.equals(other.records)
    assert one.failures.equals(other.failures)
    assert (one.thresholds, one.notices) == (other.thresholds, other.notices)


@FEW
@given(tables=st.lists(TABLES, min_size=2, max_size=4), options=OPTIONS, data=st.data())
def test_datasets_selected_together_end_as_each_does_alone(
    tables: list[list[Row]], options: dict[str, object], data: st.DataObject
) -> None:
    named = [[{**row, "dataset": f"d{n}"} for row in rows] for n, rows in enumerate(tables)]
    shuffled = data.draw(st.permutations([row for rows in named for row in rows]))
    catalog = Catalog([data_source(shuffled, ReadOptions())])
    config = RunConfig.load({"exp_id": "t", **options})
    apart = [catalog.rows(name) for name in catalog.datasets]

    alone = [select(rows, config) for rows in apart]
    together = select(pl.concat(apart[::-1]), config)

    assert together.records.equals(pl.concat(one.records for one in alone))
    assert together.failures.equals(pl.concat(one.failures for one in alone))
    assert together.notices == tuple(notice for one in alone for notice in one.notices)
    assert together.repeats == any(one.repeats for one in alone)


@settings(FEW, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROWS, min_size=2, max_size=10, unique_by=lambda row: (row["example_id"],)))
def test_rows_split_over_files_give_what_one_file_gives(tmp_path: Path, rows: list[Row]) -> None:
    named = [{**row, "dataset": "data"} for row in rows]
    whole = write_csv(tmp_path / "whole.csv", named)
    halves = [
        write_csv(tmp_path / "z.csv", named[:1]),
        write_csv(tmp_path / "a.csv", named[1:]),
    ]

    one, other = (
        select(
            Catalog([file_source(path, ReadOptions()) for path in paths]).rows("data"),
            RunConfig(exp_id="t", ratio=0.5),
        )
        for paths in ([whole], halves)
    )

    assert one.records.equals(other.records)
    assert one.failures.equals(other.failures)


@FEW
@given(rows=TABLES, options=OPTIONS)
def test_every_row_has_one_state_and_one_key(rows: list[Row], options: dict[str, object]) -> None:
    records = selected(rows, **options).records

    assert records.height == len(rows)
    assert set(records["state"]) <= {"passed", "not_selected", "not_sampled", SELECTED}
    assert not records.select(KEY).is_duplicated().any()
    outputs = sorted(str(row["output_text"]) for row in rows)
    assert sorted(records["output_text"]) == outputs


@FEW
@given(rows=TABLES, options=OPTIONS)
def test_weights_add_up_to_the_failures_that_they_are_for(
    rows: list[Row], options: dict[str, object]
) -> None:
    records = selected(rows, **options).records

    by_model = records.group_by("model").agg(
        pl.col("weight").sum(), pl.col("state").is_in([SELECTED, "not_sampled"]).sum()
    )
    for _, weight, failures in by_model.iter_rows():
        assert weight == pytest.approx(failures)
    assert records.filter(pl.col("state") != SELECTED)["weight"].null_count() == (
        records.height - records.filter(pl.col("state") == SELECTED).height
    )


@FEW
@given(rows=TABLES, options=OPTIONS)
def test_every_model_that_failed_and_was_requested_is_studied(
    rows: list[Row], options: dict[str, object]
) -> None:
    selection = selected(rows, **options)

    models = RunConfig.load({"exp_id": "t", **options}).models or ("a", "b", "c")
    failed = selection.records.filter(is_failure(selection.thresholds))
    expected = failed.filter(pl.col("model").is_in(models))["model"]
    assert set(selection.failures["model"]) == set(expected)


def test_more_rows_of_other_examples_never_unsample_a_failure() -> None:
    few = [a_row(f"e{number}") for number in range(200)]
    twice = [a_row("new", output=text) for text in ("one", "two")]

    before, after = selected(few, ratio=0.3), selected([*few, *twice], ratio=0.3)

    assert set(before.failures.select(KEY).rows()) <= set(after.failures.select(KEY).rows())


def test_a_row_passes_at_the_threshold_and_fails_below() -> None:
    rows = [a_row(f"e{score}", score=score) for score in (0, 59, 60, 100)]

    selection = selected(rows, dataset_params={"data": {"success_threshold": 60}})

    assert [state for _, state in sorted(states(selection).items())] == [
        SELECTED,
        "passed",
        SELECTED,
        "passed",
    ]
    assert set(selection.records["threshold"]) == {60.0}


def test_the_threshold_is_drawn_from_all_rows_before_any_filter() -> None:
    rows = [a_row("e1", "a", score=0.4), a_row("e1", "b", score=1.0)]

    alone = selected(rows, models=["a"])

    assert alone.thresholds["data"].value == 0.49
    assert states(alone) == {("e1", "a"): SELECTED, ("e1", "b"): "passed"}


def test_models_that_were_not_requested_serve_as_correct_answers_only() -> None:
    rows = [a_row("e1", "a"), a_row("e1", "b"), a_row("e1", "c", score=1, output="It is 4.")]

    selection = selected(rows, models=["a"])

    assert states(selection) == {
        ("e1", "a"): SELECTED,
        ("e1", "b"): "not_selected",
        ("e1", "c"): "passed",
    }
    [peers] = selection.failures["correct_outputs"].to_list()
    assert peers == [{"model": "c", "output": "It is 4."}]


def test_no_correct_answers_are_shown_where_they_are_not_requested() -> None:
    rows = [a_row("e1", "a"), a_row("e1", "c", score=1)]

    selection = selected(rows, use_correct_predictions=False)

    assert selection.failures["correct_outputs"].to_list() == [[]]


def test_an_empty_output_is_a_failure_like_any_other() -> None:
    rows = [a_row("e1", output=""), a_row("e2", output=" \n"), a_row("e3", score=1)]

    selection = selected(rows)

    assert selection.failures["output_text"].to_list() == ["", " \n"]


def test_where_all_pass_there_is_nothing_to_study() -> None:
    selection = selected([a_row("e1", score=1), a_row("e2", score=1)], ratio=0.1)

    assert selection.failures.height == 0
    assert set(states(selection).values()) == {"passed"}


def test_where_all_fail_a_ratio_of_them_is_studied() -> None:
    rows = [a_row(f"e{number}") for number in range(50)]

    selection = selected(rows, ratio=0.2, seed=5)

    expected = {f"e{n}" for n in range(50) if draw(("data", f"e{n}", "m", 0), 5) < 0.2}
    assert set(selection.failures["example_id"]) == expected
    assert set(selection.failures["weight"]) == {50 / len(expected)}


def test_repeated_keys_are_numbered_by_score_and_output_with_a_notice() -> None:
    texts = [(1, "b"), (0, "z"), (1, "a"), (0, "y")]
    rows = [a_row("e1", score=score, output=text) for score, text in texts]

    selection = selected([*rows, a_row("e2")])

    assert attempts([*rows, a_row("e2")])[:4] == [
        ("e1", 0, "y"),
        ("e1", 1, "z"),
        ("e1", 2, "a"),
        ("e1", 3, "b"),
    ]
    [notice] = selection.notices
    assert notice.startswith("data: 4 rows share their example and model with another")


@pytest.mark.parametrize("column", ["repeat", "epoch", "trial"])
def test_a_column_that_numbers_the_attempts_is_taken_at_its_word(column: str) -> None:
    numbered = [("9", "a"), ("10", "b"), ("2.0", "c")]
    rows = [a_row("e1", output=text, **{column: number}) for number, text in numbered]

    selection = selected(rows)

    assert attempts(rows) == [("e1", 2, "c"), ("e1", 9, "a"), ("e1", 10, "b")]
    assert selection.notices == ()


def test_attempts_that_are_words_are_numbered_in_their_order() -> None:
    rows = [a_row("e1", output=word, trial=word) for word in ("second", "first")]

    assert attempts(rows) == [("e1", 0, "first"), ("e1", 1, "second")]


def test_a_repeat_column_goes_before_an_epoch_and_that_before_a_trial() -> None:
    row = a_row("e1", trial=3, epoch=2)

    assert attempts([row])[0][1] == 2
    assert attempts([{**row, "repeat": 1}])[0][1] == 1


def test_a_key_that_repeats_leaves_the_numbers_of_others_alone() -> None:
    rows = [
        a_row("e1", output="x", repeat=4),
        a_row("e1", output="y", repeat=4),
        a_row("e2", output="z", repeat=7),
    ]

    assert attempts(rows) == [("e1", 0, "x"), ("e1", 1, "y"), ("e2", 7, "z")]


def test_records_are_in_key_order_with_their_kept_columns() -> None:
    rows = [a_row("e2", "b", subject="art"), a_row("e2", "a"), a_row("e1", "b")]

    records = selected(rows).records

    keys = records.select("example_id", "model").rows()
    assert keys == [("e1", "b"), ("e2", "a"), ("e2", "b")]
    assert records["subject"].to_list() == [None, None, "art"]
