"""Bad inputs to whole runs: exit codes, messages, and that no row is lost silently."""

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import polars as pl
import pytest

from error_map import run_sync
from error_map.cli import exit_code
from error_map.errors import InputError
from error_map.store import RunFolder
from tests.support import a_row, analysed, read_csv, write_csv

pytestmark = pytest.mark.slow

GOOD = [a_row("e1", "a"), a_row("e2", "a", score=1), a_row("e1", "b", score=1)]
HEADER = ",".join(GOOD[0])
MANY_GOOD = [a_row(f"e{number}", score=number % 2) for number in range(12)]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str


Command = Callable[..., Ended]


@pytest.fixture
def command(
    data: Path,
    output: Path,
    *,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Command:
    """Runs the command line in an empty folder, over `data`, with one process."""
    monkeypatch.chdir(data.parent)

    def run(*arguments: str) -> Ended:
        options = {
            "--data-path": str(data),
            "--output-dir": str(output),
            "--exp-id": "t",
            "--processes": "1",
            "--ratio": "1",
        }
        left = [(name, value) for name, value in options.items() if name not in arguments]
        code = exit_code([*chain.from_iterable(left), *arguments])
        printed = capsys.readouterr()
        return Ended(code, printed.out, printed.err)

    return run


def refused(ended: Ended, output: Path) -> str:
    assert (ended.code, ended.out) == (2, "")
    assert "Traceback" not in ended.err
    assert not output.exists() or list(output.iterdir()) == []
    return ended.err.splitlines()[-1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--datasets", "sum"], "no dataset 'sum' (did you mean 'sums'? there are: 'sums')"),
        (["--models", "A"], "no model 'A' (did you mean 'a'? there are: 'a', 'b')"),
        (["--models", "a", "c"], "no model 'c' (there are: 'a', 'b')"),
        (["--threshold", "sum=1"], "no dataset 'sum' (did you mean 'sums'?"),
        (["--threshold", "sums"], "--threshold: 'sums' is not NAME=VALUE"),
        (["--threshold", "sums=high"], "input should be a valid number"),
        (["--ratio", "0"], "ratio: input should be greater than 0, not 0.0"),
        (["--ratio", "1.5"], "ratio: input should be less than or equal to 1, not 1.5"),
        (["--ratio", "nan"], "ratio: input should be"),
        (["--columns", "input_text=prompt"], "no column 'prompt' (there are: 'correct_answer', "),
        (["--columns", "input=input_text"], "no column of ours is called 'input' (did you mean"),
        (["--columns", "input_text"], "--columns: 'input_text' is not NAME=VALUE"),
        (["--columns", "score=a,score=b"], "--columns: 'score' is given twice (give it once)"),
        (["--columns", "score=a, score=a"], "--columns: 'score' is given twice (give it once)"),
        (["--threshold", "s=1", "s=2"], "--threshold: 's' is given twice (give it once)"),
        (["--threshold", "s=1", "--threshold", "s=1"], "--threshold: 's' is given twice"),
        (["--cols-to-keep", "subject"], "no column 'subject' (there are: 'correct_answer')"),
        (["--encoding", "klingon"], "no text encoding 'klingon' (for instance utf-8, latin-1"),
        (["--exp-id", "../up"], "'../up' cannot name an experiment (up to 100 letters, digits"),
        (["--exp-id", "a/b"], "'a/b' cannot name an experiment"),
        (["--exp-id", ".."], "'..' cannot name an experiment"),
        (["--exp-id", "x" * 101], "cannot name an experiment"),
        (["--config", "none.toml"], "none.toml: no such configuration file"),
    ],
)
def test_an_option_that_cannot_be_used_stops_the_run(
    command: Command, data: Path, output: Path, *, arguments: Sequence[str], message: str
) -> None:
    write_csv(data / "sums.csv", GOOD)

    assert message in refused(command(*arguments), output)


def test_an_unknown_flag_is_refused_with_the_closest(command: Command, output: Path) -> None:
    ended = command("--dataset", "sums")

    assert "did you mean '--datasets'?" in refused(ended, output)


