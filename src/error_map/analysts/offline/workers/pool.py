"""A pool of worker processes that examine batches of failures in parallel."""

import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

import anyio
from anyio.abc import Process
from anyio.streams.buffered import BufferedByteReceiveStream

from ....errors import CallFailed, InputError, WorkersUnusable
from ....records import Diagnosis, Failure
from ..answers.profiles import Profiles
from ..detector import Detector
from ..registry import detectors as all_detectors
from .frames import (
    FORMS,
    PREFIX_BYTES,
    READY,
    Briefing,
    dump_briefing,
    dump_failures,
    framed,
    load_diagnoses,
    load_forms,
)

# A batch of 200 failures takes at most two seconds; a worker that needs this long is stuck.
DEADLINE_S: Final = 120.0
# A worker starts within a second, and within minutes on an overloaded machine.
START_TIMEOUT_S: Final = 300.0
# A single retry: a momentary cause such as a lack of memory may be over, any other is not.
_START_ATTEMPTS: Final = 2
# Not a fork, which copies Polars' locks, nor multiprocessing, whose children run the caller's
# script again if it has no `if __name__ == "__main__"`. With `-P` and an appended path, no file in
# the user's folder is imported as a module.
_BOOT: Final = (
    "import sys; sys.path.append(sys.argv[1]); "
    "from error_map.analysts.offline.workers.worker import main; main()"
)
COMMAND: Final = (sys.executable, "-P", "-c", _BOOT, str(Path(__file__).resolve().parents[4]))
# An idle worker ends at once when its input closes; a busy one is killed after this.
_EXIT_GRACE_S: Final = 0.5


class Pool:
    """Worker processes that are started on demand and replaced when they die.

    Args:
        size: Number of processes, at least 1.
        profiles: Profiles by dataset name.
        detectors: The detectors to run; None for all.
        command: The command that starts a worker.
        deadline_s: Seconds for one batch; a worker that takes longer is killed.
        start_s: Seconds for a worker to start.
    """

    def __init__(
        self,
        size: int,
        profiles: Mapping[str, Profiles],
        *,
        detectors: Sequence[Detector] | None = None,
        command: Sequence[str] = COMMAND,
        deadline_s: float = DEADLINE_S,
        start_s: float = START_TIMEOUT_S,
    ) -> None:
        self.detectors = all_detectors() if detectors is None else tuple(detectors)
        self.profiles = profiles
        self.size = size
        self._idle: list[_Worker | None] = [None] * size
        self._command = command
        self._deadline_s = deadline_s
        self._start_s = start_s
        self._unusable = ""
        """Why no worker can be started; empty as long as none has failed to start."""
        self._free = anyio.Semaphore(size)

    def brief(self, profiles: Mapping[str, Profiles]) -> None:
        """Replaces the profiles; to be called before the first batch, which starts workers."""
        self.profiles = profiles

    async def examine(self, batch: Sequence[Failure]) -> Sequence[Diagnosis | str]:
        """Examines a batch in one of the workers, waiting for a free one.

        Returns:
            One diagnosis per failure, in the order of the batch, or a text why there is none.

        Raises:
            CallFailed: The worker died or did not answer in time; it is replaced.
            WorkersUnusable: No worker can be started; later calls do not try again.
            InputError: A worker lacks a detector.
        """
        return load_diagnoses(await self._asked(dump_failures(batch)))

    async def forms(self, batch: Sequence[Failure]) -> Sequence[Sequence[tuple[str, str]]]:
        """The ways of answering in a batch; see `error_map.analysts.offline.examine.forms`.

        Raises:
            CallFailed: As `examine`.
            WorkersUnusable: As `examine`.
            InputError: As `examine`.
        """
        return load_forms(await self._asked(FORMS + dump_failures(batch)))

    async def _asked(self, request: bytes) -> bytes:
        """The reply of one of the workers."""
        async with self._free:
            worker = self._idle.pop()
            answered = False
            try:
                worker = worker or await self._started()
                reply = await worker.ask(request, self._deadline_s)
                answered = True
            finally:
                self._idle.append(worker if answered else None)
                if worker is not None and not answered:
                    await worker.end()
        return reply

    async def _started(self) -> "_Worker":
        """Starts a worker, with a second attempt if it dies while starting."""
        names = tuple(detector.name for detector in self.detectors)
        briefing = Briefing(self.profiles, names)
        reason = self._unusable
        attempts = 0 if self._unusable else _START_ATTEMPTS
        for _ in range(attempts):
            try:
                return await _Worker.start(self._command, briefing, self._start_s)
            except _Died as error:
                reason = str(error)
            except CallFailed as error:
                reason = str(error)
                break  # the start timed out; a retry would double the wait
            except OSError as error:
                reason = (error.strerror or str(error)).lower()
        self._unusable = reason
        message = f"cannot start a worker process: {reason}"
        raise WorkersUnusable(message, hint=f"the command is {self._command[0]}")

    async def end(self) -> None:
        """Ends all workers."""
        for worker in self._idle:
            if worker:
                await worker.end()
        self._idle = [None] * len(self._idle)


