"""Stages 2 to 4 in one go: diagnoses every failure and sorts the titles into a taxonomy."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ..analysts.base import Analyst, AnalystDescription, Diagnoser
from ..errors import BudgetExceeded, CallFailed, ErrorMapError, ModelUnusable
from ..progress import Noticed, Progress, StageEnded, StageMoved, StageStarted
from ..records import Diagnosed, Outcome, Undiagnosed
from ..store import Batch, Draft, RunFolder
from .assignment import title_groups
from .diagnosis import diagnose
from .induction import Induced, extend, induce, without_categories
from .resume import earlier_taxonomy
from .titles import unique_titles

DIAGNOSIS: Final = "diagnosis"
TAXONOMY: Final = "taxonomy"


@dataclass(frozen=True, slots=True)
class Analysis:
    """What the analyst made of the failures."""

    induced: Induced
    """The taxonomy and the places of its titles."""
    analyst: AnalystDescription
    """Who the analyst is, and what it used."""
    stopped: ErrorMapError | None = None
    """Why it ended early; None if it did not."""


async def analyse(
    draft: Draft, analyst: Analyst, *, folder: RunFolder, rebuild: bool, progress: Progress
) -> Analysis:
    """Diagnoses every failure of a draft and sorts the titles into a taxonomy.

    An unusable model, a spent budget, or missing top categories end the analysis early: answers
    so far are kept, the other failures are undiagnosed or unassigned, with the reason.

    Args:
        draft: Has the failures; receives their outcomes.
        analyst: Answers the questions.
        folder: May hold an earlier run of the same name, whose taxonomy is extended.
        rebuild: Ignore the earlier run.
        progress: Receives the events.

    Raises:
        ModelUnusable: There was no answer at all.
        BudgetExceeded: As ModelUnusable.
    """
    try:
        await _diagnose(draft, analyst, progress)
        induced = await _categorize(
            draft, analyst, folder=folder, rebuild=rebuild, progress=progress
        )
    except (ModelUnusable, BudgetExceeded, CallFailed) as stopped:
        if not draft.diagnosed:
            raise
        reason = f"the run was stopped: {stopped}"
        draft.give_up(reason)
        return Analysis(without_categories(reason), analyst.describe(), stopped)
    return Analysis(induced, analyst.describe())


async def rehearse(draft: Draft, analyst: Diagnoser, progress: Progress) -> int:
    """Diagnoses every failure of a draft as `analyse` does, and stores nothing: for a dry run.

    Returns:
        Unique titles among the diagnoses.
    """
    done = 0
    titles: set[str] = set()
    progress(StageStarted(DIAGNOSIS, draft.failures))

    def count(_: Batch, outcomes: Sequence[Outcome]) -> None:
        nonlocal done
        done += len(outcomes)
        titles.update(one.diagnosis.title for one in outcomes if isinstance(one, Diagnosed))
        progress(StageMoved(DIAGNOSIS, done))

    await diagnose(draft.batches(analyst.batch_size), analyst, on_done=count)
    progress(StageEnded(DIAGNOSIS, done))
    return len(titles - {""})


async def _diagnose(draft: Draft, analyst: Diagnoser, progress: Progress) -> None:
    done = lost = 0
    progress(StageStarted(DIAGNOSIS, draft.failures))

    def store(batch: Batch, outcomes: Sequence[Outcome]) -> None:
        nonlocal done, lost
        draft.put_outcomes(batch, outcomes)
        done += len(outcomes)
        lost += sum(isinstance(outcome, Undiagnosed) for outcome in outcomes)
        progress(StageMoved(DIAGNOSIS, done, lost))

    await diagnose(draft.batches(analyst.batch_size), analyst, on_done=store)
    progress(StageEnded(DIAGNOSIS, done, lost))


async def _categorize(
    draft: Draft, analyst: Analyst, *, folder: RunFolder, rebuild: bool, progress: Progress
) -> Induced:
    """The titles in a taxonomy: an earlier run's, extended, or a new one."""
    groups = unique_titles(title_groups(draft.scan("outcomes"))) if draft.failures else []
    progress(StageStarted(TAXONOMY, len(groups)))
    frozen = None
    fingerprint = analyst.describe().fingerprint
    if fingerprint and not rebuild:  # without a model, recomputing a taxonomy costs nothing
        frozen, notice = earlier_taxonomy(folder, fingerprint)
        if notice:
            progress(Noticed(notice))
    try:
        if frozen is None:
            induced = await induce(groups, analyst)
        else:
            induced = await extend(frozen, groups, analyst)
    except CallFailed as error:
        raise CallFailed(f"there is no taxonomy: {error}") from error
    progress(StageEnded(TAXONOMY, len(groups)))
    return induced
