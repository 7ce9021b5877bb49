"""Worker processes that examine batches of failures side by side."""

import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import anyio
from anyio.abc import Process
from anyio.streams.buffered import BufferedByteReceiveStream

from ...errors import CallFailed, ErrorMapError
from ...records import Diagnosis, Failure
from .answers import Profile
from .frames import PREFIX_BYTES, READY, dump_failures, dump_profiles, framed, load_diagnoses

DEADLINE_S: Final = 120.0
# Not a fork, which copies Polars' locks, nor multiprocessing, whose children run the caller's
# script again where it has no `if __name__ == "__main__"`.
COMMAND: Final = (sys.executable, "-m", "error_map.analysts.offline.worker")
_SOURCE: Final = Path(__file__).resolve().parents[3]


class Pool:
    """A few worker processes, started when first needed and replaced when they die.

    Args:
        size: Processes, at least 1.
        profiles: What was learnt of each dataset, by name.
        command: Starts one.
        deadline_s: For one batch; a worker that takes longer is stuck.
    """

    def __init__(
        self,
        size: int,
        profiles: Mapping[str, Profile],
        *,
        command: Sequence[str] = COMMAND,
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self._idle: list[_Worker | None] = [None] * size
        self._profiles = profiles
        self._command = command
        self._deadline_s = deadline_s
        self._free = anyio.Semaphore(size)

    async def examine(self, batch: Sequence[Failure]) -> Sequence[Diagnosis]:
        """A diagnosis a failure, in the batch's order.

        Raises:
            CallFailed: The worker died or did not answer in time; it is replaced.
        """
        async with self._free:
            worker = self._idle.pop() or await _Worker.start(self._command, self._profiles)
            answered = False
            try:
                diagnoses = await worker.ask(batch, self._deadline_s)
                answered = True
            finally:
                self._idle.append(worker if answered else None)
                if not answered:
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
    async def start(cls, command: Sequence[str], profiles: Mapping[str, Profile]) -> "_Worker":
        paths = [str(_SOURCE), *filter(None, [os.environ.get("PYTHONPATH")])]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
        process = await anyio.open_process(command, env=environment, stderr=None)
        worker = cls(process)
        try:
            if await worker._exchange(dump_profiles(profiles), DEADLINE_S) == READY:
                return worker
        except CallFailed as error:
            await worker.end()
            raise ErrorMapError(
                "a worker process does not start", hint=" ".join(command)
            ) from error
        raise AssertionError("a worker says that it is ready before anything else")

    async def ask(self, batch: Sequence[Failure], deadline_s: float) -> Sequence[Diagnosis]:
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
        with anyio.CancelScope(shield=True):
            if self._process.returncode is None:
                self._process.kill()
            await self._process.aclose()
