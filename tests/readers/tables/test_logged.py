"""Optional fields of a record that stand in a table under a usual name."""

import polars as pl
import pytest

from error_map.readers import ReadOptions, data_source
from error_map.readers.tables.memory import read_memory
from error_map.store.columns import LOG_SCHEMA, TURN_FIELDS
from tests.support import a_row

ROW = {
    "example_id": "a",
    "model": "m",
    "input_text": "How many?",
    "output_text": "Nine",
    "score": "0",
}


def read(**more: object) -> dict[str, object]:
    table = read_memory([{**ROW, **more}], ReadOptions())
    return table.frame.row(0, named=True)


@pytest.mark.parametrize("name", ["stop_reason", "finish_reason"])
def test_a_stop_reason_is_read_and_its_column_stays(name: str) -> None:
    row = read(**{name: "length"})

    assert row["log_stop_reason"] == "length"
    assert row[name] == "length"


@pytest.mark.parametrize("name", ["tokens_out", "output_tokens", "completion_tokens"])
def test_tokens_of_the_output_are_read(name: str) -> None:
    assert read(**{name: 512})["log_tokens_out"] == 512


def test_what_is_no_number_of_tokens_is_none() -> None:
    assert read(tokens_out="many")["log_tokens_out"] is None


def test_a_blank_stop_reason_is_none() -> None:
    assert read(stop_reason="")["log_stop_reason"] is None


def test_a_table_without_such_columns_has_no_such_fields() -> None:
    assert not [name for name in read(note="x") if name.startswith("log_")]


def test_columns_that_an_import_writes_keep_their_meaning() -> None:
    turn = dict.fromkeys(TURN_FIELDS, "x")
    frame = pl.DataFrame(
        [a_row() | {"log_turns": [turn], "log_composed": [[0, 1]], "log_latency_s": 0.5}],
        schema_overrides={name: LOG_SCHEMA[name] for name in ("log_turns", "log_composed")},
    )

    table = data_source(frame, ReadOptions()).read()

    assert table.logged == ("log_turns", "log_composed", "log_latency_s")
    assert table.extras == ()
    assert table.frame.row(0, named=True)["log_turns"] == [turn]


def test_columns_of_another_type_under_their_names_are_extra_columns() -> None:
    frame = pl.DataFrame([a_row() | {"log_turns": "many"}])

    assert data_source(frame, ReadOptions()).read().extras == ("log_turns_in_file",)


def test_rows_that_an_import_set_aside_keep_their_reason_and_place() -> None:
    rows = [
        a_row("e1", log_state="errored", log_fault="the tool failed", log_line=7, score=None),
        a_row("e2", log_state="invalid", log_fault="no model", log_file="a.csv", score=None),
        a_row("e3"),
    ]
    frame = pl.DataFrame(rows, infer_schema_length=None)

    table = data_source(frame, ReadOptions()).read()

    first, second = table.invalid
    assert (second.state, second.file, second.line) == ("errored", "data", 7)
    assert (first.state, first.file, first.reason) == ("invalid", "a.csv", "no model")
    assert table.frame["example_id"].to_list() == ["e3"]
    assert table.unscored["example_id"].to_list() == ["e1", "e2"]
