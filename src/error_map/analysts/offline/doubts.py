"""Reasons to leave an equation alone although its two sides differ."""

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Final, TypeAlias

from .edges import torn
from .equations import Equation
from .scales import (
    differs_by_factor,
    incommensurable,
    large_words,
    last_digit,
    mixed_units,
    only_scientific,
)

Doubt: TypeAlias = Callable[[str, Equation], bool]

WIDE: Final = 250
"""Characters on either side in which a word on another kind of arithmetic counts."""
NEAR: Final = 90
"""Characters on either side in which a word on the equation itself counts."""
FAR: Final = 5_000
"""Characters on either side that still belong to the same task."""
ROUGH_SHARE: Final = Fraction(15, 100)
"""How far a result that is called rough may be off."""

_OTHER_ARITHMETIC: Final = re.compile(
    r"≡|\d_\{?\d|remainder|\bbases?\b|hexadecimal|binary|octal|floor|\binverse\b|⌊|\\+lfloor"
    r"|\bR\s?\d|clock|choose|congruen",
    re.IGNORECASE,
)
_MODULAR: Final = re.compile(r"\bmod\b|\bmodulo\b|\\+[pb]?mod\b|\\+equiv\b|≡|\bbase[- ]\d")
_ROUGHLY: Final = re.compile(
    r"about|approx|roughly|estimat|≈|nearly|almost|round|close to|whole number|truncat",
    re.IGNORECASE,
)
_REJECTED: Final = re.compile(
    r"\bnot (?:equal|possible|true|valid|hold|satisf|work|match|correct|consistent|the same"
    r"|an? (?:integer|whole|perfect|valid)|\d)|≠|\\+neq?\b"
    r"|n['\u2019]t (?:equal|hold|satisf|work|match|true|correct|possible|the same)|simplifies to"
    r"|incorrect|contradict|impossible|\bfalse\b|no solution|\bwrong\b|invalid|mistake|recheck"
    r"|however, we need|too (?:large|small|high|low|big|much|many)|✗|❌|\bfails\b|absurd",
    re.IGNORECASE,
)
_TRIED: Final = re.compile(
    r"\b(?:check|try|test|suppose|assum|guess|whether|if we|verify|option)", re.IGNORECASE
)
_NOTE: Final = re.compile(r"<<([^<>\n]*)>>")
_NEXT_QUESTION: Final = re.compile(r"\n[^\S\n]*(?:Question|Q|Problem|User|Human|Input)\s?\d{0,3}:")


def doubtful(text: str, equation: Equation) -> bool:
    """Whether something in or round the equation says that it may not be meant as it reads."""
    return any(doubt(text, equation) for doubt in _DOUBTS)


def _difference(_text: str, equation: Equation) -> bool:
    """`20 - 50 = 30` states by how much the two differ."""
    left, right = equation.left.result, equation.right.result
    return left.signs == {"minus"} and left.value == -right.value


def _floored(_text: str, equation: Equation) -> bool:
    """`7/2 + 7/4 = 3 + 1` counts whole parts."""
    off = Fraction(equation.left.result.value) - equation.right.result.value
    slashes = sum(token.kind in {"over", "frac"} for token in equation.left.run)
    return equation.right.operates and 0 < off < slashes


def _noted_otherwise(text: str, equation: Equation) -> bool:
    """The calculator's annotation worked on other numbers than the text shows with its units."""
    note = _NOTE.search(text, equation.left.start, equation.right.end)
    if note is None:
        return False
    noisy = "999999" in note[1] or "000000" in note[1]
    return noisy or any(token.kind == "word" for token in equation.left.run)


def _rejected(text: str, equation: Equation) -> bool:
    """The author tries the equation out, or rejects it."""
    start, end = equation.left.start, equation.right.end
    behind = _REJECTED.search(text, end, end + NEAR)
    return bool(behind or _TRIED.search(text, max(0, start - NEAR), start))


def _rough(text: str, equation: Equation) -> bool:
    """The author says that the result is rounded, and it is near."""
    one, other = Fraction(equation.left.result.value), equation.right.result.value
    if abs(one - other) > ROUGH_SHARE * abs(one):
        return False
    return bool(_ROUGHLY.search(_around(text, equation, NEAR)))


def _other_arithmetic(text: str, equation: Equation) -> bool:
    """The numbers are residues, digits in another base, or counts of whole parts."""
    near = _OTHER_ARITHMETIC.search(_around(text, equation, WIDE))
    return bool(near or _MODULAR.search(_around(text, equation, FAR)))


def _run_on(text: str, equation: Equation) -> bool:
    """It stands in another question, which the output ran on into."""
    start = equation.left.start
    return bool(_NEXT_QUESTION.search(text, max(1, start - FAR), start))


def _around(text: str, equation: Equation, reach: int) -> str:
    return text[max(0, equation.left.start - reach) : equation.right.end + reach]


_DOUBTS: Final[tuple[Doubt, ...]] = (
    torn,
    _difference,
    _floored,
    large_words,
    only_scientific,
    mixed_units,
    _noted_otherwise,
    last_digit,
    differs_by_factor,
    incommensurable,
    _rejected,
    _rough,
    _other_arithmetic,
    _run_on,
)
"""Cheapest first."""
