"""A run's files replace those of an earlier run completely or not at all, even if it is killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import pytest

from error_map.cli import exit_code
from error_map.errors import StoreError
from error_map.store import RunFolder, open_run
from tests.support import ROOT, a_row, analysed, write_csv

pytestmark = pytest.mark.slow

REPLACE: Final = """
import pathlib, sys
from error_map.store import RunFolder
run = RunFolder(pathlib.Path(sys.argv[1]), "t")
with run.writing():
    for file in run.all_files:
        run.part(file).write_text("new")
print("replaced")
"""


@pytest.fixture
def run(data: Path, output: Path) -> RunFolder:
    write_csv(data / "d.csv", [a_row("e1", "a", output=""), a_row("e2", "a", score=1)])
    return analysed(data, output).folder


def contents(run: RunFolder) -> dict[str, bytes]:
    """Every file in the folder, hidden ones included."""
    return {
        file.relative_to(run.output_dir).as_posix(): file.read_bytes()
        for file in run.output_dir.rglob("*")
        if file.is_file()
    }


def write_parts(run: RunFolder, files: Iterable[Path], mark: str = "new") -> None:
    """Writes files of a run as parts."""
    for file in files:
        run.part(file).write_text(mark, encoding="utf-8")


def test_a_folder_in_the_place_of_a_file_stops_a_run_before_it_begins(
    run: RunFolder, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run.final_csv.unlink()
    run.final_csv.mkdir()
    (run.final_csv / "kept").touch()
    before = contents(run)

    command = ["--data-path", str(data), "--output-dir", str(run.output_dir), "--exp-id", "t"]
    code = exit_code(command)

    assert code == 1
    told = f"error: {run.final_csv}: a folder has the name of a file of the run"
    assert capsys.readouterr().err.splitlines()[-1].startswith(told)
    assert contents(run) == before


def test_a_file_that_cannot_be_moved_leaves_the_earlier_run_as_it_was(run: RunFolder) -> None:
    before = contents(run)

    with pytest.raises(StoreError, match="cannot put the run's files in place"), run.writing():
        write_parts(run, run.all_files[:-3])  # the others are not there to be moved

    assert contents(run) == before


def test_a_first_run_whose_files_cannot_be_moved_leaves_nothing(output: Path) -> None:
    run = RunFolder(output, "t")

    with pytest.raises(StoreError, match="cannot put the run's files in place"), run.writing():
        write_parts(run, [run.config])

    assert contents(run) == {}


def test_files_that_a_run_has_no_more_are_gone_when_it_is_in_place(run: RunFolder) -> None:
    with run.writing((run.records, run.manifest)):
        write_parts(run, [run.records, run.manifest])

    assert sorted(contents(run)) == [run.manifest.name, run.records.name]


def killed_at(run: RunFolder, call: int) -> bool:
    """Whether a process that replaces the run's files was killed before its n-th renaming."""
    die = (
        "import os, signal\n"
        f"left = iter(range({call}))\n"
        "def die(event, _):\n"
        "    if event == 'os.rename' and next(left, None) is None:\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "import sys; sys.addaudithook(die)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", die + REPLACE, str(run.output_dir)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        check=False,
    )
    assert done.returncode in {0, -signal.SIGKILL}, done.stderr
    return done.returncode != 0


@pytest.mark.parametrize("first", [True, False])
def test_a_run_that_is_killed_anywhere_while_it_replaces_another_loses_neither(
    output: Path, *, first: bool
) -> None:
    run = RunFolder(output, "t")
    call = 0
    while True:
        if first:
            output.mkdir(exist_ok=True)
            for file in run.all_files:
                file.unlink(missing_ok=True)
        else:
            with run.writing():
                write_parts(run, run.all_files, "old")
        if not killed_at(run, call):
            break
        finished = run.manifest.exists() and run.manifest.read_text(encoding="utf-8") == "new"
        with pytest.raises(ZeroDivisionError), run.writing():
            raise ZeroDivisionError  # the next run fails: what it found is what it leaves
        kept = {"new"} if finished else set() if first else {"old"}
        assert {text.decode() for text in contents(run).values()} == kept
        assert len(contents(run)) == (len(run.all_files) if kept else 0)
        call += 1

    assert call >= len(run.all_files)


def test_a_run_whose_files_were_moved_by_a_killed_one_says_so(run: RunFolder) -> None:
    assert killed_at(run, 3)

    with pytest.raises(StoreError, match="killed while it replaced it"):
        open_run(run.output_dir, "t")