def test_an_unknown_option_in_the_default_file_is_refused(
    command: Command, data: Path, output: Path
) -> None:
    (data.parent / "error-map.toml").write_text("seeed = 1\n", encoding="utf-8")

    message = refused(command(), output)

    assert message.startswith("error: error-map.toml: unknown option 'seeed' (did you mean 'seed'?")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("sums.csv", b"", "sums.csv: the file is empty"),
        ("sums.csv", HEADER.encode(), "sums.csv: the file has no rows"),
        ("sums.csv", b"example_id,model,prompt,output_text,score\n1,a,q,o,1\n", "'input_text'"),
        ("sums.csv", (HEADER + "\n,,,,,\n").encode(), "sums.csv:2: 1 of 1 rows are invalid"),
        ("sums.csv", HEADER.encode("utf-16"), "sums.csv: the file is UTF-16 (--encoding utf-16)"),
        ("sums.csv", HEADER.encode() + b"\ne,m,q,\xff,1,\n", "byte 0xff at offset 67 is not UTF-8"),
        ("sums.csv", HEADER.encode() + b"\re,m,q,o,1,\r", "sums.csv:1: the header is not a CSV"),
        ("sums.jsonl", b"[\n{\n]", "sums.jsonl:1: 3 of 3 rows are invalid"),
        ("sums.parquet", b"PAR1", "sums.parquet: not a Parquet file"),
        ("two words.csv", HEADER.encode() + b"\ne,m,q,o,1,\n", "'two words' cannot name a dataset"),
        ("sums.doc", b"PK", "no file to read (it looks for .csv, .tsv, .jsonl, "),
    ],
)
def test_a_file_that_cannot_be_used_stops_the_run(
    command: Command, data: Path, output: Path, *, name: str, content: bytes, message: str
) -> None:
    (data / name).write_bytes(content)

    assert message in refused(command(), output)


@pytest.mark.parametrize("name", ["sums.csv", "sums.jsonl"])
@pytest.mark.parametrize(
    "line", [b"x" * 5_000_000, b",".join(b"c%d" % n for n in range(200_000))], ids=["one", "many"]
)
def test_a_line_of_megabytes_is_not_echoed(
    command: Command, data: Path, output: Path, *, name: str, line: bytes
) -> None:
    (data / name).write_bytes(line)

    message = refused(command(), output)

    assert len(message) < 1_500
    assert name in message


def test_an_argument_of_many_characters_is_not_echoed(command: Command, output: Path) -> None:
    assert len(refused(command("--" + "x" * 100_000), output)) < 1_500


def test_a_folder_that_is_not_there_stops_the_run(command: Command, data: Path) -> None:
    data.rename(data.with_name("results"))

    ended = command("--data-path", str(data.with_name("result")))

    assert ended.code == 2
    assert "no such file or folder (did you mean 'results'?" in ended.err


def test_without_any_data_the_first_steps_are_suggested(
    command: Command, data: Path, output: Path
) -> None:
    data.rmdir()

    message = refused(command(), output)

    assert message == (
        f"error: {data}: no such file or folder (--data-path names a folder of result files, or "
        "one file; error-map demo runs on bundled ones)"
    )


def test_a_pipe_next_to_good_files_is_reported_and_not_waited_for(
    command: Command, data: Path
) -> None:
    write_csv(data / "sums.csv", [a_row(score=1)])
    os.mkfifo(data / "pipe.csv")

    ended = command()

    assert ended.code == 0
    assert f"left alone, it is a pipe: {data / 'pipe.csv'}" in ended.err


def test_an_empty_folder_stops_the_run(command: Command, data: Path, output: Path) -> None:
    assert f"{data}: no file to read" in refused(command(), output)


def test_strict_reading_stops_at_the_first_invalid_row(
    command: Command, data: Path, output: Path
) -> None:
    write_csv(data / "sums.csv", [*MANY_GOOD, a_row("e99", score="?"), a_row("")])

    message = refused(command("--strict"), output)

    assert "sums.csv:14: score '?' is not a number (reading is strict)" in message


