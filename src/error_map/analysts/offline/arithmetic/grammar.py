r"""One grammar for written arithmetic and formulas: tokens in, a tree with offsets out.

Two notations share it. Plain arithmetic, `3 apples * $2`, has units, currency and percent signs
between the numbers; a formula, `\frac{x + 1}{2}`, has unknowns, functions and implied products.
What a tree is worth is up to its readers: exact arithmetic (`expressions`), polynomials
(`algebra.formulas`), steps of a working (`steps.workings`). Parsing looks ahead by a bounded number
of tokens and never goes back, so it is linear in their number.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from .tokens import Number, Token, number

MAX_UNIT_WORDS: Final = 4
"""Words of one unit, `square feet of wall space`: more are prose."""

USUAL: Final = {"plus": 1, "minus": 1, "times": 2, "x": 2, "over": 2, "of": 2, "glue": 2}
"""How tightly each sign binds; glue is a factor directly after another, `2(3 + 4)`."""
LEFT_TO_RIGHT: Final = dict.fromkeys(USUAL, 1)
LONG_FRACTION: Final = USUAL | {"times": 3, "x": 3, "of": 3, "glue": 3}
"""The working writes `a / b * c` for a over (b times c)."""
TIGHT_GLUE: Final = USUAL | {"glue": 3}
"""The working writes `a / b(c)` for a over (b times c)."""

UNKNOWNS: Final = frozenset({"letter", "greek", "name", "call"})
"""Kinds of token that are an unknown."""

_GLUED: Final = frozenset({"open", "frac", "sqrt"})
_GLUED_IN_FORMULA: Final = UNKNOWNS | {"frac", "root", "choose", "func", "pi", "open"}
_FORMULA_SIGNS: Final = frozenset({"plus", "minus", "times", "over"})
_FUNCTION_LETTERS: Final = frozenset("fghFGPQ")
"""Letters that with a bracket behind them are functions, not factors."""
_ARGUMENTS: Final = frozenset({"frac", "root", "choose", "func"})
"""What may follow a function without brackets."""
_FACTORS: Final = frozenset({"num", "close"})
_BEGINS: Final = frozenset({"num", "open", "frac", "sqrt", "money", "minus"})
_BEYOND: Final = ("end",) * (3 * MAX_UNIT_WORDS + 8)
"""What is seen behind the last token: looking ahead goes no further than unit words do."""
_SUPERS: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_LETTERS: Final = re.compile(r"[a-z]+")


MAX_MIXED_DIGITS: Final = 6
"""Digits of the parts of a mixed number."""
_LATEX_FRACTION: Final = ("frac", "open", "num", "close", "open", "num", "close")
_SLASH_FRACTION: Final = ("num", "over", "num")
_MIXED_TOKENS: Final = 1 + len(_LATEX_FRACTION)


class NotParsedError(Exception):
    """The tokens are no expression in this notation, or nested deeper than is read."""


class Node(NamedTuple):
    """One part of an expression: `text[start:end]` is how it is written."""

    op: str
    """num, unknown, pi, group, neg, plus, minus, times, over, of, glue, implied, frac, mixed,
    percent, power, root, choose, factorial or func. Products without a sign are glue where a
    bracket adjoins a factor, `2(3 + 4)`, otherwise implied."""
    start: int
    end: int
    parts: tuple["Node", ...] = ()
    """Operands, in the order in which they are written."""
    value: Number = 0
    """The value of a numeral; the index of a root."""
    name: str = ""
    """The name of an unknown or a function; `degrees` is appended for an angle in degrees."""


@dataclass(frozen=True, slots=True)
class Notation:
    """What may be written, and how tightly signs bind."""

    formula: bool
    """Whether unknowns and functions are read, and units are not."""
    max_depth: int
    """Brackets and signs within one another: bounds the recursion on hostile input."""
    levels: Mapping[str, int]
    rates: bool = False
    """Whether `a / b / c` is a over the rate b / c."""


def parse(
    text: str, run: Sequence[Token], notation: Notation, *, whole: bool = True
) -> tuple[Node, int]:
    """The tree of the expression that the tokens begin with, and how many tokens it takes.

    Args:
        text: The text that the tokens were cut from.
        run: The tokens.
        notation: How they are read.
        whole: Whether every token must belong to the expression.

    Raises:
        NotParsedError: They are no expression.
    """
    parser = _Parser(text, run, notation)
    tree = parser.expression(1)
    if whole and parser.at != len(parser.run):
        raise NotParsedError
    return tree, parser.at


class _Parser:
    """Precedence climbing over the tokens; its depth is bounded."""

    def __init__(self, text: str, run: Sequence[Token], notation: Notation) -> None:
        self.text = text
        self.run = run
        self.kinds = [*(token.kind for token in run), *_BEYOND]
        self.at = 0
        self.depth = 0
        self.notation = notation
        self.levels = notation.levels
        self.formula = notation.formula
        self.after_percent = False
        self.divided = False
        """Whether anything was divided so far: `1/2 of 6` is a product then."""

    def kind(self, ahead: int = 0) -> str:
        return self.kinds[self.at + ahead]

    def passes(self, kind: str) -> bool:
        """Whether the token at hand is of this kind, and is passed."""
        met = self.kinds[self.at] == kind
        self.at += met
        return met

    def shown(self) -> str:
        if self.at >= len(self.run):
            raise NotParsedError
        token = self.run[self.at]
        return self.text[token.start : token.end]

    def node(self, op: str, first: int, *parts: Node, value: Number = 0, name: str = "") -> Node:
        """A node over the tokens from the first one up to the place at hand."""
        return Node(op, self.run[first].start, self.run[self.at - 1].end, parts, value, name)

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > self.notation.max_depth:
            raise NotParsedError

    def expression(self, level: int) -> Node:
        first = self.at
        left = self.signed()
        in_quotient = False
        while True:
            sign = self.sign()
            above = self.levels.get(sign, 0)
            if above < level or above == 0:
                return left
            if sign == "glue" and in_quotient and self.formula:
                raise NotParsedError  # `1/2x` may mean either
            mixed = self.formula and self.kinds[self.at - 1 : self.at + 1] == ["num", "frac"]
            self.at += sign != "glue"
            in_rate = self.notation.rates and sign == "over"
            right = self.expression(above if in_rate else above + 1)
            if mixed and not unknowns_in(right):
                raise NotParsedError  # `8 1/2` is a mixed number, no product
            self.after_percent = False
            self.divided |= sign == "over"
            in_quotient = sign == "over"
            left = self.node(self.operation(sign, left, right), first, left, right)

    def sign(self) -> str:
        """The operation at hand, or nothing where none with an operand behind it follows."""
        kind = self.kinds[self.at]
        if self.formula:
            return "glue" if kind in _GLUED_IN_FORMULA else kind if kind in _FORMULA_SIGNS else ""
        if kind in _GLUED:
            return "glue" if self.multiplies() else ""
        return kind if kind in self.levels and self.operand_follows(kind) else ""

    def operation(self, sign: str, left: Node, right: Node) -> str:
        if sign == "glue":
            adjoins = left.end == right.start and self.text[right.start] == "("
            return sign if adjoins else "implied"
        return "times" if sign == "x" else sign

    def operand_follows(self, sign: str) -> bool:
        ahead = self.kind(1)
        if sign == "x":
            return ahead in {"num", "money"} or (ahead == "open" and not self.adjoins())
        if sign == "of" and not (self.after_percent or self.divided):
            return False
        return ahead in _BEGINS and not (ahead == "minus" and self.kind(2) not in _BEGINS)

    def adjoins(self) -> bool:
        return self.run[self.at].start == self.run[self.at - 1].end

    def multiplies(self) -> bool:
        """Whether the bracket or root at hand directly follows a factor: `2(3 + 4)`."""
        if self.adjoins():
            return self.text[self.run[self.at].start] != "{"
        return multiplied(self.text, self.run[self.at - 1], self.run[self.at])

    def signed(self) -> Node:
        if self.kinds[self.at] != "minus":
            self.at += self.formula and self.kinds[self.at] == "plus"
            return self.atom()
        first = self.at
        self.at += 1
        self.deeper()
        inner = self.signed()
        self.depth -= 1
        return self.node("neg", first, inner)

    def atom(self) -> Node:
        while self.kinds[self.at] == "money":
            self.at += 1
        first = self.at
        match self.kinds[self.at]:
            case "num":
                inner = self.numeral()
            case "open":
                inner = self.bracket()
            case "frac":
                inner = self.applied("frac")
            case "sqrt" | "root":
                inner = self.applied("root")
            case kind if self.formula:
                inner = self.symbol(kind)
            case _:
                raise NotParsedError
        inner = self.raised(inner, first)
        return inner if self.formula else self.behind(inner, first)

    def numeral(self) -> Node:
        value = number(self.shown()) if self.kind() == "num" else None
        if value is None:
            raise NotParsedError
        self.at += 1
        first = self.at - 1
        whole = self.node("num", first, value=value)
        if self.formula or not mixed_number(self.text, self.run, first):
            return whole
        return self.node("mixed", first, whole, self.proper_fraction())

    def proper_fraction(self) -> Node:
        """The fraction behind the whole part of a mixed number."""
        if self.kind() == "frac":
            return self.applied("frac")
        first = self.at
        above = self.numeral()
        self.at += 1
        self.divided = True
        return self.node("frac", first, above, self.numeral())

    def bracket(self) -> Node:
        first = self.at
        if self.kind() != "open" or (self.formula and self.shown() == "["):
            raise NotParsedError
        self.at += 1
        self.deeper()
        inner = self.expression(1)
        self.depth -= 1
        if not self.passes("close"):
            raise NotParsedError
        return self.node("group", first, inner)

    def argument(self) -> Node:
        r"""What `\frac` applies to: a group or a numeral; in a formula, one digit or letter."""
        if self.kind() == "open":
            return self.bracket()
        if not self.formula:
            return self.numeral()
        if self.kind() == "letter":
            return self.symbol("letter")
        if self.kind() == "num" and self.shown().isdecimal():
            start, end = self.run[self.at][1:]
            digits = [Token("num", place, place + 1) for place in range(start, end)]
            self.run = [*self.run[: self.at], *digits, *self.run[self.at + 1 :]]
            self.kinds[self.at : self.at + 1] = ["num"] * len(digits)
        return self.numeral()

    def applied(self, op: str) -> Node:
        first, shown = self.at, self.shown()
        self.at += 1
        above = self.argument()
        if op == "root":
            return self.node(op, first, above, value=_index(shown))
        self.divided |= op == "frac"
        return self.node(op, first, above, self.argument())

    def symbol(self, kind: str) -> Node:
        """An unknown, a constant or a function of a formula."""
        if kind == "choose":
            return self.applied(kind)
        if kind == "func":
            return self.function()
        if kind not in UNKNOWNS and kind != "pi":
            raise NotParsedError
        name = name_of(self.shown())
        self.at += 1
        if name in _FUNCTION_LETTERS and self.kind() == "open":
            raise NotParsedError
        return self.node("pi" if kind == "pi" else "unknown", self.at - 1, name=name)

    def function(self) -> Node:
        first, name = self.at, _LETTERS.findall(self.shown())[-1]
        self.at += 1
        degrees = False
        if self.passes("open"):
            inner = self.expression(1)
            degrees = self.passes("degree")
            if not self.passes("close"):
                raise NotParsedError
        elif self.kind() == "num":
            inner = self.numeral()
        elif self.kind() in _ARGUMENTS:
            inner = self.function() if self.kind() == "func" else self.applied(self.kind())
        else:
            raise NotParsedError
        degrees = self.passes("degree") or degrees
        if self.kind() == "power":
            raise NotParsedError
        return self.node("func", first, inner, name=f"{name} degrees" if degrees else name)

    def raised(self, inner: Node, first: int) -> Node:
        """The value with the exponents behind it; in a formula several, and factorials."""
        while True:
            if self.kinds[self.at] == "sup":
                value = int(self.shown().translate(_SUPERS))
                self.at += 1
                inner = self.node("power", first, inner, self.node("num", self.at - 1, value=value))
            elif self.passes("power"):
                inner = self.node("power", first, inner, self.exponent())
            elif self.formula and self.passes("bang"):
                inner = self.node("factorial", first, inner)
            else:
                return inner
            if not self.formula:
                return inner

    def exponent(self) -> Node:
        first = self.at
        negative = self.passes("minus")
        self.deeper()
        inner = self.bracket() if self.kind() == "open" else self.numeral()
        self.depth -= 1
        return self.node("neg", first, inner) if negative else inner

    def behind(self, inner: Node, first: int) -> Node:
        """Takes currency, percent sign and unit words behind a value."""
        self.after_percent = False
        if self.kind() == "money" and self.kind(1) not in _BEGINS:
            self.at += 1
        if self.passes("percent"):
            self.after_percent = True
            inner = self.node("percent", first, inner)
        if self.kinds[self.at] == "word":
            self.units()
        return inner

    def units(self) -> None:
        words = ahead = 0
        while words <= MAX_UNIT_WORDS and (
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


def operands(tree: Node, joins: frozenset[str], turns: str) -> list[tuple[Node, bool]]:
    """The operands of a chain of operations of one kind, and which are taken off or divided by.

    Args:
        tree: The last operation of the chain; anything else is its own only operand.
        joins: Operations that the chain consists of.
        turns: The one of them whose right operand is taken off or divided by.
    """
    found = []
    while tree.op in joins:
        found.append((tree.parts[1], tree.op == turns))
        tree = tree.parts[0]
    return [(tree, False), *reversed(found)]


def unknowns_in(tree: Node) -> bool:
    """Whether any part of the tree is an unknown."""
    return tree.op == "unknown" or any(map(unknowns_in, tree.parts))


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


def mixed_number(text: str, run: Sequence[Token], index: int) -> bool:
    r"""Whether the token is the whole part of a mixed number, `2\frac{1}{2}` or `2 1/2`."""
    whole, *behind = run[index : index + _MIXED_TOKENS]
    if whole.kind != "num" or not behind:
        return False
    gap = text[whole.end : behind[0].start]
    kinds = tuple(token.kind for token in behind)
    if kinds[: len(_LATEX_FRACTION)] == _LATEX_FRACTION:
        above, below = behind[2], behind[5]
    elif kinds[: len(_SLASH_FRACTION)] == _SLASH_FRACTION:
        above, slash, below = behind[:3]
        joined = above.end == slash.start and slash.end == below.start and text[slash.start] == "/"
        if not gap or not joined:
            return False
    else:
        return False
    parts = [text[each.start : each.end] for each in (whole, above, below)]
    if gap.strip(" ") or not all(each.isdecimal() for each in parts):
        return False
    return max(map(len, parts)) <= MAX_MIXED_DIGITS and 0 < int(parts[1]) < int(parts[2])


def name_of(shown: str) -> str:
    """The name of an unknown, without LaTeX's backslashes, braces and blanks."""
    return shown if "(" in shown else "".join(sign for sign in shown if sign not in "\\{} ")


def _index(shown: str) -> int:
    """Which root a sign takes."""
    digits = "".join(sign for sign in shown if sign.isdecimal())
    return int(digits or {"∛": 3, "∜": 4}.get(shown, 2))
