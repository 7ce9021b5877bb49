"""The lock of a run, held by real processes, also killed ones and those of other users."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from error_map.errors import InputError
from error_map.store import RunFolder, locked
from tests.support import ROOT, a_row, analysed, write_csv

pytestmark = pytest.mark.slow

ROOT_ONLY: Final = pytest.mark.skipif(os.getuid() != 0, reason="only root becomes another user")
STRANGER: Final = 54321
"""A user that no system has."""
HOLD: Final = """
import pathlib, sys
from error_map.store import RunFolder
with RunFolder(pathlib.Path(sys.argv[1]), "t").writing(()):
    print("held", flush=True)
    sys.stdin.read()
"""
TRY: Final = """
import os, pathlib, sys
from error_map.errors import InputError
from error_map.store import RunFolder
if len(sys.argv) > 2:  # after the imports, as another user need not reach this Python
    os.setgroups([])
    os.setgid(int(sys.argv[2]))
    os.setuid(int(sys.argv[2]))
try:
    with RunFolder(pathlib.Path(sys.argv[1]), "t").writing(()):
        print("held")
except InputError as error:
    print(error)
"""


@contextmanager
def holder(output: Path) -> Iterator["subprocess.Popen[str]"]:
    """A process that writes a run under the name `t`, until it is killed."""
    pipe = subprocess.PIPE
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-c", HOLD, str(output)]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def tried(output: Path, *, user: int | None = None, **environment: str) -> str:
    """What another process says that wants to write the same run."""
    shown = subprocess.run(
        [sys.executable, "-c", TRY, str(output), *([] if user is None else [str(user)])],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return shown.stdout.strip()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can reach and write to."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        yield Path(folder)


def test_a_second_run_is_refused_whatever_its_folder_of_temporary_files(
    output: Path, tmp_path: Path
) -> None:
    with holder(output) as process:
        message = tried(output, TMPDIR=str(tmp_path))

    lock = RunFolder(output, "t").lock
    assert message.startswith(
        f"{lock}: another run is writing under this name: process {process.pid}"
    )
    assert f" on {os.uname().nodename} since 20" in message
    assert "wait for it, or choose another --exp-id" in message


def test_two_runs_in_one_process_exclude_each_other(output: Path) -> None:
    folder = RunFolder(output, "t")

    with folder.writing(()), pytest.raises(InputError, match="another run"), folder.writing(()):
        pass


def test_a_lock_of_a_killed_process_is_taken_over(output: Path) -> None:
    with holder(output) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()

    lock = RunFolder(output, "t").lock
    assert json.loads(lock.read_text(encoding="utf-8"))["pid"] == process.pid
    assert tried(output) == "held"
    assert list(output.iterdir()) == []


def test_a_run_leaves_no_lock_behind_here_nor_among_the_temporary_files(
    data: Path, output: Path, *, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", None)
    write_csv(data / "d.csv", [a_row(output="")])

    folder = analysed(data, output).folder

    assert sorted(output.iterdir()) == sorted(folder.all_files)
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe garbage", b"[1]", b'{"pid": "x"}', b'{"pid": {}, "host": []}', b"9" * 10_000],
)
def test_garbage_in_a_lock_file_that_nobody_holds_is_no_obstacle(
    output: Path, content: bytes
) -> None:
    output.mkdir()
    RunFolder(output, "t").lock.write_bytes(content)

    with RunFolder(output, "t").writing(()):
        assert RunFolder(output, "t").workshop.is_dir()


@pytest.mark.parametrize("content", [b"", b"\xff\0", b"[1]", b'{"pid": {"a": 1}}', b"9" * 10_000])
def test_garbage_in_a_lock_file_that_is_held_names_nobody(output: Path, content: bytes) -> None:
    with holder(output):
        RunFolder(output, "t").lock.write_bytes(content)
        message = tried(output)

    assert "another run is writing under this name (wait for it" in message


def test_a_symbolic_link_is_no_lock_file_and_nothing_is_written_through_it(
    output: Path, tmp_path: Path
) -> None:
    output.mkdir()
    target = tmp_path / "precious"
    target.write_text("kept", encoding="utf-8")
    RunFolder(output, "t").lock.symlink_to(target)

    message = tried(output)

    assert message == (
        f"{RunFolder(output, 't').lock}: cannot lock: it is not a regular file "
        "(delete it, or choose another --exp-id)"
    )
    assert target.read_text(encoding="utf-8") == "kept"


@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_what_is_no_file_is_no_lock_file(output: Path, kind: str) -> None:
    output.mkdir()
    lock = RunFolder(output, "t").lock
    lock.mkdir() if kind == "folder" else os.mkfifo(lock)

    assert "cannot lock: it is not a regular file" in tried(output)


@ROOT_ONLY
def test_a_lock_file_of_another_user_that_cannot_be_opened_is_named(open_folder: Path) -> None:
    lock = RunFolder(open_folder, "t").lock
    lock.touch(mode=0o600)

    message = tried(open_folder, user=STRANGER)

    assert message == (
        f"{lock}: cannot lock: permission denied "
        "(if no other run is at work, delete the file; or choose another --exp-id)"
    )


@ROOT_ONLY
def test_a_lock_file_that_another_users_killed_run_left_readable_is_taken_over(
    open_folder: Path,
) -> None:
    RunFolder(open_folder, "t").lock.touch(mode=0o644)

    assert tried(open_folder, user=STRANGER) == "held"


@ROOT_ONLY
def test_another_users_run_is_named_while_it_is_at_work(open_folder: Path) -> None:
    with holder(open_folder) as process:
        open_folder.joinpath(".t.part").chmod(0o777)
        message = tried(open_folder, user=STRANGER)

    assert f"another run is writing under this name: process {process.pid} on" in message


@ROOT_ONLY
def test_a_folder_that_cannot_be_written_to_is_named(open_folder: Path) -> None:
    open_folder.chmod(0o755)

    message = tried(open_folder, user=STRANGER)

    assert message.startswith(f"{open_folder}: cannot write: permission denied")
    assert "--output-dir" in message


def test_a_lock_that_is_waited_for_is_had_once_it_is_free(output: Path) -> None:
    output.mkdir()
    file = output / ".x.lock"
    code = (
        "import pathlib, sys\nfrom error_map.store import locked\n"
        "with locked(pathlib.Path(sys.argv[1]), message='busy', hint='', wait_s=60):\n"
        "    print('held')\n"
    )
    command = [sys.executable, "-c", code, str(file)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}

    with locked(file, message="busy", hint=""):
        waiting = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)

    assert waiting.communicate(timeout=60)[0] == "held\n"
    assert list(output.iterdir()) == []


def test_who_holds_a_lock_is_named_with_process_host_and_time(output: Path) -> None:
    output.mkdir()
    file = output / "lock"

    with locked(file, message="held", hint="wait"):
        signature = json.loads(file.read_text())
        with pytest.raises(InputError) as refused, locked(file, message="held", hint="wait"):
            pass
    assert signature["pid"] == os.getpid()
    assert refused.value.message == (
        f"held: process {os.getpid()} on {os.uname().nodename} since {signature['since']}"
    )
    assert (refused.value.where, refused.value.hint) == (str(file), "wait")
    assert not file.exists()


def test_a_lock_is_signed_over_whatever_its_file_held(output: Path) -> None:
    output.mkdir()
    file = output / "lock"
    file.write_text("x" * 5_000)

    with locked(file, message="held", hint="wait"):
        assert set(json.loads(file.read_text())) == {"pid", "host", "since"}


def test_an_error_in_the_block_releases_the_lock(output: Path) -> None:
    output.mkdir()
    file = output / "lock"

    with pytest.raises(KeyError), locked(file, message="held", hint="wait"):
        raise KeyError
    with locked(file, message="held", hint="wait"):
        assert file.exists()


def test_waiting_for_a_lock_ends_after_the_given_time(output: Path) -> None:
    output.mkdir()
    file = output / "lock"

    with locked(file, message="held", hint="wait"):
        start = time.monotonic()
        with (
            pytest.raises(InputError, match="held: process"),
            locked(file, message="held", hint="wait", wait_s=0.25),
        ):
            pass
        waited = time.monotonic() - start

    assert 0.25 <= waited < 5


def test_what_is_no_file_is_one_error_and_a_missing_folder_another(output: Path) -> None:
    output.mkdir()
    (output / "link").symlink_to(output / "target")
    (output / "folder").mkdir()

    for name in ("link", "folder"):
        with (
            pytest.raises(OSError, match="it is not a regular file"),
            locked(output / name, message="held", hint="wait"),
        ):
            pass
    with (
        pytest.raises(FileNotFoundError),
        locked(output / "missing" / "lock", message="held", hint="wait"),
    ):
        pass
    assert not (output / "target").exists()
