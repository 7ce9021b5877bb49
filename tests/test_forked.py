"""Forked processes are refused, as Polars would hang in them."""

import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.cli.test_cli import ENVIRONMENT
from tests.support import a_row, write_csv

pytestmark = pytest.mark.slow

START: Final = """
import os, sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from error_map import InputError, open_run, run_sync

FOLDER = Path(sys.argv[1])
KIND = sys.argv[2]

def a_run(name):
    result = run_sync(
        data_path=FOLDER / "data", output_dir=FOLDER / name, exp_id="t", ratio=1.0, processes=2,
        inference_type=KIND,
    )
    return result["error_records"]

def read(name):
    return open_run(FOLDER / name, "t").summary.accounting.studied
"""
FORKED: Final = """
print(a_run("parent"), flush=True)
child = os.fork()
if child == 0:
    try:
        print(DONE("parent"), flush=True)
    except InputError as error:
        print(error, flush=True)
    finally:
        os._exit(0)
os.waitpid(child, 0)
"""
POOLED: Final = """
if __name__ == "__main__":
    if BEFORE:
        a_run("parent")
    with ProcessPoolExecutor(1, mp_context=get_context(HOW)) as pool:
        try:
            print(pool.submit(a_run, "child").result(), flush=True)
        except InputError as error:
            print(error, flush=True)
"""
REFUSAL: Final = (
    "this process was forked from one that has used ErrorMap, and would hang "
    "(start processes by spawn, such as multiprocessing.get_context('spawn'))"
)
LONGEST_S: Final = 60
"""A hang is a test that fails."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    write_csv(tmp_path / "data" / "d.csv", [a_row("e1"), a_row("e2", output="2 + 2 = 5")])
    return tmp_path


def printed(folder: Path, script: str, kind: str = "offline") -> list[str]:
    """The lines that a script writes, which is a file of its own as spawn reads it again."""
    file = folder / "script.py"
    file.write_text(script, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(file), str(folder), kind],
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=LONGEST_S,
    )
    return done.stdout.splitlines()


@pytest.mark.parametrize("kind", ["offline", "litellm-mock"])
@pytest.mark.parametrize("done", ["a_run", "read"])
def test_a_fork_of_a_process_that_made_a_run_is_refused(folder: Path, kind: str, done: str) -> None:
    assert printed(folder, START + FORKED.replace("DONE", done), kind) == ["2", REFUSAL]


def test_a_worker_of_a_forking_pool_is_refused_after_a_run(folder: Path) -> None:
    script = START + POOLED.replace("BEFORE", "True").replace("HOW", "'fork'")

    assert printed(folder, script) == [REFUSAL]


@pytest.mark.parametrize(("before", "how"), [("True", "'spawn'"), ("False", "'fork'")])
def test_a_process_that_is_spawned_or_forked_before_any_run_runs(
    folder: Path, before: str, how: str
) -> None:
    script = START + POOLED.replace("BEFORE", before).replace("HOW", how)

    assert printed(folder, script) == ["2"]
