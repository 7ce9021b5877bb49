"""Sentences of shown working, with their places, and the value that the last one ends in."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ..values.tolerance import RESCALED, power_of_ten
from .quantities import quantities
from .tokens import Number

TAIL_CHARS: Final = 1_500
"""End of a working that is cut into sentences."""
CACHE_SIZE: Final = 4
"""Workings kept: several detectors ask for the end of the same one."""
MAX_POWER: Final = 15
"""Powers of ten that a unit or a notation may take away."""

_ENDS: Final = re.compile(r"(?<=[.!?:])(?:\s+|$)|\n+|\\n(?![a-z])")
_SAYS: Final = re.compile(r"[^\W_].*?[^\W_]", re.DOTALL)
"""Two letters or digits."""
_INTRODUCES: Final = re.compile(
    r"(?:=|\u2248|\\approx|\bis(?: therefore| then| thus| now)?"
    r"(?: approximately| about| equal to| roughly)?|\bget|\bgives?"
    r"|\bapproximately|\bequals|\bto be)[$\\({\s\u20ac\u00a3~-]*\Z"
)
_GOES_ON: Final = re.compile(
    r"[^.,;\n=]{0,24}?(?:[*/^+\u00d7\u00f7\u00b7\u221a!(]|\\(?:pi|sqrt|frac|times|cdot|div)"
    r"|\btimes\b|\bdivided\b|\u03c0|\bper\b|\bto\b|\bminus\b|\bplus\b)|[a-zA-Z]{1,2}\^"
)
_CONCLUDES: Final = re.compile(
    r"\b(?:therefore|thus|hence|so|we (?:get|find|have|obtain)|this (?:gives|yields|is)"
    r"|approximately|result|comes to|total)\b|\u2248|\\approx"
    r"|[-+*/\u00d7\u00f7\u00b7]\s{0,4}[$\\(]{0,4}\d[^=\n]{0,120}=",
    re.IGNORECASE,
)
_FALLS_BACK: Final = re.compile(r"\b(?:closest|nearest|options?|choices?|listed)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch of a text up to a full stop, colon or new line."""

    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Value:
    """A number that a sentence ends in: `text[start:end]` is its numeral."""

    value: Number
    start: int
    end: int


def sentences(text: str, begin: int = 0) -> list[Sentence]:
    """The sentences of `text[begin:]` that say anything, in order."""
    found, start = [], begin
    for end in _ENDS.finditer(text, begin):
        found.append(Sentence(text[start : end.start()], start))
        start = end.end()
    found.append(Sentence(text[start:], start))
    return [each for each in found if _SAYS.search(each.text)]


@lru_cache(maxsize=CACHE_SIZE)
def last_sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences at the end of a working."""
    return tuple(sentences(text, max(0, len(text) - TAIL_CHARS)))


@lru_cache(maxsize=CACHE_SIZE)
def concluded(working: str) -> tuple[Sentence, Value] | None:
    """The value that the working's last step ends in, if it ends in one, and its sentence."""
    last = list(last_sentences(working))
    while last and _FALLS_BACK.search(last[-1].text) and not _value(last[-1]):
        last.pop()
    if not last or not _CONCLUDES.search(last[-1].text):
        return None
    value = _value(last[-1])
    return (last[-1], value) if value else None


def _value(sentence: Sentence) -> Value | None:
    """The last number that the sentence gives as a result and does not work on with."""
    fall = _FALLS_BACK.search(sentence.text)
    text = sentence.text[: fall.start()] if fall else sentence.text
    found = None
    for each in quantities(text):
        if _INTRODUCES.search(text, max(0, each.start - 30), each.start):
            found = each
    if found is None or "=" in text[found.end :] or _GOES_ON.match(text, found.end):
        return None
    shift = sentence.start
    return Value(found.value, shift + found.start, shift + found.end)


def near(value: Number, others: Iterable[Number]) -> bool:
    """Whether a value may be one of the others: rounded, in another power of ten, or as a rise.

    A rise by 42 % is also written as the factor 1.42.
    """
    one = float(value)
    less = one - 1 if one > 1 else one
    return any(_near(one, float(other)) or _near(less, float(other)) for other in others)


def _near(one: float, other: float) -> bool:
    if one == other:
        return True
    if not one or not other:
        return False
    if abs(one - other) < 1 and other.is_integer() and abs(one) > 1:
        return True
    power = power_of_ten(abs(one), abs(other), within=RESCALED)
    return power is not None and abs(power) <= MAX_POWER