@asynccontextmanager
async def running(pool: Pool) -> AsyncIterator[Pool]:
    """A context in which the pool runs; its processes end on exit, however it is left."""
    try:
        yield pool
    finally:
        with anyio.CancelScope(shield=True):
            await pool.end()


class _Worker:
    """One worker process and its two pipes."""

    def __init__(self, process: Process) -> None:
        if process.stdin is None or process.stdout is None:
            raise AssertionError("a worker is started with pipes")
        self._process = process
        self._requests = process.stdin
        self._replies = BufferedByteReceiveStream(process.stdout)

    @classmethod
    async def start(cls, command: Sequence[str], briefing: Briefing, start_s: float) -> "_Worker":
        """Starts a worker and waits until it is ready.

        Raises:
            CallFailed: It died (`_Died`) or did not answer in time.
            InputError: It lacks a detector.
            OSError: The system cannot start a process.
        """
        process = await anyio.open_process(command, stderr=None)
        worker = cls(process)
        message = b""
        try:
            message = await worker.ask(dump_briefing(briefing), start_s)
        except _Died as error:
            await worker.end()
            raise _Died(_ending(process.returncode)) from error
        finally:
            if message != READY:
                await worker.end()
        if message != READY:
            hint = "install its package: a worker imports only from this Python's own paths"
            raise InputError(f"in a worker process: {message.decode()}", hint=hint)
        return worker

    async def ask(self, body: bytes, deadline_s: float) -> bytes:
        try:
            with anyio.fail_after(deadline_s):
                await self._requests.send(framed(body))
                prefix = await self._replies.receive_exactly(PREFIX_BYTES)
                return await self._replies.receive_exactly(int.from_bytes(prefix, "big"))
        except TimeoutError as error:
            raise CallFailed(f"no answer from a worker in {deadline_s:g} s") from error
        except (anyio.BrokenResourceError, anyio.IncompleteRead, anyio.EndOfStream) as error:
            raise _Died("a worker process died") from error

    async def end(self) -> None:
        """Ends the process by closing its input or, after a grace period, by SIGKILL."""
        with anyio.CancelScope(shield=True):
            await self._requests.aclose()
            with anyio.move_on_after(_EXIT_GRACE_S):
                await self._process.wait()
            if self._process.returncode is None:
                # `Process.kill` polls the process first and may thereby reap it before asyncio's
                # child watcher does, which then reports an unknown process and exit code 255.
                with suppress(ProcessLookupError):
                    os.kill(self._process.pid, signal.SIGKILL)
            await self._process.aclose()


class _Died(CallFailed):
    """A worker ended before it answered."""


def _ending(returncode: int | None) -> str:
    """Describes how a process ended.

    Example:
        >>> _ending(3), _ending(-9)
        ('it ended with exit code 3', 'it was killed by SIGKILL')
    """
    if returncode is None or returncode >= 0:
        return f"it ended with exit code {returncode}"
    return f"it was killed by {signal.Signals(-returncode).name}"
