"""How much more frequent a finding is in wrong answers: intervals of ratios."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from error_map.analysts.offline.lift import Rates, lift, lift_interval, pooled_lift_interval

pytestmark = pytest.mark.slow

SIDE: Final = st.integers(0, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
RATES: Final = st.builds(lambda wrong, right: Rates(*wrong, *right), SIDE, SIDE)


@given(RATES)
def test_the_ratio_is_within_its_interval(rates: Rates) -> None:
    low, high = lift_interval(rates)

    assert 0 < low <= lift(rates) * (1 + 1e-9)
    assert lift(rates) <= high * (1 + 1e-9)


@given(RATES)
def test_wrong_and_right_exchanged_give_the_reciprocal_interval(rates: Rates) -> None:
    low, high = lift_interval(rates)
    swapped = Rates(rates.right_hits, rates.right, rates.wrong_hits, rates.wrong)

    assert lift_interval(swapped) == pytest.approx((1 / high, 1 / low))


@given(RATES)
def test_more_findings_in_right_answers_never_raise_the_ratio(rates: Rates) -> None:
    more = Rates(rates.wrong_hits, rates.wrong, rates.right, rates.right)

    assert lift(more) <= lift(rates) * (1 + 1e-9)


@given(st.lists(RATES, max_size=6))
def test_the_pooled_interval_does_not_depend_on_the_order_of_the_models(
    strata: list[Rates],
) -> None:
    forward, backward = pooled_lift_interval(strata), pooled_lift_interval(strata[::-1])

    assert 0 < forward[0] <= forward[1]
    assert forward == pytest.approx(backward)


@given(RATES)
def test_the_pool_of_one_model_agrees_with_it_on_the_direction(rates: Rates) -> None:
    if not (rates.wrong_hits and rates.right_hits):
        return
    low, high = pooled_lift_interval([rates])
    ratio = rates.wrong_hits / rates.wrong / (rates.right_hits / rates.right)

    assert low <= ratio * (1 + 1e-9)
    assert ratio <= high * (1 + 1e-9)


def test_a_published_example_is_reproduced() -> None:
    """15 of 100 against 5 of 100: ratio 3, 95 % interval 1.13 to 7.94 without the halves."""
    assert pooled_lift_interval([Rates(15, 100, 5, 100)]) == pytest.approx((1.13, 7.94), abs=0.01)


def test_a_habit_of_weak_models_is_no_lift() -> None:
    weak, strong = Rates(72, 80, 18, 20), Rates(2, 20, 8, 80)

    assert lift_interval(weak.plus(strong))[0] > 1
    low, high = pooled_lift_interval([weak, strong])
    assert low < 1 < high


def test_impossible_counts_are_refused() -> None:
    for wrong in ((2, 1, 0, 0), (0, 0, 1, 0), (-1, 1, 0, 0)):
        with pytest.raises(ValueError, match="impossible counts"):
            Rates(*wrong)
