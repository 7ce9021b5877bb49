"""Errors of a full disk and of files that may not grow: they name the folder, with a hint."""

import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from error_map.cli import exit_code
from error_map.errors import InputError
from error_map.importers.run_folder import open_results
from tests.support import ROOT, a_row, analysed, write_csv

pytestmark = pytest.mark.slow

COMMAND: Final = "import sys; from error_map.cli import main; main(sys.argv[1:])"
ROWS: Final = 300
TEXT: Final = "The answer is 5. " * 40
"""With so many rows, more than the largest of the small disks holds."""


@pytest.fixture
def small_disk(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """A file system of so many kilobytes; skips the test where none can be made."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if not (mount and umount):
        pytest.skip("no file system can be mounted: there is no command for it")
    make = [mount, "-t", "tmpfs", "-o", f"size={request.param}k", "tmpfs", str(folder)]
    made = subprocess.run(make, capture_output=True, text=True, check=False)
    if made.returncode:
        pytest.skip(f"no file system can be mounted: {made.stderr.strip()}")
    yield folder
    subprocess.run([umount, str(folder)], check=True)


@pytest.fixture
def results(data: Path) -> Path:
    rows = [a_row(f"e{n}", "m", output=f"{n} {TEXT}") for n in range(ROWS)]
    write_csv(data / "d.csv", rows)
    return data


@pytest.mark.parametrize("small_disk", [16, 64, 200], indirect=True)
def test_a_full_disk_is_named_with_the_way_out(
    small_disk: Path, results: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["--data-path", str(results), "--output-dir", str(small_disk), "--ratio", "1"]

    assert exit_code([*command, "--quiet", "--processes", "1"]) == 2

    told = f"error: {small_disk}: cannot write: no space left on device ("
    assert (
        capsys.readouterr().err == f"{told}free some space there, or choose another --output-dir)\n"
    )
    assert list(small_disk.iterdir()) == []


@pytest.mark.parametrize("small_disk", [64], indirect=True)
def test_results_for_which_there_is_no_room_are_refused(
    small_disk: Path, results: Path, tmp_path: Path
) -> None:
    failures = analysed(results, tmp_path / "out").folder.failures

    with pytest.raises(InputError, match=r"no space left on device .*TMPDIR") as refused:
        open_results(failures, small_disk)

    assert refused.value.where == str(small_disk)


def test_files_that_may_not_grow_are_an_error_with_their_folder(
    results: Path, output: Path
) -> None:
    def bounded() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4_096, 4_096))

    command = ["--data-path", str(results), "--output-dir", str(output), "--ratio", "1"]
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, *command, "--quiet"],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        preexec_fn=bounded,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert done.stderr.startswith(f"error: {output}: cannot write: file too large (")
