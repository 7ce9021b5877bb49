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
    """Runs `fn` over `items`, at most `limit` at a time.

    Items are drawn only as workers come free, so a long iterator is never held in memory.

    Args:
        fn: Awaited once an item; what it raises ends the whole run, and is raised as it is.
        items: Drawn lazily, each exactly once.
        limit: Workers, at least 1.
        on_done: Called as each item ends, in order of completion.

    Raises:
        ValueError: If `limit` is under 1.
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
    """The results of `fn` over all items, in their order; errors as in `bounded_each`."""
    results: dict[int, Result] = {}

    async def one(place: int) -> Result:
        return await fn(items[place])

    await bounded_each(one, range(len(items)), limit=limit, on_done=results.__setitem__)
    return [results[place] for place in range(len(items))]


def _first(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    error: BaseException = errors
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
