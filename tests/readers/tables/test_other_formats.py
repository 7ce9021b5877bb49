"""JSON lines, Parquet and rows in memory give the same table as CSV; pitfalls of each format."""

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd  # type: ignore[import-untyped]  # it brings no types
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from error_map.errors import EmptyInput, InputError
from error_map.readers import ReadOptions, Table, data_source, file_source, find_files
from tests.support import ROOT, Row, a_row, write_csv

pytestmark = pytest.mark.slow

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


@pytest.fixture
def short_path() -> Iterator[Path]:
    """A folder whose name leaves room for a socket's, which has at most 107 bytes."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def from_file(path: Path, options: ReadOptions | None = None) -> Table:
    return file_source(path, options or ReadOptions()).read()


def from_lines(path: Path, *lines: str | Row, options: ReadOptions | None = None) -> Table:
    texts = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    path.write_text("\n".join(texts), encoding="utf-8")
    return from_file(path, options)


def from_frame(path: Path, frame: pl.DataFrame) -> Table:
    frame.write_parquet(path)
    return from_file(path)


def from_memory(data: object, options: ReadOptions | None = None) -> Table:
    return data_source(data, options or ReadOptions()).read()


def lines_and_reasons(table: Table) -> list[tuple[int, str]]:
    return [(row.line, row.reason) for row in table.invalid]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(texts=st.lists(st.tuples(ANY_TEXT, ANY_TEXT), min_size=1, max_size=4))
def test_all_formats_give_the_same_table(tmp_path: Path, texts: list[tuple[str, str]]) -> None:
    rows = [a_row(f"e{n}", output=text, note=note) for n, (text, note) in enumerate(texts)]
    frame = pl.DataFrame(rows)
    path = tmp_path / "data"

    tables = [
        from_file(write_csv(path.with_suffix(".csv"), rows)),
        from_lines(path.with_suffix(".jsonl"), *rows),
        from_frame(path.with_suffix(".parquet"), frame),
        from_memory(frame),
        from_memory(frame.lazy()),
        from_memory(iter(rows)),
        from_memory(pd.DataFrame(rows)),
    ]

    assert all(table.frame.rows() == tables[0].frame.rows() for table in tables)
    assert tables[0].frame["output_text"].to_list() == [text for text, _ in texts]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "not a JSON object: Expecting property name"),
        ('{"example_id": "e"', "not a JSON object: Expecting ',' delimiter"),
        ("[1, 2]", "not a JSON object: a list"),
        ("null", "not a JSON object: a NoneType"),
        ('{"score": 0, "model": "m", "score": 1}', "the property 'score' is there twice"),
        ('{"score": 0, "meta": [{"a": {}, "a": 1}]}', "the property 'a' is there twice"),
        ('{"\\u0061": 1, "a": 1}', "the property 'a' is there twice"),
        (
            f'{{"{"a" * 99}": 1, "{"a" * 99}": 1}}',
            f"the property {'a' * 80 + '…'!r} is there twice",
        ),
        ("[" * 100_000, "not a JSON object: nested too deeply"),
        ('{"example_id": 1}', "no model"),
        (json.dumps(a_row(example=None)), "no example_id"),
        (json.dumps(a_row(score=None)), "no score"),
        (json.dumps(a_row(score="good")), "score 'good' is not a number"),
        (json.dumps(a_row(score=[1, 2])), "score '[1, 2]' is not a number"),
        (json.dumps(a_row(score=float("nan"))), "no score"),
        (json.dumps(a_row(score=float("inf"))), "the score is not a finite number"),
    ],
)
def test_a_json_line_that_cannot_be_used_is_set_aside(
    tmp_path: Path, line: str, reason: str
) -> None:
    table = from_lines(tmp_path / "d.jsonl", a_row("e1"), "", line, a_row("e2"))

    [(number, message)] = lines_and_reasons(table)
    assert (number, table.frame.height) == (3, 2)
    assert message.startswith(reason)


def test_a_file_of_no_json_lines_at_all_is_refused_as_such(tmp_path: Path) -> None:
    options = ReadOptions(columns={"input_text": "q", "correct_answer": "gold"})

    with pytest.raises(InputError, match=r"d\.jsonl:1: 3 of 3 rows are invalid; .*not a JSON"):
        from_lines(tmp_path / "d.jsonl", "[", '"x": 1', "]")
    with pytest.raises(InputError, match=r"d\.jsonl:1: 2 of 2 rows are invalid"):
        from_lines(tmp_path / "d.jsonl", "[", "]", options=options)


@pytest.mark.parametrize("content", ["", "\ufeff", "\n \n"])
def test_a_json_file_without_lines_is_empty(tmp_path: Path, content: str) -> None:
    with pytest.raises(EmptyInput, match=r"d\.jsonl: the file is empty"):
        from_lines(tmp_path / "d.jsonl", content)


def test_a_missing_key_of_all_json_lines_is_a_missing_column(tmp_path: Path) -> None:
    row = {"prompt" if name == "input_text" else name: value for name, value in a_row().items()}

    with pytest.raises(InputError, match=r"d\.ndjson: no column 'input_text' \(there are"):
        from_lines(tmp_path / "d.ndjson", row)
    table = from_lines(
        tmp_path / "d.ndjson", row, options=ReadOptions(columns={"input_text": "prompt"})
    )

    assert table.frame["input_text"].to_list() == ["What is 2 + 2?"]


def test_numbers_and_nested_values_of_json_are_kept_as_their_text(tmp_path: Path) -> None:
    row = a_row(7, output={"answer": [1, "é"]}, score=True, correct_answer=18.0, tags=None)

    table = from_lines(tmp_path / "d.jsonl", row)

    columns = ["example_id", "output_text", "score", "correct_answer", "tags"]
    expected = ("7", '{"answer": [1, "é"]}', 1.0, "18.0", None)
    assert table.frame.select(columns).row(0) == expected


def test_lone_surrogates_in_json_are_replaced_and_counted(tmp_path: Path) -> None:
    line = json.dumps(a_row(output="a\ud800b", nested=["\udc00"])).replace("model", "mod\\u0065l")

    table = from_lines(tmp_path / "d.jsonl", line[:-1] + ', "\\udfff": 1}')

    kept = table.frame.select("output_text", "nested", "\ufffd").row(0)
    assert kept == ("a\ufffdb", '["\ufffd"]', "1")
    assert table.notices == (f"{tmp_path / 'd.jsonl'}: 2 lone surrogates were replaced by U+FFFD",)


def test_json_text_is_kept_to_the_letter(tmp_path: Path) -> None:
    text = "a\0b\tc\r\nd\u2028e\x1b[0m"

    table = from_lines(tmp_path / "d.jsonl", "\ufeff" + json.dumps(a_row(output=text)))

    assert table.frame["output_text"].to_list() == [text]


def test_a_json_file_in_another_encoding_is_refused_until_it_is_named(tmp_path: Path) -> None:
    path = tmp_path / "d.jsonl"
    content = json.dumps(a_row(output="é"), ensure_ascii=False).encode("latin-1")
    path.write_bytes(content)
    offset = content.index(b"\xe9")

    with pytest.raises(InputError, match=rf"0xe9 at offset {offset} is not UTF-8"):
        from_file(path)
    table = from_file(path, ReadOptions(encoding="latin-1"))

    assert table.frame["output_text"].to_list() == ["é"]


def test_a_parquet_row_that_cannot_be_used_is_named_by_its_number(tmp_path: Path) -> None:
    scores = [1.0, float("nan"), None, float("inf"), 0.0, 0.5, 0.25]
    frame = pl.DataFrame([a_row(f"e{n}", score=score) for n, score in enumerate(scores)])

    table = from_frame(tmp_path / "d.parquet", frame)

    infinite = "the score is not a finite number"
    assert lines_and_reasons(table) == [(2, infinite), (3, "no score"), (4, infinite)]
    assert table.frame["score"].to_list() == [1.0, 0.0, 0.5, 0.25]


def test_a_column_of_any_type_is_kept_as_text(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            **{name: [value] for name, value in a_row(7, score=1).items()},
            "took": [timedelta(seconds=90)],
            "on": [date(2024, 2, 29)],
            "raw": ["café".encode()],
            "list": [["a", "b"]],
            "kind": pl.Series(["x"], dtype=pl.Categorical),
            "share": pl.Series(["0.50"]).cast(pl.Decimal(10, 2)),
            "nothing": [None],
            "not_a_number": [float("nan")],
        }
    )

    table = from_frame(tmp_path / "d.parquet", frame)

    expected = ("0:01:30", "2024-02-29", "café", '["a", "b"]', "x", "0.50", None, None)
    assert table.frame.select(table.extras).row(0) == expected


def test_a_reference_that_is_not_a_number_is_no_reference(tmp_path: Path) -> None:
    rows = [a_row("e1", correct_answer=float("nan")), a_row("e2", correct_answer=18.0)]

    from_polars = from_frame(tmp_path / "d.parquet", pl.DataFrame(rows))
    from_pandas = from_memory(pd.DataFrame(rows))

    for table in (from_polars, from_pandas):
        assert table.frame["correct_answer"].to_list() == [None, "18.0"]


@pytest.mark.parametrize("content", [b"", b"PAR1", b"example_id,model\n"])
def test_what_is_no_parquet_file_is_refused_with_its_path(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "d.parquet"
    path.write_bytes(content)
    source = file_source(path, ReadOptions())

    for reading in (source.read, source.columns):
        with pytest.raises(InputError, match=r"d\.parquet: (the file is empty|not a Parquet file)"):
            reading()


def test_a_parquet_file_without_rows_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "d.parquet"
    pl.DataFrame([a_row()]).clear().write_parquet(path)
    source = file_source(path, ReadOptions())

    for reading in (source.read, source.columns):
        with pytest.raises(EmptyInput, match=r"d\.parquet: the file has no rows"):
            reading()


def test_the_columns_of_a_parquet_file_have_canonical_names(tmp_path: Path) -> None:
    path = tmp_path / "a[1].parquet"
    pl.DataFrame([a_row(prompt="p")]).drop("input_text").write_parquet(path)

    columns = file_source(path, ReadOptions(columns={"input_text": "prompt"})).columns()

    assert columns is not None
    assert set(columns) == set(a_row())


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (np.int64(1), 1.0),
        (np.float32(0.5), 0.5),
        (np.bool_(True), 1.0),  # noqa: FBT003 - NumPy's own
        (Decimal("0.25"), 0.25),
        (True, 1.0),
        ("0.75", 0.75),
    ],
)
def test_a_score_may_be_any_kind_of_number(score: object, expected: float) -> None:
    table = from_memory([a_row(score=score)])

    assert table.frame["score"].to_list() == [expected]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.array([1, 2]), "[1, 2]"),
        ([np.int64(1), None, date(2024, 2, 29)], '[1, null, "2024-02-29"]'),
        (date(2024, 2, 29), "2024-02-29"),
        (pd.NA, None),
        (pd.NaT, None),
        (np.float32("nan"), None),
        (Decimal("NaN"), None),
        ("nan", "nan"),
        (b"caf\xc3\xa9", "café"),
    ],
)
def test_any_value_of_a_dict_becomes_its_text_or_nothing(value: object, text: str | None) -> None:
    table = from_memory([a_row(note=value)])

    assert table.frame["note"].to_list() == [text]


def test_the_missing_values_of_pandas_are_missing_and_its_words_are_words() -> None:
    rows = [a_row("e1", correct_answer="nan"), a_row("e2", correct_answer=None)]

    for frame in (pd.DataFrame(rows), pd.DataFrame(rows).convert_dtypes()):
        assert from_memory(frame).frame["correct_answer"].to_list() == ["nan", None]


def test_a_row_that_lacks_a_key_that_others_have_has_nothing_there() -> None:
    table = from_memory([a_row("e1", subject="art"), a_row("e2")])

    assert table.frame["subject"].to_list() == ["art", None]


def test_a_bad_row_in_memory_is_named_by_its_number() -> None:
    table = from_memory([a_row("e1"), a_row("e2", score="x"), a_row("e3")])

    assert [(row.file, row.line) for row in table.invalid] == [("data", 2)]


def test_lone_surrogates_in_memory_are_replaced_and_counted() -> None:
    table = from_memory([a_row(output="a\ud800")])

    assert table.frame["output_text"].to_list() == ["a\ufffd"]
    assert table.notices == ("1 lone surrogates were replaced by U+FFFD",)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([], "data: there are no rows"),
        (pl.DataFrame([a_row()]).clear(), "data: the file has no rows"),
        (pd.DataFrame(), "data: there are no rows"),
        ("results.csv", "data is a str"),
        ({"example_id": ["e1"]}, "data is a dict"),
        (5, "data is a int"),
        ([("e1", "m")], "data: row 1 is a tuple, not a dict"),
        ([{"example_id": "e1"}], "data: no column 'model'"),
    ],
)
def test_what_gives_no_rows_is_refused(data: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        from_memory(data)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ([], "no file to read"),
        (["notes.txt"], "no file to read .it looks for .csv, .tsv, .jsonl, .ndjson, .parquet"),
        (None, "no such file or folder .did you mean 'results'"),
    ],
)
def test_a_place_without_files_is_refused_by_name(
    tmp_path: Path, names: Iterable[str] | None, message: str
) -> None:
    folder = tmp_path / "results"
    folder.mkdir()
    for name in names or ():
        (folder / name).touch()

    with pytest.raises(InputError, match=message) as refused:
        find_files(folder if names is not None else tmp_path / "result")

    assert refused.value.where.startswith(str(tmp_path / "result"))


def test_a_folder_gives_its_files_in_order_and_says_what_it_leaves_alone(tmp_path: Path) -> None:
    for name in ("b.csv", "a.JSONL", "notes.txt", ".hidden.csv", "c.parquet"):
        (tmp_path / name).touch()
    (tmp_path / "subfolder").mkdir()

    files, left_alone = find_files(tmp_path)

    assert [path.name for path in files] == ["a.JSONL", "b.csv", "c.parquet"]
    assert left_alone == [f"left alone, no reader for it: {tmp_path / 'notes.txt'}"]


def make_link_to_nothing(path: Path) -> None:
    path.symlink_to("nowhere")


def make_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(path))


def make_link_to_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


NO_FILES = pytest.mark.parametrize(
    ("make", "kind"),
    [
        (make_link_to_nothing, "it is a symbolic link to what is not there"),
        (lambda path: path.symlink_to(path), "it is a symbolic link that leads to itself"),
        (os.mkfifo, "it is a pipe"),
        (make_socket, "it is a socket"),
        (make_link_to_device, "it is a device"),
        (Path.mkdir, "it is a folder"),
    ],
    ids=["dangling", "loop", "pipe", "socket", "device", "folder"],
)


@NO_FILES
def test_what_is_no_file_is_left_alone_with_the_reason(
    short_path: Path, make: Callable[[Path], None], kind: str
) -> None:
    write_csv(short_path / "a.csv", [a_row()])
    make(short_path / "b.csv")

    files, left_alone = find_files(short_path)

    assert files == [short_path / "a.csv"]
    assert left_alone == [f"left alone, {kind}: {short_path / 'b.csv'}"]


def test_a_file_that_may_not_be_read_is_left_alone_with_the_reason(short_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        write_csv(short_path / name, [a_row()])
    (short_path / "b.csv").chmod(0)
    short_path.chmod(0o755)
    code = (
        "import os, pathlib, sys\nfrom error_map.readers import find_files\n"
        "if not os.getuid():\n    os.setuid(54321)\n"  # root may read everything
        "print(*find_files(pathlib.Path(sys.argv[1]))[1])"
    )

    shown = subprocess.run(
        [sys.executable, "-c", code, str(short_path)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=True,
    )

    assert shown.stdout == f"left alone, permission denied: {short_path / 'b.csv'}\n"


@NO_FILES
def test_where_nothing_else_is_there_what_is_no_file_is_named(
    short_path: Path, make: Callable[[Path], None], kind: str
) -> None:
    make(short_path / "b.csv")

    with pytest.raises(InputError, match=f"no file to read .*left alone, {kind}: .*b.csv"):
        find_files(short_path)


@NO_FILES
def test_a_path_to_what_is_no_file_is_refused_with_the_reason(
    short_path: Path, make: Callable[[Path], None], kind: str
) -> None:
    path = short_path / "b.csv"
    make(path)

    with pytest.raises(InputError) as refused:
        find_files(path)

    message = "no file to read" if kind == "it is a folder" else f"cannot read: {kind}"
    assert (refused.value.where, refused.value.message) == (str(path), message)


def test_one_file_may_be_named_and_one_that_no_reader_knows_is_refused(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [a_row()])
    other = path.rename(tmp_path / "a.ods")

    with pytest.raises(InputError, match=r"a\.ods: no reader for '\.ods'"):
        find_files(other)

    assert find_files(other.rename(path)) == ([path], [])
