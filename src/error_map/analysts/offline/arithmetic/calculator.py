"""A calculator over shown working: the equations of a text, and which of them are false."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from ..values.tolerance import FLOAT_NOISE, ROUNDED_OPERAND
from .equations import Equation, Side, each_equation, equations
from .exemptions import Reason, doubt
from .interpretations import readings
from .tokens import Number, decimals, number

Truth: TypeAlias = Literal["true", "false", "difference", "not arithmetic", "doubtful"]
"""Whether an equation holds.

A `difference` is read as positive, `20 - 50 = 30`. What is `not arithmetic` has two sides that are
not what they look like: residues, other bases, units, variables, a part of something longer. The
rest of what is not surely false is `doubtful`: rough, tried out, or not the author's own.
"""

MAX_UNTRUE: Final = 40
"""Equations of one text that do not hold and are looked at more closely: bounds the work."""

CACHE_SIZE: Final = 4
"""Texts whose equations are cached: several detectors look at the same output one after another."""

SHARED_CHARS: Final = 10_000
"""Texts up to this are also read as steps."""

TRUTH_CACHE_SIZE: Final = 256
"""Equations whose truth is kept: the calculator and the comparison ask for the same ones."""

_ALMOST: Final = Fraction(999, 1000)
_NAMES: Final = {
    frozenset({"plus"}): "addition",
    frozenset({"minus"}): "subtraction",
    frozenset({"times"}): "multiplication",
    frozenset({"over"}): "division",
}
_SPACES: Final = re.compile(r"<<[^<>\n]{0,200}>>|\s+")


@dataclass(frozen=True, slots=True)
class Judged:
    """An equation between numbers in a text, and whether it holds."""

    equation: Equation
    verdict: Truth
    reason: Reason | None = None
    """Why its sides may differ without being false; None where they do not, or it is false."""

    @property
    def start(self) -> int:
        """Where the left side begins."""
        return self.equation.left.start

    @property
    def end(self) -> int:
        """Where the last number of the right side ends, its units left out."""
        return _end(self.equation)

    @property
    def value(self) -> Number:
        """The value of the left side, as it is usually read."""
        return self.equation.left.result.value


@dataclass(frozen=True, slots=True)
class FalseEquation:
    """An equation that holds under no sensible reading: `text[start:end]` states it."""

    start: int
    end: int
    operation: str
    """addition, subtraction, multiplication, division, percentage or mixed calculation."""
    expression: str
    """The left side as written, without annotations."""
    claimed: str
    """The result that the text states."""
    value: Number
    """The correct result."""


def judged(text: str) -> Iterator[Judged]:
    """Every equation of the text whose left side is an operation on numbers, with its verdict.

    Ends early in a text with more than `MAX_UNTRUE` equations that do not hold.

    Example:
        >>> [each.verdict for each in judged("2 + 2 = 4, 20 * 3 = 50, then 20 - 50 = 30")]
        ['true', 'false', 'difference']
    """
    return iter(_all_judged(text) if "=" in text else ())


def false_equations(text: str) -> Iterator[FalseEquation]:
    """Every equation in the text that is false beyond rounding and beyond doubt, in order.

    Example:
        >>> [found.value for found in false_equations("She has 16 - 3 - 4 = 8 eggs, 2 * 8 = 16.")]
        [9]
    """
    return (_described(text, each.equation) for each in judged(text) if each.verdict == "false")


@lru_cache(maxsize=CACHE_SIZE)
def _all_judged(text: str) -> tuple[Judged, ...]:
    found: list[Judged] = []
    untrue = 0
    # A text that is too long to be compared is read by nobody else: only as far as it is judged.
    for equation in equations(text) if len(text) <= SHARED_CHARS else each_equation(text):
        one = _judged(text, equation)
        found.append(one)
        untrue += one.verdict != "true"
        if untrue >= MAX_UNTRUE:
            break
    return tuple(found)


def _judged(text: str, equation: Equation) -> Judged:
    if holds(text, equation):
        return Judged(equation, "true")
    reason = doubt(text, equation)
    match reason:
        case None:
            return Judged(equation, "false")
        case "difference":
            return Judged(equation, "difference", reason)
        case "rounded" | "rejected" | "noted otherwise" | "another question":
            return Judged(equation, "doubtful", reason)
        case _:
            return Judged(equation, "not arithmetic", reason)


@lru_cache(maxsize=TRUTH_CACHE_SIZE)
def holds(text: str, equation: Equation) -> bool:
    """Whether the equation is true under any usual reading of percent, dashes and `a / b c`."""
    if _agree(text, equation.left, equation.right):
        return True
    return any(
        _agree(text, left, right)
        for left in readings(text, equation.left)
        for right in readings(text, equation.right)
    )


def _agree(text: str, left: Side, right: Side) -> bool:
    """Whether two sides are equal as far as the digits shown can tell."""
    one, other = left.result.value, right.result.value
    if one == other or _leads(text, right, one):
        return True
    size = abs(Fraction(one))
    off = abs(Fraction(one) - other)
    if off <= _shown(text, right, exact=_whole(one)) or off <= FLOAT_NOISE * size:
        return True
    if left.result.rounded or right.result.rounded or _rounded(text, left):
        return off <= ROUNDED_OPERAND * size
    return False


def _whole(value: Number) -> bool:
    return value == int(value)


def _leads(text: str, side: Side, value: Number) -> bool:
    """Whether the side goes on from the value, as in `3 + 4 = 7 + 2 = 9`."""
    if not side.operates:
        return False
    first = next((token for token in side.run if token.kind != "money"), None)
    if first is None or first.kind != "num":
        return False
    numeral = text[first.start : first.end]
    leading = number(numeral)
    return leading is not None and abs(Fraction(leading) - value) < Fraction(
        1, 10 ** decimals(numeral)
    )


def _shown(text: str, side: Side, *, exact: bool) -> Number:
    """How far the last digit shown may be off: a unit of it, nothing where both are whole."""
    numerals = [text[each.start : each.end] for each in side.run if each.kind == "num"]
    if not side.operates and not exact and not decimals(numerals[0]):
        return _unit(side, 1)
    shares = [
        Fraction(1, 10 ** decimals(each)) / value
        for each in numerals
        if decimals(each) and (value := number(each))
    ]
    if shares:
        return _ALMOST * max(shares) * abs(Fraction(side.result.value))
    return (
        _unit(side, Fraction(1, 10 ** decimals(numerals[0])))
        if len(numerals) == 1 and not exact
        else 0
    )


def _unit(side: Side, unit: Number) -> Number:
    share = "percent" in side.result.signs and side.reading.percent != "plain"
    return _ALMOST * unit / (100 if share else 1)


def _rounded(text: str, side: Side) -> bool:
    """Whether an operand looks rounded: two or more decimals that are no twentieth."""
    previous = ""
    for token in side.run:
        if token.kind == "num" and previous != "money":
            numeral = text[token.start : token.end]
            if decimals(numeral) > 1 and (number(numeral) or 0) * 20 % 1:
                return True
        previous = token.kind
    return False


def _described(text: str, equation: Equation) -> FalseEquation:
    left, right = equation.left, equation.right
    end = _end(equation)
    return FalseEquation(
        start=left.start,
        end=end,
        operation=_operation(left.result.signs | right.result.signs),
        expression=_plain(text[left.start : left.end]),
        claimed=_plain(text[right.start : end]),
        value=left.result.value,
    )


def _end(equation: Equation) -> int:
    run = equation.right.run
    return max(token.end for token in run if token.kind in {"num", "close", "percent", "sup"})


def _operation(signs: frozenset[str]) -> str:
    if "percent" in signs:
        return "percentage"
    return _NAMES.get(signs, "mixed calculation")


def _plain(text: str) -> str:
    return " ".join(_SPACES.sub(" ", text).split())
