"""The numbers that a text mentions, by value."""

import re
from functools import lru_cache
from itertools import islice
from typing import Final, NamedTuple

from ..values.number_words import CARDINALS, IMPLIED, MULTIPLES
from .tokens import NUMERAL, Number, number

MAX_NUMBERS: Final = 2_000
"""Numerals read of one text: bounds the work on a text without end."""

MAX_CHARS: Final = 100_000
"""Characters of one text that are read at all."""

CACHE_SIZE: Final = 512
"""Texts whose values are cached: options, references and right workings come again and again."""

_LETTERS: Final = re.compile(r"[a-z]+")
_NUMERAL: Final = re.compile(NUMERAL)
_SPELT: Final = CARDINALS | MULTIPLES | IMPLIED


class Quantity(NamedTuple):
    """A number and its place: `text[start:end]` is its numeral."""

    value: Number
    start: int
    end: int


@lru_cache(maxsize=CACHE_SIZE)
def quantities(text: str) -> tuple[Quantity, ...]:
    """Every numeral of the text with its value, in order; signs and units are not read.

    Example:
        >>> [each.value for each in quantities("1,200 g in 3 bags")]
        [1200, 3]
    """
    found = islice(_NUMERAL.finditer(text, 0, MAX_CHARS), MAX_NUMBERS)
    return tuple(
        Quantity(value, *match.span()) for match in found if (value := number(match[0])) is not None
    )


@lru_cache(maxsize=CACHE_SIZE)
def values(text: str) -> frozenset[Number]:
    """The values of all numerals of the text.

    Example:
        >>> sorted(values("3 of 12 and 3 of 4"))
        [3, 4, 12]
    """
    numerals = set(_NUMERAL.findall(text, 0, MAX_CHARS))
    return frozenset(value for each in numerals if (value := number(each)) is not None)


def spelt(text: str) -> set[Number]:
    """The values of the number words of the text, up to twelve.

    Example:
        >>> sorted(spelt("Twice a week for three hours"))
        [2, 3, 7]
    """
    return {_SPELT[word] for word in _SPELT.keys() & set(_LETTERS.findall(text.lower()))}
