r"""Reads a written formula, LaTeX or plain: `\frac{3}{4} + 1`, `(x + 1)(x - 1)`, `\binom{5}{2}`.

A formula evaluates to a polynomial. Roots, angles, logarithms, factorials and binomials are read of
numbers only; relations, matrices, sums with dots and everything else are refused.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Final, NamedTuple

from ..arithmetic.grammar import (
    UNKNOWNS,
    USUAL,
    Node,
    Notation,
    NotParsedError,
    name_of,
    parse,
)
from ..arithmetic.tokens import NUMERAL, Token, decimals
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

MAX_FORMULA_CHARS: Final = 240
"""Longer formulas are refused: bounds the size of polynomials on hostile input."""
MAX_TOKENS: Final = 90
"""Bounds the tree, as `MAX_FORMULA_CHARS` does where every character is a token."""
MAX_DEPTH: Final = 12
"""Brackets and signs within one another: bounds the recursion on hostile input."""
CACHE_SIZE: Final = 4_096
"""Formulas kept: short ones come again and again."""

_TOKEN: Final = re.compile(
    rf"""
      (?P<num>{NUMERAL})
    | (?P<frac>\\+[dtc]?frac(?![a-zA-Z]))
    | (?P<root>\\+sqrt\s?(?:\[\d{{1,2}}\])?(?![a-zA-Z])|[√∛∜]|sqrt(?=\())
    | (?P<choose>\\+[dt]?binom(?![a-zA-Z]))
    | (?P<degree>°|\^\s?\{{?\s?\\+circ\s?\}}?|\\+degree(?![a-zA-Z]))
    | (?P<times>\\+(?:times|cdot|ast)(?![a-zA-Z])|[\u00d7⋅·\u2217*])
    | (?P<over>\\+div(?![a-zA-Z])|÷|/)
    | (?P<gap>\\+(?:left|right|big|Big|bigg|Bigg|displaystyle)(?![a-zA-Z])|\\+[,;!:\ ]|[\s~&])
    | (?P<func>\\{{0,2}}(?:log|ln|sin|cos|tan)(?![a-zA-Z]))
    | (?P<pi>\\+pi(?![a-zA-Z])|\u03c0)
    | (?P<greek>\\+(?:alpha|beta|gamma|delta|theta|phi|omega|lambda|mu|rho|tau)(?![a-zA-Z]))
    | (?P<name>\\+(?:overline|mathbf|vec|angle)\s?\{{?\s?[A-Za-z]{{1,3}}\s?\}}?(?![A-Za-z]))
    | (?P<call>[fghpqFGPQ]\(-?\w{{1,3}}\))
    | (?P<letter>[a-zA-Z](?:_(?:\w|\{{\w{{1,3}}\}}))?'?)
    | (?P<open>[({{\[])
    | (?P<close>[)}}\]])
    | (?P<sup>[⁰¹²³⁴⁵⁶⁷⁸⁹]+)
    | (?P<power>\^|\*\*)
    | (?P<plus>\+)
    | (?P<minus>[-\u2212\u2013])
    | (?P<bang>!)
    """,
    re.VERBOSE,
)
_ANGLES: Final[Mapping[str, Callable[[float], float]]] = {
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
}

_NOTATION: Final = Notation(formula=True, max_depth=MAX_DEPTH, levels=USUAL)


class Habit(NamedTuple):
    """How ambiguous signs are read."""

    degrees: bool = False
    """Angles without a sign are degrees."""
    natural: bool = False
    """`log` is the natural one."""


HABITS: Final = (Habit(), Habit(degrees=True), Habit(natural=True))


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula and its value."""

    value: Polynomial
    kinds: frozenset[str]
    """Kinds of its tokens: num, plus, minus, times, over, frac, root, power, func, letter, …"""
    decimals: int | None
    """Decimals of the numeral that it is; None where it is anything else."""
    rough: bool
    """Whether a numeral in it has two decimals or more, and may be rounded."""

    divisions: int
    """How many quotients it has."""

    literal: bool
    """Whether no unknown is written, not even one that cancels out."""

    tree: Node
    """Offsets are those of the formula's own text."""

    @property
    def closed(self) -> Coefficient | None:
        """Its value, where it has no unknowns."""
        return constant(self.value)


@lru_cache(maxsize=CACHE_SIZE)
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
    tree = _tree(text, run) if run else None
    if run is None or tree is None:
        return None
    try:
        value = _value(tree, habit, {})
    except (NotReadError, OverflowError):
        return None
    numerals = [text[token.start : token.end] for token in run if token.kind == "num"]
    kinds = frozenset(token.kind for token in run)
    alone = len(numerals) == 1 and kinds <= {"num", "minus"}
    return Formula(
        value=value,
        kinds=kinds,
        decimals=decimals(numerals[0]) if alone else None,
        rough=any(decimals(each) > 1 for each in numerals),
        literal=not kinds & UNKNOWNS,
        divisions=sum(token.kind in {"over", "frac"} for token in run),
        tree=tree,
    )


def written_unknowns(text: str) -> frozenset[str] | None:
    """The letters that a formula is written with; None where it is none, or has functions."""
    run = _run(text)
    if run is None or any(token.kind in {"call", "name"} for token in run):
        return None
    return frozenset(
        name_of(text[token.start : token.end]) for token in run if token.kind in UNKNOWNS
    )


def filled_in(text: str, values: Mapping[str, Coefficient]) -> Coefficient | None:
    r"""What a formula evaluates to with numbers for its unknowns; None where it cannot be read.

    Example:
        >>> filled_in(r"\frac{x + 1}{y}", {"x": Fraction(5), "y": Fraction(-2)})
        Fraction(-3, 1)
    """
    run = _run(text)
    tree = _tree(text, run) if run else None
    try:
        return constant(_value(tree, HABITS[0], values)) if tree else None
    except (NotReadError, OverflowError):
        return None


def stated(text: str) -> Coefficient | None:
    """The number that a written answer is.

    Example:
        >>> stated("$3/4$"), stated("two")
        (Fraction(3, 4), None)
    """
    found = formula(text.strip("$ .\\"))
    return found.closed if found else None


def value_of(tree: Node) -> Coefficient | None:
    """The number that a part of a formula evaluates to; None where it has unknowns."""
    try:
        return constant(_value(tree, HABITS[0], {}))
    except (NotReadError, OverflowError):
        return None


def _run(text: str) -> list[Token] | None:
    """The tokens of a formula; None where it has others, or more than are read."""
    if len(text) > MAX_FORMULA_CHARS:
        return None
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or len(found) > MAX_TOKENS:
            return None
        if match.lastgroup != "gap":
            found.append(Token(match.lastgroup or "", at, match.end()))
        at = match.end()
    return found


def _tree(text: str, run: Sequence[Token]) -> Node | None:
    try:
        return parse(text, run, _NOTATION)[0]
    except NotParsedError:
        return None


def _value(tree: Node, habit: Habit, values: Mapping[str, Coefficient]) -> Polynomial:
    """The polynomial that a tree is, with numbers for those unknowns that have a value.

    Raises:
        NotReadError: It is none, or larger than is worth working out.
    """
    if tree.op == "num":
        return of_number(Fraction(tree.value))
    if tree.op == "unknown":
        known = values.get(tree.name)
        return of_unknown(tree.name) if known is None else of_number(known)
    if tree.op == "pi":
        return of_number(math.pi)
    parts = [_value(part, habit, values) for part in tree.parts]
    if tree.op == "func":
        return of_number(_function(tree.name, constant(parts[0]), habit))
    if tree.op == "root":
        return root(parts[0], int(tree.value))
    return _OPERATIONS[tree.op](*parts)


def _function(name: str, value: Coefficient | None, habit: Habit) -> float:
    """The value of a function of a number."""
    name, _, degrees = name.partition(" ")
    if value is None:
        raise NotReadError
    if name in _ANGLES:
        angle = math.radians(value) if degrees or habit.degrees else float(value)
        return _ANGLES[name](angle)
    if value <= 0:
        raise NotReadError
    return math.log(value) if name == "ln" or habit.natural else math.log10(value)


def _exponentiated(base: Polynomial, exponent: Polynomial) -> Polynomial:
    value = constant(exponent)
    if value is None:
        raise NotReadError
    return raised(base, value)


_OPERATIONS: Final[Mapping[str, Callable[..., Polynomial]]] = {
    "group": lambda inner: inner,
    "neg": lambda inner: scale(inner, -1),
    "plus": add,
    "minus": lambda left, right: add(left, right, sign=-1),
    "times": multiply,
    "glue": multiply,
    "implied": multiply,
    "over": divide,
    "frac": divide,
    "power": _exponentiated,
    "choose": choose,
    "factorial": factorial,
}
