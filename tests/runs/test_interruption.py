"""Runs interrupted by Ctrl-C or SIGTERM while they read, diagnose or publish."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import anyio
import pytest
from anyio.lowlevel import checkpoint

from error_map import run
from error_map.progress import Event, StageEnded, StageMoved
from error_map.stages.preparation import GROUP_ROWS
from error_map.store import RunFolder
from tests.support import ROOT, a_row, write_csv

pytestmark = pytest.mark.slow

ENVIRONMENT: Final = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
COMMAND: Final = "import sys; from error_map.cli import main; main(sys.argv[1:])"
IGNORING: Final = f"import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); {COMMAND}"
"""As a shell's background jobs are: SIGINT does nothing."""


async def cancelled(data: Path, output: Path, when: Callable[[Event], bool]) -> list[Event]:
    """The events of a run that is cancelled as soon as one of them is of a kind."""
    events: list[Event] = []
    with anyio.CancelScope() as scope:

        def hear(event: Event) -> None:
            events.append(event)
            if when(event):
                scope.cancel()

        await run(
            data_path=data, output_dir=output, exp_id="t", ratio=1, processes=1, progress=hear
        )
    return events


@pytest.mark.anyio
async def test_a_run_that_is_interrupted_before_it_publishes_leaves_nothing(
    data: Path, output: Path
) -> None:
    write_csv(data / "d.csv", [a_row("e1", output="")])

    await cancelled(data, output, lambda event: event == StageEnded("taxonomy", 1))

    assert list(output.iterdir()) == []


@pytest.mark.anyio
async def test_a_run_that_is_interrupted_while_it_publishes_leaves_nothing(
    data: Path, output: Path
) -> None:
    for name in "abc":
        write_csv(data / f"{name}.csv", [a_row("e1", output="")])
    first_of_three = RunFolder(output, "t").workshop / "studied-000000.arrow"

    async with anyio.create_task_group() as group:
        group.start_soon(cancelled, data, output, lambda _: False)
        while not first_of_three.exists():  # looks whenever the run lets it
            await checkpoint()
        group.cancel_scope.cancel()

    assert list(output.iterdir()) == []


@pytest.mark.anyio
async def test_a_run_that_is_interrupted_while_it_reads_stops_at_the_next_dataset(
    data: Path, output: Path
) -> None:
    for name in "abc":  # each so large that it is selected alone
        rows = [a_row(f"e{n}", output="") for n in range(GROUP_ROWS)]
        write_csv(data / f"{name}.csv", rows)

    events = await cancelled(data, output, lambda event: event == StageMoved("preparation", 1))

    assert events[-1] == StageMoved("preparation", 1)
    assert list(output.iterdir()) == []


def started(code: str, data: Path, output: Path) -> subprocess.Popen[str]:
    """A run of its own process group, with a worker at work on what takes minutes."""
    rows = [a_row(f"e{n}", output=f"{n} + 1 = {n}. " * 40) for n in range(40_000)]
    write_csv(data / "d.csv", [*rows, a_row("")])
    options = ["--data-path", str(data), "--output-dir", str(output), "--ratio", "1"]
    process = subprocess.Popen(
        [sys.executable, "-c", code, *options, "--exp-id", "t"],
        env=ENVIRONMENT,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stderr is not None
    assert any("row is invalid" in line for line in process.stderr)
    return process


@pytest.mark.slow
@pytest.mark.parametrize("whole_group", [False, True])
@pytest.mark.parametrize("code", [COMMAND, IGNORING], ids=["foreground", "background"])
def test_sigterm_ends_a_run_as_ctrl_c_does(
    data: Path, output: Path, *, code: str, whole_group: bool
) -> None:
    process = started(code, data, output)

    if whole_group:  # as systemd and Slurm do
        os.killpg(process.pid, signal.SIGTERM)
    else:
        process.terminate()
    _, message = process.communicate(timeout=60)

    assert process.returncode == 143
    assert "interrupted; the model's replies are stored" in message
    assert "Traceback" not in message
    assert list(output.iterdir()) == []
    with pytest.raises(ProcessLookupError):  # no worker is left
        os.killpg(process.pid, 0)
