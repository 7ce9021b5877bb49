"""Evaluates the arithmetic that a list of tokens spells out, exactly and within bounds."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import Final, Literal, TypeAlias

from .tokens import Number, Token, number

PercentReading: TypeAlias = Literal["share", "plain", "relative"]
"""`20 %` as 0.2, as 20, or as a change of what stands before it (`50 - 20 %` is 40)."""

DEEPEST: Final = 20
LARGEST_EXPONENT: Final = 100
LARGEST_POWER_BITS: Final = 2_000
LARGEST_VALUE_BITS: Final = 1_000
"""Results beyond this are not compared: they would not fit a float."""
MOST_UNIT_WORDS: Final = 4
_ROOT_BITS: Final = 40
"""Bits of a root that is not rational, behind the leading one of a value below 1."""

USUAL: Final = {"plus": 1, "minus": 1, "times": 2, "x": 2, "over": 2, "of": 2, "glue": 2}
"""How tightly each sign binds; glue is a bracket right behind a factor, `2(3 + 4)`."""
LEFT_TO_RIGHT: Final = dict.fromkeys(USUAL, 1)
LONG_FRACTION: Final = USUAL | {"times": 3, "x": 3, "of": 3, "glue": 3}
"""The working writes `a / b * c` for a over (b times c)."""
TIGHT_GLUE: Final = USUAL | {"glue": 3}
"""The working writes `a / b(c)` for a over (b times c)."""

_GLUED: Final = frozenset({"open", "frac", "sqrt"})
_FACTORS: Final = frozenset({"num", "close"})
_BEGINS: Final = frozenset({"num", "open", "frac", "sqrt", "money", "minus"})


_BEYOND: Final = ("end",) * (3 * MOST_UNIT_WORDS + 8)
"""What is seen behind the last token: looking ahead goes no further than unit words do."""


class NotArithmeticError(Exception):
    """The tokens are no arithmetic, or more of it than is worth working out."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand an expression."""

    percent: PercentReading = "share"
    levels: tuple[tuple[str, int], ...] = tuple(USUAL.items())
    rates: bool = False
    """Whether `a / b / c` is a over the rate b / c."""


@dataclass(slots=True)
class Evaluation:
    """What evaluating a run of tokens gave."""

    value: Number
    taken: int
    """How many tokens the expression takes."""
    signs: frozenset[str]
    """Kinds of the signs used: plus, minus, times, over, power, sqrt, percent, of."""
    rounded: bool
    """Whether the value itself is rounded, because a root is not rational."""


