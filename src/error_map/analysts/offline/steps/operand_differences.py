"""Two sums or products compared: the operands that only one of them has."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from ..values.common_numbers import telling
from ..values.tolerance import DERIVED
from .calculations import Calculation, Operand
from .workings import Kind

MAX_CANCELLED: Final = 6
"""Operands on one side that are put together to see whether they make one of the other."""
# Every subset is tried, so six operands take up to 63 sums.
SEVERAL: Final = 3
"""More operands that are not shared make another calculation."""
AGREED: Final = 2
"""Right answers from which on a common number that is shared is no chance."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Two calculations of one kind, and what only one of them has."""

    own: Calculation
    right: Calculation
    missing: tuple[Operand, ...]
    extra: tuple[Operand, ...]
    shared: tuple[Operand, ...]

    @property
    def size(self) -> int:
        """How many operands are not shared."""
        return len(self.missing) + len(self.extra)

    @property
    def weight(self) -> float:
        """How little the shared operands are due to chance."""
        return sum(_weight(each.value) for each in self.shared)

    @property
    def sure(self) -> bool:
        """Whether a shared operand alone is no chance."""
        return any(telling(each.value) for each in self.shared)

    @property
    def exchanged(self) -> tuple[Operand, Operand] | None:
        """The operand that replaces another one, and that other one; None where it is not so."""
        taken, expected = set(self.extra), set(self.missing)
        if len(taken) != 1 or len(expected) != 1 or len(self.extra) != len(self.missing):
            return None
        return taken.pop(), expected.pop()

    @property
    def in_place(self) -> bool:
        """Whether the shared operands have the same places in both."""
        if len(self.own.operands) != len(self.right.operands):
            return False
        pairs = zip(self.own.operands, self.right.operands, strict=True)
        return sum(one == other for one, other in pairs) == len(self.shared)

    def differs_as(self, other: "Difference") -> bool:
        """Whether the same operands are missing and extra."""
        return Counter(self.missing) == Counter(other.missing) and Counter(self.extra) == Counter(
            other.extra
        )


def closest(own: Iterable[Calculation], right: Sequence[Calculation]) -> Difference | None:
    """The pair of calculations that differ least."""
    found = (differ(one, other) for one in own for other in right)
    return min(
        (each for each in found if each),
        key=lambda each: (each.size, -each.weight, -each.own.start),
        default=None,
    )


def differ(own: Calculation, right: Calculation) -> Difference | None:
    """What two calculations of one kind do not share; None where they share nothing, or all.

    An operand of the one that the other has in parts is shared.
    """
    if own.kind != right.kind:
        return None
    mine, due = Counter(own.operands), Counter(right.operands)
    shared = mine & due
    missing, extra = list((due - mine).elements()), list((mine - due).elements())
    if shared and (len(set(missing)) != 1 or len(missing) != len(extra)):
        _cancel(own.kind, missing, extra)
    if not shared or not (missing or extra):
        return None
    return Difference(own, right, tuple(missing), tuple(extra), tuple(shared.elements()))


def tells(one: Difference, agreed: int) -> bool:
    """Whether both are the same step, and the difference of one kind that says what is wrong.

    Args:
        one: The difference.
        agreed: Right answers that have it.
    """
    exchanged = one.exchanged
    if exchanged:
        return _exchange_tells(one, exchanged, agreed)
    if not one.missing or not one.extra:
        left = one.own.kind == "sum" or all(telling(abs(each.value)) for each in one.missing)
        return left and one.weight >= 1 and (one.sure or agreed >= AGREED)
    if one.own.kind != "sum" or not one.sure or one.size > SEVERAL:
        return False
    return len(one.extra) == 1 or agreed >= AGREED


def _exchange_tells(one: Difference, exchanged: tuple[Operand, Operand], agreed: int) -> bool:
    taken, expected = exchanged
    if taken.inverse != expected.inverse and not (one.sure and taken.value == expected.value):
        return False
    if agreed < AGREED:
        return one.sure and not (one.own.kind == "product" and expected.inverse)
    return one.sure or (one.weight > 0 and one.in_place)


def _weight(value: float) -> float:
    if abs(value) <= 1:
        return 0.0
    if telling(value):
        return 1.0
    return 0.25 if value == 2 else 0.5  # noqa: PLR2004 - two is in every other formula


def _cancel(kind: Kind, missing: list[Operand], extra: list[Operand]) -> None:
    """Leaves out what one side has put together and the other has in parts."""
    if max(len(missing), len(extra)) > MAX_CANCELLED:
        return
    for many, few in ((missing, extra), (extra, missing)):
        for whole in filter(lambda each: telling(each.value), tuple(few)):
            parts = _parts(kind, many, whole)
            if parts:
                few.remove(whole)
            for each in parts:
                many.remove(each)


def _parts(kind: Kind, many: Sequence[Operand], whole: Operand) -> tuple[Operand, ...]:
    """Those of the operands that together are worth one."""
    for size in range(1, len(many) + 1):
        for some in combinations(many, size):
            if _together(kind, some, whole):
                return some
    return ()


def _together(kind: Kind, some: Iterable[Operand], whole: Operand) -> bool:
    total = 0.0 if kind == "sum" else 1.0
    for each in some:
        turned = each.inverse != whole.inverse
        if kind == "sum":
            total += -each.value if turned else each.value
        elif turned and not each.value:
            return False
        else:
            total = total / each.value if turned else total * each.value
    return abs(total - whole.value) <= DERIVED * max(1.0, abs(whole.value))
