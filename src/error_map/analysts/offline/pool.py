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

from ...errors import CallFailed
from ...records import Diagnosis, Failure
from .answers import Profile
from .frames import PREFIX_BYTES, dump_failures, dump_profiles, framed, load_diagnoses

DEADLINE_S: Final = 120.0
"""For one batch; a detector that takes longer is stuck."""
_SOURCE: Final = Path(__file__).resolve().parents[3]


class Pool:
    """A few worker processes, started when first needed and replaced when they die."""

    def __init__(self, size: int, profiles: Mapping[str, Profile]) -> None:
        self._idle: list[_Worker | None] = [None] * size
        self._profiles = profiles
        self._free = anyio.Semaphore(size)

    async def examine(self, batch: Sequence[Failure]) -> Sequence[Diagnosis]:
        """A diagnosis a failure, in the batch's order.

        Raises:
            CallFailed: The worker died or did not answer in time; it is replaced.
        """
        async with self._free:
            worker = self._idle.pop() or await _Worker.start(self._profiles)
            answered = False
            try:
                diagnoses = await worker.ask(batch)
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
async def running_pool(size: int, profiles: Mapping[str, Profile]) -> AsyncIterator[Pool]:
    """A pool whose processes end with the block, however it is left."""
    pool = Pool(size, profiles)
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
    async def start(cls, profiles: Mapping[str, Profile]) -> "_Worker":
        # `-m` and not a fork or multiprocessing: a fork copies Polars' locks, and a spawned child
        # runs the caller's script again where it has no `if __name__ == "__main__"`.
        paths = [str(_SOURCE), *filter(None, [os.environ.get("PYTHONPATH")])]
        process = await anyio.open_process(
            [sys.executable, "-m", "error_map.analysts.offline.worker"],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            stderr=None,
        )
        worker = cls(process)
        await worker._questions.send(framed(dump_profiles(profiles)))
        return worker

    async def ask(self, batch: Sequence[Failure]) -> Sequence[Diagnosis]:
        try:
            with anyio.fail_after(DEADLINE_S):
                await self._questions.send(framed(dump_failures(batch)))
                prefix = await self._answers.receive_exactly(PREFIX_BYTES)
                body = await self._answers.receive_exactly(int.from_bytes(prefix, "big"))
        except TimeoutError as error:
            raise CallFailed(f"no answer from a worker in {DEADLINE_S:g} s") from error
        except (anyio.BrokenResourceError, anyio.IncompleteRead, anyio.EndOfStream) as error:
            raise CallFailed("a worker process died") from error
        return load_diagnoses(body)

    async def end(self) -> None:
        with anyio.CancelScope(shield=True):
            if self._process.returncode is None:
                self._process.kill()
            await self._process.aclose()
