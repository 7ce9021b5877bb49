"""The offline analyst: detectors diagnose failures, and the atlas is the taxonomy."""

from collections.abc import Mapping, Sequence
from typing import Final

from ..._version import __version__
from ...errors import CallFailed
from ...records import (
    CategoryId,
    Diagnosed,
    Diagnosis,
    Failure,
    Outcome,
    RecordKey,
    Undiagnosed,
)
from ...taxonomy import HARD_TO_ANALYZE, UNEXPLAINED, Category, atlas, reserved
from ..base import AnalystDescription, AnswerRoute, TitleGroup
from ..studied_row import StudiedRow
from .answers.route_learning import learn
from .registry import origins
from .workers.pool import Pool

_UNEXPLAINED: Final = Category(
    UNEXPLAINED,
    "Nothing found",
    "No detector found the cause or the place of the error.",
)


class OfflineAnalyst:
    """An `Analyst` without a model: deterministic, and without network access."""

    batch_size = 200
    max_depth = 1

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._detectors = {detector.name: detector for detector in pool.detectors}
        self.workers = pool.size + 1  # one more, so that a batch is ready when a process is done
        self.name = f"offline/{__version__}"

    def prepare(self, rows: Mapping[str, Sequence[StudiedRow]]) -> None:
        """See Analyst: learns the answer route of each dataset."""
        learn_routes(self._pool, rows)

    def describe(self) -> AnalystDescription:
        """See Analyst."""
        return AnalystDescription(
            name=self.name,
            detectors=origins(self._pool.detectors),
            routes=answer_routes(self._pool),
        )

    async def diagnose(self, batch: Sequence[Failure]) -> Sequence[Outcome]:
        """See Analyst.

        A batch that kills or stalls its worker is halved until the failure responsible is alone:
        only this one is undiagnosed.
        """
        try:
            diagnoses = await self._pool.examine(batch)
        except CallFailed as error:
            if len(batch) == 1:
                return [Undiagnosed(batch[0].record.key, str(error))]
            half = len(batch) // 2
            return [*await self.diagnose(batch[:half]), *await self.diagnose(batch[half:])]
        pairs = zip(batch, diagnoses, strict=True)
        return [_outcome(failure.record.key, diagnosis) for failure, diagnosis in pairs]

    async def propose(
        self, groups: Sequence[TitleGroup], *, parent: Category | None
    ) -> Sequence[Category]:
        """See Analyst: atlas categories at the top, the detectors' findings below them."""
        if parent is None:
            used = {self._top(group) for group in groups}
            return [category for category in (*atlas(), *reserved()) if category.id in used]
        if "." in parent.id:
            return []
        findings = {finding.id: finding for finding in map(self._finding, groups)}
        return [findings[identifier] for identifier in sorted(findings)]

    async def place(
        self, groups: Mapping[int, TitleGroup], categories: Mapping[int, Category]
    ) -> Mapping[int, int]:
        """See Analyst: the detector of a group determines its category."""
        numbers = {category.id: number for number, category in categories.items()}
        placed = {}
        for item, group in groups.items():
            for identifier in (self._finding(group).id, self._top(group)):
                if identifier in numbers:
                    placed[item] = numbers[identifier]
                    break
        return placed

    def _top(self, group: TitleGroup) -> CategoryId:
        if not group.detector:
            return HARD_TO_ANALYZE
        return CategoryId(self._detectors[group.detector].category)

    def _finding(self, group: TitleGroup) -> Category:
        if not group.detector:
            return _UNEXPLAINED
        detector = self._detectors[group.detector]
        return Category(CategoryId(detector.finding_id), detector.finding, detector.description)


def learn_routes(pool: Pool, rows: Mapping[str, Sequence[StudiedRow]]) -> None:
    """Has the detectors of a pool extract final answers as the scores of each dataset suggest.

    Args:
        pool: Before its first batch.
        rows: By dataset, a sample of its scored answers.
    """
    pool.brief({dataset: learn(own) for dataset, own in rows.items()})


def answer_routes(pool: Pool) -> dict[str, AnswerRoute]:
    """The answer routes that the detectors of a pool use, by dataset."""
    return {
        dataset: AnswerRoute(
            route=profile.route, agreement=profile.agreement, distrust=profile.distrust
        )
        for dataset, profile in pool.profiles.items()
    }


def _outcome(key: RecordKey, diagnosis: Diagnosis | str) -> Outcome:
    if isinstance(diagnosis, str):
        return Undiagnosed(key, diagnosis)
    return Diagnosed(key, diagnosis)
