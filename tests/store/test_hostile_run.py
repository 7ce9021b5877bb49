"""Run folders that were manipulated or damaged are refused at once, in one sentence."""

import json
import os
import shutil
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import polars as pl
import pytest

from error_map.cli import exit_code
from error_map.errors import StoreError
from error_map.outputs.index_builder import open_index
from error_map.store import RunFolder
from error_map.store.ledger import Ledger
from tests.support import a_row, analysed, write_csv

pytestmark = pytest.mark.slow

COMMANDS = (["show", "t"], ["report", "t", "--format", "md", "--out", "-"])


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        here = Path.cwd()
        os.chdir(path.parent)  # the name of a socket has at most a hundred bytes
        try:
            one.bind(path.name)
        finally:
            os.chdir(here)


NO_FILES: Final[Mapping[str, Callable[[Path], object]]] = {
    "pipe": os.mkfifo,
    "folder": Path.mkdir,
    "link to itself": lambda path: path.symlink_to(path.name),
    "device": lambda path: path.symlink_to("/dev/zero"),
    "socket": _socket,
}
"""Entries of a folder that are no regular files, by their kind."""


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """A small run, made once as it takes longer than most of the tests."""
    folder = tmp_path_factory.mktemp("finished")
    write_csv(folder / "d.csv", [a_row("e1", "a", output=""), a_row("e2", "a", score=1)])
    return analysed(folder / "d.csv", folder / "output").folder


@pytest.fixture
def run(finished: RunFolder, output: Path) -> RunFolder:
    """A copy of the finished run, which a test may damage."""
    shutil.copytree(finished.output_dir, output)
    return RunFolder(output, finished.exp_id)


def refused(run: RunFolder, capsys: pytest.CaptureFixture[str]) -> str:
    """What every command says of it."""
    for command in COMMANDS:
        assert exit_code([*command, "--output-dir", str(run.output_dir)]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.count("\n") == len(COMMANDS)
    return shown.err


@pytest.mark.parametrize(
    "changed",
    [
        {"completed_at": "\x1b[2Jnow"},
        {"rows": -1},
        {"accounting": {"passed": -3}},
        {"faults": {"reference": 10**30}},
        {"datasets": {"d": {"threshold": 1, "rule": "score < 1", "origin": "zz"}}},
    ],
)
def test_a_manifest_that_no_run_writes_is_refused(
    run: RunFolder, changed: dict[str, object], capsys: pytest.CaptureFixture[str]
) -> None:
    manifest = json.loads(run.manifest.read_text(encoding="utf-8"))
    run.manifest.write_text(json.dumps(manifest | changed), encoding="utf-8")

    assert "the manifest is damaged" in refused(run, capsys)


def test_a_taxonomy_without_the_categories_of_the_records_is_refused(
    run: RunFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    run.taxonomy.write_text("categories: []\n", encoding="utf-8")

    assert "its taxonomy has no category" in refused(run, capsys)


@pytest.mark.parametrize("category", ["nowhere", None])
def test_failures_in_a_category_that_the_taxonomy_has_not_are_refused(
    run: RunFolder, category: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    other = pl.lit(category, dtype=pl.String).alias("category_id")
    pl.read_parquet(run.failures).with_columns(other).write_parquet(run.failures)

    code = exit_code(["report", "t", "--out", "-", "--output-dir", str(run.output_dir)])

    assert code == 1
    assert f"its taxonomy has no category {category!r}" in capsys.readouterr().err


def test_studied_records_without_a_category_are_refused(
    run: RunFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    nothing = pl.lit(None, dtype=pl.String).alias("category_id")
    pl.read_parquet(run.records).with_columns(nothing).write_parquet(run.records)

    assert "its taxonomy has no category ''" in refused(run, capsys)


def test_records_whose_names_are_bytes_are_refused(
    run: RunFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    records = pl.read_parquet(run.records).with_columns(pl.lit(b"\xff").alias("model"))
    records.write_parquet(run.records)

    assert "are not names" in refused(run, capsys)


def test_records_with_an_unknown_state_are_refused(
    run: RunFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    records = pl.read_parquet(run.records).with_columns(pl.lit("lost").alias("state"))
    records.write_parquet(run.records)

    assert "unknown state 'lost'" in refused(run, capsys)


def test_a_taxonomy_of_billions_of_aliases_is_refused(
    run: RunFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    levels = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    bomb = "\n".join(["a0: &a0 [x]", *levels, "categories: *a29"])
    run.taxonomy.write_text(bomb, encoding="utf-8")

    assert "anchors are not allowed in line 1" in refused(run, capsys)


@pytest.mark.parametrize("command", [["runs"], ["show", "t"]])
@pytest.mark.parametrize("bad", ["\x1b[2J<script>", "[/]", "[red]a[/red]", ":smile:"])
def test_nothing_that_a_manifest_says_is_obeyed(
    run: RunFolder, capsys: pytest.CaptureFixture[str], *, command: list[str], bad: str
) -> None:
    manifest = json.loads(run.manifest.read_text(encoding="utf-8"))
    entry = manifest["datasets"]["d"] | {"rule": bad, "route": bad, "distrust": bad}
    changed = {"analyst": bad, "datasets": {"d": entry}, "faults": {bad: 1}}
    run.manifest.write_text(json.dumps(manifest | changed), encoding="utf-8")

    assert exit_code([*command, "--output-dir", str(run.output_dir)]) == 0

    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert bad.replace("\x1b", "\\x1b") in shown


def test_a_name_with_marks_of_rich_is_shown_as_it_is(
    run: RunFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    manifest = json.loads(run.manifest.read_text(encoding="utf-8"))
    changed = manifest | {"exp_id": "[link=http://evil]t", "analyst": "[/]"}
    run.manifest.write_text(json.dumps(changed), encoding="utf-8")

    assert exit_code(["runs", "--output-dir", str(run.output_dir)]) == 0
    assert "[link=http://evil]t" in capsys.readouterr().out


@pytest.mark.parametrize("kind", sorted(NO_FILES))
def test_a_manifest_that_cannot_be_read_is_left_out_of_the_list(
    run: RunFolder, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    other = RunFolder(run.output_dir, "other").manifest
    NO_FILES[kind](other)

    assert exit_code(["runs", "--output-dir", str(run.output_dir)]) == 0

    shown = capsys.readouterr()
    assert "t  " in shown.out
    assert shown.err.startswith(f"skipped: {other}: ")
    assert shown.err.count("\n") == 1


@pytest.mark.parametrize("name", ["manifest", "records", "taxonomy", "failures"])
def test_a_pipe_in_the_place_of_a_file_is_refused_at_once(
    run: RunFolder, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file: Path = getattr(run, name)
    file.unlink()
    os.mkfifo(file)

    assert refused(run, capsys).count(f"{file}: it is no regular file") == len(COMMANDS)
    with pytest.raises(StoreError, match="no regular file"):
        open_index(run)


@pytest.mark.parametrize("kind", sorted(NO_FILES))
def test_a_ledger_that_is_no_file_is_refused_at_once(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "ledger.sqlite"
    NO_FILES[kind](path)

    with pytest.raises(StoreError, match="move it away"):
        Ledger.open(path)
