"""Worker processes that examine batches of failures side by side."""

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
from ..answers.route_learning import Profile
from ..detector import Detector
from ..registry import detectors as all_detectors
from .frames import (
    PREFIX_BYTES,
    READY,
    Briefing,
    dump_briefing,
    dump_failures,
    framed,
    load_diagnoses,
)

DEADLINE_S: Final = 120.0
START_S: Final = 300.0
"""For a worker to start: a second by itself, minutes on a machine that is overloaded."""
_START_ATTEMPTS: Final = 2
"""One more than none: what stops a start for a moment, as a lack of memory does, may be over."""
# Not a fork, which copies Polars' locks, nor multiprocessing, whose children run the caller's
# script again where it has no `if __name__ == "__main__"`.
# `-P` and an appended path, so that nothing in the user's folder is taken for a module.
_BOOT: Final = (
    "import sys; sys.path.append(sys.argv[1]); "
    "from error_map.analysts.offline.workers.worker import main; main()"
)
COMMAND: Final = (sys.executable, "-P", "-c", _BOOT, str(Path(__file__).resolve().parents[4]))
_FAREWELL_S: Final = 0.5


class Pool:
    """A few worker processes, started when first needed and replaced when they die.

    Args:
        size: Processes, at least 1.
        profiles: What was learnt of each dataset, by name.
        detectors: That run; None for all.
        command: Starts one.
        deadline_s: For one batch; a worker that takes longer is stuck.
        start_s: For a worker to start.
    """

    def __init__(
        self,
        size: int,
        profiles: Mapping[str, Profile],
        *,
        detectors: Sequence[Detector] | None = None,
        command: Sequence[str] = COMMAND,
        deadline_s: float = DEADLINE_S,
        start_s: float = START_S,
    ) -> None:
        self.detectors = all_detectors() if detectors is None else tuple(detectors)
        self.profiles = profiles
        self.size = size
        self._idle: list[_Worker | None] = [None] * size
        self._command = command
        self._deadline_s = deadline_s
        self._start_s = start_s
        self._unusable = ""
        """Why no worker starts, once that is so."""
        self._free = anyio.Semaphore(size)

    def brief(self, profiles: Mapping[str, Profile]) -> None:
        """Replaces the profiles; to be called before the first batch, which starts workers."""
        self.profiles = profiles

    async def examine(self, batch: Sequence[Failure]) -> Sequence[Diagnosis | str]:
        """A diagnosis a failure, in the batch's order, or why there is none.

        Raises:
            CallFailed: The worker died or did not answer in time; it is replaced.
            WorkersUnusable: No worker starts; none is tried again.
            InputError: A worker lacks a detector.
        """
        async with self._free:
            worker = self._idle.pop()
            answered = False
            try:
                worker = worker or await self._started()
                diagnoses = await worker.ask(batch, self._deadline_s)
                answered = True
            finally:
                self._idle.append(worker if answered else None)
                if worker is not None and not answered:
                    await worker.end()
        return diagnoses

    async def _started(self) -> "_Worker":
        """A new worker; one that dies while it starts is started again."""
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
                break  # it was waited for long enough
            except OSError as error:
                reason = (error.strerror or str(error)).lower()
        self._unusable = reason
        message = f"a worker process does not start: {reason}"
        raise WorkersUnusable(message, hint=f"it is started as {self._command[0]}")

    async def end(self) -> None:
        """Ends all workers."""
        for worker in self._idle:
            if worker:
                await worker.end()
        self._idle = [None] * len(self._idle)


@asynccontextmanager
async def running(pool: Pool) -> AsyncIterator[Pool]:
    """The pool, whose processes end with the block, however it is left."""
    try:
        yield pool
    finally:
        with anyio.CancelScope(shield=True):
            await pool.end()


class _Worker:
    """One process and the two ends of its pipe."""

    def __init__(self, process: Process) -> None:
        if process.stdin is None or process.stdout is None:
            raise AssertionError("a worker is started with pipes")
        self._process = process
        self._questions = process.stdin
        self._answers = BufferedByteReceiveStream(process.stdout)

    @classmethod
    async def start(cls, command: Sequence[str], briefing: Briefing, start_s: float) -> "_Worker":
        """A worker that has what it needs.

        Raises:
            CallFailed: It died (`_Died`), or did not answer in time.
            InputError: It lacks a detector.
            OSError: The system starts no process.
        """
        process = await anyio.open_process(command, stderr=None)
        worker = cls(process)
        said = b""
        try:
            said = await worker._exchange(dump_briefing(briefing), start_s)
        except _Died as error:
            await worker.end()
            raise _Died(_ending(process.returncode)) from error
        finally:
            if said != READY:
                await worker.end()
        if said != READY:
            hint = "install what brings it: a worker starts afresh, with this Python's own paths"
            raise InputError(f"in a worker process: {said.decode()}", hint=hint)
        return worker

    async def ask(self, batch: Sequence[Failure], deadline_s: float) -> Sequence[Diagnosis | str]:
        return load_diagnoses(await self._exchange(dump_failures(batch), deadline_s))

    async def _exchange(self, body: bytes, deadline_s: float) -> bytes:
        try:
            with anyio.fail_after(deadline_s):
                await self._questions.send(framed(body))
                prefix = await self._answers.receive_exactly(PREFIX_BYTES)
                return await self._answers.receive_exactly(int.from_bytes(prefix, "big"))
        except TimeoutError as error:
            raise CallFailed(f"no answer from a worker in {deadline_s:g} s") from error
        except (anyio.BrokenResourceError, anyio.IncompleteRead, anyio.EndOfStream) as error:
            raise _Died("a worker process died") from error

    async def end(self) -> None:
        """Ends the process: by closing its input, which it heeds, else by force."""
        with anyio.CancelScope(shield=True):
            await self._questions.aclose()
            with anyio.move_on_after(_FAREWELL_S):
                await self._process.wait()
            if self._process.returncode is None:
                # Not by `Process.kill`: it looks for the end first, and may so take it from the
                # watcher of asyncio, which then reports an unknown process and exit code 255.
                with suppress(ProcessLookupError):
                    os.kill(self._process.pid, signal.SIGKILL)
            await self._process.aclose()


class _Died(CallFailed):
    """A worker ended before it answered."""


def _ending(returncode: int | None) -> str:
    """How a process ended.

    Example:
        >>> _ending(3), _ending(-9)
        ('it ended with exit code 3', 'it was ended by SIGKILL')
    """
    if returncode is None or returncode >= 0:
        return f"it ended with exit code {returncode}"
    return f"it was ended by {signal.Signals(-returncode).name}"
