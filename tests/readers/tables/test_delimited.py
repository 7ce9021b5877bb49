"""CSV and TSV files: valid rows, invalid rows with their lines, and refused files."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from error_map.errors import EmptyInput, InputError
from error_map.readers import Catalog, ReadOptions, Table, file_source
from tests.support import a_row, write_csv

pytestmark = pytest.mark.slow

HEADER = "example_id,model,input_text,output_text,score\n"
GOOD = "e1,m,q,o,1\n"
SHARED_FOLDER = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

SAFE = st.text(st.sampled_from(" \tab1\0\ufeff\u2028"), max_size=3)
WILD = st.text(st.sampled_from('",\r\n\0\ufeff a1'), max_size=6)
CELLS = SAFE | SAFE | WILD.map(lambda text: '"' + text.replace('"', '""') + '"') | WILD
GOOD_ROWS = st.tuples(CELLS, CELLS, CELLS).map(lambda cells: "e,m,{},{},1,{}".format(*cells))
SHORT_ROWS = st.sampled_from(["e,m,q,o,1", "e,m,q,o,1,", 'e,m,q,o,1,""', "e,m", "", " "])
LONG_ROWS = st.sampled_from(["e,m,q,o,1,n,", "e,m,q,o,1,n,x", ",,,,,,"])
ENDS = st.sampled_from(["\n", "\n", "\r\n", "\r\n", "\n\n", "\r", ""])
ROWS = st.tuples(GOOD_ROWS | GOOD_ROWS | GOOD_ROWS | SHORT_ROWS | LONG_ROWS | WILD, ENDS)
BODIES = st.lists(ROWS.map("".join), max_size=5).map("".join)
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


def read(path: Path, content: str | bytes, **options: object) -> Table:
    raw = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    path.write_bytes(raw)
    return file_source(path, ReadOptions(**options)).read()  # type: ignore[arg-type] # by name


def outputs(table: Table) -> list[str]:
    return table.frame["output_text"].to_list()


def lines_and_reasons(table: Table) -> list[tuple[int, str]]:
    return [(row.line, row.reason) for row in table.invalid]


@SHARED_FOLDER
@given(body=BODIES)
@example(body="e,m,q,o,1,n,")
@example(body="e,m,q,o,1\n")
@example(body='e,m,""a"",o,1,n\n')
@example(body='e,m,"","",1,"\ne,m,q,o,1,""\n')
@example(body='e,m,","a"",o,1,n\n')
def test_both_ways_of_reading_give_the_same_table(tmp_path: Path, body: str) -> None:
    """An invalid row at the top, and only that, makes the second reading the strict one."""
    header, padding = HEADER[:-1] + ",note\n", "e,m,q,o,1,n\n" * 40
    spoilt = "e,m,q,o,x,n\n"

    either = read(tmp_path / "d.csv", header + padding + body)
    strict = read(tmp_path / "d.csv", header + spoilt + padding + body)

    assert either.frame.rows() == strict.frame.rows()
    assert [row.line + 1 for row in either.invalid] == [row.line for row in strict.invalid[1:]]


@SHARED_FOLDER
@given(
    texts=st.lists(st.tuples(ANY_TEXT, ANY_TEXT, ANY_TEXT), min_size=1, max_size=6),
    style=st.sampled_from(["excel", "excel-tab", "unix"]),
)
def test_whatever_the_csv_module_writes_is_read_as_it_was(
    tmp_path: Path, texts: Sequence[tuple[str, str, str]], style: str
) -> None:
    stream = io.StringIO(newline="")
    suffix = ".tsv" if style == "excel-tab" else ".csv"
    writer = csv.writer(stream, style)
    writer.writerow(["example_id", "model", "input_text", "output_text", "score", "note"])
    writer.writerows(["e", "m", *pair, 1, note] for *pair, note in texts)

    table = read(tmp_path / f"d{suffix}", stream.getvalue())

    found = table.frame.select("input_text", "output_text", "note").fill_null("").rows()
    assert (found, table.invalid) == (list(texts), ())


@pytest.mark.parametrize("word", ["None", "nan", "NaN", "NULL", "null", "NA", "N/A", "-"])
def test_words_for_nothing_are_text_in_every_column(tmp_path: Path, word: str) -> None:
    header = HEADER[:-1] + ",correct_answer,note\n"

    table = read(tmp_path / "d.csv", f"{header}{word},{word},{word},{word},0,{word},{word}\n")

    row = table.frame.drop("dataset", "score", "attempt").row(0)
    assert row == (word,) * 6


@pytest.mark.parametrize("cell", ["", '""', "  ", '" "'])
def test_an_empty_reference_is_no_reference(tmp_path: Path, cell: str) -> None:
    table = read(tmp_path / "d.csv", f"{HEADER[:-1]},correct_answer\ne,m,q,o,0,{cell}\n")

    assert table.frame["correct_answer"].to_list() == [None]


def test_a_file_without_a_reference_column_has_no_references(tmp_path: Path) -> None:
    table = read(tmp_path / "d.csv", HEADER + GOOD)

    assert table.frame["correct_answer"].to_list() == [None]


@pytest.mark.parametrize("cell", ["", '""', "   ", '"\n"'])
def test_an_empty_output_is_a_row_like_any_other(tmp_path: Path, cell: str) -> None:
    table = read(tmp_path / "d.csv", f"{HEADER}e,m,q,{cell},0\n")

    assert (outputs(table), table.invalid) == ([cell.strip('"')], ())


@pytest.mark.parametrize(
    ("written", "score"),
    [("1", 1), ("0.50", 0.5), (" 1 ", 1), ("+1", 1), ("-2", -2), ("1e2", 100), ("True", 1)],
)
def test_numbers_and_truth_values_are_scores(tmp_path: Path, written: str, score: float) -> None:
    table = read(tmp_path / "d.csv", f"{HEADER}e,m,q,o,{written}\n")

    assert table.frame["score"].to_list() == [score]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",m,q,o,1", "no example_id"),
        (" ,m,q,o,1", "no example_id"),
        ("e,,q,o,1", "no model"),
        ("e,m,q,o,", "no score"),
        ("e,m,q,o, ", "no score"),
        ("e,m,q,o,good", "score 'good' is not a number"),
        ("e,m,q,o,1_000", "score '1_000' is not a number"),
        ("e,m,q,o,+-1", "score '+-1' is not a number"),
        ("e,m,q,o,++1", "score '++1' is not a number"),
        ("e,m,q,o,+ 1", "score '+ 1' is not a number"),
        ("e,m,q,o,+inf", "the score is not a finite number"),
        ("e,m,q,o,nan", "the score is not a finite number"),
        ("e,m,q,o,-inf", "the score is not a finite number"),
        ("e,m,q,o", "4 fields where the header has 5"),
        ("e,m,q,o,1,", "6 fields where the header has 5"),
        ('e,m,q,"o"x,1', "not a CSV row: ',' expected after '\"'"),
        ("e,m,q\ro,o,1", "not a CSV row: new-line character seen in unquoted field"),
    ],
)
def test_a_row_that_cannot_be_used_is_set_aside_with_its_line_and_reason(
    tmp_path: Path, row: str, reason: str
) -> None:
    table = read(tmp_path / "d.csv", HEADER + GOOD + row + "\n" + GOOD)

    assert lines_and_reasons(table) == [(3, reason)]
    assert table.invalid[0].file == str(tmp_path / "d.csv")
    assert table.frame.height == 2


def test_a_row_is_named_by_the_line_that_it_starts_on(tmp_path: Path) -> None:
    table = read(tmp_path / "d.csv", HEADER + 'e,m,"two\n\nlines",o,1\n\n' + "e,m,q,o,x\n" + GOOD)

    assert lines_and_reasons(table) == [(6, "score 'x' is not a number")]


def test_every_line_after_a_quote_that_is_never_closed_is_set_aside(tmp_path: Path) -> None:
    table = read(tmp_path / "d.csv", HEADER + GOOD * 3 + 'e,m,"q,o,1\n' + GOOD + GOOD)

    reason = "the quote opened on line 5 is never closed"
    assert lines_and_reasons(table) == [(5, reason), (6, reason), (7, reason)]
    assert table.frame.height == 3


def test_an_invalid_row_names_its_dataset_where_it_has_one(tmp_path: Path) -> None:
    table = read(tmp_path / "d.csv", f"{HEADER[:-1]},dataset\n" + "e,m,q,o,1,a\n" + "e,m,q,o,x,b\n")

    assert [row.dataset for row in table.invalid] == ["b"]


def test_half_a_file_of_invalid_rows_is_read_and_more_is_refused(tmp_path: Path) -> None:
    bad = "e,m,q,o,?\n"

    table = read(tmp_path / "d.csv", HEADER + GOOD + bad)

    assert (table.frame.height, len(table.invalid)) == (1, 1)
    with pytest.raises(InputError, match=r"d\.csv:3: 2 of 3 rows are invalid; the first: score"):
        read(tmp_path / "d.csv", HEADER + GOOD + bad + bad)


def test_strict_reading_stops_at_the_first_invalid_row(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"d\.csv:3: no model \(reading is strict\)"):
        read(tmp_path / "d.csv", HEADER + GOOD + "e,,q,o,1\n" + "e,m\n" + GOOD, strict=True)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "the file is empty"),
        ("\ufeff", "the file is empty"),
        (" \n\r\n\n", "the file is empty"),
        (HEADER, "the file has no rows"),
        (HEADER.strip(), "the file has no rows"),
        (HEADER + "\n\r\n", "the file has no rows"),
    ],
)
def test_a_file_without_rows_is_recognised_by_reading_it_and_by_its_columns(
    tmp_path: Path, content: str, reason: str
) -> None:
    path = tmp_path / "d.csv"

    with pytest.raises(EmptyInput, match=rf"d\.csv: {reason}"):
        read(path, content)
    with pytest.raises(EmptyInput, match=rf"d\.csv: {reason}"):
        file_source(path, ReadOptions()).columns()


def test_all_missing_columns_are_named_at_once_with_the_option_that_maps_them(
    tmp_path: Path,
) -> None:
    with pytest.raises(InputError) as refused:
        read(tmp_path / "d.csv", "example_id,model,prompt,response,score\n" + GOOD)

    assert refused.value.message == "no column 'input_text', 'output_text'"
    assert '--columns "input_text=NAME,output_text=NAME"' in refused.value.hint


@pytest.mark.parametrize("name", ["Right answer", "gold", "reference_output", "Ground truth"])
def test_a_reference_under_another_name_is_not_passed_over_in_silence(
    tmp_path: Path, name: str
) -> None:
    header = f"example_id,model,input_text,output_text,score,{name},note\n"

    (notice,) = read(tmp_path / "d.csv", header + "1,m,q,a,0,4,x\n").notices

    assert notice == (
        f"{tmp_path / 'd.csv'}: no column 'correct_answer', so no answer is compared with "
        f'a reference; if {name!r} has it: --columns "correct_answer={name}"'
    )


def test_results_without_a_reference_are_read_without_a_word(tmp_path: Path) -> None:
    header = "example_id,model,input_text,output_text,score,note\n"

    assert read(tmp_path / "d.csv", header + "1,m,q,a,0,x\n").notices == ()


def test_a_missing_column_is_refused_with_the_columns_found_and_the_closest(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        read(tmp_path / "d.csv", "example_id,model,input_text,outputs,score\n" + GOOD)

    assert refused.value.where == f"{tmp_path / 'd.csv'}:1"
    assert refused.value.message == "no column 'output_text'"
    assert "did you mean 'outputs'?" in refused.value.hint
    assert "'example_id', 'input_text', 'model', 'outputs', 'score'" in refused.value.hint
    assert "--columns" in refused.value.hint


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ('example_id,"model"x,input_text,output_text,score\n', "',' expected"),
        ('example_id,model,input_text,output_text,"score\n', "unexpected end of data"),
        (HEADER.replace("\n", "\r"), "new-line character"),
    ],
)
def test_a_header_that_is_no_csv_row_is_refused(tmp_path: Path, header: str, reason: str) -> None:
    with pytest.raises(InputError, match=rf"d\.csv:1: the header is not a CSV row: .*{reason}"):
        read(tmp_path / "d.csv", header + GOOD)


def test_a_doubled_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the column 'note' is there twice"):
        read(tmp_path / "d.csv", HEADER[:-1] + ",note,note\ne,m,q,o,1,a,b\n")


def test_columns_are_read_under_the_names_that_the_caller_gives(tmp_path: Path) -> None:
    names = {"example_id": "id", "input_text": "prompt", "correct_answer": "gold"}

    table = read(
        tmp_path / "d.csv",
        "gold,id,model,prompt,output_text,score\n4,e7,m,What?,o,1\n",
        columns=names,
    )

    row = table.frame.select("example_id", "input_text", "correct_answer").row(0)
    assert (row, table.extras) == (("e7", "What?", "4"), ())


def test_a_name_for_a_column_that_the_file_has_not_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no column 'promt' \(did you mean 'prompt'\?"):
        read(tmp_path / "d.csv", "prompt,x\n", columns={"input_text": "promt"})
    with pytest.raises(InputError, match=r"no column of ours is called 'input' \(did you mean"):
        read(tmp_path / "d.csv", HEADER + GOOD, columns={"input": "input_text"})


def test_extra_columns_are_kept_and_those_named_like_ours_renamed(tmp_path: Path) -> None:
    header = ",".join([HEADER[:-1], "subject", "state", "state_in_file", "", "category_depth_1"])

    table = read(tmp_path / "d.csv", f"{header}\ne,m,q,o,1,art,CA,x,7,top\n")

    assert table.frame.select(table.extras).to_dicts() == [
        {
            "subject": "art",
            "state_in_file_in_file": "CA",
            "state_in_file": "x",
            "index": "7",
            "category_depth_1_in_file": "top",
        }
    ]


def test_a_column_is_kept_when_another_one_is_mapped_to_its_name(tmp_path: Path) -> None:
    table = read(
        tmp_path / "d.csv",
        HEADER[:-1] + ",prompt\ne,m,short,o,1,long\n",
        columns={"input_text": "prompt"},
    )

    assert table.frame.select("input_text", "input_text_in_file").rows() == [("long", "short")]


@pytest.mark.parametrize("other", ["", "e,m,q,o,x,1\n"])
def test_attempts_are_numbered_alike_whichever_way_they_are_read(
    tmp_path: Path, other: str
) -> None:
    rows = ["e,m,q,o,1,", "e,m,q,o,1,7", 'e,m,q,o,1,""', "e,m,q,o,1, "]

    table = read(tmp_path / "d.csv", "\n".join([f"{HEADER[:-1]},epoch", *rows, other]))

    assert table.frame["attempt"].to_list() == [None, "7", None, None]


def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path: Path) -> None:
    table = read(tmp_path / "d.csv", b"\xef\xbb\xbf" + (HEADER + GOOD).encode())

    assert table.frame["example_id"].to_list() == ["e1"]


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-16", "utf-16-le", "shift_jis"])
def test_a_file_in_another_encoding_is_read_once_it_is_named(tmp_path: Path, encoding: str) -> None:
    text = "日本" if encoding == "shift_jis" else "café"
    content = f"{HEADER}e,m,q,{text},1\n".encode(encoding)

    table = read(tmp_path / "d.csv", content, encoding=encoding)

    assert outputs(table) == [text]


def test_bytes_that_are_not_utf8_are_refused_with_their_offset_and_the_way_out(
    tmp_path: Path,
) -> None:
    content = (HEADER + GOOD + "e,m,q,é,1\n").encode("latin-1")
    offset = content.index(b"\xe9")

    with pytest.raises(InputError, match=rf"byte 0xe9 at offset {offset} is not UTF-8") as refused:
        read(tmp_path / "d.csv", content)

    assert "--encoding" in refused.value.hint


@pytest.mark.parametrize("answer", ["5", "日本語の答え" * 2_000])
@pytest.mark.parametrize(
    "encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]
)
def test_wide_encodings_are_recognised_and_refused_by_name(
    tmp_path: Path, encoding: str, answer: str
) -> None:
    path = tmp_path / "d.csv"

    with pytest.raises(InputError, match=rf"the file is {encoding.upper()} \(--encoding"):
        read(path, f"{HEADER}e1,m,q,{answer},1\n".encode(encoding))
    with pytest.raises(InputError, match=rf"the file is {encoding.upper()} \(--encoding"):
        Catalog([file_source(path, ReadOptions())])


@pytest.mark.parametrize("encoding", ["klingon", "hex", "rot13", "idna", "Punycode", ""])
def test_what_is_no_encoding_of_texts_is_refused(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(InputError, match=rf"no text encoding '{encoding}' \(for instance"):
        read(tmp_path / "d.csv", HEADER + GOOD, encoding=encoding)


@pytest.mark.parametrize(
    "text",
    ["a\0b", "a\tb", "one\ntwo\r\nthree", "שלום \u202eabc\u202c", 'say "hi"', "\u2028\x1b[31m"],
)
def test_odd_characters_are_kept_as_they_are(tmp_path: Path, text: str) -> None:
    path = write_csv(tmp_path / "d.csv", [a_row(output=text)])

    table = file_source(path, ReadOptions()).read()

    assert outputs(table) == [text]


def test_lone_surrogates_are_replaced_and_counted_in_a_notice(tmp_path: Path) -> None:
    table = read(tmp_path / "d.csv", HEADER + "e,m,\ud800q,a\udfffb,1\n")

    assert outputs(table) == ["a\ufffdb"]
    assert table.notices == (f"{tmp_path / 'd.csv'}: 2 lone surrogates were replaced by U+FFFD",)


@pytest.mark.slow
def test_a_field_of_fifty_megabytes_is_read_whole_by_both_ways(tmp_path: Path) -> None:
    long = ("wrong, again " * 1_000 + "\n") * 4_000
    row = f'e,m,q,"{long}",1\n'

    fast = read(tmp_path / "d.csv", HEADER + row)
    strict = read(tmp_path / "d.csv", HEADER + row + "e,m,q,o,x\n")

    assert outputs(fast) == outputs(strict) == [long]


def test_megabytes_of_quotes_and_line_ends_are_read_as_they_were_written(tmp_path: Path) -> None:
    """Longer than the pieces in which quotes are looked for, and in which Polars reads."""
    texts = ['"' * (n % 7) + ",\r\n" * (n % 5) + "x" * (n % 97) for n in range(50_000)]

    path = write_csv(tmp_path / "d.csv", [a_row(n, output=text) for n, text in enumerate(texts)])

    assert path.stat().st_size > 3 * 2**20
    assert outputs(file_source(path, ReadOptions()).read()) == texts


def test_columns_are_read_from_the_start_of_a_long_file(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_text(HEADER + "e1,m,q," + "é" * 1_000_000 + ",1\n", encoding="utf-8")

    assert file_source(path, ReadOptions()).columns() == HEADER.strip().split(",")


def test_tabs_separate_the_fields_of_a_tsv_file(tmp_path: Path) -> None:
    table = read(tmp_path / "d.TSV", HEADER.replace(",", "\t") + "e\tm\tq\t1, 2\t0\n")

    assert outputs(table) == ["1, 2"]


def test_a_column_that_is_mapped_twice_is_refused(tmp_path: Path) -> None:
    columns = {"output_text": "text", "correct_answer": "text"}
    header = "example_id,model,input_text,text,score\n"

    with pytest.raises(InputError, match="both 'output_text' and 'correct_answer'"):
        read(tmp_path / "d.csv", header + GOOD, columns=columns)


@pytest.mark.parametrize(
    ("separator", "name"), [(";", "semicolons"), ("\t", "tabs"), ("|", "vertical bars")]
)
def test_another_separator_is_recognised_and_said(
    tmp_path: Path, separator: str, name: str
) -> None:
    text = (HEADER + GOOD + "e2,m,q,o,0\n").replace(",", separator)

    table = read(tmp_path / "d.csv", text)

    assert outputs(table) == ["o", "o"]
    assert table.notices == (f"{tmp_path / 'd.csv'}: its columns are separated by {name}",)
    assert Catalog([file_source(tmp_path / "d.csv", ReadOptions())]).datasets == ("d",)


def test_a_separator_inside_a_name_is_no_separator(tmp_path: Path) -> None:
    text = HEADER.strip() + ",a;b;c;d;e;f\n" + GOOD.strip() + ",x\n"

    assert read(tmp_path / "d.csv", text).frame["a;b;c;d;e;f"].to_list() == ["x"]
