"""Numbers and what follows them: exact values, magnitudes, percent, units."""

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Final

from .number_words import MAGNITUDES
from .units import same_measure, same_unit

CACHE_SIZE: Final = 1_024
"""Texts whose numbers are cached: references and answers are compared by many detectors."""
MAX_NUMBER_CHARS: Final = 120
"""No answer that is longer than this is one number."""
SHORTEST_UNIT: Final = 2
"""Letters: a single one may be a variable, 5x is not 5."""

_NUMBER: Final = re.compile(
    r"(?P<sign>[-+]?)\s*(?:usd|us|rs\.?|eur)?\s*(?P<money>[$£€¥₹])?\s*(?P<minus>-?)"
    r"(?:(?P<whole>\d+)\s+(?P<part>\d+)/(?P<parts>\d+)"
    r"|(?P<digits>\d{1,3}(?:,\d{2,3})*,\d{3}|\d{1,3}(?: \d{3})+(?![\d/])|\d+)?(?P<decimals>\.\d*)?"
    r"(?:e(?P<tens>[-+]?\d{1,3})|\s*[*x]\s*10\s*(?:\^|\*\*)\s*[({]?(?P<power>[-+]?\d{1,3})[)}]?)?"
    r"(?:\s*/\s*(?P<below>\d+))?)"
    r"\s*(?P<unit>%|[a-z°\"'$£€][a-z°./ ^\-'23]*)?"
)
_TEN: Final = re.compile(r"(-?)10\s*(?:\^|\*\*)\s*[({]?([-+]?\d{1,3})[)}]?")
_NOT_UNITS: Final = frozenset(
    re.findall(
        r"\w+",
        "pi sqrt log ln sin cos tan exp mod factorial squared cubed choose base plus minus times"
        " over or and to through not in by of is if than less more off but infty cup am pm",
    )
)
_PERCENT: Final = frozenset({"%", "percent", "per cent", "pct"})


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit, which is empty where none is given."""

    value: Fraction
    unit: str


def amount(text: str) -> Amount | None:
    """The number that a plain text is, or None where it is anything else."""
    return None if len(text) > MAX_NUMBER_CHARS else _amount(text)


@lru_cache(maxsize=CACHE_SIZE)
def _amount(text: str) -> Amount | None:
    if power := _TEN.fullmatch(text):
        return Amount((-1 if power[1] else 1) * Fraction(10) ** int(power[2]), "")
    found = _NUMBER.fullmatch(text)
    if found is None or not (
        found["whole"] or found["digits"] or (found["decimals"] or ".") != "."
    ):
        return None
    value = _magnitude(found)
    unit = _unit(found["unit"] or "")
    if value is None or unit is None:
        return None
    negative = bool(found["sign"] == "-") != bool(found["minus"])
    return Amount((-value if negative else value) * unit[0], unit[1])


def same_amount(left: str, right: str) -> bool:
    """Whether both plain texts are numbers of one value; a unit on one side is passed over."""
    first = amount(left)
    second = amount(right) if first else None
    if not first or not second:
        return False
    units = {first.unit, second.unit} - {""}
    if first.value == second.value and (len(units) <= 1 or _alike(*units)):
        return True
    if len(units) == 1 and units <= _PERCENT:
        return first.value * _hundredth(first) == second.value * _hundredth(second)
    return same_measure((first.value, first.unit), (second.value, second.unit))


def _alike(left: str, right: str) -> bool:
    return left.rstrip("s") == right.rstrip("s") or same_unit(left, right)


def _hundredth(quantity: Amount) -> Fraction:
    return Fraction(1, 100) if quantity.unit in _PERCENT else Fraction(1)


def _magnitude(found: re.Match[str]) -> Fraction | None:
    if found["whole"]:
        parts = int(found["parts"])
        return int(found["whole"]) + Fraction(int(found["part"]), parts) if parts else None
    digits = (found["digits"] or "0").replace(",", "").replace(" ", "")
    decimals = (found["decimals"] or "").rstrip(".")
    below = int(found["below"] or 1)
    tens = int(found["tens"] or found["power"] or 0)
    return Fraction(digits + decimals) * Fraction(10) ** tens / below if below else None


def _unit(text: str) -> tuple[int, str] | None:
    """The factor and the unit in the words after a number; None where they are no unit."""
    words = text.strip(" .").split()
    factor = MAGNITUDES.get(words[0], 1) if words else 1
    words = words[1:] if factor > 1 else words
    unit = " ".join(words)
    if unit in _PERCENT:
        return factor, "%"
    if any(word in _NOT_UNITS for word in words) or "*" in unit:
        return None
    if unit and len(words[0].strip("°\"'$£€")) < SHORTEST_UNIT and unit[0].isalpha():
        return None
    return factor, unit.strip("$£€")
