"""Truncated texts of many failures, by their number."""

from pathlib import Path

import pytest

from error_map.cli import exit_code
from error_map.outputs.failure_texts import read_texts
from tests.support import a_row, analysed, write_csv

pytestmark = pytest.mark.slow


def test_texts_are_truncated_and_found_by_number(data: Path, output: Path) -> None:
    write_csv(data / "d.csv", [a_row(f"e{n}", output=f"{n} is the answer.") for n in range(3)])
    folder = analysed(data, output).folder

    texts = read_texts(folder, [2, 0], most=4)

    assert {number: one.output for number, one in texts.items()} == {0: "0 is", 2: "2 is"}


def test_columns_of_the_input_may_have_any_name(data: Path, output: Path) -> None:
    write_csv(data / "d.csv", [a_row(number="7", row="8")])
    folder = analysed(data, output).folder

    assert read_texts(folder, [0], most=4)[0].prompt == "What"
    assert exit_code(["report", "t", "--output-dir", str(output)]) == 0
