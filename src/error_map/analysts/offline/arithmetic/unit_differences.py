"""Differences between two sides that units, powers of ten or rounding explain."""

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from ..values.number_words import MAGNITUDES
from ..values.tolerance import CONVERSION, ROUNDED, power_of_ten
from ..values.units import DIMENSIONS, FACTORS
from .equations import Equation
from .interpretations import readings
from .tokens import decimals

_CONVERTED: Final = frozenset({"time", "length", "mass", "volume", "money"})
_PHYSICAL: Final = frozenset({"energy", "power", "pressure", "frequency", "amount", "wavelength"})
"""Quantities that formulas of physics combine, with constants that go unsaid."""
_METRIC: Final = frozenset({"length", "mass", "volume", "physics"})
_KIND_OF: Final = {
    unit: "physics" if dimension in _PHYSICAL else dimension
    for unit, dimension in DIMENSIONS.items()
    if dimension in _CONVERTED | _PHYSICAL and len(unit) > 1
}
_COINS: Final = frozenset(
    unit.removesuffix("s") for unit, dimension in DIMENSIONS.items() if dimension == "money"
) - {"$", "dollar", "usd"}
# A single letter excuses too much: 12 / 101 = 1.19 m is false whatever the unit.

FAR_APART: Final = 100
_HUNDRED: Final = 2

_PREFIXES: Final = "GMkmcdnp\u00b5\u03bc"
_UNIT_CHARS: Final = 4
"""Letters of the longest unit symbol with a prefix."""
_SHORTEST_TWIN: Final = 2
"""Letters: `cm` and `mm` are known by name, other pairs of two letters may be words."""
_LETTERS: Final = re.compile(r"[a-zA-Z\u00b5\u03bc]+")
_BEHIND: Final = re.compile(r"[^\S\n]*[\\$]*[^\S\n]*(?:mathrm|text)?[ {~]*([a-zA-Z]+)")
_QUANTITY_AHEAD: Final = re.compile(r"\d\s?([a-zA-Z]+)\s\(?$")
_QUANTITY_BEHIND: Final = re.compile(r"\s?([a-zA-Z]+)\s\d")
_SHOWS_DECIMALS: Final = re.compile(r"\d\.\d")
_LARGE_WORD: Final = re.compile(
    rf"[^\S\n]*(?:pi\b|π|{'|'.join(MAGNITUDES)}|tenths|k\b|(?-i:[KMB])\b|lakh|crore)",
    re.IGNORECASE,
)
_LARGE_INSIDE: Final = re.compile(rf"\d\s?(?:{'|'.join(MAGNITUDES)}|k\b|M\b)|dozen", re.IGNORECASE)
_MIXED_NUMBER: Final = re.compile(r"\d\s?\(\d+\s?/\s?\d+\)|(?<![\w./])\d{1,4}-\d{1,3}/\d{1,3}\b")
_SCIENTIFIC: Final = re.compile(
    r"\W*\d[\d.,]*\s*(?:\\+times|\\+cdot|[\u00d7x*·])\s*10\s*(?:\^|\*\*)[\s{(]*[-\u2212]?\d+[})]?.*",
    re.DOTALL,
)


def large_words(text: str, equation: Equation) -> bool:
    """A dozen, a million or pi is part of a number, or a number is mixed, `74(7/8)`, `1-1/2`."""
    inside = text[equation.left.start : equation.right.end]
    behind = _LARGE_WORD.match(text, equation.right.end)
    return bool(behind or _LARGE_INSIDE.search(inside) or _MIXED_NUMBER.search(inside))


def only_scientific(text: str, equation: Equation) -> bool:
    """The left side is one number in scientific notation, not an operation."""
    left = equation.left
    kinds = {token.kind for token in left.run}
    if kinds & {"plus", "over", "frac", "sqrt"}:
        return False
    return bool(_SCIENTIFIC.fullmatch(text[left.start : left.end]))


