"""The unit in which an answer is stated, and that in which it would equal the reference."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Final

from ..algebra.formulas import stated
from ..arithmetic.quantities import quantities
from ..detector import Case
from ..values.equality import is_number, plain
from ..values.units import MEASURES
from .own_question import own_question
from .whole_answer import in_full

TEXT_CHARS: Final = 4_000
"""Read at the end of a working and of a question, where result and request are."""

_BEHIND: Final = re.compile(
    r"(?:<<[^<>\n]{0,200}>>[\d.,]{0,20})?[ *$}]{0,4}(?:\\?(?:text|mathrm)\s?\{\s?)?"
    r"([A-Za-z\u00b0\u00a2]{1,15})"
)
_MONEY: Final = re.compile(r"\$[ \\*]{0,3}\Z")
_ASKS: Final = r"\b(?:how many|number of|in|to the nearest)\s+(?:\w+\s+){{0,2}}?(?:{})(?!\w)"


@dataclass(frozen=True, slots=True)
class OtherUnit:
    """An answer that is the reference in another unit: `output[start:end]` states it."""

    start: int
    end: int
    own: str
    expected: str


def unit_at(text: str, start: int, end: int) -> str:
    """The unit of the number `text[start:end]`, in lower case; empty if none that has a size.

    Example:
        >>> unit_at("It costs 350 cents.", 9, 12), unit_at("It costs $3.", 10, 11)
        ('cents', '$')
    """
    if _MONEY.search(text, max(0, start - 4), start):
        return "$"
    found = _BEHIND.match(text, end)
    name = found[1].lower() if found else ""
    return name if name in MEASURES and len(name) > 1 else ""


def other_unit(case: Case) -> OtherUnit | None:
    """The answer with its unit, if in another unit of the kind it equals the reference.

    Not if the question asks for the answer's own unit.
    """
    final, gold = _number(case, own=True), _number(case, own=False)
    if case.answer is None or not final or not gold or final == gold:
        return None
    for start, end, own in _stated_units(case, final):
        kind, size = MEASURES[own]
        expected = _unit_of(kind, size * final / gold)
        if expected and not _asks_for(own_question(case)[-TEXT_CHARS:], kind, size):
            return OtherUnit(start, end, own, expected)
    return None


def _stated_units(case: Case, final: Fraction) -> Iterator[tuple[int, int, str]]:
    """The last place where the answer's value has a unit, with the unit."""
    text = case.output
    places = [each for each in quantities(text[-TEXT_CHARS:]) if each.value == final]
    shift = max(0, len(text) - TEXT_CHARS)
    for each in reversed(places):
        start, end = shift + each.start, shift + each.end
        unit = unit_at(text, start, end)
        if unit:
            yield start, end, unit
            return


def _number(case: Case, *, own: bool) -> Fraction | None:
    """The positive number that the answer or the reference is."""
    if own:
        text = in_full(case.output, case.answer).text if case.answer else ""
    else:
        text = case.gold or ""
    value = stated(plain(text)) if is_number(text) else None
    return Fraction(value) if value is not None and value > 0 else None


def _unit_of(kind: str, size: Fraction) -> str:
    """The longest name of the unit with this size, in the plural."""
    names = [name for name, measure in MEASURES.items() if measure == (kind, size)]
    return max(names, key=lambda name: (name.endswith("s"), len(name)), default="")


def asks_for_other_unit(case: Case, unit: str) -> bool:
    """Whether the question asks for another unit of this kind, and not for this one."""
    if unit not in MEASURES:
        return False
    kind, size = MEASURES[unit]
    question = own_question(case)[-TEXT_CHARS:]
    others = {of for each, of in MEASURES.values() if each == kind} - {size}
    return not _asks_for(question, kind, size) and any(
        _asks_for(question, kind, other) for other in others
    )


def _asks_for(question: str, kind: str, size: Fraction) -> bool:
    """Whether the question asks for a number of this unit."""
    return _request(kind, size).search(question) is not None


@lru_cache(maxsize=len(MEASURES))
def _request(kind: str, size: Fraction) -> re.Pattern[str]:
    names = (name for name, measure in MEASURES.items() if measure == (kind, size))
    return re.compile(_ASKS.format("|".join(map(re.escape, names))), re.IGNORECASE)
