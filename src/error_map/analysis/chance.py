"""How probable an agreement is by chance."""

from math import exp, lgamma, log, log1p


def binomial_tail(hits: int, trials: int, share: float) -> float:
    """The probability of at least `hits` successes in `trials` independent ones.

    Args:
        hits: At most `trials`.
        trials: At least 0.
        share: Probability of one success, in [0, 1].

    Raises:
        ValueError: A number is outside its range.

    Example:
        >>> round(binomial_tail(3, 3, 0.5), 3), round(binomial_tail(14, 16, 0.5), 4)
        (0.125, 0.0021)
    """
    if not 0 <= share <= 1 or hits > trials or trials < 0:
        raise ValueError(f"no binomial tail: {hits} of {trials} at {share}")
    if hits <= 0 or share == 1:
        return 1.0
    if share == 0:
        return 0.0
    # Logarithms, as the coefficients of a thousand trials exceed a float.
    one, none, whole = log(share), log1p(-share), lgamma(trials + 1)
    terms = (
        exp(whole - lgamma(k + 1) - lgamma(trials - k + 1) + k * one + (trials - k) * none)
        for k in range(hits, trials + 1)
    )
    return min(1.0, sum(terms))
