"""Tests of `bounded_each`: number of workers, lazy draws, errors."""

import anyio
import anyio.lowlevel
import pytest

from error_map.bounded import bounded_each, gathered

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(("items", "limit", "most"), [(3, 10_000, 3), (50, 4, 4), (0, 5, 0)])
async def test_there_are_no_more_workers_than_the_limit_or_the_items(
    items: int, limit: int, most: int
) -> None:
    before = anyio.get_current_task().id
    workers: set[int] = set()

    async def work(item: int) -> int:
        workers.add(anyio.get_current_task().id)
        await anyio.lowlevel.checkpoint()
        return item

    done: list[int] = []
    await bounded_each(work, range(items), limit=limit, on_done=lambda item, _: done.append(item))

    assert sorted(done) == list(range(items))
    assert len(workers) == most
    assert before not in workers


async def test_results_are_in_the_order_of_the_items() -> None:
    async def double(item: int) -> int:
        for _ in range(5 - item):
            await anyio.lowlevel.checkpoint()
        return 2 * item

    assert await gathered(double, range(5), limit=3) == [0, 2, 4, 6, 8]


async def test_an_error_is_raised_as_it_is() -> None:
    async def fail(item: int) -> int:
        raise KeyError(item)

    with pytest.raises(KeyError):
        await bounded_each(fail, range(3), limit=2, on_done=lambda *_: None)
