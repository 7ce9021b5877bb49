"""Tests whether a false value explains the answer: recalculates the working with the true value.

Later equations that use the false value are recomputed in order, equations in one unknown are
solved again, and remainders are taken again. If the reference results, the false step is the cause.
"""

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import islice
from math import floor, isqrt, sqrt
from typing import Final, TypeAlias

from ..algebra.equality_parser import Equality, Member, difference, equalities
from ..algebra.formulas import MAX_FORMULA_CHARS, Formula, formula, stated
from ..algebra.polynomials import Coefficient, NotReadError, Polynomial, add, unknowns
from ..answer_types.multiple_choice import options
from ..answer_types.own_question import own_question
from ..arithmetic.tokens import decimals, number
from ..detector import Case
from ..values.equality import same_value
from ..values.tolerance import DERIVED, SHOWN, nearly_equal

CASE_CACHE_SIZE: Final = 4
"""Detectors examine one case after another, so only the current one is needed again."""
# The next three bound the work on hostile input.
MAX_STEPS: Final = 40
MAX_VALUES: Final = 40
MAX_REMAINDER_CHARS: Final = 8_000
"""Characters after the false value that are searched for remainders."""
MAX_WORKING_CHARS: Final = 50_000
"""A longer output is no working, and reading it would cost too much."""
MAX_DEGREE: Final = 2
DIGITS: Final = 12
"""Digits of a float that is put back into the text, more than any tolerance here needs."""

Change: TypeAlias = tuple[Coefficient, Coefficient]
"""A number of the text, and the number that replaces it."""

_NUMERAL: Final = re.compile(
    r"(?<![\w.])\d[\d,]{0,20}(?:\.\d{1,20})?(?!\w)|\d{1,20}(?:\.\d{1,20})?"
)
_FRACTION: Final = re.compile(
    r"\\+[dt]?frac\s?\{\s?(\d{1,9})\s?\}\s?\{\s?(\d{1,9})\s?\}|(\d{1,9})\s?/\s?(\d{1,9})"
)
_REMAINDER: Final = re.compile(
    r"(\d[\d,]{0,15})[\s$}]{0,3}(?:is |when |being )?(?:divided by|modulo|mod|\\+bmod|%)[\s${]{0,3}"
    r"(\d{1,7})"
    r"|(\d[\d,]{0,15})[\s$]{0,3}(?:\\+equiv|\u2261)[^\n]{0,30}?(?:mod|\\+p?mod)[\s${]{0,3}(\d{1,7})"
)
_MODULUS: Final = re.compile(
    r"(?:divided by|modulo|mod|\\+[pb]?mod)[\s${(]{0,4}(\d{1,7})", re.IGNORECASE
)


