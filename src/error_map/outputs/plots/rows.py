"""Rows of labels, each as high as its lines of text."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from .lettering import POINTS, lettered, wrapped

_LEADING = 1.15
"""Line height in letter sizes."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a plot from top to bottom; inches."""

    names: tuple[tuple[str, ...], ...]
    """Lines of text of each row."""
    heights: tuple[float, ...]

    @classmethod
    def of(cls, names: Sequence[str], rooms: Sequence[float], size: float) -> "Rows":
        """Lays out names in at most two lines each.

        Args:
            names: Untrusted names.
            rooms: Available width of each in inches.
            size: Letter size in points.
        """
        pairs = zip(names, rooms, strict=True)
        lines = tuple(wrapped(lettered(name), room, size) for name, room in pairs)
        high = tuple((0.6 + _LEADING * len(name)) * size / POINTS for name in lines)
        return cls(lines, high)

    @property
    def height(self) -> float:
        """Total height."""
        return sum(self.heights)

    @property
    def middles(self) -> tuple[float, ...]:
        """Vertical middle of each row, from the top of the first."""
        ends = accumulate(self.heights)
        return tuple(end - high / 2 for end, high in zip(ends, self.heights, strict=True))
