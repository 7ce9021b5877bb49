"""Figures in words, as the terminal, notebooks, pictures and reports show them."""

from typing import Final

from ..analysis import Rate

_CENT: Final = 0.01
"""US dollars under which two decimals would show nothing."""


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun.

    Example:
        >>> counted(1, "failure"), counted(1200, "failure"), counted(2, "category", "categories")
        ('1 failure', '1,200 failures', '2 categories')
    """
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def dollars(cost: float | None) -> str:
    """What something cost.

    Example:
        >>> dollars(1.234), dollars(0.004), dollars(None)
        ('US$ 1.23', 'US$ 0.0040', 'price unknown')
    """
    if cost is None:
        return "price unknown"
    return f"US$ {cost:,.4f}" if 0 < cost < _CENT else f"US$ {cost:,.2f}"


def percent(rate: Rate) -> str:
    """The rate with its interval.

    Example:
        >>> percent(Rate.counted(5, 40))
        '12.5 % [5.5, 26.1]'
    """
    return f"{100 * rate.value:.1f} % [{100 * rate.low:.1f}, {100 * rate.high:.1f}]"
