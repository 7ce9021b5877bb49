"""Rates with intervals: Wilson for complete counts, stratified for samples."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final, Self

Z95: Final = 1.96
"""Quantile of the standard normal distribution for a 95 % interval."""


def wilson(hits: float, trials: float, *, z: float = Z95) -> tuple[float, float]:
    """Wilson interval of a proportion, which is reliable for rare errors too.

    Args:
        hits: Items with the property; `0 <= hits <= trials`. Effective counts may be fractional.
        trials: Items examined; more than 0.
        z: Normal quantile; 1.96 gives 95 %.

    Returns:
        `(low, high)`, each a fraction in [0, 1], not a percentage.

    Raises:
        ValueError: If `trials` is 0, or `hits` is outside its range.

    Source:
        Wilson 1927, doi:10.1080/01621459.1927.10502953.

    Example:
        >>> low, high = wilson(3, 40)
        >>> f"{low:.3f} to {high:.3f}"
        '0.026 to 0.199'
    """
    if trials <= 0 or not 0 <= hits <= trials:
        raise ValueError(f"no proportion: {hits} of {trials}")
    share = hits / trials
    spread = z * sqrt(share * (1 - share) / trials + z**2 / (4 * trials**2))
    centre, scale = share + z**2 / (2 * trials), 1 + z**2 / trials
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """One (dataset, model) group of failures."""

    hits: int
    """Analysed failures with the property."""
    sampled: int
    """Analysed failures; at least 1."""
    of: int
    """Number of failures in the group."""

    @property
    def share(self) -> float:
        """Share among the analysed failures; a fraction."""
        return self.hits / self.sampled


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """An estimated proportion with its interval and denominators."""

    value: float
    """A fraction; weighted by stratum where failures were sampled, so not always hits / trials."""
    low: float
    high: float
    """Ends of the 95 % interval, fractions."""
    hits: int
    trials: int
    """Items examined: the denominator."""
    of: int
    """Items that these represent; equal to `trials` where all were examined."""

    @classmethod
    def counted(cls, hits: int, trials: int) -> Self:
        """The rate of a complete count.

        Raises:
            ValueError: If `trials` is 0, or `hits` is outside its range.
        """
        low, high = wilson(hits, trials)
        return cls(value=hits / trials, low=low, high=high, hits=hits, trials=trials, of=trials)

    @classmethod
    def estimated(cls, strata: Sequence[Stratum]) -> Self:
        """The share of all failures, estimated from the analysed ones of each stratum.

        Args:
            strata: At least one.

        Source:
            Cochran, Sampling Techniques, 3rd ed., 1977, section 5.4: variance of a stratified
            proportion with finite-population correction; the Wilson interval at the effective
            sample size keeps it inside [0, 1] (Korn and Graubard 1998).
        """
        hits, trials = sum(s.hits for s in strata), sum(s.sampled for s in strata)
        of = sum(s.of for s in strata)
        # A complete count has no sampling error, so the weights do not matter.
        if trials == of:
            return cls.counted(hits, trials)
        value = sum(s.of * s.share for s in strata) / of
        effective = _effective_trials(strata, value=value, of=of)
        low, high = wilson(min(value * effective, effective), effective)
        return cls(value=value, low=low, high=high, hits=hits, trials=trials, of=of)

    def times(self, known: float) -> Self:
        """The rate multiplied by one that is known exactly, such as the failure rate."""
        return type(self)(
            value=self.value * known,
            low=self.low * known,
            high=self.high * known,
            hits=self.hits,
            trials=self.trials,
            of=self.of,
        )


def _effective_trials(strata: Sequence[Stratum], *, value: float, of: int) -> float:
    """Size of a simple random sample of the same precision.

    At most the size for equal shares in all strata: a stratum in which no sampled failure, or every
    one, has the property is not known exactly.
    """
    pooled = value * (1 - value)
    even = own = 0.0
    for stratum in strata:
        spare = (stratum.of / of) ** 2 * (1 - stratum.sampled / stratum.of)
        even += spare / stratum.sampled
        spread = stratum.share * (1 - stratum.share) if stratum.sampled > 1 else pooled
        # With one sampled failure the variance cannot be estimated; the pooled one is used
        # instead.
        own += spare * spread / max(stratum.sampled - 1, 1)
    return min(pooled / own, 1 / even) if own else 1 / even
