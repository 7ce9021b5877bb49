"""A rate in words, as the terminal, notebooks and pictures show it."""

from ..analysis import Rate


def percent(rate: Rate) -> str:
    """The rate with its interval.

    Example:
        >>> percent(Rate.counted(5, 40))
        '12.5 % [5.5, 26.1]'
    """
    return f"{100 * rate.value:.1f} % [{100 * rate.low:.1f}, {100 * rate.high:.1f}]"
