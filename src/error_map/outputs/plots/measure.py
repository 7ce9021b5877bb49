"""Quantities that bars and cells of plots represent, and the axis that places them."""

from collections.abc import Iterable
from dataclasses import dataclass

from ...analysis import CategoryRate, Rate, Signature
from ...presentation.charts import axis_ticks
from ...presentation.formatting import tick
from ...presentation.wording import PER_ATTEMPT, PER_FAILURE
from . import Per
from .canvas import FAINT, RULE, Sheet
from .lettering import width


def rate_of(cell: CategoryRate, per: Per) -> Rate:
    """The share among the failures, or the rate per attempt."""
    return cell.share if per == "failure" else cell.per_attempt


def in_words(per: Per) -> str:
    """The quantity in words."""
    return PER_FAILURE if per == "failure" else PER_ATTEMPT


def studied_of(signature: Signature) -> str:
    """The number of failures, or of those studied and of all if some were left out by sampling."""
    failed = signature.failure_rate.hits
    studied = signature.explained.trials if signature.explained else 0
    return f"{failed:,}" if studied == failed else f"{studied:,} of {failed:,}"


@dataclass(frozen=True, slots=True)
class Axis:
    """A horizontal axis of fractions, with its position in inches."""

    left: float
    room: float
    top: float
    """The fraction at the right end."""

    @classmethod
    def over(cls, rates: Iterable[Rate], *, left: float, room: float) -> "Axis":
        """The axis that holds the intervals of the rates."""
        return cls(left, room, max((rate.high for rate in rates), default=1.0) or 1.0)

    def x(self, value: float) -> float:
        """Position of a fraction in inches."""
        return self.left + self.room * value / self.top

    def grid(self, sheet: Sheet, top: float, bottom: float) -> None:
        """Draws the grid lines, with their labels below."""
        for value in self._ticks(sheet):
            sheet.stroke([(self.x(value), top), (self.x(value), bottom)], RULE, weight=0.6)
            at = (self.x(value), bottom + 0.45 * sheet.line)
            sheet.text(at, tick(value), align="center", colour=FAINT, scale=0.88)

    def _ticks(self, sheet: Sheet) -> list[float]:
        def least(step: float) -> float:
            # 1.4: neighbouring labels stay apart by two fifths of their width
            return 1.4 * width(tick(round(self.top / step) * step), 0.88 * sheet.size)

        return axis_ticks(self.top, lambda step: self.room * step / self.top >= least(step))
