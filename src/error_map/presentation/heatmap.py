"""Heatmaps: which cells the colour scale leaves out, and what is said of them."""

from typing import Final

from ..analysis import CategoryRate, Heatmap

UNSCALED: Final = "Grey, outside the colour scale: failures without a known cause."
"""Under every heatmap that has such a category."""
UNSCALED_COLOUR: Final = "#DEDEDE"
"""On white paper; pages have one of their own for dark themes."""


def greatest(heat: Heatmap, *, per_attempt: bool) -> float:
    """The end of the colour scale: the largest value of any category that explains something.

    In many runs most failures are hard to analyze. Were they part of the scale, all causes would
    be pale.

    Args:
        heat: What is drawn.
        per_attempt: The values are rates per attempt, not shares of the failures.
    """
    cells = (cell for row in heat.cells for cell in row if cell and scaled(heat, cell))
    values = (cell.per_attempt if per_attempt else cell.share for cell in cells)
    return max((rate.value for rate in values), default=0.0)


def scaled(heat: Heatmap, cell: CategoryRate) -> bool:
    """Whether a cell has a colour of the scale."""
    return cell.category.id not in heat.unexplained