class Recalculation:
    """The values of a working after one of its numbers has been corrected."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.numbers: dict[Coefficient, Coefficient] = {}
        """Changed numbers of the text, each with its new value."""
        self.was: dict[str, Coefficient] = {}
        """The value of each unknown according to the text."""
        self.now: dict[str, Coefficient] = {}
        """The new value of each changed unknown."""
        moduli = _MODULUS.findall(own_question(case))
        self.modulus = int(moduli[-1]) if moduli else 0

    def change(self, old: Coefficient, new: Coefficient) -> None:
        """Record a changed number, with its residue, fraction parts and rounded values."""
        if nearly_equal(old, new) or len(self.numbers) >= MAX_VALUES or self.of(old) is not None:
            return
        self.numbers[old] = new
        if self.modulus and old == int(old) and new == int(new):
            self._also(int(old) % self.modulus, int(new) % self.modulus)
        if isinstance(old, Fraction) and isinstance(new, Fraction) and old.denominator > 1:
            self._also(abs(old.numerator), abs(new.numerator))
            self._also(old.denominator, new.denominator)
        if old != int(old):
            self._also(round(float(old)), round(float(new)))
            self._also(floor(float(old)), floor(float(new)))

    def _also(self, old: int, new: int) -> None:
        self.numbers.setdefault(Fraction(old), Fraction(new))

    def of(self, value: Coefficient) -> Coefficient | None:
        """Return the new value of a number; None if it is unchanged."""
        if not self.numbers:
            return None
        found = self._found(value)
        if found is not None:
            return found
        turned = self._found(-value)
        return None if turned is None else -turned

    def _found(self, value: Coefficient) -> Coefficient | None:
        if value in self.numbers:
            return self.numbers[value]
        pairs = self.numbers.items()
        return next((new for old, new in pairs if nearly_equal(old, value, within=DERIVED)), None)

    def read(self, side: Member) -> Formula | None:
        """Parse a formula with the changed numbers substituted; None if nothing changes."""
        text = self.case.output[side.start : side.end]
        put = _NUMERAL.sub(self._numeral, _FRACTION.sub(self._fraction, text))
        return formula(put) if put != text and len(put) <= MAX_FORMULA_CHARS else None

    def _fraction(self, found: re.Match[str]) -> str:
        above, below = int(found[1] or found[3]), int(found[2] or found[4])
        if not below or above % below == 0:
            return found[0]
        new = self.of(Fraction(above, below))
        return found[0] if new is None else _written(new)

    def _numeral(self, found: re.Match[str]) -> str:
        value = number(found[0])
        new = None if value is None else self.of(Fraction(value))
        return found[0] if new is None else _written(new)

    def again(self, each: Equality) -> None:
        """Recompute one equality of the text."""
        left, right = each.left.of, each.right.of
        name = _unknown(left.value)
        if name and right.closed is not None:
            self._named(name, each.right, right.closed)
        elif left.closed is not None and right.closed is not None:
            put = self.read(each.left)
            if put and put.closed is not None and not nearly_equal(put.closed, left.closed):
                self.change(right.closed, put.closed)
        else:
            for side, value in ((left.value, right.closed), (right.value, left.closed)):
                if value is not None:
                    self._expression(side, value)
            self._solved(each)

    def _named(self, name: str, side: Member, value: Coefficient) -> None:
        """Recompute an equality that assigns a number to an unknown."""
        put = self.read(side)
        new = self.of(value) if side.of.decimals is not None else put.closed if put else None
        self.was[name] = value
        if new is not None:
            self.now[name] = new
            self.change(value, new)

    def _expression(self, value: Polynomial, claimed: Coefficient) -> None:
        """Recompute an expression in unknowns with known values: `x + 2y = 12`."""
        names = unknowns(value)
        if not names & self.now.keys() or not names <= self.was.keys():
            return
        if nearly_equal(at(value, self.was), claimed, within=SHOWN):
            self.change(claimed, at(value, {**self.was, **self.now}))

    def _solved(self, each: Equality) -> None:
        """Solve an equation in one unknown again if its numbers have changed."""
        old = difference(each)
        names = unknowns(old)
        left, right = self.read(each.left), self.read(each.right)
        if len(names) != 1 or names & self.now.keys() or (left is None and right is None):
            return
        (name,) = names
        new = add((left or each.left.of).value, (right or each.right.of).value, sign=-1)
        was, now = roots(old, name), roots(new, name)
        for one, other in zip(was, now, strict=False):
            self.change(one, other)
        if len(was) == len(now) == 1:
            self.was[name], self.now[name] = was[0], now[0]

    def divided(self, found: re.Match[str]) -> None:
        """Recompute a remainder."""
        whole, by = number((found[1] or found[3]).rstrip(",")), int(found[2] or found[4])
        new = self.of(Fraction(whole or 0)) if by else None
        if new is not None and whole and new == int(new):
            self.change(Fraction(int(whole) % by), Fraction(int(new) % by))


@lru_cache(maxsize=CASE_CACHE_SIZE)
def can_recalculate(case: Case) -> bool:
    """Whether the output is a working with a wrong answer, in a task without options."""
    if case.answer is None or case.gold is None or len(case.output) > MAX_WORKING_CHARS:
        return False
    return not options(case.prompt) and not same_value(case.answer.text, case.gold)


def recalculated(case: Case, start: int, changes: Sequence[Change]) -> Recalculation:
    """Recalculate the working from a place on, with these numbers corrected there.

    Args:
        case: The case whose output is recalculated.
        start: Place of the correction, in characters of the output.
        changes: Numbers of the text, each with the number that replaces it.
    """
    recalculation = Recalculation(case)
    for old, new in changes:
        recalculation.change(old, new)
    text = case.output
    links = equalities(text)
    for each in links:
        name = _unknown(each.left.of.value)
        if name and each.right.of.closed is not None and each.right.end <= start:
            recalculation.was[name] = each.right.of.closed
    later = islice((each for each in links if each.left.start >= start), MAX_STEPS)
    steps: list[tuple[int, Equality | re.Match[str]]] = [(one.left.start, one) for one in later]
    steps += [
        (one.start(), one)
        for one in islice(_REMAINDER.finditer(text, start, start + MAX_REMAINDER_CHARS), MAX_STEPS)
    ]
    for _, step in sorted(steps, key=lambda pair: pair[0]):
        try:
            if isinstance(step, Equality):
                recalculation.again(step)
            else:
                recalculation.divided(step)
        except (NotReadError, OverflowError):
            continue
    return recalculation


def reaches_reference(recalculation: Recalculation) -> bool:
    """Whether the recalculated answer equals the reference."""
    gold, answer = stated(recalculation.case.gold or ""), _answer(recalculation.case)
    if gold is None or answer is None or nearly_equal(answer, gold, within=DERIVED):
        return False
    new = recalculation.of(answer)
    if new is None:
        return False
    shown = recalculation.case.gold or ""
    places = decimals(shown) if "." in shown else 0
    return nearly_equal(new, gold, within=DERIVED) or (
        places > 0 and abs(float(new) - float(gold)) < 10**-places
    )


def changes_answer(recalculation: Recalculation) -> bool:
    """Whether the recalculated answer differs from the given one."""
    answer = _answer(recalculation.case)
    return answer is not None and recalculation.of(answer) is not None


def roots(value: Polynomial, name: str) -> tuple[Coefficient, ...]:
    """Return the real solutions of a linear or quadratic equation, in ascending order.

    Example:
        >>> from ..algebra.formulas import formula
        >>> roots(formula("x^2 - 5x + 6").value, "x")
        (Fraction(2, 1), Fraction(3, 1))
    """
    terms = {dict(monomial).get(name, 0): each for monomial, each in value.items()}
    if unknowns(value) != {name} or not terms.keys() <= set(range(MAX_DEGREE + 1)):
        return ()
    a, b, c = (terms.get(power, Fraction(0)) for power in (2, 1, 0))
    if not a:
        return (-c / b,)
    under = b * b - 4 * a * c
    if under < 0:
        return ()
    top = _root(under)
    one, other = (-b - top) / (2 * a), (-b + top) / (2 * a)
    return (one, other) if one <= other else (other, one)


def at(value: Polynomial, known: Mapping[str, Coefficient]) -> Coefficient:
    """Evaluate a polynomial with numbers for its unknowns."""
    total: Coefficient = Fraction(0)
    for monomial, each in value.items():
        term = each
        for name, power in monomial:
            term *= known[name] ** power
        total += term
    return total


def _answer(case: Case) -> Coefficient | None:
    return stated(case.answer.text if case.answer else "")


def _root(value: Coefficient) -> Coefficient:
    if isinstance(value, Fraction):
        above, below = isqrt(value.numerator), isqrt(value.denominator)
        if above * above == value.numerator and below * below == value.denominator:
            return Fraction(above, below)
    return sqrt(value)


def _unknown(value: Polynomial) -> str | None:
    """The name of the unknown, if the formula is nothing else."""
    if len(value) != 1:
        return None
    ((monomial, factor),) = value.items()
    alone = factor == 1 and len(monomial) == 1 and monomial[0][1] == 1
    return monomial[0][0] if alone else None


def _written(value: Coefficient) -> str:
    if not isinstance(value, Fraction):
        return f"({value:.{DIGITS}f})"
    return f"({value})"
