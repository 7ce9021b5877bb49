"""Sums of products of unknowns, exactly and within bounds; a number is one without unknowns."""

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Final, TypeAlias

Coefficient: TypeAlias = Fraction | float
"""Exact wherever no root, angle or logarithm takes part."""
Monomial: TypeAlias = tuple[tuple[str, int], ...]
"""Unknowns with their powers, in the order of their names; empty for the constant term."""
Polynomial: TypeAlias = Mapping[Monomial, Coefficient]

MAX_PRODUCTS: Final = 64
"""Products of two terms that one multiplication may take."""
MAX_POWER: Final = 5
"""Exponent of a sum with unknowns: written out, its terms grow with every multiplication."""
MAX_EXPONENT: Final = 60
"""Exponent of a number, and `n` of a binomial coefficient: bounds the digits of the result."""
MAX_BITS: Final = 400
"""Bits of an exact coefficient: bounds the cost of each later operation; a float takes 1,024."""
MAX_FACTORIAL: Final = 30
"""30! has 108 bits, well within `MAX_BITS`."""
_ROOT_DIGITS: Final = 9
_ROOT_DENOMINATOR: Final = 1_000
_SQUARE_ROOT: Final = 2


class NotReadError(Exception):
    """The value is undefined, no polynomial, or larger than is worth working out."""


def constant(value: Polynomial) -> Coefficient | None:
    """The number that a polynomial without unknowns is; None for any other."""
    if not value:
        return Fraction(0)
    return value[()] if value.keys() == {()} else None


def unknowns(value: Polynomial) -> frozenset[str]:
    """The names of the unknowns."""
    return frozenset(name for monomial in value for name, _ in monomial)


def of_number(value: Coefficient) -> Polynomial:
    """The polynomial that is only this number."""
    _check(value)
    return {(): value} if value else {}


def of_unknown(name: str) -> Polynomial:
    """The polynomial that is only this unknown."""
    return {((name, 1),): Fraction(1)}


def add(left: Polynomial, right: Polynomial, *, sign: int = 1) -> Polynomial:
    """The sum; with `sign` -1 the difference."""
    total = dict(left)
    for monomial, coefficient in right.items():
        _put(total, monomial, coefficient if sign == 1 else sign * coefficient)
    return _checked(total)


def scale(value: Polynomial, factor: Coefficient) -> Polynomial:
    """All coefficients times a number."""
    return _checked({monomial: factor * each for monomial, each in value.items()})


def multiply(left: Polynomial, right: Polynomial) -> Polynomial:
    """The product, written out."""
    if len(left) * len(right) > MAX_PRODUCTS:
        raise NotReadError
    total: dict[Monomial, Coefficient] = {}
    for one, first in left.items():
        for other, second in right.items():
            _put(total, _together(one, other), first * second)
    return _checked(total)


def divide(left: Polynomial, right: Polynomial) -> Polynomial:
    """The quotient by a number."""
    below = constant(right)
    if not below:
        raise NotReadError
    return scale(left, 1 / below)


def raised(value: Polynomial, exponent: Coefficient) -> Polynomial:
    """The power; of unknowns only a small whole one."""
    base = constant(value)
    if base is not None:
        return of_number(_power(base, exponent))
    if exponent not in range(MAX_POWER + 1):
        raise NotReadError
    total = of_number(Fraction(1))
    for _ in range(int(exponent)):
        total = multiply(total, value)
    return total


def root(value: Polynomial, index: int) -> Polynomial:
    """The root of a number that is not negative; exact where it is a fraction."""
    inner = constant(value)
    if inner is None or inner < 0 or index < _SQUARE_ROOT:
        raise NotReadError
    near = float(inner) ** (1 / index)
    exact = Fraction(round(near, _ROOT_DIGITS)).limit_denominator(_ROOT_DENOMINATOR)
    return of_number(exact if exact**index == inner else near)


def factorial(value: Polynomial) -> Polynomial:
    """The factorial of a small whole number."""
    whole = _whole(value)
    if whole > MAX_FACTORIAL:
        raise NotReadError
    return of_number(Fraction(math.factorial(whole)))


def choose(above: Polynomial, below: Polynomial) -> Polynomial:
    """The binomial coefficient of small whole numbers."""
    one, other = _whole(above), _whole(below)
    if one > MAX_EXPONENT:
        raise NotReadError
    return of_number(Fraction(math.comb(one, other)))


def at(value: Polynomial, name: str, number: float) -> float:
    """The value of a polynomial in one unknown."""
    return sum(
        float(coefficient) * number ** dict(monomial).get(name, 0)
        for monomial, coefficient in value.items()
    )


def _put(total: dict[Monomial, Coefficient], monomial: Monomial, more: Coefficient) -> None:
    total[monomial] = total[monomial] + more if monomial in total else more


def _together(one: Monomial, other: Monomial) -> Monomial:
    if not one or not other:
        return one or other
    powers = dict(one)
    for name, power in other:
        powers[name] = powers.get(name, 0) + power
    return tuple(sorted(powers.items()))


def _power(base: Coefficient, exponent: Coefficient) -> Coefficient:
    size = float(exponent)
    if abs(size) > MAX_EXPONENT or (not base and size <= 0):
        raise NotReadError
    if not size.is_integer():
        if float(base) < 0:
            raise NotReadError
        return float(float(base) ** size)
    if isinstance(base, float):
        return float(base ** int(size))
    if _bits(base) * abs(size) > MAX_BITS:
        raise NotReadError
    return Fraction(base ** int(size))


def _whole(value: Polynomial) -> int:
    found = constant(value)
    if found is None or found < 0 or found != int(found):
        raise NotReadError
    return int(found)


def _bits(value: Fraction) -> int:
    return max(value.numerator.bit_length(), value.denominator.bit_length())


def _check(value: Coefficient) -> None:
    small = _bits(value) <= MAX_BITS if isinstance(value, Fraction) else math.isfinite(value)
    if not small:
        raise NotReadError


def _checked(total: Mapping[Monomial, Coefficient]) -> Polynomial:
    if len(total) > MAX_PRODUCTS:
        raise NotReadError
    for each in total.values():
        _check(each)
    return {monomial: each for monomial, each in total.items() if each}
