"""Whether an equation belongs to another arithmetic: residues, other bases, whole parts."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Final

from ..text.word_overlap import lowercase
from .equations import Equation

WIDE: Final = 250
"""Characters on either side in which a word on another kind of arithmetic counts."""
FAR: Final = 5_000
"""Characters on either side that still belong to the same task."""
MOST_NAMED: Final = 200
"""Words on other arithmetic that are noted of one text: bounds the work."""
REMEMBERED: Final = 4
"""Texts whose words are kept: one text's equations are judged one after another."""

_NEAR: Final = re.compile(
    r"≡|\d_\{?\d|remainder|\bbase[sd]?[- ](?:\d|b\b|two|ten|eight|sixteen|system)|\bin base|numeral"
    r"|hexadecimal|binary|octal|\bfloor (?:of|function|div)|\bfloor\(|\binverse\b|⌊|\\lfloor"
    r"|clock|congruen|\bmod\b|\bmodulo\b|\\[pb]?mod\b|\\equiv\b|last (?:\w+ )?digits?",
    re.IGNORECASE,
)
_MODULUS: Final = re.compile(
    r"(?:\bmod\b|\bmodulo\b|\\[pb]?mod\b)[\s{}()$\\]*(?:m|n|p|q)?[\s=]*(\d{1,6})?"
    r"|(\\equiv\b|≡)"
)
_BASE: Final = re.compile(r"\bbase[- ]\$?(\d{1,2})\b")
_HINTS: Final = (
    *("\u2261", "_", "remainder", "base", "numeral", "hexadecimal", "binary", "octal", "floor"),
    *("inverse", "\u230a", "clock", "congruen", "mod", "equiv", "digit"),
)
"""One of these stands in all that the patterns find; plain words are found faster."""


@dataclass(frozen=True, slots=True)
class _Named:
    """Where a text speaks of other kinds of arithmetic; places are in ascending order."""

    near: tuple[int, ...]
    moduli: tuple[tuple[int, int], ...]
    """Each with its place; 1, which every whole number is a multiple of, where it is unnamed."""
    bases: tuple[tuple[int, int], ...]


def other_arithmetic(text: str, equation: Equation) -> bool:
    """Whether the numbers may be residues, digits in another base, or counts of whole parts.

    A word on it nearby is enough; one farther off only where it would explain the difference.
    """
    start, end = equation.left.start, equation.right.end
    named = _named(text)
    if named_near(text, start, end):
        return True
    moduli = {each for place, each in named.moduli if start - FAR <= place < end + FAR}
    off = equation.left.result.value - equation.right.result.value
    if any(off % modulus == 0 for modulus in moduli):
        return True
    bases = {each for place, each in named.bases if start - FAR <= place < end + FAR}
    return bool(bases) and _largest_digit(text, equation) < max(bases)


def named_near(text: str, start: int, end: int) -> bool:
    """Whether a word on another kind of arithmetic stands near that place.

    Example:
        >>> named_near("So 3^4 = 1 modulo 5.", 3, 10), named_near("So 3^4 = 81.", 3, 11)
        (True, False)
    """
    near = _named(text).near
    nearest = bisect_left(near, start - WIDE)
    return nearest < len(near) and near[nearest] < end + WIDE


@lru_cache(maxsize=REMEMBERED)
def _named(text: str) -> _Named:
    lowered = lowercase(text)
    if not any(hint in lowered for hint in _HINTS):
        return _Named(near=(), moduli=(), bases=())
    near = (match.start() for match in islice(_NEAR.finditer(text), MOST_NAMED))
    moduli = islice(_MODULUS.finditer(text), MOST_NAMED)
    bases = islice(_BASE.finditer(text), MOST_NAMED)
    return _Named(
        near=tuple(near),
        moduli=tuple((match.start(), int(match[1] or 0) or 1) for match in moduli),
        bases=tuple((match.start(), int(match[1])) for match in bases if match[1] != "10"),
    )


def _largest_digit(text: str, equation: Equation) -> int:
    run = (*equation.left.run, *equation.right.run)
    numerals = (text[each.start : each.end] for each in run if each.kind == "num")
    return max((int(sign) for each in numerals for sign in each if sign.isdecimal()), default=0)
