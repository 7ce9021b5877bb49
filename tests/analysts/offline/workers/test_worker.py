"""A worker process whose run was killed ends without output."""

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import IO, Final

import pytest

from error_map.analysts.offline.workers.frames import (
    PREFIX_BYTES,
    READY,
    Briefing,
    dump_briefing,
    dump_failures,
    framed,
)
from tests.support import ROOT, a_failure

pytestmark = pytest.mark.slow

COMMAND: Final = "from error_map.analysts.offline.workers.worker import main; main()"
Pipes = tuple["subprocess.Popen[bytes]", IO[bytes], IO[bytes]]


@pytest.fixture
def ready() -> Iterator[Pipes]:
    """A worker that waits for its first request."""
    pipe = subprocess.PIPE
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-c", COMMAND]
    with subprocess.Popen(
        command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(framed(dump_briefing(Briefing({}, ("empty_output",)))))
        process.stdin.flush()
        assert process.stdout.read(PREFIX_BYTES + len(READY)) == framed(READY)
        yield process, process.stdin, process.stdout


def stderr_at_exit(process: "subprocess.Popen[bytes]") -> bytes:
    assert process.stderr is not None
    text = process.stderr.read()
    assert process.wait() == 0
    return text


def test_a_worker_without_a_reader_ends_silently(ready: Pipes) -> None:
    process, questions, answers = ready
    answers.close()

    questions.write(framed(dump_failures([a_failure()])))
    questions.close()

    assert stderr_at_exit(process) == b""


@pytest.mark.parametrize("size", [3, PREFIX_BYTES, 20])
def test_a_worker_that_gets_half_a_request_ends_silently(ready: Pipes, size: int) -> None:
    process, questions, _ = ready

    questions.write(framed(dump_failures([a_failure()]))[:size])
    questions.close()

    assert stderr_at_exit(process) == b""
