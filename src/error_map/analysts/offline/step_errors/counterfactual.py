"""The test of a cause: with the true value in place of a false one, what does the working come to?

The later equations that use the false value are worked out again in order, equations in one unknown
are solved again, and remainders are taken again. So a false step that leads to the wrong result is
told from one that stands beside it.
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
from ..arithmetic.tokens import decimals, number
from ..detector import Case
from ..format_rules.rule import own_task
from ..values.equality import same_value
from ..values.tolerance import DERIVED, SHOWN, nearly_equal

ASKED_AGAIN: Final = 4
"""Cases kept: every detector that mends asks for the same one in turn."""
MOST_STEPS: Final = 40
"""Later equations that are worked out again."""
MOST_VALUES: Final = 40
"""Values that may have changed on the way."""
FARTHEST: Final = 8_000
"""Characters behind the false value that are read for remainders."""
LONGEST_WORKING: Final = 50_000
"""Characters beyond which an output is no working that is followed."""
SQUARED: Final = 2
DIGITS: Final = 12

Change: TypeAlias = tuple[Coefficient, Coefficient]
"""A number of the text, and what should stand there."""

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


class Mended:
    """What the numbers of a working become once one of them is mended."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.numbers: dict[Coefficient, Coefficient] = {}
        """Numbers of the text, each with what it has become."""
        self.was: dict[str, Coefficient] = {}
        """What the text says that each unknown is."""
        self.now: dict[str, Coefficient] = {}
        """What an unknown has become."""
        asked = _MODULUS.findall(own_task(case.prompt))
        self.modulus = int(asked[-1]) if asked else 0

    def change(self, old: Coefficient, new: Coefficient) -> None:
        """Notes that a number has become another, with what the text may take of it."""
        if nearly_equal(old, new) or len(self.numbers) >= MOST_VALUES or self.of(old) is not None:
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
        """What a number has become; None where it is as it was."""
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
        """A formula with the changed numbers put in; None where it is as it was."""
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
        """Works one equality of the text out again."""
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
                    self._known(side, value)
            self._solved(each)

    def _named(self, name: str, side: Member, value: Coefficient) -> None:
        """An unknown gets a number: the one it has become, or another one in another place."""
        put = self.read(side)
        new = self.of(value) if side.of.decimals is not None else put.closed if put else None
        self.was[name] = value
        if new is not None:
            self.now[name] = new
            self.change(value, new)

    def _known(self, value: Polynomial, claimed: Coefficient) -> None:
        """An expression in known unknowns comes to a number: `x + 2y = 12`."""
        names = unknowns(value)
        if not names & self.now.keys() or not names <= self.was.keys():
            return
        if nearly_equal(at(value, self.was), claimed, within=SHOWN):
            self.change(claimed, at(value, {**self.was, **self.now}))

    def _solved(self, each: Equality) -> None:
        """An equation in one unknown whose numbers have changed has another solution."""
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
        """Takes a remainder again."""
        whole, by = number((found[1] or found[3]).rstrip(",")), int(found[2] or found[4])
        new = self.of(Fraction(whole or 0)) if by else None
        if new is not None and whole and new == int(new):
            self.change(Fraction(int(whole) % by), Fraction(int(new) % by))


@lru_cache(maxsize=ASKED_AGAIN)
def followed(case: Case) -> bool:
    """Whether the output is a working to an answer other than the reference, and of no options."""
    if case.answer is None or case.gold is None or len(case.output) > LONGEST_WORKING:
        return False
    return not options(case.prompt) and not same_value(case.answer.text, case.gold)


def follow(case: Case, start: int, changes: Sequence[Change]) -> Mended:
    """What the working comes to behind a place, with these numbers mended there."""
    mended = Mended(case)
    for old, new in changes:
        mended.change(old, new)
    text = case.output
    links = equalities(text)
    for each in links:
        name = _unknown(each.left.of.value)
        if name and each.right.of.closed is not None and each.right.end <= start:
            mended.was[name] = each.right.of.closed
    later = islice((each for each in links if each.left.start >= start), MOST_STEPS)
    steps: list[tuple[int, Equality | re.Match[str]]] = [(one.left.start, one) for one in later]
    steps += [
        (one.start(), one)
        for one in islice(_REMAINDER.finditer(text, start, start + FARTHEST), MOST_STEPS)
    ]
    for _, step in sorted(steps, key=lambda pair: pair[0]):
        try:
            if isinstance(step, Equality):
                mended.again(step)
            else:
                mended.divided(step)
        except (NotReadError, OverflowError):
            continue
    return mended


def reaches(mended: Mended) -> bool:
    """Whether the reference's value comes out in place of the answer."""
    gold, answer = stated(mended.case.gold or ""), _answer(mended.case)
    if gold is None or answer is None or nearly_equal(answer, gold, within=DERIVED):
        return False
    new = mended.of(answer)
    if new is None:
        return False
    shown = mended.case.gold or ""
    places = decimals(shown) if "." in shown else 0
    return nearly_equal(new, gold, within=DERIVED) or (
        places > 0 and abs(float(new) - float(gold)) < 10**-places
    )


def flows(mended: Mended) -> bool:
    """Whether the answer becomes another."""
    answer = _answer(mended.case)
    return answer is not None and mended.of(answer) is not None


def roots(value: Polynomial, name: str) -> tuple[Coefficient, ...]:
    """The real solutions of an equation in one unknown up to its square, in ascending order.

    Example:
        >>> from .formulas import formula
        >>> roots(formula("x^2 - 5x + 6").value, "x")
        (Fraction(2, 1), Fraction(3, 1))
    """
    terms = {dict(monomial).get(name, 0): each for monomial, each in value.items()}
    if unknowns(value) != {name} or not terms.keys() <= set(range(SQUARED + 1)):
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
    """What a polynomial comes to with numbers for its unknowns."""
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
    """The unknown that the whole formula is."""
    if len(value) != 1:
        return None
    ((monomial, factor),) = value.items()
    alone = factor == 1 and len(monomial) == 1 and monomial[0][1] == 1
    return monomial[0][0] if alone else None


def _written(value: Coefficient) -> str:
    if not isinstance(value, Fraction):
        return f"({value:.{DIGITS}f})"
    return f"({value})"
