"""The offline analyst: detectors diagnose failures, and the atlas is the taxonomy."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from ..._version import __version__
from ...bounded import bounded_each
from ...errors import CallFailed
from ...records import (
    CategoryId,
    Coverage,
    Diagnosed,
    Diagnosis,
    Failure,
    Outcome,
    RecordKey,
    Undiagnosed,
)
from ...taxonomy import HARD_TO_ANALYZE, UNEXPLAINED, Category, atlas, reserved
from ..base import (
    AnalystDescription,
    AnswerRoute,
    BaseRate,
    ComparedAnswer,
    PartRoute,
    TitleGroup,
)
from ..studied_row import StudiedRow
from .answers.profiles import Profile, Profiles
from .answers.route_learning import learn_parts
from .coverage import coverage_of
from .habits import Form, Group, Habits
from .registry import origins
from .task_kinds import task_kind
from .tool_calls.scorer_habits import call_scoring
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
        self._habits = Habits(pool.detectors)
        self._detectors = {detector.name: detector for detector in pool.detectors}
        self.workers = pool.size + 1  # one more, so that a batch is ready when a process is done
        self.name = f"offline/{__version__}"
        self._coverage: dict[str, Coverage] = {}

    def prepare(self, rows: Mapping[str, Sequence[StudiedRow]]) -> None:
        """See Analyst: learns the answer route and the kind of task of each dataset."""
        learn_routes(self._pool, rows)
        self._coverage = {
            dataset: coverage_of(profiles.common, rows[dataset], self._pool.detectors)
            for dataset, profiles in self._pool.profiles.items()
        }

    async def compare(self, answers: Iterable[Sequence[ComparedAnswer]]) -> None:
        """See Analyst."""
        self._habits = await learn_habits(self._pool, answers)

    def describe(self) -> AnalystDescription:
        """See Analyst."""
        return AnalystDescription(
            name=self.name,
            detectors=origins(self._pool.detectors),
            routes=answer_routes(self._pool),
            base_rates=base_rates(self._habits),
            coverage=self._coverage,
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
        pairs = zip(batch, settled(self._habits, batch, diagnoses), strict=True)
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
            for identifier in self._homes(group):
                if identifier in numbers:
                    placed[item] = numbers[identifier]
                    break
        return placed

    def _homes(self, group: TitleGroup) -> Iterator[CategoryId]:
        """Ids of the categories in which a group may be placed, the best first."""
        yield self._finding(group).id
        if group.detector:
            yield CategoryId(self._detectors[group.detector].earlier_finding_id)
        yield self._top(group)

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
    """Tells the detectors of a pool how each dataset is answered, and what kind of task it is.

    Args:
        pool: Before its first batch.
        rows: By dataset, a sample of its scored answers.
    """
    pool.brief({dataset: profiles_of(own) for dataset, own in rows.items()})


def profiles_of(rows: Sequence[StudiedRow]) -> Profiles:
    """What is learned about a dataset from a sample of its scored answers."""
    scoring = call_scoring(rows)
    learned = learn_parts(rows)
    task = task_kind(rows, learned.common)
    if task == "tool calls":
        # A route finds a part of a call, such as its last number, which is no answer.
        common = learned.common
        learned = Profiles(
            common=Profile(rows=common.rows, max_output_chars=common.max_output_chars)
        )

    def taught(profile: Profile) -> Profile:
        return replace(
            profile,
            task=task,
            call_leniencies=scoring.leniencies,
            rejected_call_forms=scoring.rejected_forms,
            usual_call_form=scoring.usual_form,
        )

    return Profiles(
        common=taught(learned.common),
        bare=taught(learned.bare) if learned.bare else None,
        by_model={model: taught(profile) for model, profile in learned.by_model.items()},
    )


def answer_routes(pool: Pool) -> dict[str, AnswerRoute]:
    """The answer routes that the detectors of a pool use, by dataset."""
    return {
        dataset: AnswerRoute(
            route=profiles.common.route,
            agreement=profiles.common.agreement,
            distrust=profiles.common.distrust,
            parts=tuple(_parts(profiles)),
        )
        for dataset, profiles in pool.profiles.items()
    }


def _parts(profiles: Profiles) -> Iterator[PartRoute]:
    """The routes besides the common one; models that share a profile are one part."""
    models: dict[Profile, list[str]] = defaultdict(list)
    for model, profile in sorted(profiles.by_model.items()):
        models[profile].append(model)
    short = [((), profiles.bare)] if profiles.bare else []
    for names, profile in [*short, *((tuple(own), shared) for shared, own in models.items())]:
        yield PartRoute(
            models=names,
            route=profile.route,
            agreement=profile.agreement,
            distrust=profile.distrust,
        )


async def learn_habits(pool: Pool, answers: Iterable[Sequence[ComparedAnswer]]) -> Habits:
    """Counts the ways of answering in wrong and right answers.

    Args:
        pool: Has its profiles.
        answers: Batches of answers.

    Raises:
        WorkersUnusable: No worker process can be started.
    """
    habits = Habits(pool.detectors)
    if not any(detector.habit for detector in pool.detectors):
        return habits

    async def forms(batch: Sequence[ComparedAnswer]) -> Sequence[Sequence[Form]]:
        return await _forms(pool, batch)

    def add(batch: Sequence[ComparedAnswer], found: Sequence[Sequence[Form]]) -> None:
        for one, own in zip(batch, found, strict=True):
            habits.add(_group(one.answer), own, passed=one.passed)

    await bounded_each(forms, answers, limit=pool.size + 1, on_done=add)
    return habits


async def _forms(pool: Pool, batch: Sequence[ComparedAnswer]) -> Sequence[Sequence[Form]]:
    """The forms of a batch; an answer that kills or stalls its worker has none."""
    try:
        return await pool.forms([one.answer for one in batch])
    except CallFailed:
        if len(batch) == 1:
            return [()]
        half = len(batch) // 2
        return [*await _forms(pool, batch[:half]), *await _forms(pool, batch[half:])]


def settled(
    habits: Habits, batch: Sequence[Failure], diagnoses: Sequence[Diagnosis | str]
) -> list[Diagnosis | str]:
    """The diagnoses of a batch in which habits are facts, no causes."""
    return [
        one if isinstance(one, str) else habits.settled(one, _group(failure))
        for failure, one in zip(batch, diagnoses, strict=True)
    ]


def base_rates(habits: Habits) -> dict[str, BaseRate]:
    """How often ways of answering are in wrong and right answers, by detector."""
    return {
        name: BaseRate(
            wrong_hits=rates.wrong_hits,
            wrong=rates.wrong,
            right_hits=rates.right_hits,
            right=rates.right,
        )
        for name, rates in habits.totals().items()
    }


def _group(failure: Failure) -> Group:
    return Group(failure.record.key.dataset, failure.record.key.model)


def _outcome(key: RecordKey, diagnosis: Diagnosis | str) -> Outcome:
    if isinstance(diagnosis, str):
        return Undiagnosed(key, diagnosis)
    return Diagnosed(key, diagnosis)
