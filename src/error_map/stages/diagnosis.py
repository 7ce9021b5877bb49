"""Stage 2: what went wrong in each failure."""

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
    """Asks the analyst about every batch; each failure gets exactly one outcome.

    Args:
        batches: Drawn as the analyst has room for them.
        analyst: Who thinks.
        on_done: Given each batch with its outcomes, in the batch's order, as it ends.
    """

    async def ask(batch: Batch) -> Sequence[Outcome]:
        return _complete(batch.failures, await analyst.diagnose(batch.failures))

    await bounded_each(ask, batches, limit=analyst.workers, on_done=on_done)


def _complete(failures: Sequence[Failure], outcomes: Sequence[Outcome]) -> Sequence[Outcome]:
    """One outcome a failure, by key, whatever the analyst gave back."""
    by_key = {outcome.key: outcome for outcome in outcomes}
    keys = [failure.record.key for failure in failures]
    return [by_key.get(key) or Undiagnosed(key, "the analyst gave no answer") for key in keys]
