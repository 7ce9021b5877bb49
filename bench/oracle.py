"""Starts a simulated judge that knows the planted errors, and builds runs that use it.

The judge is `tools/oracle_judge.py` in the shared folder, which `ERROR_MAP_SHARED` names.
"""

import json
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from .measurement import measure, shared

WORKERS: Final = 100
NAME: Final = "bench"
DIAGNOSIS: Final = "single"
"""The judge's name of the diagnosis task."""
_TIMING: Final = ("--latency-ms", 200, "--jitter", 0.3)


@dataclass(frozen=True, slots=True)
class Judge:
    """A running judge."""

    port: int
    log: Path

    @property
    def api_base(self) -> str:
        """The base URL for the run."""
        return f"http://127.0.0.1:{self.port}/v1"

    def configure(self, **faults: object) -> None:
        """Changes the faults that it simulates."""
        self._call("/config", json.dumps(faults))

    def reset(self) -> None:
        """Clears its statistics."""
        self._call("/reset", "{}")

    def stats(self) -> Any:  # noqa: ANN401 - JSON
        """Its statistics; also flushes its log."""
        return self._call("/stats")

    def calls(self) -> list[Mapping[str, Any]]:
        """The calls in its log."""
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]

    def _call(self, path: str, body: str | None = None) -> Any:  # noqa: ANN401 - JSON
        content = None if body is None else body.encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", content)
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310 - loopback
            return json.load(response)


@contextmanager
def judge(folder: Path, options: Sequence[object] = ()) -> Iterator[Judge]:
    """A judge that runs until the end of the block and logs to a file in the folder."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    log = folder / f"calls-{port}.jsonl"
    script = shared() / "tools/oracle_judge.py"
    command = [sys.executable, script, "--port", port, "--log", log, *_TIMING, *options]
    with subprocess.Popen(  # noqa: S603 - our own command
        list(map(str, command)), stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            if not (process.stdout and process.stdout.readline()):
                raise RuntimeError("the judge did not start: it needs aiohttp")
            yield Judge(port, log)
        finally:
            process.terminate()


def planted(folder: Path, errors: int, *, title_mode: str = "zipf") -> Path:
    """Creates a folder of inputs with this many planted errors."""
    inputs = folder / f"in-{errors}-{title_mode}"
    options = ["--errors", errors, "--title-mode", title_mode, "--out", inputs]
    measure([shared() / "tools/make_inputs.py", *options])
    return inputs


def run_flags(inputs: Path, output: Path, at: Judge) -> list[object]:
    """The command line of a run with the judge."""
    model = ["--judge", "oracle", "--api-base", at.api_base, "--max-workers", WORKERS]
    files = ["--data-path", inputs / "data", "--output-dir", output, "--exp-id", NAME]
    return ["-m", "error_map", *model, *files, "--ratio", 1, "--quiet"]


def fidelity(inputs: Path, output: Path) -> Any:  # noqa: ANN401 - JSON
    """How the final files compare with the planted truth."""
    files = ["--truth", inputs / "truth.csv", "--out", output, "--exp", NAME]
    return json.loads(measure([shared() / "tools/fidelity.py", *files]).printed)
