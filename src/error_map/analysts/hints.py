"""Hints for the judge: findings of the detectors, while their worker processes run."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from ..errors import WorkersUnusable
from ..records import Diagnosis, Failure
from .base import AnswerRoute, BaseRate, ComparedAnswer
from .offline.analyst import answer_routes, base_rates, learn_habits, learn_routes, settled
from .offline.habits import Habits
from .offline.registry import origins
from .offline.workers.pool import Pool
from .studied_row import StudiedRow


class Hints:
    """Finds hints; if worker processes do not start, the run continues without hints.

    Args:
        pool: The worker processes.
        notify: Called with the reason if there are no hints.
    """

    def __init__(self, pool: Pool, notify: Callable[[str], object]) -> None:
        self._pool = pool
        self._notify = notify
        self._habits = Habits(pool.detectors)

    @property
    def detectors(self) -> dict[str, str]:
        """Distribution that provides each detector in use, by detector name."""
        return origins(self._pool.detectors)

    @property
    def routes(self) -> dict[str, AnswerRoute]:
        """The learned answer routes, by dataset."""
        return answer_routes(self._pool)

    def prepare(self, rows: Mapping[str, Sequence[StudiedRow]]) -> None:
        """Learns the answer route of each dataset from a sample of its scored answers."""
        learn_routes(self._pool, rows)

    async def compare(self, answers: Iterable[Sequence[ComparedAnswer]]) -> None:
        """Learns which findings are ways of answering that right answers have too."""
        try:
            self._habits = await learn_habits(self._pool, answers)
        except WorkersUnusable as error:
            self._notify(f"the judge gets no hints: {error}")

    @property
    def base_rates(self) -> dict[str, BaseRate]:
        """How often ways of answering are in wrong and right answers, by detector."""
        return base_rates(self._habits)

    async def find(self, batch: Sequence[Failure]) -> Sequence[Diagnosis | str]:
        """A diagnosis per failure, or the reason why there is none.

        Raises:
            CallFailed: A worker died or did not answer in time.
        """
        try:
            diagnoses = await self._pool.examine(batch)
        except WorkersUnusable as error:  # hints help a judge, but it can do without them
            self._notify(f"the judge gets no hints: {error}")
            return [error.message] * len(batch)
        return settled(self._habits, batch, diagnoses)
