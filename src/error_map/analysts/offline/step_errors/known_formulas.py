"""What right workings come by: the formulas of the task, of the reference and of right answers."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from ..algebra.equality_parser import Equality, Member, difference, equalities
from ..algebra.formulas import MAX_FORMULA_CHARS, Formula, formula, stated
from ..algebra.polynomials import Coefficient, Polynomial, constant, scale
from ..detector import Case
from ..values.common_numbers import LARGEST_COMMON_CLAIM, telling
from ..values.tolerance import DERIVED, nearly_equal

REMEMBERED: Final = 256
"""Texts whose formulas are kept: a right working stands beside many failures."""
ASKED_AGAIN: Final = 4
MOST_MARKED: Final = 40
DIGITS: Final = 9

_MARKED: Final = re.compile(
    rf"\$([^$]{{1,{MAX_FORMULA_CHARS}}})\$|\\[(\[]\s*(.{{1,{MAX_FORMULA_CHARS}}}?)\s*\\[)\]]"
)


def on_the_way(side: Member, case: Case) -> bool:
    """Whether a right working has the value of this formula, or the task the formula itself."""
    number = side.of.closed
    if number is None:
        return _key(side.of.value) in _polynomials(case)
    if _is_gold(number, case):
        return True
    if not telling(number, above=LARGEST_COMMON_CLAIM):
        return False
    return any(nearly_equal(number, each, within=DERIVED) for each in _numbers(case))


def equation_on_the_way(equation: Equality, case: Case) -> bool:
    """Whether a right working, or the task, has this equation, however it is arranged."""
    return _arranged(equation) in _equations(case)


def _is_gold(number: Coefficient, case: Case) -> bool:
    gold = stated(case.gold or "")
    return gold is not None and nearly_equal(number, gold, within=DERIVED)


def _texts(case: Case) -> tuple[str, ...]:
    return tuple(text for text in (case.prompt, case.reference, *case.correct_outputs) if text)


@lru_cache(maxsize=ASKED_AGAIN)
def _numbers(case: Case) -> frozenset[Coefficient]:
    values = (constant(each.value) for text in _texts(case) for each in _formulas(text))
    return frozenset(value for value in values if value is not None)


@lru_cache(maxsize=ASKED_AGAIN)
def _polynomials(case: Case) -> frozenset[object]:
    return frozenset(_key(each.value) for text in _texts(case) for each in _formulas(text))


@lru_cache(maxsize=ASKED_AGAIN)
def _equations(case: Case) -> frozenset[object]:
    return frozenset(_arranged(each) for text in _texts(case) for each in equalities(text))


@lru_cache(maxsize=REMEMBERED)
def _formulas(text: str) -> tuple[Formula, ...]:
    return tuple(_found(text))


def _found(text: str) -> Iterator[Formula]:
    for each in equalities(text):
        yield each.left.of
        yield each.right.of
    for count, marked in enumerate(_MARKED.finditer(text)):
        if count == MOST_MARKED:
            return
        found = formula((marked[1] or marked[2] or "").strip(" .,"))
        if found:
            yield found


def _key(value: Polynomial) -> object:
    return tuple(sorted((one, round(float(each), DIGITS)) for one, each in value.items()))


def _arranged(equation: Equality) -> object:
    """The difference of the two sides, divided by its first coefficient."""
    rest = difference(equation)
    first = rest[min(rest)] if rest else 1
    return _key(scale(rest, 1 / first))