def test_invalid_rows_are_counted_listed_and_reported(
    command: Command, data: Path, output: Path
) -> None:
    path = write_csv(data / "sums.csv", [*MANY_GOOD, a_row("e12", score="?"), a_row("", "m")])
    with path.open("a", encoding="utf-8") as stream:
        stream.write('e13,m\ne14,m,"q,o,1,\n\ne15,m,q,o,1,\n')

    ended = command()

    folder = RunFolder(output, "t")
    found = [(row["file"], int(row["line"])) for row in read_csv(folder.invalid_rows)]
    assert (ended.code, found) == (0, [(str(path), line) for line in (14, 15, 16, 17, 18, 19)])
    states = pl.read_parquet(folder.records)["state"].to_list()
    assert (states.count("invalid"), len(states)) == (6, 18)
    assert f"6 rows are invalid and set aside; the first: {path}:14: score '?'" in ended.err
    assert "6  invalid" in ended.out


def test_empty_files_next_to_good_ones_are_reported_and_the_run_continues(
    command: Command, data: Path, output: Path
) -> None:
    write_csv(data / "sums.csv", [a_row(score=1)])
    (data / "header.csv").write_text(HEADER, encoding="utf-8")
    (data / "zero.jsonl").touch()

    ended = command()

    notices = json.loads(RunFolder(output, "t").manifest.read_text(encoding="utf-8"))["notices"]
    expected = [
        f"{data / 'header.csv'}: the file has no rows; the other files are read",
        f"{data / 'zero.jsonl'}: the file is empty; the other files are read",
    ]
    assert (ended.code, notices) == (0, expected)
    assert all(notice in ended.err for notice in expected)


def test_a_file_of_another_kind_is_skipped_with_a_notice(command: Command, data: Path) -> None:
    write_csv(data / "sums.csv", [a_row(score=1)])
    (data / "notes.txt").touch()

    ended = command()

    assert ended.code == 0
    assert f"left alone, no reader for it: {data / 'notes.txt'}" in ended.err


def test_where_every_score_is_1_the_run_says_that_there_are_no_failures(
    command: Command, data: Path, output: Path
) -> None:
    write_csv(data / "sums.csv", [a_row("e1", score=1), a_row("e2", score=1)])

    ended = command()

    assert ended.code == 0
    assert ended.out.startswith("No failures among 2 attempts.\n")
    assert sorted(output.iterdir()) == sorted(RunFolder(output, "t").all_files)
    assert read_csv(RunFolder(output, "t").final_csv) == []


def test_where_every_score_is_0_every_row_is_studied_and_words_for_nothing_are_text(
    data: Path, output: Path
) -> None:
    words = ["None", "nan", "NULL", "NA", "", "  "]
    rows = [a_row(f"e{n}", output=word) for n, word in enumerate(words)]
    for row, word in zip(rows, words, strict=True):
        row["correct_answer"] = word
    write_csv(data / "sums.csv", rows)

    result = analysed(data, output)

    final = read_csv(result.folder.final_csv)
    assert sorted(row["output_text"] for row in final) == sorted(words)
    failures = pl.read_parquet(result.folder.failures).sort("example_id")
    assert failures["correct_answer"].to_list() == ["None", "nan", "NULL", "NA", None, None]
    assert result.error_records == len(words)


def test_scores_of_0_to_100_get_a_threshold_that_is_reported(
    command: Command, data: Path, output: Path
) -> None:
    write_csv(data / "sums.csv", [a_row(f"e{score}", score=score) for score in (90, 100, 10)])

    ended = command()

    records = pl.read_parquet(RunFolder(output, "t").records)
    failed = records.filter(pl.col("state") != "passed")
    assert (ended.code, failed["score"].to_list()) == (0, [10.0])
    assert "score < 46.67 is a failure (0.7 x the mean score 66.67)" in ended.err


def test_a_score_that_is_better_when_low_fails_over_its_threshold(
    command: Command, data: Path, output: Path
) -> None:
    write_csv(data / "sums.csv", [a_row(f"e{score}", score=score) for score in (1, 2, 3)])

    ended = command("--score-direction", "low", "--threshold", "sums=2")

    records = pl.read_parquet(RunFolder(output, "t").records)
    failed = records.filter(pl.col("state") != "passed")
    assert (ended.code, failed["score"].to_list()) == (0, [3.0])
    assert "score > 2" in ended.out


