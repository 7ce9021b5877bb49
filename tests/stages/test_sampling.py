"""Sampling depends on the record key alone, and leaves no group empty."""

from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from error_map.stages.sampling import draw, draws, sampled
from error_map.store import KEY

pytestmark = pytest.mark.slow

KEYS = st.lists(
    st.tuples(
        st.sampled_from(["d", "D"]),
        st.text(max_size=3),
        st.sampled_from(["a", "b"]),
        st.integers(0, 2),
    ),
    unique=True,
    min_size=1,
    max_size=30,
)
RATIOS = st.sampled_from([0.01, 0.1, 0.5, 0.9, 1.0])
Key = tuple[str, str, str, int]


def drawn(keys: list[Key], *, ratio: float, seed: int = 42) -> set[Key]:
    frame = pl.DataFrame(keys, schema=list(KEY), orient="row")
    chosen = sampled(frame, ratio=ratio, seed=seed)
    return {key for key, taken in zip(keys, chosen, strict=True) if taken}


def many(count: int, model: str = "m") -> list[Key]:
    return [("d", str(number), model, 0) for number in range(count)]


@given(keys=KEYS, ratio=RATIOS, data=st.data())
def test_more_rows_unsample_only_what_stood_in_for_an_empty_group(
    keys: list[Key], ratio: float, data: st.DataObject
) -> None:
    few = data.draw(st.lists(st.sampled_from(keys), unique=True, min_size=1))

    before, after = drawn(few, ratio=ratio), drawn(keys, ratio=ratio)

    lost = before - after
    assert all(draw(key, 42) >= ratio for key in lost)
    assert all(any((key[0], key[2]) == (new[0], new[2]) for new in after) for key in lost)


@given(keys=KEYS, ratio=RATIOS)
def test_every_group_keeps_its_smallest_draw(keys: list[Key], ratio: float) -> None:
    taken = drawn(keys, ratio=ratio)

    for group in {(dataset, model) for dataset, _, model, _ in keys}:
        members = [key for key in keys if (key[0], key[2]) == group]
        under = {key for key in members if draw(key, 42) < ratio}
        assert taken & set(members) == (under or {min(members, key=lambda key: draw(key, 42))})


@given(keys=KEYS, ratio=RATIOS, data=st.data())
def test_the_order_of_rows_does_not_matter(
    keys: list[Key], ratio: float, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(keys))

    assert drawn(shuffled, ratio=ratio) == drawn(keys, ratio=ratio)


@given(keys=KEYS)
def test_a_larger_ratio_only_adds(keys: list[Key]) -> None:
    shares = [drawn(keys, ratio=ratio) for ratio in (0.1, 0.5, 0.9, 1.0)]

    assert all(less <= more for less, more in pairwise(shares))
    assert shares[-1] == set(keys)


def test_the_share_drawn_is_near_the_ratio() -> None:
    """Five standard deviations of a binomial: 10,000 draws at 0.3 give 3,000 ± 229."""
    assert abs(len(drawn(many(10_000), ratio=0.3)) - 3_000) < 229


def test_another_seed_draws_others() -> None:
    first, second = (drawn(many(1_000), ratio=0.5, seed=seed) for seed in (1, 2))

    assert 150 < len(first & second) < 350


def test_a_draw_is_the_same_for_ever() -> None:
    assert draw(("gsm8k", "7", "a", 0), 42) == pytest.approx(0.6622612748467757, abs=0)
    assert draw(("gsm8k", "7", "a", 1), 42) != draw(("gsm8k", "7", "a", 0), 42)


@given(keys=KEYS)
def test_a_column_of_draws_is_the_draw_of_each_key(keys: list[Key]) -> None:
    frame = pl.DataFrame(keys, schema=list(KEY), orient="row")

    assert draws(frame, 7).to_list() == [draw(key, 7) for key in keys]


def test_draws_lie_between_zero_and_one() -> None:
    values = [draw((str(number),), 0) for number in range(2_000)]

    assert 0 <= min(values) < 0.01
    assert 0.99 < max(values) < 1


def test_the_draw_of_no_keys_is_no_draw() -> None:
    empty = pl.DataFrame(schema=dict.fromkeys(KEY, pl.String))

    assert sampled(empty, ratio=0.5, seed=42).to_list() == []
    assert sampled(empty, ratio=1.0, seed=42).to_list() == []
