"""Names of columns: mapped ones, properties of JSON cells, and names that are nearly right."""

import json
from pathlib import Path

import pytest

from error_map.errors import InputError
from error_map.readers import ReadOptions, Table, data_source, file_source
from error_map.readers.tables.header import canonical_names
from tests.support import a_row, write_csv


def read(path: Path, **columns: str) -> Table:
    return file_source(path, ReadOptions(columns=columns)).read()


def test_a_score_is_read_out_of_a_json_cell(tmp_path: Path) -> None:
    rows = [
        {**a_row(f"e{em}"), "score": "0.7", "metrics": json.dumps({"em": em, "f": {"one": 0.5}})}
        for em in (0, 1)
    ]
    path = write_csv(tmp_path / "d.csv", rows)

    assert read(path, score="metrics.em").frame["score"].to_list() == [0, 1]
    assert read(path, score="metrics.f.one").frame["score"].to_list() == [0.5, 0.5]
    # The column that it replaces is kept.
    assert read(path, score="metrics.em").frame["score_in_file"].to_list() == ["0.7", "0.7"]


def test_the_cell_may_be_the_column_of_the_score_itself(tmp_path: Path) -> None:
    line = json.dumps({**a_row("e1"), "score": {"em": 1, "f1": 0.5}})
    (tmp_path / "d.jsonl").write_text(f"{line}\n", encoding="utf-8")

    frame = read(tmp_path / "d.jsonl", score="score.em").frame

    assert frame["score"].to_list() == [1]
    assert json.loads(frame["score_in_file"][0]) == {"em": 1, "f1": 0.5}


def test_texts_are_read_out_of_dicts_in_memory() -> None:
    row = {**a_row("e1"), "meta": {"gold": "7"}}
    options = ReadOptions(columns={"correct_answer": "meta.gold"})

    assert data_source([row], options).read().frame["correct_answer"].to_list() == ["7"]


def test_a_column_with_a_dot_in_its_name_comes_before_a_property(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "d.csv", [{**a_row("e1"), "m.em": "1", "m": '{"em": 0}'}])

    assert read(path, score="m.em").frame["score"].to_list() == [1]


def test_a_property_that_no_row_has_is_refused(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "d.csv", [{**a_row("e1"), "m": '{"em": 0}'}])

    with pytest.raises(InputError, match="no row has 'f1' in the column 'm'"):
        read(path, score="m.f1")


def test_a_row_without_the_property_has_no_score(tmp_path: Path) -> None:
    cells = ['{"em": 1}', "{}", "no JSON", '{"em": 1}', '{"em": 0}', "[" * 100_000]
    rows = [{**a_row(f"e{number}"), "m": cell} for number, cell in enumerate(cells)]

    table = read(write_csv(tmp_path / "d.csv", rows), score="m.em")

    assert table.frame["score"].to_list() == [1, 1, 0]
    assert {row.reason for row in table.invalid} == {"no score"}


def test_names_that_differ_in_case_and_blanks_are_taken_with_a_notice(tmp_path: Path) -> None:
    text = "Example ID,MODEL, input_text,Output-Text,Score\ne1,m,q,o,1\n"
    (tmp_path / "d.csv").write_text(text, encoding="utf-8")

    table = read(tmp_path / "d.csv")

    assert table.frame["example_id"].to_list() == ["e1"]
    assert "'Example ID' as 'example_id', 'MODEL' as 'model'" in table.notices[0]


def test_a_name_that_two_columns_nearly_have_is_not_guessed() -> None:
    names = ["example_id", "model", "input_text", "output_text", "Score", "SCORE"]

    with pytest.raises(InputError, match="no column 'score'"):
        canonical_names(names, {}, where="d.csv")


def test_the_right_name_wins_over_one_that_is_nearly_right() -> None:
    names = ["example_id", "model", "input_text", "output_text", "score", "Score"]

    header = canonical_names(names, {}, where="d.csv")

    assert header.names == names
    assert header.notices == ()
