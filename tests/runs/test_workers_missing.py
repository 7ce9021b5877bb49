"""Whole runs in which the offline analyst's worker processes do not start."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from error_map.store import RunFolder
from tests.support import ROOT, a_row, write_csv

pytestmark = pytest.mark.slow

COMMAND = """
import sys
sys.executable = "/bin/false"  # what the workers are started with
from error_map.cli import main
main(sys.argv[1:])
"""


def run(data: Path, output: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    write_csv(data / "d.csv", [a_row(f"e{n}", output="2 + 2 = 5") for n in range(20)])
    place = ["--data-path", str(data), "--output-dir", str(output), "--exp-id", "t", "--ratio", "1"]
    return subprocess.run(
        [sys.executable, "-c", COMMAND, *place, *options],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_offline_analyst_ends_with_the_reason(data: Path, output: Path) -> None:
    ended = run(data, output)

    assert ended.returncode == 1
    told = "error: cannot start a worker process: it ended with exit code 1 (the command is /bi"
    assert ended.stderr.splitlines()[-1].startswith(told)
    assert list(output.iterdir()) == []


def test_a_judge_continues_without_hints_and_says_so_once(data: Path, output: Path) -> None:
    ended = run(data, output, "--inference-type", "litellm-mock")

    notice = (
        "the judge gets no hints: cannot start a worker process: it ended with exit code 1 "
        "(the command is /bin/false)"
    )
    manifest = json.loads(RunFolder(output, "t").manifest.read_text(encoding="utf-8"))
    assert ended.returncode == 0
    assert ended.stderr.count(notice) == 1
    assert notice in manifest["notices"]
    assert manifest["accounting"]["undiagnosed"] == 0