def mixed_units(text: str, equation: Equation) -> bool:
    """Two units of one kind, `2 hours + 30 minutes`, or a quantity in two parts, `6 ft 2 in`."""
    found = {each.removesuffix("s") for each in _units(text, equation)}
    kinds = [_KIND_OF.get(unit, unit) for unit in found]
    if len(kinds) != len(set(kinds)) or _prefixed(text, equation):
        return True
    if found & _COINS and "$" in text[max(0, equation.left.start - 1) : equation.right.end]:
        return True
    start, end = equation.left.start, equation.right.end
    ahead = _QUANTITY_AHEAD.search(text[max(0, start - 14) : start])
    behind = _QUANTITY_BEHIND.match(text[end : end + 14])
    return any(part and part[1].lower() in _KIND_OF for part in (ahead, behind))


def differs_by_factor(text: str, equation: Equation) -> bool:
    """A factor between units of which one is named, or a power of ten that a unit may explain."""
    kinds = {_KIND_OF[each] for each in _units(text, equation)}
    factors = [each for kind in kinds for each in FACTORS.get(kind, ())]
    signs = _signs(equation)
    tens = "power" in signs or bool(kinds & _METRIC)
    hundred = bool(signs & {"percent", "over"})
    for ratio in _ratios(text, equation):
        power = power_of_ten(ratio, 1)
        if power and (tens or (hundred and power == _HUNDRED)):
            return True
        if any(abs(ratio / each - 1) < CONVERSION for each in factors):
            return True
    return False


def incommensurable(text: str, equation: Equation) -> bool:
    """Two physical values a hundredfold apart: a constant or unit of the formula goes unsaid."""
    inside = text[equation.left.start : equation.right.end]
    if "power" not in _signs(equation) and not _SHOWS_DECIMALS.search(inside):
        return False
    return min(_ratios(text, equation), default=Fraction(0)) >= FAR_APART


def last_digit(text: str, equation: Equation) -> bool:
    """Decimals that are off by no more than two units of the last place shown, and by little."""
    right = equation.right
    shown = [text[each.start : each.end] for each in right.run if each.kind == "num"]
    places = decimals(shown[-1]) if len(shown) == 1 else 0
    value = Fraction(equation.left.result.value)
    off = abs(value - right.result.value)
    return places > 0 and off <= Fraction(2, 10**places) and off <= ROUNDED * abs(value)


def _signs(equation: Equation) -> frozenset[str]:
    return equation.left.result.signs | equation.right.result.signs


def _prefixed(text: str, equation: Equation) -> bool:
    """Two units of one name with and without a metric prefix, `1 GeV - 1 MeV`, in whatever unit."""
    shown = text[equation.left.start : equation.right.end + _UNIT_CHARS]
    units = {name for name in _LETTERS.findall(shown) if len(name) <= _UNIT_CHARS}
    return any(
        name[0] in _PREFIXES and (name[1:] in units or _twin(name, units))
        for name in units
        if len(name) > 1
    )


def _twin(name: str, units: set[str]) -> bool:
    others = (prefix + name[1:] for prefix in _PREFIXES if prefix != name[0])
    return len(name) > _SHORTEST_TWIN and any(other in units for other in others)


def _units(text: str, equation: Equation) -> set[str]:
    """The units of a known kind named in the two sides or right behind them."""
    left, right = equation.left, equation.right
    words = [text[each.start : each.end] for each in (*left.run, *right.run) if each.kind == "word"]
    behind = _BEHIND.match(text[right.end : right.end + 30])
    words += [behind[1]] if behind else []
    found = {letters.lower() for word in words for letters in _LETTERS.findall(word)}
    return found & _KIND_OF.keys()


def _ratios(text: str, equation: Equation) -> Iterator[Fraction]:
    """The larger side over the smaller, for every reading of the two."""
    for left in readings(text, equation.left):
        for right in readings(text, equation.right):
            one, other = left.result.value, right.result.value
            if one and other:
                ratio = abs(Fraction(one) / other)
                yield max(ratio, 1 / ratio)
