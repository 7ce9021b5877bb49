"""The data of a run: which rows are invalid, and what the user is informed of."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from error_map.config import RunConfig
from error_map.errors import InputError
from error_map.readers import InvalidRow
from error_map.stages.reading import invalid_rows, open_catalog, reading_notices
from tests.support import Row, a_row, write_csv


def config_of(**options: object) -> RunConfig:
    return RunConfig.load({"exp_id": "t", **options})


def read(rows: Sequence[Row], **options: object) -> tuple[list[InvalidRow], list[str]]:
    """The invalid rows and the notices once all datasets are read."""
    config = config_of(**options)
    catalog, _ = open_catalog(config, rows)
    for dataset in catalog.datasets:
        catalog.rows(dataset)
    invalid = invalid_rows(catalog, config)
    return invalid, list(reading_notices(catalog, invalid))


VALID = [a_row("e1", dataset="a"), a_row("e1", dataset="b")]
INVALID = [a_row("e2", dataset="a", score="x"), a_row("e3", dataset="b", score="y")]


def test_invalid_rows_are_counted_and_the_first_is_named() -> None:
    none, no_notices = read(VALID)
    [one], [notice] = read([*VALID, INVALID[0]])
    two, [notice_of_two] = read([*VALID, *INVALID])

    assert (none, no_notices, len(two)) == ([], [], 2)
    place = f"{one.file}:{one.line}: {one.reason}"
    assert notice == f"1 row is invalid and set aside; the first: {place}"
    assert notice_of_two == f"2 rows are invalid and set aside; the first: {place}"


def test_invalid_rows_of_datasets_that_were_not_requested_are_left_out() -> None:
    every, _ = read([*VALID, *INVALID])
    some, notices = read([*VALID, *INVALID], datasets=["b"])

    assert [row.dataset for row in every] == ["a", "b"]
    assert [row.dataset for row in some] == ["b"]
    assert notices == [f"1 row is invalid and set aside; the first: data:4: {some[0].reason}"]


def test_invalid_rows_of_an_unknown_dataset_are_always_listed(data: Path) -> None:
    path = data / "x.jsonl"
    lines = [json.dumps(row) for row in VALID]
    path.write_text("\n".join([*lines, "{"]), encoding="utf-8")
    config = config_of(data_path=data, datasets=["b"])
    catalog, _ = open_catalog(config, None)
    catalog.rows("b")

    [invalid] = invalid_rows(catalog, config)

    assert (invalid.dataset, invalid.line) == (None, 3)


def test_unknown_columns_and_datasets_are_refused_before_anything_is_read() -> None:
    rows = [a_row("e1", dataset="a", topic="sums")]

    for name in ("topic", "correct_answer"):
        open_catalog(config_of(cols_to_keep=[name]), rows)
    with pytest.raises(InputError, match="no column 'topics'") as column:
        open_catalog(config_of(cols_to_keep=["topics"]), rows)
    with pytest.raises(InputError, match="no dataset 'b'") as dataset:
        open_catalog(config_of(dataset_params={"b": {"success_threshold": 1}}), rows)

    assert (column.value.where, dataset.value.where) == ("cols_to_keep", "dataset_params")


def test_names_are_given_to_rows_without_their_own(data: Path) -> None:
    write_csv(data / "x.csv", [a_row("e1")])
    config = config_of(data_path=data, dataset_name="named", model_name="m-{file}")

    catalog, notices = open_catalog(config, None)

    assert (catalog.datasets, notices) == (("named",), ())
