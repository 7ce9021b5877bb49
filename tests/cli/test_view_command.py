"""`error-map view`: start, refusals, and clean end."""

import os
import signal
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from error_map.app.server import SETTINGS
from error_map.cli import exit_code
from error_map.store import RunFolder
from tests.support import ROOT, a_row, analysed, write_csv
from tests.viewing import ENVIRONMENT, started

pytestmark = pytest.mark.slow

PATIENCE_S = 90


@pytest.fixture
def runs(data: Path, output: Path) -> Path:
    """An output folder with one run, `t`."""
    write_csv(data / "d.csv", [a_row("e1", "a", output=""), a_row("e2", "a", score=1)])
    analysed(data, output)
    return output


@pytest.mark.slow
def test_it_prints_its_address_and_ends_with_ctrl_c(runs: Path) -> None:
    process = started([str(runs)])
    assert process.stdout is not None

    address = process.stdout.readline().strip()
    host, port = address.removeprefix("http://").partition("/")[0].split(":")
    while process.poll() is None:
        with socket.socket() as tried:
            if tried.connect_ex((host, int(port))) == 0:
                break
    process.send_signal(signal.SIGINT)
    _, message = process.communicate(timeout=60)

    assert address.endswith("/?run=t")
    assert host == "127.0.0.1"
    assert process.returncode in {0, 130}
    assert "Traceback" not in message
    assert (runs / "index__exp_id=t.sqlite").exists()


@pytest.mark.slow
def test_it_opens_a_browser_and_removes_the_copy_of_a_file(runs: Path, tmp_path: Path) -> None:
    program, opened, kept = tmp_path / "browser", tmp_path / "opened", tmp_path / "kept"
    program.write_text(
        f'#!/bin/sh\nprintf %s "$1" > {opened}.part; mv {opened}.part {opened}\n', "utf-8"
    )
    program.chmod(0o700)
    kept.mkdir()
    results = RunFolder(runs, "t").final_json
    environment = {**ENVIRONMENT, "BROWSER": str(program), "TMPDIR": str(kept)}
    command = [sys.executable, "-m", "error_map", "view", str(results)]

    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        deadline = time.monotonic() + PATIENCE_S
        while not opened.exists() and time.monotonic() < deadline:
            os.sched_yield()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0

    assert opened.read_text("utf-8") == address
    assert [path for path in kept.iterdir() if path.is_dir()] == []


def test_a_name_that_is_no_run_gets_the_closest(
    runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(["view", "tt", "--output-dir", str(runs)]) == 2

    assert "no run 'tt'" in (message := capsys.readouterr().err)
    assert "did you mean 't'?" in message


def test_a_folder_without_runs_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(["view", str(tmp_path)]) == 2

    assert "no finished run in this folder" in capsys.readouterr().err


def test_a_port_that_is_taken_is_refused(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        assert exit_code(["view", str(runs), "--port", str(port), "--no-browser"]) == 2

    assert f"127.0.0.1:{port}: cannot serve" in capsys.readouterr().err


def test_without_the_extra_one_sentence_names_it(runs: Path) -> None:
    code = (
        "import sys\n"
        "class Nowhere:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'streamlit':\n"
        "            raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Nowhere())\n"
        "from error_map.cli import exit_code\n"
        f"sys.exit(exit_code(['view', {str(runs)!r}]))\n"
    )

    shown = subprocess.run(
        [sys.executable, "-c", code], env=ENVIRONMENT, capture_output=True, text=True, check=False
    )

    assert shown.returncode == 2
    assert shown.stderr.count("\n") == 1
    assert "error-map[app]" in shown.stderr


def test_streamlit_run_has_the_same_settings() -> None:
    file = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))

    assert dict(_flat(file)) == {**SETTINGS, "server.address": "127.0.0.1"}


def _flat(value: Mapping[str, object], above: str = "") -> list[tuple[str, object]]:
    pairs: list[tuple[str, object]] = []
    for name, one in value.items():
        pairs += _flat(one, f"{above}{name}.") if isinstance(one, dict) else [(above + name, one)]
    return pairs
