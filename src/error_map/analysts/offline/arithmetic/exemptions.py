"""Reasons to leave an equation alone although its two sides differ."""

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Final, Literal, TypeAlias

from ..values.tolerance import ROUGH
from .boundaries import torn, variable_x
from .equations import Equation
from .modular import FAR, other_arithmetic
from .unit_differences import (
    differs_by_factor,
    incommensurable,
    large_words,
    last_digit,
    mixed_units,
    only_scientific,
)

Doubt: TypeAlias = Callable[[str, Equation], bool]
Reason: TypeAlias = Literal[
    "difference",
    "part of something longer",
    "variable",
    "other arithmetic",
    "whole parts",
    "units",
    "number in words",
    "rounded",
    "rejected",
    "noted otherwise",
    "another question",
]
"""Why an equation whose sides differ may still be right, or is not its author's claim."""

NEAR: Final = 90
"""Characters on either side in which a word on the equation itself counts."""

_ROUGHLY: Final = re.compile(
    r"about|approx|roughly|estimat|≈|nearly|almost|round|close to|whole number|truncat",
    re.IGNORECASE,
)
_REJECTED: Final = re.compile(
    r"\bnot (?:equal|possible|true|valid|hold|satisf|work|match|correct|consistent|the same"
    r"|an? (?:integer|whole|perfect|valid)|\d)|≠|\\neq?\b"
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


def doubt(text: str, equation: Equation) -> Reason | None:
    """Why an equation whose sides differ may not be meant as it reads; None where it is."""
    return next((reason for doubts, reason in _DOUBTS if doubts(text, equation)), None)


def _difference(_text: str, equation: Equation) -> bool:
    """`20 - 50 = 30` states by how much the two differ."""
    left, right = equation.left.result, equation.right.result
    return left.signs == {"minus"} and left.value == -right.value


def _floored(_text: str, equation: Equation) -> bool:
    """`7/2 + 7/4 = 3 + 1` counts whole parts."""
    if any(token.kind in {"over", "frac", "sqrt"} for token in equation.right.run):
        return False
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
    return disowned(text, equation.left.start, equation.right.end)


def disowned(text: str, start: int, end: int) -> bool:
    """Whether the author tries out the text at that place, or rejects it afterwards.

    Example:
        >>> disowned("If 2 + 2 = 5, then we are done.", 3, 12), disowned("So 2 + 2 = 5.", 3, 12)
        (False, False)
        >>> disowned("Let us check: 2 + 2 = 5.", 14, 23), disowned("2 + 2 = 5 is false.", 0, 9)
        (True, True)
    """
    behind = _REJECTED.search(text, end, end + NEAR)
    return bool(behind or _TRIED.search(text, max(0, start - NEAR), start))


def _rough(text: str, equation: Equation) -> bool:
    """The author says that the result is rounded, and it is near."""
    one, other = Fraction(equation.left.result.value), equation.right.result.value
    if abs(one - other) > ROUGH * abs(one):
        return False
    return bool(_ROUGHLY.search(_around(text, equation, NEAR)))


def _run_on(text: str, equation: Equation) -> bool:
    """It belongs to another question, which the output ran on into."""
    start = equation.left.start
    return bool(_NEXT_QUESTION.search(text, max(1, start - FAR), start))


def _around(text: str, equation: Equation, reach: int) -> str:
    return text[max(0, equation.left.start - reach) : equation.right.end + reach]


_DOUBTS: Final[tuple[tuple[Doubt, Reason], ...]] = (
    (torn, "part of something longer"),
    (_difference, "difference"),
    (_floored, "whole parts"),
    (large_words, "number in words"),
    (only_scientific, "units"),
    (mixed_units, "units"),
    (variable_x, "variable"),
    (_noted_otherwise, "noted otherwise"),
    (last_digit, "rounded"),
    (differs_by_factor, "units"),
    (incommensurable, "units"),
    (_run_on, "another question"),
    (_rejected, "rejected"),
    (_rough, "rounded"),
    (other_arithmetic, "other arithmetic"),
)
"""Cheapest first."""
