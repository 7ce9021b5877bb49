"""What the bars and cells of a picture say: a rate, its words, and the axis that it stands on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from ...analysis import CategoryRate, Rate, Signature
from ...presentation.formatting import tick
from ...taxonomy import Category, reserved
from .canvas import FAINT, RULE, Sheet
from .lettering import width

Per: TypeAlias = Literal["failure", "attempt"]
_STEPS: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1.0)
_RESERVED: Final = frozenset(category.id for category in reserved())


def rate_of(cell: CategoryRate, per: Per) -> Rate:
    """Its share among the failures, or its rate per attempt."""
    return cell.share if per == "failure" else cell.per_attempt


def in_words(per: Per) -> str:
    """What a share is a share of."""
    return "share of the failures" if per == "failure" else "share of all answers"


def explains(category: Category) -> bool:
    """Whether the category is a kind of error, not one of the reserved ones."""
    return category.id not in _RESERVED


def most_of(categories: Sequence[Category], most: int) -> tuple[tuple[int, ...], int]:
    """Which columns are shown, where there are more than `most`, and how many are not.

    The reserved ones are kept: often they are the largest.
    """
    kept = [n for n, category in enumerate(categories) if not explains(category)]
    room = max(0, most - len(kept))
    first = [n for n, category in enumerate(categories) if explains(category)][:room]
    shown = (*first, *kept[:most])
    return shown, len(categories) - len(shown)


def studied_of(one: Signature) -> str:
    """Of how many failures something is said, where some were left out by the sample."""
    failed = one.failure_rate.hits
    studied = one.explained.trials if one.explained else 0
    return f"{failed:,}" if studied == failed else f"{studied:,} of {failed:,}"


@dataclass(frozen=True, slots=True)
class Axis:
    """From a fraction to inches."""

    left: float
    room: float
    """Inches."""
    top: float
    """The fraction at its end."""

    @classmethod
    def over(cls, rates: Iterable[Rate], *, left: float, room: float) -> "Axis":
        """The axis that holds the intervals of some rates."""
        return cls(left, room, max((rate.high for rate in rates), default=1.0) or 1.0)

    def x(self, value: float) -> float:
        """Where a fraction stands."""
        return self.left + self.room * value / self.top

    def grid(self, sheet: Sheet, top: float, bottom: float) -> None:
        """Draws its lines and, below them, what they stand for."""
        for value in self._ticks(sheet):
            sheet.stroke([(self.x(value), top), (self.x(value), bottom)], RULE, weight=0.6)
            at = (self.x(value), bottom + 0.45 * sheet.line)
            sheet.text(at, tick(value), align="center", colour=FAINT, scale=0.88)

    def _ticks(self, sheet: Sheet) -> list[float]:
        def least(step: float) -> float:
            return 1.4 * width(tick(round(self.top / step) * step), 0.88 * sheet.size)

        fits = (step for step in _STEPS if self.room * step / self.top >= least(step))
        step = next(fits, _STEPS[-1])
        return [n * step for n in range(int(self.top / step + 1e-9) + 1)]
