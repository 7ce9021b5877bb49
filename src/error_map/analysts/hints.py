"""Hints for a judge: what the detectors find, for as long as their processes can be had."""

from collections.abc import Callable, Sequence

from ..errors import WorkersUnusable
from ..records import Diagnosis, Failure
from .offline.workers.pool import Pool


class Hints:
    """A run goes on without hints where the processes that find them do not start.

    Args:
        pool: Of the processes.
        tell: Told why, where there are no hints.
    """

    def __init__(self, pool: Pool, tell: Callable[[str], object]) -> None:
        self._pool = pool
        self._tell = tell

    async def find(self, batch: Sequence[Failure]) -> Sequence[Diagnosis | str]:
        """A diagnosis each, or why there is none.

        Raises:
            CallFailed: A worker died or did not answer in time.
        """
        try:
            return await self._pool.examine(batch)
        except WorkersUnusable as error:
            self._tell(f"the judge gets no hints: {error}")
            return [error.message] * len(batch)
