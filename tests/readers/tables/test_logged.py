"""Optional fields of a record that stand in a table under a usual name."""

import pytest

from error_map.readers import ReadOptions
from error_map.readers.tables.memory import read_memory

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
