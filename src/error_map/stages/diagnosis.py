"""Stage 2: has the analyst diagnose each failure."""

from collections.abc import Callable, Iterable, Sequence

from ..analysts.base import Diagnoser
from ..bounded import bounded_each
from ..records import Failure, Outcome, Undiagnosed
from ..store import Batch


async def diagnose(
    batches: Iterable[Batch],
    analyst: Diagnoser,
    *,
    on_done: Callable[[Batch, Sequence[Outcome]], None],
) -> None:
    """Has the analyst diagnose every batch; each failure gets exactly one outcome.

    Args:
        batches: Drawn one by one as the analyst gets free.
        analyst: Diagnoses the batches, `analyst.workers` of them at a time.
        on_done: Called with each finished batch and its outcomes, in the batch's order.
    """

    async def ask(batch: Batch) -> Sequence[Outcome]:
        return _complete(batch.failures, await analyst.diagnose(batch.failures))

    await bounded_each(ask, batches, limit=analyst.workers, on_done=on_done)


def _complete(failures: Sequence[Failure], outcomes: Sequence[Outcome]) -> Sequence[Outcome]:
    """One outcome per failure, matched by key, whatever the analyst returned."""
    by_key = {outcome.key: outcome for outcome in outcomes}
    keys = [failure.record.key for failure in failures]
    return [by_key.get(key) or Undiagnosed(key, "the analyst gave no answer") for key in keys]
