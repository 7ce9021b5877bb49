"""Number words: one table for numbers, multiples, fractions and powers of ten spelt out."""

import re
from types import MappingProxyType
from typing import Final

CARDINALS: Final[MappingProxyType[str, int]] = MappingProxyType(
    {
        word: value
        for value, word in enumerate(
            "zero one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905 - a long list reads best as text
        )
    }
)
LARGEST_SPELT: Final = max(CARDINALS.values())
"""Larger numbers are written in figures: style guides spell out numbers up to ten or twelve."""

MULTIPLES: Final[MappingProxyType[str, int]] = MappingProxyType(
    {"once": 1, "twice": 2, "double": 2, "thrice": 3, "triple": 3, "quadruple": 4}
    | {"dozen": 12, "dozens": 12}
)
"""Words for "so many times" and "so many of"."""

IMPLIED: Final[MappingProxyType[str, int]] = MappingProxyType(
    {"both": 2, "pair": 2, "couple": 2, "week": 7, "decade": 10}
)
"""Words that mention a number which a working then uses, as the seven days of a week."""

DIVISORS: Final[MappingProxyType[str, int]] = MappingProxyType(
    {"half": 2, "halved": 2, "halves": 2, "thirds": 3, "quarters": 4, "fourths": 4, "fifths": 5}
)
"""Words for fractions; a singular such as "third" may be an ordinal and is left out."""

MAGNITUDES: Final[MappingProxyType[str, int]] = MappingProxyType(
    {"dozen": 12, "hundred": 10**2, "thousand": 10**3}
    | {"million": 10**6, "billion": 10**9, "trillion": 10**12}
)
"""Words that multiply the number in front of them."""

_LETTERS: Final = re.compile(r"[a-z]+")


def cardinals(text: str) -> set[int]:
    """The numbers up to twelve that a text spells out.

    Example:
        >>> sorted(cardinals("Eight legs and two wings"))
        [2, 8]
    """
    return {CARDINALS[word] for word in CARDINALS.keys() & set(_LETTERS.findall(text.lower()))}
