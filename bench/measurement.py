"""Measures the time and memory of a command in a process of its own."""

import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
# Short against the seconds that a run takes; reading /proc more often would show in the CPU time.
_SAMPLE_S: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Time and memory of a command and its children."""

    cpu_s: float
    wall_s: float
    peak_mb: float
    """Resident memory of all its processes together, sampled 20 times a second."""
    printed: str

    @property
    def summary(self) -> str:
        """CPU time, wall time and memory as one text."""
        return f"{self.cpu_s:.1f} CPU s, {self.wall_s:.1f} s, {self.peak_mb / 1024:.2f} GB"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the printed table."""

    what: str
    figure: str
    aim: str = ""
    reference: str = ""

    def __str__(self) -> str:
        return f"{self.what:<62} {self.figure:<34} {self.aim:<20} {self.reference}".rstrip()


def cheapest(costs: Sequence[Cost]) -> Cost:
    """The cost with the least CPU time, of several runs of one command on a noisy machine."""
    return min(costs, key=lambda cost: cost.cpu_s)


def shared() -> Path:
    """The shared data sets and tools, which may be absent."""
    return Path(os.environ.get("ERROR_MAP_SHARED", ROOT.parent / "shared"))


def measure(arguments: Sequence[object], *, cwd: Path = ROOT) -> Cost:
    """Runs a Python command to its end and measures it.

    Raises:
        subprocess.CalledProcessError: It failed.
    """
    command = [sys.executable, *map(str, arguments)]
    before, started = _children_cpu(), time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - our own commands
        command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    peak = _Peak(process.pid)
    peak.start()
    printed, _ = process.communicate()
    peak.join()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    wall = time.perf_counter() - started
    return Cost(
        cpu_s=_children_cpu() - before, wall_s=wall, peak_mb=peak.megabytes, printed=printed
    )


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class _Peak(threading.Thread):
    """Watches a process tree until its root is gone."""

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self._root = root
        self.megabytes = 0.0

    def run(self) -> None:
        while (resident := _tree_kilobytes(self._root)) > 0:
            self.megabytes = max(self.megabytes, resident / 1024)
            time.sleep(_SAMPLE_S)


def _tree_kilobytes(root: int) -> int:
    total, waiting = 0, [root]
    while waiting:
        process = Path(f"/proc/{waiting.pop()}")
        try:
            status = (process / "status").read_text()
            children = (process / "task" / process.name / "children").read_text()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in status.splitlines() if "VmRSS" in line)
        waiting += map(int, children.split())
    return total
