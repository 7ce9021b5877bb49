"""Runs by a user id without an account, as in containers (`docker run --user 12345`)."""

import http
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from error_map.store import RunFolder
from tests.server_process import HEALTH, free_port, serving, status
from tests.support import ROOT

pytestmark = pytest.mark.slow

UID: Final = "54321"
"""A user without an entry in the password file."""
# May read what only root may: this Python may be in a folder of root's.
READ: Final = "+dac_read_search"
AS_STRANGER: Final = (
    *("setpriv", "--reuid", UID, "--regid", UID, "--clear-groups"),
    *("--inh-caps", READ, "--ambient-caps", READ),
)
NO_HOME: Final = {name: value for name, value in os.environ.items() if name != "HOME"}
HOMES: Final = pytest.mark.parametrize(
    "home", [{}, {"HOME": "/nonexistent"}, {"HOME": "/"}], ids=["unset", "missing", "unwritable"]
)
OPEN_INDEX: Final = """
import pathlib, sys
from error_map.outputs.index_builder import open_index
from error_map.store import RunFolder
print(open_index(RunFolder(pathlib.Path(sys.argv[1]), "demo")).path)
"""


def as_stranger(*command: str, home: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*AS_STRANGER, sys.executable, *command],
        env={**NO_HOME, **home, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def strange() -> Iterator[Path]:
    """A folder that the stranger can write to."""
    if os.getuid() != 0:
        pytest.skip("only root becomes another user")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        try:
            ended = as_stranger("-c", "import os", home={})
        except FileNotFoundError:
            pytest.skip("setpriv is not installed")
        if ended.returncode:
            pytest.skip(f"root is confined here: {ended.stderr.strip()[-200:]}")
        yield Path(folder)


def demo(folder: Path, home: dict[str, str]) -> RunFolder:
    output = folder / "output"
    ended = as_stranger("-m", "error_map", "demo", "--output-dir", str(output), home=home)
    assert (ended.returncode, "Traceback" in ended.stderr) == (0, False), ended.stderr
    return RunFolder(output, "demo")


@HOMES
def test_a_user_without_a_name_or_a_home_runs_the_demo(strange: Path, home: dict[str, str]) -> None:
    run = demo(strange, home)

    assert sorted(run.output_dir.iterdir()) == sorted(run.all_files)
    assert {file.stat().st_uid for file in run.all_files} == {int(UID)}


def test_an_index_goes_to_a_cache_of_the_user_without_a_name(strange: Path) -> None:
    run = demo(strange, {})
    run.output_dir.chmod(0o555)

    made = as_stranger("-c", OPEN_INDEX, str(run.output_dir), home={"TMPDIR": str(strange)})

    assert made.stderr == ""
    assert Path(made.stdout.strip()).parent == strange / f"error-map-{UID}"


@pytest.mark.slow
@HOMES
def test_a_user_without_a_name_or_a_home_is_served_the_viewer(
    strange: Path, home: dict[str, str]
) -> None:
    run = demo(strange, home)

    port = free_port()
    view = ["-m", "error_map", "view", "demo", "--no-browser", "--port", str(port)]
    command = [*AS_STRANGER, sys.executable, *view, "--output-dir", str(run.output_dir)]
    environment = {**NO_HOME, **home, "PYTHONPATH": str(ROOT / "src")}
    with serving(command, port, environment=environment):
        assert status(port, HEALTH) == http.HTTPStatus.OK
