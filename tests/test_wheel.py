"""Smoke tests of an installed package: the sources, or the wheel built by CI."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

PYTHON: Final = os.environ.get("ERROR_MAP_WHEEL_PYTHON", sys.executable)
pytestmark = [pytest.mark.smoke, pytest.mark.slow]


def output_of(*arguments: str, cwd: Path) -> str:
    """What a command prints, away from the sources."""
    shown = subprocess.run(
        [PYTHON, "-m", "error_map", *arguments], cwd=cwd, capture_output=True, text=True, check=True
    )
    return shown.stdout


def test_the_package_tells_its_version(tmp_path: Path) -> None:
    assert output_of("--version", cwd=tmp_path).startswith("error-map ")


def test_the_demo_runs_on_what_the_package_carries(tmp_path: Path) -> None:
    summary = json.loads(output_of("demo", "--json", "--quiet", cwd=tmp_path))

    assert summary["accounting"]["rows"] == 732
    assert (tmp_path / "output" / "manifest__exp_id=demo.json").exists()
    assert json.loads(output_of("show", "demo", "--json", cwd=tmp_path)) == summary


def test_the_package_carries_what_its_report_is_made_of(tmp_path: Path) -> None:
    output_of("demo", "--quiet", cwd=tmp_path)

    page = output_of("report", "demo", "--out", "-", cwd=tmp_path)

    assert page.startswith("<!DOCTYPE html>")
    assert page.count('<details class="failure"') == 580


def test_the_package_is_typed(tmp_path: Path) -> None:
    code = "import error_map, pathlib; print(pathlib.Path(error_map.__file__).parent / 'py.typed')"
    shown = subprocess.run(
        [PYTHON, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )

    assert Path(shown.stdout.strip()).exists()


def test_a_users_file_with_a_typo_is_refused_with_the_closest_name(tmp_path: Path) -> None:
    results = tmp_path / "mine.csv"
    results.write_text("example_id,model,input_text,output,score\n1,m,q,a,0\n", encoding="utf-8")

    shown = subprocess.run(
        [PYTHON, "-m", "error_map", "--data-path", "mine.csv"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert shown.returncode == 2
    assert "no column 'output_text'" in shown.stderr
    assert "did you mean 'output'?" in shown.stderr
