"""Sums and products of numbers and closed formulas, in the equations of free text."""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from ..algebra.equality_parser import equalities
from ..algebra.formulas import formula
from ..algebra.polynomials import Coefficient
from .workings import Kind, key_of, steps

REMEMBERED: Final = 256
"""Texts whose calculations are kept: a right working stands beside many failures."""
MOST_OPERANDS: Final = 16
LARGEST: Final = 1e15
"""Beyond this floats no longer tell whole numbers apart."""

_CUT: Final = re.compile(
    r"(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<plus>\+)|(?P<minus>[-\u2212\u2013])"
    r"|(?P<times>\*\*?|[\u00d7\u00b7\u22c5]|\\+(?:times|cdot)(?![a-zA-Z]))"
    r"|(?P<over>[/\u00f7]|\\+div(?![a-zA-Z]))"
)
_FRACTION: Final = re.compile(r"\s*\\+[dt]?frac\s*\{([^{}]{1,80})\}\s*\{([^{}]{1,80})\}\s*")
_SIZES: Final = re.compile(r"\\+(?:left|right|big|Big)(?![a-zA-Z])|\\+[!,]")
_NUMBER_ALONE: Final = frozenset({"num", "minus"})
_UNREAD: Final = ("\\pm", "\u00b1")
_EDGES: Final = " \t$.,&"


class Operand(NamedTuple):
    """A term or a factor; inverse is what is taken off or divided by."""

    value: float
    inverse: bool


class Calculation(NamedTuple):
    """One sum or product: `text[start:end]` is the formula, `text[start:stop]` has its result."""

    kind: Kind
    operands: tuple[Operand, ...]
    result: float
    start: int
    end: int
    stop: int


def reaching(text: str, value: float, *, formulas: bool) -> tuple[Calculation, ...]:
    """The sums and products in the equations of a text that come to the value, in order.

    Args:
        text: To be read.
        value: As `worth` gives it.
        formulas: Whether the text is read as formulas, not as worked arithmetic, which is read
            where no formula is found.

    Example:
        >>> found = reaching("So 3 * 4 + 5 = 12 + 5 = 17.", 17.0, formulas=True)
        >>> [(one.kind, len(one.operands)) for one in found]
        [('sum', 2), ('sum', 2)]
    """
    if "=" not in text or (value == int(value) and not _claimed(text, value)):
        return ()
    if not formulas:
        return _steps_reaching(text, value)
    return _formulas_reaching(text, value) or _steps_reaching(text, value)


def worked_behind(text: str, place: int, *, before: int, formulas: bool) -> int:
    """How many other calculations stand between two places of a text."""
    if formulas:
        starts = {
            each.left.start for each in equalities(text) if not each.left.of.kinds <= _NUMBER_ALONE
        }
    else:
        starts = {each.start for each in steps(text)}
    return sum(1 for start in starts if place < start < before)


def _claimed(text: str, value: float) -> bool:
    """Whether the number stands behind an equals sign: the quick test."""
    return any(_claim(shown).search(text) for shown in {f"{value:.0f}", f"{value:,.0f}"})


@lru_cache(maxsize=REMEMBERED)
def _claim(shown: str) -> re.Pattern[str]:
    return re.compile(rf"=[^=\d\n]{{0,12}}{shown.lstrip('-')}(?!\d)")


def worth(value: Coefficient) -> float | None:
    """The value as it compares; None where it is beyond what floats tell apart."""
    return key_of(float(value)) if -LARGEST < value < LARGEST else None


@lru_cache(maxsize=REMEMBERED)
def _formulas_reaching(text: str, value: float) -> tuple[Calculation, ...]:
    found: dict[int, Calculation] = {}
    for equality in equalities(text):
        for side in (equality.left, equality.right):
            closed = side.of.closed
            if closed is None or side.of.kinds <= _NUMBER_ALONE or worth(closed) != value:
                continue
            parted = _parted(text[side.start : side.end])
            if parted:
                found[side.start] = Calculation(
                    *parted, value, side.start, side.end, equality.right.end
                )
    return tuple(found[start] for start in sorted(found))


@lru_cache(maxsize=REMEMBERED)
def _steps_reaching(text: str, value: float) -> tuple[Calculation, ...]:
    found = []
    for step in steps(text):
        if step.inner or not step.true or step.result != value:
            continue
        operands = (
            *(Operand(each, inverse=False) for each in step.direct),
            *(Operand(each, inverse=True) for each in step.inverse),
        )
        sign = text.rfind("=", step.start, step.end)
        found.append(Calculation(step.kind, operands, value, step.start, sign, step.end))
    return tuple(found)


def _parted(shown: str) -> tuple[Kind, tuple[Operand, ...]] | None:
    """The kind and the operands of a formula; None where it is neither sum nor product."""
    if any(each in shown for each in _UNREAD):
        return None
    shown = _SIZES.sub("", shown)
    kind: Kind = "sum"
    pieces = _pieces(shown, "plus", "minus")
    if len(pieces) == 1:
        kind, pieces = "product", _factors(shown)
    if not 1 < len(pieces) <= MOST_OPERANDS:
        return None
    operands = []
    for piece, inverse in pieces:
        read = formula(piece.strip(_EDGES))
        value = worth(read.closed) if read and read.closed is not None else None
        if value is None:
            return None
        turned = kind == "sum" and value < 0
        operands.append(Operand(abs(value), not inverse) if turned else Operand(value, inverse))
    return kind, tuple(operands)


def _factors(shown: str) -> list[tuple[str, bool]]:
    found = []
    for piece, inverse in _pieces(shown, "times", "over"):
        fraction = _FRACTION.fullmatch(piece)
        if fraction:
            found += [(part, not inverse) for part, _ in _pieces(fraction[2], "times", "")]
            found += [(part, inverse) for part, _ in _pieces(fraction[1], "times", "")]
        else:
            found.append((piece, inverse))
    return found


def _pieces(shown: str, joins: str, turns: str) -> list[tuple[str, bool]]:
    """The text between signs of these two kinds that stand in no bracket, and which are turned."""
    found: list[tuple[str, bool]] = []
    depth, start, inverse, closed = 0, 0, False, -1
    for cut in _CUT.finditer(shown):
        kind, here = cut.lastgroup, cut.start()
        if kind == "open" and not depth and joins == "times" and cut[0] == "(" and closed == here:
            found.append((shown[start:here], inverse))
            start, inverse = here, False
        depth += (kind == "open") - (kind == "close")
        closed = cut.end() if kind == "close" and cut[0] == ")" else -1
        if depth or kind not in {joins, turns}:
            continue
        if shown[start:here].strip():
            found.append((shown[start:here], inverse))
            start, inverse = cut.end(), kind == turns
        elif joins == "plus":
            start, inverse = cut.end(), inverse != (kind == turns)
    return [*found, (shown[start:], inverse)]
