"""The formulas of the task, of the reference and of right answers."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from ..algebra.equality_parser import Equality, Member, difference, equalities
from ..algebra.formulas import LONGEST, Formula, formula, stated
from ..algebra.polynomials import Coefficient, Polynomial, constant, scale
from ..detector import Case

TEXT_CACHE_SIZE: Final = 256
"""A right answer is compared with many failures, whose order keeps the same example together."""
CASE_CACHE_SIZE: Final = 4
"""Detectors examine one case after another, so only the current one is needed again."""
NOISE: Final = 1e-6
"""Relative tolerance for float noise between two ways to compute the same value."""
MAX_COMMON: Final = 12
"""Whole numbers up to this (months, dozens) occur in most texts, so a match means nothing."""
MAX_MARKED: Final = 40
"""Formulas between LaTeX delimiters read per text; bounds the work on hostile input."""
DIGITS: Final = 9
"""Decimals in which coefficients are compared: float noise stays below."""

_MARKED: Final = re.compile(rf"\$([^$]{{1,{LONGEST}}})\$|\\[(\[]\s*(.{{1,{LONGEST}}}?)\s*\\[)\]]")


def known_formula(side: Member, case: Case) -> bool:
    """Whether right workings or the task contain this formula, or a formula of the same value."""
    number = side.of.closed
    if number is None:
        return _key(side.of.value) in _polynomials(case)
    if _is_gold(number, case):
        return True
    if number == int(number) and abs(float(number)) <= MAX_COMMON:
        return False
    return any(_near(number, each) for each in _numbers(case))


def known_equation(equation: Equality, case: Case) -> bool:
    """Whether right workings or the task contain this equation, in any arrangement."""
    return _arranged(equation) in _equations(case)


def _is_gold(number: Coefficient, case: Case) -> bool:
    gold = stated(case.gold or "")
    return gold is not None and _near(number, gold)


def _near(one: Coefficient, other: Coefficient) -> bool:
    return abs(float(one) - float(other)) <= NOISE * abs(float(one))


def _texts(case: Case) -> tuple[str, ...]:
    return tuple(text for text in (case.prompt, case.reference, *case.correct_outputs) if text)


@lru_cache(maxsize=CASE_CACHE_SIZE)
def _numbers(case: Case) -> frozenset[Coefficient]:
    values = (constant(each.value) for text in _texts(case) for each in _formulas(text))
    return frozenset(value for value in values if value is not None)


@lru_cache(maxsize=CASE_CACHE_SIZE)
def _polynomials(case: Case) -> frozenset[object]:
    return frozenset(_key(each.value) for text in _texts(case) for each in _formulas(text))


@lru_cache(maxsize=CASE_CACHE_SIZE)
def _equations(case: Case) -> frozenset[object]:
    return frozenset(_arranged(each) for text in _texts(case) for each in equalities(text))


@lru_cache(maxsize=TEXT_CACHE_SIZE)
def _formulas(text: str) -> tuple[Formula, ...]:
    return tuple(_found(text))


def _found(text: str) -> Iterator[Formula]:
    for each in equalities(text):
        yield each.left.of
        yield each.right.of
    for count, marked in enumerate(_MARKED.finditer(text)):
        if count == MAX_MARKED:
            return
        found = formula((marked[1] or marked[2] or "").strip(" .,"))
        if found:
            yield found


def _key(value: Polynomial) -> object:
    return tuple(sorted((one, round(float(each), DIGITS)) for one, each in value.items()))


def _arranged(equation: Equality) -> object:
    """The difference of the two sides divided by its first coefficient: equal if equivalent."""
    rest = difference(equation)
    first = rest[min(rest)] if rest else 1
    return _key(scale(rest, 1 / first))
