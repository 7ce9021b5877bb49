"""Numbers as text: the one way that viewer, report, terminal, notebook and plots write them."""

from math import floor
from typing import Final

from ..analysis import LEVEL, CategoryRate, Rate

_ONE_DECIMAL_SHOWS: Final = 0.0005
"""The smallest fraction that one decimal of a percentage does not round to 0.0; the same holds for
its distance from 1."""
_CENT: Final = 0.01
"""US dollars below which two decimals would round to 0.00."""
_SMALLEST_P: Final = 0.001
"""P-values below it are only called smaller: their exact size supports no further statement."""
_EXACT_DIGITS: Final = 12
"""Digits of a fraction that count: later ones are rounding errors of weighted sums."""


def bare_percent(value: float) -> str:
    """A fraction in percent, without the sign: one decimal, or two if one would round to 0 or 100.

    Example:
        >>> [bare_percent(value) for value in (0.4567, 1, 0.0004, 0.00001, 0)]
        ['45.7', '100.0', '0.04', '<0.01', '0.0']
        >>> [bare_percent(value) for value in (0.9994, 0.9996, 0.99999)]
        ['99.9', '99.96', '>99.99']
    """
    return _written(value, _decimals(value))


def _decimals(value: float) -> int:
    """As many decimals as distinguish the fraction from 0 and 1."""
    value = round(value, _EXACT_DIGITS)
    near = min(value, 1 - value)
    return 2 if 0 < value < 1 and near < _ONE_DECIMAL_SHOWS else 1


def _written(value: float, decimals: int) -> str:
    """A fraction in percent; a bound such as `<0.01` if it would round to 0 or 100."""
    value = round(value, _EXACT_DIGITS)
    step = 10.0**-decimals
    written = f"{100 * value:.{decimals}f}"
    if value > 0 and float(written) == 0:
        return f"<{step:.{decimals}f}"
    if value < 1 and float(written) == 100:  # noqa: PLR2004 - percent
        return f">{100 - step:.{decimals}f}"
    return written


def percent(value: float) -> str:
    """A fraction as a percentage.

    Example:
        >>> percent(0.4567), percent(0.0)
        ('45.7 %', '0.0 %')
    """
    return f"{bare_percent(value)} %"


def whole(value: float) -> str:
    """A fraction in whole percents, without the sign, for narrow cells.

    Example:
        >>> whole(0.0), whole(0.004), whole(0.126), whole(0.996), whole(1.0)
        ('0', '<1', '13', '>99', '100')
    """
    return _written(value, 0)


def whole_percent(value: float) -> str:
    """A fraction as a whole percentage, for confidences and bounds.

    Example:
        >>> whole_percent(0.126), whole_percent(0.004)
        ('13 %', '<1 %')
    """
    return f"{whole(value)} %"


def tick(value: float) -> str:
    """A round fraction as an axis label.

    Example:
        >>> tick(0.1), tick(0.025), tick(0)
        ('10 %', '2.5 %', '0 %')
    """
    return f"{100 * value:.3g} %"


def interval(rate: Rate) -> str:
    """The 95 % interval of a rate, in percent, with as many decimals as the rate itself.

    Example:
        >>> interval(Rate.counted(3, 40)), interval(Rate.counted(4, 10_000))
        ('[2.6, 19.9]', '[0.02, 0.10]')
    """
    decimals = _decimals(rate.value)
    return f"[{_written(rate.low, decimals)}, {_written(rate.high, decimals)}]"


def rated(rate: Rate) -> str:
    """A rate with its interval.

    Example:
        >>> rated(Rate.counted(5, 40))
        '12.5 % [5.5, 26.1]'
    """
    return f"{percent(rate.value)} {interval(rate)}"


def denominator(rate: Rate) -> str:
    """Numerator and denominator of a rate.

    Example:
        >>> denominator(Rate.counted(3, 40))
        '3 of 40'
    """
    sampled = f", sampled from {rate.of:,}" if rate.of != rate.trials else ""
    return f"{rate.hits:,} of {rate.trials:,}{sampled}"


def per_attempt_counts(rate: CategoryRate) -> str:
    """Numerator and denominator of a category's rate per attempt.

    Where failures were sampled, the rate is an estimate, and its counts are not those of attempts.

    Example:
        >>> from error_map.taxonomy import reserved
        >>> share = Rate.counted(3, 40)
        >>> of = {"category": reserved()[0], "depth": 1, "share": share}
        >>> per_attempt_counts(CategoryRate(**of, per_attempt=Rate.counted(3, 100)))
        '3 of 100'
    """
    if rate.share.trials == rate.share.of:
        return denominator(rate.per_attempt)
    return f"estimated from {rate.share.hits:,} of {rate.share.trials:,} studied failures"


def in_full(rate: Rate) -> str:
    """A rate with its interval, numerator and denominator.

    Example:
        >>> in_full(Rate.counted(3, 40))
        '7.5 % [2.6, 19.9], 3 of 40'
    """
    return f"{rated(rate)}, {denominator(rate)}"


def p_value(p: float) -> str:
    """A p-value; with a fourth decimal where three would hide on which side of the level it is.

    Example:
        >>> p_value(0.0312), p_value(0.4), p_value(0.00002), p_value(0.04996)
        ('p = 0.031', 'p = 0.400', 'p < 0.001', 'p = 0.0499')
    """
    if p < _SMALLEST_P:
        return f"p < {_SMALLEST_P}"
    written = f"{p:.3f}"
    if float(written) == LEVEL and p < LEVEL:
        return f"p = {floor(p * 10_000) / 10_000:.4f}"
    return f"p = {written}"


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun.

    Example:
        >>> count(1, "failure"), count(1200, "failure"), count(2, "category", "categories")
        ('1 failure', '1,200 failures', '2 categories')
    """
    noun = one if number == 1 else many or f"{one}s"
    return f"{number:,} {noun}"


def dollars(cost: float | None) -> str:
    """A cost in US dollars.

    Example:
        >>> dollars(1.234), dollars(0.004), dollars(None)
        ('US$ 1.23', 'US$ 0.0040', 'price unknown')
    """
    if cost is None:
        return "price unknown"
    return f"US$ {cost:,.4f}" if 0 < cost < _CENT else f"US$ {cost:,.2f}"
