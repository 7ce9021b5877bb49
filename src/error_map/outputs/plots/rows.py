"""Names that stand under each other, each with the room that its lines take."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from .lettering import POINTS, lettered, wrapped

_LEADING = 1.15
"""Letter sizes from line to line."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a picture from above; inches."""

    names: tuple[tuple[str, ...], ...]
    """Lines of each."""
    heights: tuple[float, ...]

    @classmethod
    def of(cls, names: Sequence[str], rooms: Sequence[float], size: float) -> "Rows":
        """Names in two lines at most.

        Args:
            names: As the data have them.
            rooms: Inches that each may be wide.
            size: Points.
        """
        pairs = zip(names, rooms, strict=True)
        lines = tuple(wrapped(lettered(name), room, size) for name, room in pairs)
        high = tuple((0.6 + _LEADING * len(one)) * size / POINTS for one in lines)
        return cls(lines, high)

    @property
    def height(self) -> float:
        """Of all together."""
        return sum(self.heights)

    @property
    def middles(self) -> tuple[float, ...]:
        """From the top of the first."""
        ends = accumulate(self.heights)
        return tuple(end - high / 2 for end, high in zip(ends, self.heights, strict=True))
