"""Excel files: cells as text, the sheet that is read, and files that are something else."""

import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest

from error_map.errors import EmptyInput, InputError
from error_map.readers import Catalog, ReadOptions, ScoreFormat, Table, file_source
from error_map.readers.tables import excel
from tests.xlsx import Cell, write_xlsx

pytest.importorskip("fastexcel")

HEADER: Final = ("example_id", "model", "input_text", "output_text", "score")


def read(path: Path, options: ReadOptions | None = None) -> Table:
    return file_source(path, options or ReadOptions()).read()


def test_cells_are_texts_and_blank_rows_are_left_out(tmp_path: Path) -> None:
    rows: list[Sequence[Cell]] = [
        HEADER,
        ("007", "m", "two\nlines", "=1+1", 0.5),
        (None, None, None, None, None),
        (8, "m", "q", "1.0", True),
    ]

    table = read(write_xlsx(tmp_path / "d.xlsx", {"answers": rows}))

    assert table.frame["example_id"].to_list() == ["007", "8"]
    assert table.frame["input_text"].to_list() == ["two\nlines", "q"]
    assert table.frame["output_text"].to_list() == ["=1+1", "1.0"]
    assert table.frame["score"].to_list() == [0.5, 1]
    assert (table.invalid, table.notices) == ((), ())


def test_an_invalid_row_has_the_number_of_its_row(tmp_path: Path) -> None:
    good: Sequence[Cell] = ("e", "m", "q", "o", 1)
    rows: list[Sequence[Cell]] = [
        HEADER,
        good,
        (None,) * 5,
        ("e2", "m", "q", "o", "maybe"),
        ("e3", "m", "q", "o", 0),
    ]

    table = read(write_xlsx(tmp_path / "d.xlsx", {"answers": rows}))

    assert [(row.line, row.reason) for row in table.invalid] == [
        (4, "score 'maybe' is not a number")
    ]


def test_the_first_sheet_is_read_and_the_others_are_named(tmp_path: Path) -> None:
    sheets: dict[str, list[Sequence[Cell]]] = {
        "graded": [HEADER, ("e", "m", "q", "first", 1)],
        "more": [HEADER, ("e", "m", "q", "second", 0)],
    }
    path = write_xlsx(tmp_path / "d.xlsx", sheets)

    first, second = read(path), read(path, ReadOptions(sheet="more"))

    assert first.frame["output_text"].to_list() == ["first"]
    assert first.notices == (f"{path}: the sheet 'graded' is read; there are also 'more'",)
    assert second.frame["output_text"].to_list() == ["second"]
    assert second.notices == ()
    with pytest.raises(InputError, match=r"no sheet 'mores'.*did you mean 'more'"):
        read(path, ReadOptions(sheet="mores"))


def test_columns_and_scores_are_mapped_as_in_any_table(tmp_path: Path) -> None:
    rows = [("Example ID", "Model", "question", "answer", "grade"), ("e", "m", "q", "o", "pass")]
    path = write_xlsx(tmp_path / "d.xlsx", {"answers": rows})
    columns = {"input_text": "question", "output_text": "answer", "score": "grade"}
    options = ReadOptions(columns=columns, scores=ScoreFormat(words={"pass": 1, "fail": 0}))

    assert read(path, options).frame["score"].to_list() == [1]
    assert Catalog([file_source(path, options)]).datasets == ("d",)


def test_an_empty_sheet_has_no_rows(tmp_path: Path) -> None:
    with pytest.raises(EmptyInput):
        read(write_xlsx(tmp_path / "d.xlsx", {"answers": [HEADER]}))
    with pytest.raises(EmptyInput):
        read(write_xlsx(tmp_path / "e.xlsx", {"answers": []}))


def test_files_of_another_kind_are_refused(tmp_path: Path) -> None:
    (tmp_path / "text.xlsx").write_text("a,b\n", encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "zip.xlsx", "w") as archive:
        archive.writestr("a.txt", "text")

    for name in ("text.xlsx", "zip.xlsx"):
        with pytest.raises(InputError, match="not an Excel file"):
            read(tmp_path / name)


def test_a_file_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(excel, "MAX_BYTES", 1_000)

    with pytest.raises(InputError, match="unpacks to"):
        read(write_xlsx(tmp_path / "d.xlsx", {"answers": [HEADER] * 100}))


def test_without_the_package_the_message_names_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "fastexcel", None)

    with pytest.raises(InputError, match=r"error-map\[excel\]"):
        read(write_xlsx(tmp_path / "d.xlsx", {"answers": [HEADER]}))
