"""Exact tests for two models that answered the same examples; no SciPy, stable for large counts."""

import sys
from collections.abc import Sequence
from math import comb, exp, lgamma, log
from typing import Final

LEVEL: Final = 0.05
"""Probability of a false alarm below which a difference is called more than chance: convention."""
_EXACT_UP_TO: Final = 1_000
"""Changed examples up to which whole numbers are summed: 2 ** 1000 still divides as a double."""
_NEGLIGIBLE: Final = 1e-17
"""Share of the sum below which further terms change no digit of a double."""


def mcnemar(fixed: int, broken: int) -> float:
    """Probability that chance alone splits the changed examples at least as unevenly.

    The exact two-sided test: if both models were equally good, each example on which they differ
    would favour either of them with probability one half.

    Args:
        fixed: Examples that only the second model passes.
        broken: Examples that only the first model passes.

    Returns:
        The p-value, in (0, 1]; symmetric in its arguments.

    Raises:
        ValueError: A count is negative.

    Source:
        McNemar 1947, doi:10.1007/BF02295996; the exact form is described by Fagerland, Lydersen and
        Laake 2013, doi:10.1186/1471-2288-13-91.

    Example:
        >>> mcnemar(1, 5), mcnemar(3, 3)
        (0.21875, 1.0)
    """
    if fixed < 0 or broken < 0:
        raise ValueError(f"no counts: {fixed} and {broken}")
    fewer, changed = min(fixed, broken), fixed + broken
    if 2 * fewer == changed:
        return 1.0
    if changed <= _EXACT_UP_TO:
        ways = sum(comb(changed, k) for k in range(fewer + 1))
        return min(1.0, 2 * ways / (1 << changed))
    # Relative to its largest term the tail cannot underflow; that term itself is in logarithms.
    term = tail = 1.0
    for k in range(fewer, 0, -1):
        term *= k / (changed - k + 1)
        tail += term
        if term < _NEGLIGIBLE * tail:
            break
    scale = lgamma(changed + 1) - lgamma(fewer + 1) - lgamma(changed - fewer + 1)
    p = 2 * tail * exp(scale - changed * log(2))
    return max(min(1.0, p), sys.float_info.min)


def holm(p_values: Sequence[float], *, family: int) -> tuple[float, ...]:
    """P-values corrected for the number of comparisons, in the order given.

    The probability that any difference below a level is a false alarm is then at most that level.

    Args:
        p_values: The p-values of the comparisons that are reported.
        family: Comparisons among which these were chosen; at least as many. Those that are not
            reported count as larger p-values, which can only make the result more cautious.

    Returns:
        One value in (0, 1] per p-value, never below it.

    Raises:
        ValueError: There are more p-values than comparisons.

    Source:
        Holm 1979, A simple sequentially rejective multiple test procedure.

    Example:
        >>> holm([0.01, 0.04], family=2), holm([0.01], family=3)
        ((0.02, 0.04), (0.03,))
    """
    if len(p_values) > family:
        raise ValueError(f"{len(p_values)} p-values of {family} comparisons")
    corrected, largest = [0.0] * len(p_values), 0.0
    ordered = sorted(range(len(p_values)), key=p_values.__getitem__)
    for rank, place in enumerate(ordered):
        largest = max(largest, min(1.0, (family - rank) * p_values[place]))
        corrected[place] = largest
    return tuple(corrected)
