"""Logs are found by their content in all folders, and of two runs the later one is read."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from error_map.errors import InputError
from error_map.readers import (
    Found,
    Log,
    LogFormat,
    Opening,
    ReadOptions,
    Sample,
    choose,
    chosen_formats,
    found_lines,
    latest,
    log_source,
    search,
)
from error_map.readers.logs.log import Chosen
from error_map.records import Turn


def recognised(opening: Opening) -> Log | None:
    """Logs of a tool for tests: a first line `tool MODEL DATASET TIME`."""
    words = opening.text.split("\n")[0].split(" ")
    if words[0] == "broken":
        raise InputError("version 9 is not known", where=str(opening.path))
    if words[0] != "tool":
        return None
    _, model, dataset, time, run_id, *_ = [*words, "", "", ""]
    return Log(
        tool="tool",
        version="1",
        path=opening.path,
        datasets=(dataset,),
        models=(model,),
        rows=2,
        written=time,
        run_id=run_id,
        choices={"metric": ("exact", "loose")},
        read=lambda chosen: samples(model, dataset, chosen),
    )


def samples(model: str, dataset: str, chosen: Chosen) -> Iterator[Sample]:
    turns = (Turn(role="user", text="2 + 2?"),)
    yield Sample(
        dataset=dataset,
        example="e1",
        model=model,
        score=float(chosen["metric"] == "loose"),
        prompt="2 + 2?",
        output="[turn 1]\n5",
        reference="4",
        turns=turns,
        composed=((0, 9),),
        tokens_out=7,
        extras={"topic": "sums", "state": "CA"},
        line=1,
    )
    yield Sample(
        dataset=dataset, example="e2", model=model, score=None, fault="the tool failed", line=2
    )


FORMATS = (LogFormat("tool", recognised),)


def a_log(path: Path, line: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(line, encoding="utf-8")
    return path


def found_in(folder: Path) -> Found:
    return search(folder, FORMATS)


def test_logs_are_found_in_all_folders_by_their_content(tmp_path: Path) -> None:
    a_log(tmp_path / "a" / "b" / "one.json", "tool m d 2026-01-01")
    a_log(tmp_path / "two.jsonl", "tool m2 d 2026-01-01")
    a_log(tmp_path / "three.json", "{}")
    a_log(tmp_path / ".hidden" / "four.json", "tool m3 d 2026-01-01")
    a_log(tmp_path / "output" / "manifest__exp_id=x.json", "tool m4 d 2026-01-01")

    found = found_in(tmp_path)

    assert sorted(log.path.name for log in found.logs) == ["one.json", "two.jsonl"]
    assert [path.name for path in found.others] == ["three.json"]


def test_one_file_can_be_a_log(tmp_path: Path) -> None:
    path = a_log(tmp_path / "one.json", "tool m d 2026-01-01")

    assert [log.path for log in found_in(path).logs] == [path]


def test_a_log_that_cannot_be_read_does_not_stop_the_others(tmp_path: Path) -> None:
    a_log(tmp_path / "one.json", "tool m d 2026-01-01")
    bad = a_log(tmp_path / "two.json", "broken")

    found = found_in(tmp_path)

    assert len(found.logs) == 1
    assert any(str(bad) in line and "version 9" in line for line in found_lines(found, {}))


def test_of_two_runs_the_later_one_is_read(tmp_path: Path) -> None:
    early = a_log(tmp_path / "b.json", "tool m d 2026-01-01")
    late = a_log(tmp_path / "a.json", "tool m d 2026-02-01")

    found = latest(found_in(tmp_path), apart=False)

    assert [log.path for log in found.logs] == [late]
    assert any(str(early) in line and "later run" in line for line in found_lines(found, {}))
    assert len(latest(found_in(tmp_path), apart=True).logs) == 2


@pytest.mark.parametrize("time", ["", "2026-01-01"])
def test_two_runs_that_nothing_orders_are_named_and_stay(tmp_path: Path, time: str) -> None:
    paths = [a_log(tmp_path / name, f"tool m d {time}") for name in ("a.json", "b.json")]
    a_log(tmp_path / "c.json", "tool m2 d 2026-01-01")

    found = latest(found_in(tmp_path), apart=False)

    (line,) = (line for line in found_lines(found, {}) if "which is the later one" in line)
    assert all(str(path) in line for path in paths)
    assert '--model-name "{model} ({file})"' in line
    assert len(found.logs) == 3
    assert not latest(found_in(tmp_path), apart=True).unordered


@pytest.mark.parametrize(
    ("second", "way_out"),
    [
        ("b/x.json", ', or keep both as two models: --model-name "{model} ({run})")'),
        ("c/a/x.json", "(remove one)"),
    ],
)
def test_the_way_out_tells_the_logs_apart(tmp_path: Path, second: str, way_out: str) -> None:
    a_log(tmp_path / "a" / "x.json", "tool m d")
    a_log(tmp_path / second, "tool m d")

    (error,) = latest(found_in(tmp_path), apart=False).unordered

    assert str(error).endswith(way_out)


@pytest.mark.parametrize("apart", [False, True])
def test_of_two_logs_of_one_run_one_is_read(tmp_path: Path, *, apart: bool) -> None:
    kept = a_log(tmp_path / "a.json", "tool m d 2026-01-01 run1")
    copy = a_log(tmp_path / "b.json", "tool m d 2026-01-01 run1")
    other = a_log(tmp_path / "c.json", "tool m2 d 2026-01-01 run2")

    found = latest(found_in(tmp_path), apart=apart)

    assert [log.path for log in found.logs] == [kept, other]
    assert f"not read, as it is of the same run as {kept}: {copy}" in found_lines(found, {})


def test_a_default_is_named_and_a_name_that_is_not_there_is_refused(tmp_path: Path) -> None:
    a_log(tmp_path / "a.json", "tool m d 2026-01-01")
    found = found_in(tmp_path)
    (log,) = found.logs

    assert "metric 'exact' is taken; there is also loose" in " ".join(found_lines(found, {}))
    assert choose(log, {"metric": ("none", "loose")}) == {"metric": "loose"}
    with pytest.raises(InputError, match="no metric 'lose' in this log; it has exact, loose"):
        choose(log, {"metric": ("lose",)})


def test_a_format_that_does_not_exist_is_refused() -> None:
    assert chosen_formats(FORMATS, ["tool"]) == list(FORMATS)
    with pytest.raises(InputError, match="no format 'tol'"):
        chosen_formats(FORMATS, ["tol"])


def test_samples_become_rows_with_optional_fields(tmp_path: Path) -> None:
    a_log(tmp_path / "a.json", "tool m d 2026-01-01")
    (log,) = found_in(tmp_path).logs

    table = log_source(log, choose(log, {"metric": ("loose",)}), ReadOptions()).read()

    row = table.frame.row(0, named=True)
    assert (row["dataset"], row["example_id"], row["model"], row["score"]) == ("d", "e1", "m", 1.0)
    assert (row["topic"], row["state_input"]) == ("sums", "CA")
    assert (row["log_tokens_out"], row["log_composed"]) == (7, [[0, 9]])
    assert row["log_turns"][0]["text"] == "2 + 2?"
    assert table.frame.schema["log_turns"] != pl.String
    (errored,) = table.invalid
    assert (errored.state, errored.reason, errored.line) == ("errored", "the tool failed", 2)


def test_a_log_in_which_most_samples_failed_is_read(tmp_path: Path) -> None:
    def read(_: Chosen) -> Iterator[Sample]:
        for number in range(9):
            yield Sample(dataset="d", example=str(number), model="m", score=None, fault="timeout")
        yield Sample(dataset="d", example="9", model="m", score=0.0)

    log = Log(tool="tool", path=a_log(tmp_path / "a.json", "tool"), read=read)

    table = log_source(log, {}, ReadOptions()).read()

    assert (table.frame.height, len(table.invalid)) == (1, 9)
