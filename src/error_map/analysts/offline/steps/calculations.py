"""Sums and products of numbers and closed formulas, in the equations of free text."""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from ..algebra.equality_parser import equalities
from ..algebra.formulas import value_of
from ..algebra.polynomials import Coefficient
from ..arithmetic.grammar import Node, operands
from .workings import Kind, key_of, steps

CACHE_SIZE: Final = 256
"""Texts whose calculations are cached: one right working is compared with many failures."""
MAX_OPERANDS: Final = 16
MAX_VALUE: Final = 1e15
"""Beyond this floats no longer tell whole numbers apart."""

_NUMBER_ALONE: Final = frozenset({"num", "minus"})
_ADDS: Final = frozenset({"plus", "minus"})
_MULTIPLIES: Final = frozenset({"times", "over"})


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
    """The sums and products in the equations of a text that evaluate to the value, in order.

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
    """How many other calculations are between two places of a text."""
    if formulas:
        starts = {
            each.left.start for each in equalities(text) if not each.left.of.kinds <= _NUMBER_ALONE
        }
    else:
        starts = {each.start for each in steps(text)}
    return sum(1 for start in starts if place < start < before)


def _claimed(text: str, value: float) -> bool:
    """Whether the number follows an equals sign: the quick test."""
    return any(_claim(shown).search(text) for shown in {f"{value:.0f}", f"{value:,.0f}"})


@lru_cache(maxsize=CACHE_SIZE)
def _claim(shown: str) -> re.Pattern[str]:
    return re.compile(rf"=[^=\d\n]{{0,12}}{shown.lstrip('-')}(?!\d)")


def worth(value: Coefficient) -> float | None:
    """The value as it compares; None where it is beyond what floats tell apart."""
    return key_of(float(value)) if -MAX_VALUE < value < MAX_VALUE else None


@lru_cache(maxsize=CACHE_SIZE)
def _formulas_reaching(text: str, value: float) -> tuple[Calculation, ...]:
    found: dict[int, Calculation] = {}
    for equality in equalities(text):
        for side in (equality.left, equality.right):
            closed = side.of.closed
            if closed is None or side.of.kinds <= _NUMBER_ALONE or worth(closed) != value:
                continue
            parted = _parted(text[side.start : side.end], side.of.tree)
            if parted:
                found[side.start] = Calculation(
                    *parted, value, side.start, side.end, equality.right.end
                )
    return tuple(found[start] for start in sorted(found))


@lru_cache(maxsize=CACHE_SIZE)
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


def _parted(text: str, tree: Node) -> tuple[Kind, tuple[Operand, ...]] | None:
    """The kind and the operands of a formula; None where it is neither sum nor product."""
    kind: Kind = "sum" if tree.op in _ADDS else "product"
    parts = operands(tree, _ADDS, "minus") if kind == "sum" else _factors(text, tree)
    if not 1 < len(parts) <= MAX_OPERANDS:
        return None
    found = []
    for part, inverse in parts:
        closed = value_of(part)
        value = None if closed is None else worth(closed)
        if value is None:
            return None
        turned = kind == "sum" and value < 0
        found.append(Operand(abs(value), not inverse) if turned else Operand(value, inverse))
    return kind, tuple(found)


def _factors(text: str, tree: Node) -> list[tuple[Node, bool]]:
    """The factors of a product; those of a fraction count each, as do brackets side by side."""
    found: list[tuple[Node, bool]] = []
    for part, inverse in operands(tree, _MULTIPLIES, "over"):
        if part.op == "frac" and _flat(text, part):
            above, below = (_factors(text, _unwrapped(each)) for each in part.parts)
            found += [(each, turned == inverse) for each, turned in below]
            found += [(each, turned != inverse) for each, turned in above]
        elif part.op == "glue" and _side_by_side(text, part):
            left, right = part.parts
            found += [(each, turned != inverse) for each, turned in _factors(text, left)]
            found.append((right, inverse))
        else:
            found.append((part, inverse))
    return found


def _unwrapped(tree: Node) -> Node:
    return tree.parts[0] if tree.op == "group" else tree


def _flat(text: str, fraction: Node) -> bool:
    """Whether numerator and denominator have no braces in them."""
    return all("{" not in text[each.start + 1 : each.end] for each in fraction.parts)


def _side_by_side(text: str, tree: Node) -> bool:
    left, right = tree.parts
    return text[left.end - 1] == ")" and text[right.start] == "("
