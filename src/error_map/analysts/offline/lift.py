"""How much more frequent a finding is in wrong answers than in right ones: ratios of two rates."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Final, Self

_Z95: Final = 1.96
"""Quantile of the standard normal distribution for a 95 % interval."""


@dataclass(frozen=True, slots=True)
class Rates:
    """How often a finding is in the wrong and in the right answers that were compared.

    Raises:
        ValueError: There are more findings than answers, or a number is negative.
    """

    wrong_hits: int
    wrong: int
    right_hits: int
    right: int

    def __post_init__(self) -> None:
        if not (0 <= self.wrong_hits <= self.wrong and 0 <= self.right_hits <= self.right):
            raise ValueError(f"impossible counts: {self}")

    def plus(self, other: Self) -> "Rates":
        """The rates of both together."""
        return Rates(
            self.wrong_hits + other.wrong_hits,
            self.wrong + other.wrong,
            self.right_hits + other.right_hits,
            self.right + other.right,
        )


def lift(rates: Rates) -> float:
    """The ratio of the rate in wrong answers to the rate in right ones, with half a finding added.

    Example:
        >>> round(lift(Rates(50, 100, 25, 100)), 1), round(lift(Rates(2, 20, 0, 80)), 1)
        (2.0, 19.6)
    """
    wrong = (rates.wrong_hits + 0.5) / (rates.wrong + 0.5)
    return wrong / ((rates.right_hits + 0.5) / (rates.right + 0.5))


def lift_interval(rates: Rates) -> tuple[float, float]:
    """95 % interval of the ratio of the rate in wrong answers to the rate in right ones.

    Half a finding is added to either side, so that a side without any has an interval too.

    Source:
        Katz, Baptista, Azen and Pike 1978, doi:10.2307/2530610; the halves are Walter's, 1975,
        doi:10.1093/biomet/62.2.371.

    Example:
        >>> low, high = lift_interval(Rates(30, 100, 2, 100))
        >>> f"{low:.1f} to {high:.1f}"
        '3.5 to 43.0'
    """
    hits, base = rates.wrong_hits + 0.5, rates.right_hits + 0.5
    trials, base_trials = rates.wrong + 0.5, rates.right + 0.5
    ratio = log(lift(rates))
    spread = _Z95 * sqrt(max(0.0, 1 / hits - 1 / trials + 1 / base - 1 / base_trials))
    return exp(ratio - spread), exp(ratio + spread)


def pooled_lift_interval(strata: Sequence[Rates]) -> tuple[float, float]:
    """The interval over several models, each compared with itself.

    Summing their answers instead would take a habit of weak models, which fail more often, for a
    reason to fail. Where no right answer has the finding, no model has the habit, and the sums are
    used.

    Source:
        Mantel and Haenszel 1959, doi:10.1093/jnci/22.4.719; the variance is that of Greenland and
        Robins 1985, doi:10.2307/2530643.

    Example:
        >>> weak, strong = Rates(80, 80, 20, 20), Rates(0, 20, 0, 80)
        >>> low, high = pooled_lift_interval([weak, strong])
        >>> low <= 1 <= high
        True
    """
    both = [one for one in strata if one.wrong and one.right]
    above = sum(one.wrong_hits * one.right / (one.wrong + one.right) for one in both)
    below = sum(one.right_hits * one.wrong / (one.wrong + one.right) for one in both)
    if not above or not below:
        total = Rates(0, 0, 0, 0)
        for one in both:
            total = total.plus(one)
        return lift_interval(total)
    spread = _Z95 * sqrt(max(0.0, sum(map(_variance, both))) / (above * below))
    return above / below * exp(-spread), above / below * exp(spread)


def _variance(one: Rates) -> float:
    """A stratum's part in the variance of Greenland and Robins."""
    size = one.wrong + one.right
    having = one.wrong_hits + one.right_hits
    return (having * one.wrong * one.right - one.wrong_hits * one.right_hits * size) / size**2
