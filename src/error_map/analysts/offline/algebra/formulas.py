r"""Reads a written formula, LaTeX or plain: `\frac{3}{4} + 1`, `(x + 1)(x - 1)`, `\binom{5}{2}`.

A formula comes to a polynomial. Roots, angles, logarithms, factorials and binomials are read of
numbers only; relations, matrices, sums with dots and everything else are refused.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Final, NamedTuple

from ..arithmetic.tokens import decimals, number
from .polynomials import (
    Coefficient,
    NotReadError,
    Polynomial,
    add,
    choose,
    constant,
    divide,
    factorial,
    multiply,
    of_number,
    of_unknown,
    raised,
    root,
    scale,
)

LONGEST: Final = 240
"""Characters of one formula."""
MOST_TOKENS: Final = 90
DEEPEST: Final = 12
REMEMBERED: Final = 4_096
"""Formulas kept: short ones come again and again."""

_TOKEN: Final = re.compile(
    r"""
      (?P<num>(?:\d{1,3}(?:(?:,|\{,\}|\\+,|,\\+!|\\+!)\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+)
    | (?P<frac>\\+[dtc]?frac(?![a-zA-Z]))
    | (?P<root>\\+sqrt\s?(?:\[\d{1,2}\])?(?![a-zA-Z])|[√∛∜]|sqrt(?=\())
    | (?P<choose>\\+[dt]?binom(?![a-zA-Z]))
    | (?P<degree>°|\^\s?\{?\s?\\+circ\s?\}?|\\+degree(?![a-zA-Z]))
    | (?P<times>\\+(?:times|cdot|ast)(?![a-zA-Z])|[\u00d7⋅·\u2217*])
    | (?P<over>\\+div(?![a-zA-Z])|÷|/)
    | (?P<gap>\\+(?:left|right|big|Big|bigg|Bigg|displaystyle)(?![a-zA-Z])|\\+[,;!:\ ]|[\s~&])
    | (?P<func>\\{0,2}(?:log|ln|sin|cos|tan)(?![a-zA-Z]))
    | (?P<pi>\\+pi(?![a-zA-Z])|\u03c0)
    | (?P<greek>\\+(?:alpha|beta|gamma|delta|theta|phi|omega|lambda|mu|rho|tau)(?![a-zA-Z]))
    | (?P<name>\\+(?:overline|mathbf|vec|angle)\s?\{?\s?[A-Za-z]{1,3}\s?\}?(?![A-Za-z]))
    | (?P<call>[fghpqFGPQ]\(-?\w{1,3}\))
    | (?P<letter>[a-zA-Z](?:_(?:\w|\{\w{1,3}\}))?'?)
    | (?P<open>[({\[])
    | (?P<close>[)}\]])
    | (?P<sup>[⁰¹²³⁴⁵⁶⁷⁸⁹]+)
    | (?P<power>\^|\*\*)
    | (?P<plus>\+)
    | (?P<minus>[-\u2212\u2013])
    | (?P<bang>!)
    """,
    re.VERBOSE,
)
_SUPERS: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_LETTERS: Final = re.compile(r"[a-z]+")
_UNKNOWNS: Final = frozenset({"letter", "greek", "name", "call"})
_FUNCTIONS: Final = frozenset("fghFGPQ")
"""Letters that with a bracket behind them are functions, not factors."""
_GLUED: Final = _UNKNOWNS | {"frac", "root", "choose", "func", "pi", "open"}
"""What multiplies where it stands right behind a factor."""
_ANGLES: Final[Mapping[str, Callable[[float], float]]] = {
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
}


class Habit(NamedTuple):
    """What signs that may mean several things stand for."""

    degrees: bool = False
    """Angles without a sign are degrees."""
    natural: bool = False
    """`log` is the natural one."""


HABITS: Final = (Habit(), Habit(degrees=True), Habit(natural=True))


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula and what it comes to."""

    value: Polynomial
    kinds: frozenset[str]
    """Kinds of its tokens: num, plus, minus, times, over, frac, root, power, func, letter, …"""
    decimals: int | None
    """Of the numeral that it is; None where it is anything else."""
    rough: bool
    """Whether a numeral in it has two decimals or more, and may be rounded."""

    divisions: int
    """How many quotients it has."""

    literal: bool
    """Whether no unknown is written, not even one that cancels out."""

    @property
    def closed(self) -> Coefficient | None:
        """Its value, where it has no unknowns."""
        return constant(self.value)


@lru_cache(maxsize=REMEMBERED)
def formula(text: str, habit: Habit = HABITS[0]) -> Formula | None:
    """The formula that the whole text is; None where it is none, or more than is read.

    Example:
        >>> formula("2^3 + 1/2").closed, formula("5!").closed
        (Fraction(17, 2), Fraction(120, 1))
        >>> formula("(x + 1)(x - 1)").value == formula("x^2 - 1").value
        True
        >>> formula("3 apples") is None, formula("1 < 2") is None
        (False, True)
    """
    run = _run(text)
    if run is None:
        return None
    try:
        value = _Reader(run, habit).whole()
    except (NotReadError, OverflowError):
        return None
    numerals = [shown for kind, shown in run if kind == "num"]
    kinds = frozenset(kind for kind, _ in run)
    alone = len(numerals) == 1 and kinds <= {"num", "minus"}
    return Formula(
        value=value,
        kinds=kinds,
        decimals=decimals(numerals[0]) if alone else None,
        rough=any(decimals(each) > 1 for each in numerals),
        literal=not kinds & _UNKNOWNS,
        divisions=sum(kind in {"over", "frac"} for kind, _ in run),
    )


def written_unknowns(text: str) -> frozenset[str] | None:
    """The letters that a formula is written with; None where it is none, or has functions."""
    run = _run(text)
    if run is None or any(kind in {"call", "name"} for kind, _ in run):
        return None
    return frozenset(_name(shown) for kind, shown in run if kind in _UNKNOWNS)


def filled_in(text: str, values: Mapping[str, Coefficient]) -> Coefficient | None:
    r"""What a formula comes to with numbers for its unknowns; None where it cannot be read.

    Example:
        >>> filled_in(r"\frac{x + 1}{y}", {"x": Fraction(5), "y": Fraction(-2)})
        Fraction(-3, 1)
    """
    run = _run(text)
    if run is None:
        return None
    shown = [
        _bracketed(values.get(_name(each))) if kind in _UNKNOWNS else each for kind, each in run
    ]
    found = formula("".join(shown))
    return found.closed if found else None


def _bracketed(value: Coefficient | None) -> str:
    if value is None:
        return "()"
    return f"({value})" if isinstance(value, Fraction) else f"({value:.10f})"


def stated(text: str) -> Coefficient | None:
    """The number that a written answer is.

    Example:
        >>> stated("$3/4$"), stated("two")
        (Fraction(3, 4), None)
    """
    found = formula(text.strip("$ .\\"))
    return found.closed if found else None


def _run(text: str) -> list[tuple[str, str]] | None:
    """The tokens of a formula; None where it has others, or more than are read."""
    try:
        return _tokens(text) if len(text) <= LONGEST else None
    except NotReadError:
        return None


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or len(found) > MOST_TOKENS:
            raise NotReadError
        if match.lastgroup != "gap":
            found.append((match.lastgroup or "", match[0]))
        at = match.end()
    return found


_END: Final = ("end", "")


class _Reader:
    """Recursive descent that works out as it reads; its depth is bounded."""

    def __init__(self, run: list[tuple[str, str]], habit: Habit) -> None:
        self.run = [*run, _END]
        self.habit = habit
        self.at = 0
        self.depth = 0

    def kind(self) -> str:
        return self.run[self.at][0]

    def taken(self) -> str:
        """The text of the token at hand, which is passed."""
        if self.run[self.at] is _END:
            raise NotReadError
        self.at += 1
        return self.run[self.at - 1][1]

    def passes(self, kind: str) -> bool:
        """Whether this is the kind of the token at hand, which then is passed."""
        met = self.run[self.at][0] == kind
        self.at += met
        return met

    def due(self, kind: str) -> str:
        if self.kind() != kind:
            raise NotReadError
        return self.taken()

    def whole(self) -> Polynomial:
        value = self.sum()
        if self.run[self.at] is not _END:
            raise NotReadError
        return value

    def sum(self) -> Polynomial:
        self.depth += 1
        if self.depth > DEEPEST:
            raise NotReadError
        value = self.signed()
        while self.kind() in {"plus", "minus"}:
            sign = -1 if self.kind() == "minus" else 1
            self.at += 1
            value = add(value, self.signed(), sign=sign)
        self.depth -= 1
        return value

    def signed(self) -> Polynomial:
        """A product, perhaps with a sign before it: `3 + -2x`."""
        if self.passes("minus"):
            return scale(self.product(), -1)
        self.passes("plus")
        return self.product()

    def product(self) -> Polynomial:
        value, divided = self.power(), False
        while True:
            if self.passes("times"):
                value = multiply(value, self.factor())
            elif self.passes("over"):
                value, divided = divide(value, self.factor()), True
            elif self.kind() in _GLUED and not divided:
                value = multiply(value, self.glued())
            elif self.kind() in _GLUED:
                raise NotReadError  # `1/2x` may mean either
            else:
                return value

    def glued(self) -> Polynomial:
        """A factor right behind another; `8 1/2` is a mixed number and none."""
        mixed = self.kind() == "frac" and self.run[self.at - 1][0] == "num"
        value = self.power()
        if mixed and constant(value) is not None:
            raise NotReadError
        return value

    def factor(self) -> Polynomial:
        return scale(self.power(), -1) if self.passes("minus") else self.power()

    def power(self) -> Polynomial:
        value = self.atom()
        while True:
            if self.passes("bang"):
                value = factorial(value)
            elif self.kind() == "sup":
                value = raised(value, Fraction(int(self.taken().translate(_SUPERS))))
            elif self.passes("power"):
                value = raised(value, self.exponent())
            else:
                return value

    def exponent(self) -> Coefficient:
        sign = -1 if self.passes("minus") else 1
        inner = constant(self.bracket() if self.kind() == "open" else self.numeral())
        if inner is None:
            raise NotReadError
        return sign * inner

    def numeral(self) -> Polynomial:
        value = number(self.due("num").replace("\\", "").replace("!", ""))
        if value is None:
            raise NotReadError
        return of_number(Fraction(value))

    def bracket(self) -> Polynomial:
        if self.due("open") == "[":
            raise NotReadError
        value = self.sum()
        self.due("close")
        return value

    def argument(self) -> Polynomial:
        r"""What `\frac` or `\sqrt` works on: a group, or one digit or letter."""
        if self.kind() == "open":
            return self.bracket()
        if self.kind() == "num" and self.run[self.at][1].isdecimal():
            digits = self.run[self.at][1]
            self.run[self.at : self.at + 1] = [("num", digit) for digit in digits]
            return self.numeral()
        return of_unknown(self.due("letter"))

    def atom(self) -> Polynomial:
        match self.kind():
            case "num":
                return self.numeral()
            case "open":
                return self.bracket()
            case kind if kind in _UNKNOWNS:
                name = _name(self.taken())
                if name in _FUNCTIONS and self.kind() == "open":
                    raise NotReadError
                return of_unknown(name)
            case "pi":
                self.at += 1
                return of_number(math.pi)
            case kind:
                return self.applied(kind)

    def applied(self, kind: str) -> Polynomial:
        """A sign that works on what stands behind it."""
        shown = self.taken()
        match kind:
            case "frac":
                above = self.argument()
                return divide(above, self.argument())
            case "choose":
                above = self.argument()
                return choose(above, self.argument())
            case "root":
                return root(self.argument(), _index(shown))
            case "func":
                return self.function(_LETTERS.findall(shown)[-1])
        raise NotReadError

    def function(self, name: str) -> Polynomial:
        if self.passes("open"):
            inner = self.sum()
            degrees = self.passes("degree")
            self.due("close")
        elif self.kind() == "num":
            inner, degrees = of_number(Fraction(number(self.taken()) or 0)), False
        else:
            inner, degrees = self.applied(self.kind()), False
        degrees = self.passes("degree") or degrees
        value = constant(inner)
        if value is None or self.kind() == "power":
            raise NotReadError
        if name in _ANGLES:
            angle = math.radians(value) if degrees or self.habit.degrees else float(value)
            return of_number(_ANGLES[name](angle))
        if value <= 0:
            raise NotReadError
        natural = name == "ln" or self.habit.natural
        return of_number(math.log(value) if natural else math.log10(value))


def _name(shown: str) -> str:
    return shown if "(" in shown else "".join(sign for sign in shown if sign not in "\\{} ")


def _index(shown: str) -> int:
    """Which root a sign takes."""
    digits = "".join(sign for sign in shown if sign.isdecimal())
    return int(digits or {"∛": 3, "∜": 4}.get(shown, 2))
