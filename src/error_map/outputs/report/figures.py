"""Rates and counts as they are written in every rendering."""

from ...analysis import Rate


def percent(value: float) -> str:
    """A fraction as a percentage.

    Example:
        >>> percent(0.4567), percent(0.0004), percent(0.0)
        ('45.7 %', '0.04 %', '0.0 %')
    """
    digits = 2 if 0 < value < 0.0005 else 1  # noqa: PLR2004 - what one digit would show as 0.0
    return f"{100 * value:.{digits}f} %"


def interval(rate: Rate) -> str:
    """The 95 % interval, in percent.

    Example:
        >>> interval(Rate.counted(3, 40))
        '[2.6, 19.9]'
    """
    return f"[{100 * rate.low:.1f}, {100 * rate.high:.1f}]"


def denominator(rate: Rate) -> str:
    """What a rate rests on.

    Example:
        >>> denominator(Rate.counted(3, 40))
        '3 of 40'
    """
    stands_for = f", for {rate.of:,}" if rate.of != rate.trials else ""
    return f"{rate.hits:,} of {rate.trials:,}{stands_for}"


def in_full(rate: Rate) -> str:
    """A rate with its interval and what it rests on.

    Example:
        >>> in_full(Rate.counted(3, 40))
        '7.5 % [2.6, 19.9], 3 of 40'
    """
    return f"{percent(rate.value)} {interval(rate)}, {denominator(rate)}"


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun.

    Example:
        >>> count(1, "failure"), count(1200, "failure"), count(2, "category", "categories")
        ('1 failure', '1,200 failures', '2 categories')
    """
    noun = one if number == 1 else many or f"{one}s"
    return f"{number:,} {noun}"
