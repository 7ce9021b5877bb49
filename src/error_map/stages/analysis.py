"""Stages 2 to 4 as one: every failure diagnosed, the titles sorted, whatever stops the model."""

from collections.abc import Sequence
from typing import Final

from ..analysts.factory import AtWork
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


async def ask(
    draft: Draft, at_work: AtWork, *, folder: RunFolder, rebuild: bool, progress: Progress
) -> tuple[Induced, ErrorMapError | None]:
    """Diagnoses every failure of a draft and places the titles.

    A model that fails for good, a spent budget, or top categories that cannot be had end the
    asking: what was answered is kept, the rest is undiagnosed or unassigned with the reason.

    Returns:
        The taxonomy with its places, and what stopped the asking, if anything did.

    Raises:
        ModelUnusable: Nothing at all was answered.
        BudgetExceeded: As ModelUnusable.
    """
    try:
        await _diagnose(draft, at_work, progress)
        induced = await _sorted(draft, at_work, folder=folder, rebuild=rebuild, progress=progress)
    except (ModelUnusable, BudgetExceeded, CallFailed) as stopped:
        if not draft.diagnosed:
            raise
        reason = f"the run was stopped: {stopped}"
        draft.give_up(reason)
        return without_categories(reason), stopped
    return induced, None


async def rehearse(draft: Draft, at_work: AtWork, progress: Progress) -> int:
    """Diagnoses every failure of a draft as `ask` does, and keeps nothing: for a dry run.

    Returns:
        Different titles that there are.
    """
    done = 0
    titles: set[str] = set()
    progress(StageStarted(DIAGNOSIS, draft.failures))

    def count(_: Batch, outcomes: Sequence[Outcome]) -> None:
        nonlocal done
        done += len(outcomes)
        titles.update(one.diagnosis.title for one in outcomes if isinstance(one, Diagnosed))
        progress(StageMoved(DIAGNOSIS, done))

    analyst = at_work.analyst
    await diagnose(draft.batches(analyst.batch_size), analyst, on_done=count)
    progress(StageEnded(DIAGNOSIS, done))
    return len(titles - {""})


async def _diagnose(draft: Draft, at_work: AtWork, progress: Progress) -> None:
    done = lost = 0
    progress(StageStarted(DIAGNOSIS, draft.failures))

    def keep(batch: Batch, outcomes: Sequence[Outcome]) -> None:
        nonlocal done, lost
        draft.put_outcomes(batch, outcomes)
        done += len(outcomes)
        lost += sum(isinstance(outcome, Undiagnosed) for outcome in outcomes)
        progress(StageMoved(DIAGNOSIS, done, lost))

    analyst = at_work.analyst
    await diagnose(draft.batches(analyst.batch_size), analyst, on_done=keep)
    progress(StageEnded(DIAGNOSIS, done, lost))


async def _sorted(
    draft: Draft, at_work: AtWork, *, folder: RunFolder, rebuild: bool, progress: Progress
) -> Induced:
    """The titles in a taxonomy: an earlier run's, extended, or one made of them."""
    groups = unique_titles(title_groups(draft.scan("outcomes"))) if draft.failures else []
    progress(StageStarted(TAXONOMY, len(groups)))
    frozen = None
    if at_work.fingerprint and not rebuild:
        frozen, told = earlier_taxonomy(folder, at_work.fingerprint)
        if told:
            progress(Noticed(told))
    try:
        if frozen is None:
            induced = await induce(groups, at_work.analyst)
        else:
            induced = await extend(frozen, groups, at_work.analyst)
    except CallFailed as error:
        raise CallFailed(f"there is no taxonomy: {error}") from error
    progress(StageEnded(TAXONOMY, len(groups)))
    return induced
