"""Exact arithmetic: what a run of tokens evaluates to, within bounds."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import Final, Literal, TypeAlias

from .grammar import USUAL, Node, Notation, NotParsedError, parse
from .tokens import Number, Token

PercentReading: TypeAlias = Literal["share", "plain", "relative"]
"""`20 %` as 0.2, as 20, or as a change of what precedes it (`50 - 20 %` is 40)."""

MAX_DEPTH: Final = 20
"""Brackets and signs within one another: bounds the recursion on hostile input."""
MAX_EXPONENT: Final = 100
MAX_POWER_BITS: Final = 2_000
"""Bits of a power while it is computed: bounds work and memory on hostile input."""
MAX_VALUE_BITS: Final = 1_000
"""Results beyond this are not compared: they would not fit a float, which ends at 1,024 bits."""
_ROOT_BITS: Final = 40
"""Bits of an irrational root: twelve digits, three more than are compared."""


class NotArithmeticError(Exception):
    """The value is undefined, or larger than is worth computing."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand an expression."""

    percent: PercentReading = "share"
    levels: tuple[tuple[str, int], ...] = tuple(USUAL.items())
    rates: bool = False
    """Whether `a / b / c` is a over the rate b / c."""
    mixed: bool = True
    r"""Whether `2\frac{1}{2}` and `2 1/2` are two and a half, or products."""


@dataclass(slots=True)
class Evaluation:
    """What evaluating a run of tokens gave."""

    value: Number
    taken: int
    """How many tokens the expression takes."""
    signs: frozenset[str]
    """Kinds of the signs used: plus, minus, times, over, power, sqrt, percent, of, mixed."""
    rounded: bool
    """Whether the value itself is rounded, because a root is not rational."""
    tree: Node


class _Interpretation:
    """Computes the exact value of a tree, and notes the signs that it meets."""

    def __init__(self, percent: PercentReading, *, mixed: bool = True) -> None:
        self.percent = percent
        self.mixed = mixed
        self.signs: set[str] = set()
        self.rounded = False

    def value(self, tree: Node) -> Number:
        match tree.op:
            case "num":
                return tree.value
            case "group" | "neg":
                inner = self.value(tree.parts[0])
                return inner if tree.op == "group" else -inner
            case "percent":
                return self.share(tree)
            case "root":
                return self.root(tree)
            case _:
                return self.operation(tree)

    def operation(self, tree: Node) -> Number:
        """The value of two operands with a sign between them."""
        op, (before, behind) = tree.op, tree.parts
        left, right = self.value(before), self.value(behind)
        self.signs.add(_SIGNS.get(op, op))
        if op == "mixed":
            return left + right if self.mixed else left * right
        if op in {"plus", "minus"}:
            if self.percent == "relative" and behind.op == "percent" != before.op:
                right = left * right
            return left + right if op == "plus" else left - right
        if op == "power":
            return _power(left, right)
        if op not in {"over", "frac"}:
            return left * right
        if not right:
            raise NotArithmeticError
        return Fraction(left) / right

    def share(self, tree: Node) -> Number:
        self.signs.add("percent")
        value = self.value(tree.parts[0])
        return value if self.percent == "plain" else Fraction(value) / 100

    def root(self, tree: Node) -> Number:
        self.signs.add("sqrt")
        exact = Fraction(self.value(tree.parts[0]))
        if exact < 0:
            raise NotArithmeticError
        above, below = isqrt(exact.numerator), isqrt(exact.denominator)
        if above * above == exact.numerator and below * below == exact.denominator:
            return Fraction(above, below)
        self.rounded = True
        scale = 2 ** (_ROOT_BITS + max(0, exact.denominator.bit_length() - above.bit_length()))
        return Fraction(isqrt(exact.numerator * scale**2 // exact.denominator), scale)


def _power(value: Number, exponent: Number) -> Number:
    base = Fraction(value)
    whole = int(exponent)
    if whole != exponent or abs(whole) > MAX_EXPONENT:
        raise NotArithmeticError
    if _bits(value) * abs(whole) > MAX_POWER_BITS or (whole < 0 and not base):
        raise NotArithmeticError
    return base**whole if base.denominator > 1 or whole < 0 else int(base) ** whole


def _bits(value: Number) -> int:
    return max(value.numerator.bit_length(), value.denominator.bit_length())


_SIGNS: Final = {"glue": "times", "implied": "times", "frac": "over"}
USUALLY: Final = Reading()


def evaluate(
    text: str, run: Sequence[Token], reading: Reading = USUALLY, *, whole: bool = True
) -> Evaluation | None:
    """What the tokens evaluate to, or None where they are no arithmetic.

    Args:
        text: The text that the tokens were cut from.
        run: The tokens.
        reading: What signs mean that may mean several things.
        whole: Whether every token must belong to the expression; otherwise the longest
            beginning counts.
    """
    notation = Notation(
        formula=False, max_depth=MAX_DEPTH, levels=dict(reading.levels), rates=reading.rates
    )
    interpretation = _Interpretation(reading.percent, mixed=reading.mixed)
    try:
        tree, taken = parse(text, run, notation, whole=whole)
        value = interpretation.value(tree)
    except (NotParsedError, NotArithmeticError):
        return None
    if _bits(value) > MAX_VALUE_BITS:
        return None
    return Evaluation(value, taken, frozenset(interpretation.signs), interpretation.rounded, tree)


def value_of(tree: Node) -> Number | None:
    """The exact value of a part of an expression, read as usual."""
    try:
        return _Interpretation("share").value(tree)
    except NotArithmeticError:
        return None
