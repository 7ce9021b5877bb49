"""Worker processes that examine batches of failures side by side."""

import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import anyio
from anyio.abc import Process
from anyio.streams.buffered import BufferedByteReceiveStream

from ...errors import CallFailed, ErrorMapError, InputError
from ...records import Diagnosis, Failure
from .answers import Profile
from .detector import Detector
from .frames import (
    PREFIX_BYTES,
    READY,
    Briefing,
    dump_briefing,
    dump_failures,
    framed,
    load_diagnoses,
)
from .registry import detectors as all_detectors

DEADLINE_S: Final = 120.0
# Not a fork, which copies Polars' locks, nor multiprocessing, whose children run the caller's
# script again where it has no `if __name__ == "__main__"`.
# `-P` and an appended path, so that nothing in the user's folder is taken for a module.
_BOOT: Final = (
    "import sys; sys.path.append(sys.argv[1]); "
    "from error_map.analysts.offline.worker import main; main()"
)
COMMAND: Final = (sys.executable, "-P", "-c", _BOOT, str(Path(__file__).resolve().parents[3]))
_FAREWELL_S: Final = 0.5


class Pool:
    """A few worker processes, started when first needed and replaced when they die.

    Args:
        size: Processes, at least 1.
        profiles: What was learnt of each dataset, by name.
        detectors: That run; None for all.
        command: Starts one.
        deadline_s: For one batch; a worker that takes longer is stuck.
    """

    def __init__(
        self,
        size: int,
        profiles: Mapping[str, Profile],
        *,
        detectors: Sequence[Detector] | None = None,
        command: Sequence[str] = COMMAND,
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self.detectors = all_detectors() if detectors is None else tuple(detectors)
        names = tuple(detector.name for detector in self.detectors)
        self._briefing = Briefing(profiles, names)
        self.size = size
        self._idle: list[_Worker | None] = [None] * size
        self._command = command
        self._deadline_s = deadline_s
        self._free = anyio.Semaphore(size)

    async def examine(self, batch: Sequence[Failure]) -> Sequence[Diagnosis | str]:
        """A diagnosis a failure, in the batch's order, or why there is none.

        Raises:
            CallFailed: The worker died or did not answer in time; it is replaced.
        """
        async with self._free:
            worker = self._idle.pop()
            answered = False
            try:
                worker = worker or await _Worker.start(self._command, self._briefing)
                diagnoses = await worker.ask(batch, self._deadline_s)
                answered = True
            finally:
                self._idle.append(worker if answered else None)
                if worker is not None and not answered:
                    await worker.end()
        return diagnoses

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
    async def start(cls, command: Sequence[str], briefing: Briefing) -> "_Worker":
        process = await anyio.open_process(command, stderr=None)
        worker = cls(process)
        said = b""
        try:
            said = await worker._exchange(dump_briefing(briefing), DEADLINE_S)
        except CallFailed as error:
            raise ErrorMapError("a worker process does not start", hint=command[0]) from error
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
            raise CallFailed("a worker process died") from error

    async def end(self) -> None:
        """Ends the process: by closing its input, which it heeds, else by force."""
        with anyio.CancelScope(shield=True):
            await self._questions.aclose()
            with anyio.move_on_after(_FAREWELL_S):
                await self._process.wait()
            if self._process.returncode is None:
                self._process.kill()
            await self._process.aclose()