def test_hostile_text_is_kept_in_the_files_and_escaped_on_the_screen(
    command: Command, data: Path, output: Path
) -> None:
    hostile = "nul \0 tab \t line \r\n esc \x1b[31m right-to-left \u202eabc [red]x[/red] =1+1"
    rows = [a_row("e1", "bad\x1b[2J\u202emodel", output=hostile), a_row("e\ud800", score=1)]
    text = "\n".join(json.dumps(row) for row in rows)
    (data / "sums.jsonl").write_text(text, encoding="utf-8")

    ended = command()

    [row] = read_csv(RunFolder(output, "t").final_csv)
    assert (ended.code, row["output_text"]) == (0, hostile)
    assert row["model"] == "bad\x1b[2J\u202emodel"
    assert "1 lone surrogates were replaced by U+FFFD" in ended.err
    printed = ended.out + ended.err
    assert "bad\\x1b[2J\\u202e" in printed.replace("\n", "")
    assert not {"\x1b", "\u202e", "\0"} & set(printed)


@pytest.mark.slow
def test_a_field_of_fifty_megabytes_goes_through_a_whole_run(data: Path, output: Path) -> None:
    long = ("The answer is 5. " * 60 + "\n") * 50_000
    write_csv(data / "sums.csv", [a_row(output=long), a_row("e2", score=1)])

    result = analysed(data, output)

    assert len(long) > 50_000_000
    assert pl.read_parquet(result.folder.failures)["output_text"].to_list() == [long]


def test_rows_in_memory_are_refused_and_counted_like_those_of_files(output: Path) -> None:
    with pytest.raises(InputError, match=r"data:3: score '\?' is not a number \(reading is strict"):
        run_sync(data=[*GOOD[1:], a_row(score="?")], output_dir=output, strict=True)
    with pytest.raises(InputError, match="data: no column 'example_id'"):
        run_sync(data=[{"model": "a"}], output_dir=output)

    result = run_sync(data=[*GOOD[1:], a_row(score="?")], output_dir=output, exp_id="t")

    assert dict(result.summary.accounting)["invalid"] == 1
    assert read_csv(result.folder.invalid_rows)[0]["file"] == "data"


def test_an_error_of_the_input_reaches_a_python_caller_as_itself(data: Path, output: Path) -> None:
    write_csv(data / "sums.csv", GOOD)

    with pytest.raises(InputError, match="no model 'z'") as stopped:
        analysed(data, output, models=["z"])

    assert stopped.value.exit_code == 2
    assert list(output.iterdir()) == []


def test_a_stopped_run_leaves_an_earlier_runs_files_as_they_were(data: Path, output: Path) -> None:
    write_csv(data / "sums.csv", [a_row(score=1)])
    result = analysed(data, output)
    before = {path.name: path.read_bytes() for path in output.iterdir()}
    write_csv(data / "sums.csv", [a_row(score="?")])

    with pytest.raises(InputError, match="1 of 1 rows are invalid"):
        analysed(data, output)

    assert {path.name: path.read_bytes() for path in output.iterdir()} == before
    assert result.error_records == 0


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (
            "view nodir",
            "output: no run 'nodir', and no file or folder of that name (this folder",
        ),
        ("view made/tree.json", "made/tree.json: no such file or folder"),
        (
            "view t --output-dir nodir",
            "nodir: no run 't', and no file or folder of that name (this",
        ),
        ("view --output-dir nodir", "nodir: no such folder"),
        ("show t --output-dir nodir", "nodir: no such folder"),
        ("report t --output-dir nodir", "nodir: no such folder"),
        ("plot t --kind tree --out x.png --output-dir nodir", "nodir: no such folder"),
        (
            "report t --out nodir/r.html --output-dir made",
            "nodir: no such folder (create it first)",
        ),
        ("plot t --kind tree --out nodir/x.png --output-dir made", "nodir: no such folder (create"),
        ("plot t --kind tree --out f/x.png --output-dir made", "f: not a folder (name another"),
        ("report t --out f/r.html --output-dir made", "f: not a folder (name another"),
    ],
)
def test_a_folder_that_is_not_there_is_named(
    tmp_path: Path,
    typed: str,
    message: str,
    *,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    analysed(write_csv(Path("d.csv"), GOOD), Path("made"))
    Path("f").touch()

    assert exit_code(typed.split()) == 2

    printed = capsys.readouterr().err
    assert printed.startswith(f"error: {message}")
    assert printed.count("\n") == 1