class _Reader:
    """Recursive descent that evaluates as it reads; its depth is bounded."""

    def __init__(self, text: str, run: Sequence[Token], reading: Reading) -> None:
        self.text = text
        self.run = run
        self.kinds = [*(token.kind for token in run), *_BEYOND]
        self.at = 0
        self.depth = 0
        self.percent = reading.percent
        self.levels = dict(reading.levels)
        self.rates = reading.rates
        self.is_percent = False
        self.rounded = False
        self.signs: set[str] = set()

    def kind(self, ahead: int = 0) -> str:
        return self.kinds[self.at + ahead]

    def expression(self, level: int) -> Number:
        value = self.signed()
        while True:
            sign = self.sign()
            above = self.levels.get(sign, 0)
            if above < level or above == 0:
                return value
            self.at += sign != "glue"
            was_percent = self.is_percent
            right = self.expression(above if self.rates and sign == "over" else above + 1)
            value = self.apply(sign, value, right, was_percent=was_percent)
            self.is_percent = False

    def sign(self) -> str:
        """The operation at hand, or nothing where none with an operand behind it follows."""
        kind = self.kind()
        if kind in _GLUED:
            return "glue" if self.multiplies() else ""
        return kind if kind in self.levels and self.operand_follows(kind) else ""

    def operand_follows(self, sign: str) -> bool:
        ahead = self.kind(1)
        if sign == "x":
            return ahead in {"num", "money"} or (ahead == "open" and not self.glued())
        if sign == "of" and not (self.is_percent or "over" in self.signs):
            return False
        return ahead in _BEGINS and not (ahead == "minus" and self.kind(2) not in _BEGINS)

    def apply(self, sign: str, left: Number, right: Number, *, was_percent: bool) -> Number:
        self.signs.add("times" if sign in {"x", "glue"} else sign)
        if sign in {"plus", "minus"}:
            if self.is_percent and not was_percent and self.percent == "relative":
                right = left * right
            return left + right if sign == "plus" else left - right
        if sign == "over":
            if not right:
                raise NotArithmeticError
            return Fraction(left) / right
        return left * right

    def signed(self) -> Number:
        if self.kinds[self.at] != "minus":
            return self.atom()
        self.at += 1
        self.deeper()
        value = -self.signed()
        self.depth -= 1
        return value

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise NotArithmeticError

    def glued(self) -> bool:
        return self.run[self.at].start == self.run[self.at - 1].end

    def multiplies(self) -> bool:
        """Whether the bracket or root at hand stands right behind a factor: `2(3 + 4)`."""
        this = self.run[self.at]
        if self.glued():
            return self.text[this.start] != "{"
        return multiplied(self.text, self.run[self.at - 1], this)

    def atom(self) -> Number:
        while self.kinds[self.at] == "money":
            self.at += 1
        match self.kinds[self.at]:
            case "num":
                value = self.numeral()
            case "open":
                value = self.bracket()
            case "frac":
                value = self.fraction()
            case "sqrt":
                value = self.root()
            case _:
                raise NotArithmeticError
        return self.behind(self.exponent(value))

    def numeral(self) -> Number:
        if self.kind() != "num":
            raise NotArithmeticError
        token = self.run[self.at]
        value = number(self.text[token.start : token.end])
        if value is None:
            raise NotArithmeticError
        self.at += 1
        return value

    def bracket(self) -> Number:
        if self.kind() != "open":
            raise NotArithmeticError
        self.at += 1
        self.deeper()
        value = self.expression(1)
        self.depth -= 1
        if self.kind() != "close":
            raise NotArithmeticError
        self.at += 1
        return value

    def fraction(self) -> Number:
        self.at += 1
        above = self.bracket()
        below = self.bracket()
        return self.apply("over", above, below, was_percent=False)

    def root(self) -> Number:
        self.at += 1
        value = self.bracket() if self.kind() == "open" else self.numeral()
        self.signs.add("sqrt")
        if value < 0:
            raise NotArithmeticError
        exact = Fraction(value)
        above, below = isqrt(exact.numerator), isqrt(exact.denominator)
        if above * above == exact.numerator and below * below == exact.denominator:
            return Fraction(above, below)
        self.rounded = True
        scale = 2 ** (_ROOT_BITS + max(0, exact.denominator.bit_length() - above.bit_length()))
        return Fraction(isqrt(exact.numerator * scale**2 // exact.denominator), scale)

    def exponent(self, value: Number) -> Number:
        kind = self.kind()
        if kind == "sup":
            token = self.run[self.at]
            self.at += 1
            return self.power(value, int(self.text[token.start : token.end].translate(_SUPERS)))
        if kind != "power":
            return value
        self.at += 1
        self.deeper()
        sign = -1 if self.kind() == "minus" else 1
        self.at += sign < 0
        raised_to = self.bracket() if self.kind() == "open" else self.numeral()
        self.depth -= 1
        return self.power(value, sign * raised_to)

    def power(self, value: Number, exponent: Number) -> Number:
        base = Fraction(value)
        bits = _bits(value)
        whole = int(exponent)
        if whole != exponent or abs(whole) > LARGEST_EXPONENT:
            raise NotArithmeticError
        if bits * abs(whole) > LARGEST_POWER_BITS or (whole < 0 and not base):
            raise NotArithmeticError
        self.signs.add("power")
        return base**whole if base.denominator > 1 or whole < 0 else int(base) ** whole

    def behind(self, value: Number) -> Number:
        """Takes currency, percent sign and unit words behind a value."""
        self.is_percent = False
        if self.kind() == "money" and self.kind(1) not in _BEGINS:
            self.at += 1
        if self.kind() == "percent":
            self.at += 1
            self.signs.add("percent")
            self.is_percent = True
            if self.percent != "plain":
                value = Fraction(value) / 100
        if self.kinds[self.at] == "word":
            self.units()
        return value

    def units(self) -> None:
        words = ahead = 0
        while words <= MOST_UNIT_WORDS and (
            self.kind(ahead) == "word" or (words and self.plain_of(ahead))
        ):
            words += 1
            ahead += 1 + self.unit_power(ahead + 1)
        follows = self.kind(ahead)
        if words and (follows in self.levels or follows in {"end", "close"}):
            self.at += ahead

    def unit_power(self, ahead: int) -> int:
        """How many tokens raise a unit to a power there: one in `cm²`, two in `cm^2`."""
        if self.kind(ahead) == "sup":
            return 1
        return 2 * (self.kind(ahead) == "power" and self.kind(ahead + 1) == "num")

    def plain_of(self, ahead: int) -> bool:
        return self.kind(ahead) == "of" and self.kind(ahead + 1) not in _BEGINS


def multiplied(text: str, factor: Token, following: Token) -> bool:
    r"""Whether LaTeX writes a product of the two although there is a blank between them.

    So it does in `4 \sqrt{2}`, `3 \left(1 + 2\right)` and `\frac{1}{2} (3 + 4)`, but neither in
    `3 hours (180 minutes)` nor in `2 \frac{1}{2}`.
    """
    if factor.kind not in _FACTORS:
        return False
    if following.kind == "sqrt":
        return True
    braced = text[factor.start] == "}"
    if following.kind == "frac":
        return braced
    return following.kind == "open" and (
        text[following.start] == "\\" or (braced and text[following.start] == "(")
    )


def _bits(value: Number) -> int:
    return max(value.numerator.bit_length(), value.denominator.bit_length())


_SUPERS: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
USUALLY: Final = Reading()


def evaluate(
    text: str, run: Sequence[Token], reading: Reading = USUALLY, *, whole: bool = True
) -> Evaluation | None:
    """What the tokens come to, or None where they are no arithmetic.

    Args:
        text: The text that the tokens were cut from.
        whole: Whether every token must belong to the expression; otherwise the longest
            beginning counts.
    """
    reader = _Reader(text, run, reading)
    try:
        value = reader.expression(1)
    except NotArithmeticError:
        return None
    if (whole and reader.at != len(run)) or _bits(value) > LARGEST_VALUE_BITS:
        return None
    return Evaluation(value, reader.at, frozenset(reader.signs), reader.rounded)
