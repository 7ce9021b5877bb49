"""The one concurrency primitive: N workers over one iterator."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from itertools import chain, islice
from typing import TypeVar

import anyio

Item = TypeVar("Item")
Result = TypeVar("Result")


async def bounded_each(
    fn: Callable[[Item], Awaitable[Result]],
    items: Iterable[Item],
    *,
    limit: int,
    on_done: Callable[[Item, Result], None],
) -> None:
    """Awaits `fn` for each item, at most `limit` at a time.

    Items are drawn only when a worker is free, so a long iterator is never held in memory.

    Args:
        fn: Awaited once per item; the first exception cancels all workers and is raised as it is.
        items: Drawn lazily, each exactly once.
        limit: Number of workers, at least 1.
        on_done: Called with each item and its result, in order of completion.

    Raises:
        ValueError: `limit` is below 1.
    """
    if limit < 1:
        raise ValueError(f"limit must be at least 1, not {limit}")
    queue = iter(items)

    async def worker(first: Item) -> None:
        for item in chain((first,), queue):
            on_done(item, await fn(item))

    try:
        async with anyio.create_task_group() as group:
            for item in islice(queue, limit):  # no more workers than there are items
                group.start_soon(worker, item)
    except BaseExceptionGroup as errors:
        raise _first(errors) from errors


async def gathered(
    fn: Callable[[Item], Awaitable[Result]], items: Sequence[Item], *, limit: int
) -> list[Result]:
    """The results of `fn` for all items, in the items' order; errors as in `bounded_each`."""
    results: dict[int, Result] = {}

    async def run(index: int) -> Result:
        return await fn(items[index])

    await bounded_each(run, range(len(items)), limit=limit, on_done=results.__setitem__)
    return [results[index] for index in range(len(items))]


def _first(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    # Callers handle our own errors; a group would hide them. The others were caused by cancelling.
    error: BaseException = errors
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
