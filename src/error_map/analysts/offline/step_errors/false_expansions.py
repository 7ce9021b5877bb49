"""False steps with unknowns: expansions that change the value, and false solutions."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from ..algebra.equality_parser import Equality, difference, equalities
from ..algebra.polynomials import Polynomial, at, of_unknown, unknowns
from ..arithmetic.exemptions import disowned
from ..arithmetic.modular import named_near
from ..detector import Case
from ..values.tolerance import DERIVED, ROUNDED, nearly_equal
from .formula_claims import own_end
from .known_formulas import known_equation, known_formula

GAP_CHARS: Final = 60
"""Characters between an equation and its solution: further apart, they may not belong together."""
CHARS_BEFORE: Final = 30
"""Searched before an equation for words that make it one of several cases."""
MAX_DIFFERING: Final = 2
"""Terms in which a false expansion may differ: with more, the sides are meant as an equation."""
MIN_ALIKE: Final = 2
"""Terms with unknowns that must agree: else the right side is no expansion of the left one."""
MAX_DEGREE: Final = 2

_OPENS: Final = frozenset({"open", "power", "sup"})
_NO_STEP: Final = re.compile(
    r"\d|\(|\b(?:if|let|try|for|when|at|not|suppose|check|test|assume|another|other|second|these|both"
    r"|system|approx\w*|about|round\w*|integer|possible|largest|smallest|or|and)\b"
    r"|\n\s*[-*]|\u2248|approx",
    re.IGNORECASE,
)
"""Text between an equation and a value which means that the value does not solve it alone."""
_ONE_OF_TWO: Final = re.compile(r"\b(?:or|and|if|case|either)\b", re.IGNORECASE)


def false_expansions(case: Case) -> Iterator[Equality]:
    """Yield false expansions of formulas that right workings have too, in order."""
    text = case.output
    for each in _own(case):
        if (
            _expands_falsely(each)
            and _is_claimed(text, each, each)
            and known_formula(each.left, case)
        ):
            yield each


def false_solutions(case: Case) -> Iterator[tuple[Equality, Equality]]:
    """Yield equations of right workings, each with a solution that does not satisfy it."""
    text = case.output
    for equation, solution in pairwise(_own(case)):
        if not _solves_falsely(text, equation, solution):
            continue
        if _is_claimed(text, equation, solution) and known_equation(equation, case):
            yield equation, solution


def _own(case: Case) -> list[Equality]:
    end = own_end(case)
    return [each for each in equalities(case.output) if each.right.end <= end]


def _is_claimed(text: str, first: Equality, last: Equality) -> bool:
    start, end = first.left.start, last.right.end
    return not disowned(text, start, end) and not named_near(text, start, end)


def _expands_falsely(each: Equality) -> bool:
    """Whether the right side is the left one expanded, except for a term or two."""
    left, right = each.left.of.value, each.right.of.value
    names = unknowns(left)
    if each.rough or not names or names != unknowns(right) or "i" in names:
        return False
    if not each.left.of.kinds & _OPENS:
        return False
    alike = {
        one for one in left if one in right and nearly_equal(left[one], right[one], within=DERIVED)
    }
    apart = (set(left) | set(right)) - alike
    telling = sum(bool(one) for one in alike)
    return 0 < len(apart) <= MAX_DIFFERING and telling >= MIN_ALIKE and len(alike) > len(apart)


def _solves_falsely(text: str, equation: Equality, solution: Equality) -> bool:
    """Whether a value is given as the solution of an equation that it does not satisfy."""
    if solution.left.of.literal or equation.chain == solution.chain or equation.rough:
        return False
    gap = text[equation.right.end : solution.left.start]
    if len(gap) > GAP_CHARS or _NO_STEP.search(gap):
        return False
    begin = max(0, equation.left.start - CHARS_BEFORE)
    if _ONE_OF_TWO.search(text, begin, equation.left.start):
        return False
    rest = difference(equation)
    name = _only_unknown(rest)
    value = solution.right.of.closed
    if (
        name is None
        or value is None
        or solution.rough
        or solution.left.of.value != of_unknown(name)
    ):
        return False
    if of_unknown(name) in (equation.left.of.value, equation.right.of.value):
        return False
    return not _satisfies(rest, name, float(value), rough=solution.right.of.decimals != 0)


def _only_unknown(rest: Polynomial) -> str | None:
    names = unknowns(rest)
    if len(names) != 1:
        return None
    (name,) = names
    degree = max(dict(monomial).get(name, 0) for monomial in rest)
    return name if degree <= MAX_DEGREE and "(" not in name else None


def _satisfies(rest: Polynomial, name: str, value: float, *, rough: bool) -> bool:
    """Whether the value is a root, perhaps rounded."""
    size = sum(abs(at({one: each}, name, value)) for one, each in rest.items())
    if abs(at(rest, name, value)) <= (ROUNDED if rough else DERIVED) * size:
        return True
    low, high = (at(rest, name, value + step) for step in (-1, 1))
    return low * high < 0
