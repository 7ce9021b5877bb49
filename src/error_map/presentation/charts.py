"""One specification per picture: its axis, colours and flows, for viewer, report and plots."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import ceil
from typing import Final

from ..analysis import (
    NOT_STUDIED,
    PASSED,
    CategoryRate,
    Heatmap,
    Signature,
    Stream,
    Transition,
    Transitions,
)
from ..taxonomy import Category, reserved

_STEPS: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1.0)
"""Distances between the labels of an axis: the fractions that read as round percentages."""
_MAX_INTERVALS: Final = 5
"""Labelled intervals on an axis of a page, where the width is unknown: six labels fit a phone."""
_RESERVED: Final = frozenset(category.id for category in reserved())

UNSCALED: Final = "Grey, outside the colour scale: failures without a known cause."
"""Shown with every heatmap that has such a category."""
UNSCALED_COLOUR: Final = "#DEDEDE"
"""For white paper; the pages of report and viewer have one for dark themes too."""

LABELS: Final[Mapping[Transition, str]] = {
    "fixed": "fixed",
    "broken": "newly broken",
    "same": "still wrong, same category",
    "other": "still wrong, another category",
    "unknown": "still wrong, reason unknown",
    "passed": "passed both times",
}
"""Names of the transitions, in the order of every legend and table."""
COLOURS: Final[Mapping[Transition, str]] = {
    "fixed": "#009E73",
    "broken": "#D55E00",
    "same": "#767676",
    "other": "#E69F00",
    "unknown": "#C6C6C6",
    "passed": "#DBE5EC",
}
"""The hues are those of Okabe and Ito (2008), which colour-blind readers can tell apart; both greys
are visible on white and on near-black."""
REST: Final = "rest"
"""End of a flow that represents all categories for which a picture has no place."""


def explains(category: Category) -> bool:
    """Whether a category names a kind of error; the reserved ones do not."""
    return category.id not in _RESERVED


def causes(signature: Signature) -> list[CategoryRate]:
    """The top categories of a signature that name a kind of error, most frequent first."""
    return [rate for rate in signature.top if explains(rate.category)]


def most_of(categories: Sequence[Category], most: int) -> tuple[tuple[int, ...], int]:
    """The indices of at most `most` categories to show, and how many are left out.

    The reserved ones are always shown, as they are often the largest.
    """
    reserved = [n for n, category in enumerate(categories) if not explains(category)]
    room = max(0, most - len(reserved))
    first = [n for n, category in enumerate(categories) if explains(category)][:room]
    indices = (*first, *reserved[:most])
    return indices, len(categories) - len(indices)


def most_of_heat(heat: Heatmap, *, models: int, categories: int) -> Heatmap:
    """The first models of a heatmap, and the categories that `most_of` retains.

    Args:
        heat: The heatmap.
        models: Most models.
        categories: Most categories.
    """
    indices, _ = most_of(heat.categories, categories)
    return replace(
        heat,
        models=heat.models[:models],
        categories=tuple(heat.categories[n] for n in indices),
        cells=tuple(tuple(row[n] for n in indices) for row in heat.cells[:models]),
    )


def most_of_tree(rates: Sequence[CategoryRate], most: int) -> tuple[CategoryRate, ...]:
    """At most `most` categories of a tree, parents before children, the reserved ones included.

    Args:
        rates: Parents before their children, the reserved ones last.
        most: Number of categories for which there is room.
    """
    if len(rates) <= most:
        return tuple(rates)
    tops = (n for n, rate in enumerate(rates) if rate.depth == 1 and not explains(rate.category))
    begin = next(tops, len(rates))
    # At most half of the room, or a tree of many reserved categories would hide all causes.
    reserved = rates[begin:][: max(1, most // 2)]
    return (*rates[:begin][: most - len(reserved)], *reserved)


def _axis_step(fits: Callable[[float], bool]) -> float:
    """The smallest round distance between labels that fits; a fraction."""
    return next((step for step in _STEPS if fits(step)), _STEPS[-1])


def axis_end(top: float) -> float:
    """The end of an axis that holds the values from 0 to `top`: a round fraction.

    Example:
        >>> axis_end(0.242), axis_end(0.631), axis_end(0.0)
        (0.25, 0.8, 0.001)
    """
    step = _axis_step(lambda step: top <= _MAX_INTERVALS * step)
    return round(step * max(1, ceil(round(top / step, 9))), 9)


def axis_ticks(top: float, fits: Callable[[float], bool] | None = None) -> list[float]:
    """Round fractions from 0 up to `top`, where an axis is labelled.

    Args:
        top: The largest value on the axis.
        fits: Whether labels may be this far apart; None for at most six labels.

    Example:
        >>> axis_ticks(0.24)
        [0.0, 0.05, 0.1, 0.15, 0.2]
    """
    step = _axis_step(fits or (lambda step: top <= _MAX_INTERVALS * step))
    # a billionth: the last label must not be lost to the rounding of a quotient
    return [round(place * step, 9) for place in range(int(top / step + 1e-9) + 1)]


def scale_end(heat: Heatmap, *, per_attempt: bool) -> float:
    """The end of the colour scale: the largest value of any category that explains something.

    In many runs most failures are hard to analyze. If the scale included them, all causes would
    be pale.

    Args:
        heat: The heatmap to draw.
        per_attempt: Whether its values are rates per attempt instead of shares of the failures.
    """
    cells = (cell for row in heat.cells for cell in row if cell and on_scale(heat, cell))
    values = (cell.per_attempt if per_attempt else cell.share for cell in cells)
    return max((rate.value for rate in values), default=0.0)


def on_scale(heat: Heatmap, cell: CategoryRate) -> bool:
    """Whether a cell is coloured by the scale; the others are grey."""
    return cell.category.id not in heat.unexplained


def streams(
    compared: Transitions, *, max_categories: int, passed: bool = False
) -> tuple[list[Stream], int]:
    """The flows of a comparison with rare categories merged, and how many were merged.

    Args:
        compared: The comparison of two models.
        max_categories: Categories for which the picture has places, including `REST`.
        passed: Whether to include the examples that passed both times.

    Returns:
        Streams ordered by their ends, and the number of categories that `REST` represents.
    """
    failed = [flow for flow in compared.flows if compared.transition(flow) != "passed"]
    sizes = Counter[str]()
    for flow in failed:
        sizes.update({flow.before: flow.examples})
        sizes.update({flow.after: flow.examples})
    fixed = {PASSED, NOT_STUDIED}
    # ties are broken by name, so that the same comparison always gives the same picture
    common = sorted(sizes.keys() - fixed, key=lambda name: (-sizes[name], name))
    fits = len(common) <= max_categories
    retained = fixed | set(common if fits else common[: max_categories - 1])
    merged = [
        stream
        for stream in compared.merged(retained, rest=REST)
        if passed or stream.transition != "passed"
    ]
    merged.sort(key=lambda stream: (stream.before, stream.after, stream.transition))
    return merged, len(fixed | set(common)) - len(retained)


def end_label(end: str, names: Mapping[str, str]) -> str:
    """The label of one end of a flow.

    Args:
        end: `passed`, `not studied`, `REST`, or the id of a category.
        names: Names of the categories by id, and the label for `REST`.

    Example:
        >>> end_label("passed", {}), end_label("form", {"form": "Form"})
        ('passed', 'Form')
    """
    return end if end in {PASSED, NOT_STUDIED} else names[end]
