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

_SMALL: Final[MappingProxyType[str, int]] = MappingProxyType(
    CARDINALS
    | {
        word: value
        for value, word in enumerate(
            "thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(),  # noqa: SIM905 - as above
            start=13,
        )
    }
    | {
        word: 10 * value
        for value, word in enumerate(
            "twenty thirty forty fifty sixty seventy eighty ninety".split(),  # noqa: SIM905 - as above
            start=2,
        )
    }
)
"""The words that number words below a hundred consist of."""
HUNDRED: Final = 100

_LETTERS: Final = re.compile(r"[a-z]+")


def cardinals(text: str) -> set[int]:
    """The numbers up to twelve that a text spells out.

    Example:
        >>> sorted(cardinals("Eight legs and two wings"))
        [2, 8]
    """
    return {CARDINALS[word] for word in CARDINALS.keys() & set(_LETTERS.findall(text.lower()))}


def spelt_out(text: str) -> set[int]:
    """The numbers that a text spells out, up to the hundreds.

    Example:
        >>> sorted(spelt_out("Thirty scarves, one hundred and twenty-four mittens, two by two"))
        [2, 30, 124]
    """
    found: set[int] = set()
    total: int | None = None
    for word in _LETTERS.findall(text.lower()):
        if word == "and" and total:
            continue
        if word == "hundred" and (not total or total < HUNDRED):
            total = (total or 1) * HUNDRED
            continue
        value = _SMALL.get(word)
        if value is not None and total is not None and _joins(total, value):
            total += value
            continue
        if total is not None:
            found.add(total)
        total = value
    return found if total is None else found | {total}


def _joins(total: int, value: int) -> bool:
    """Whether a number word goes on: "thirty two", "one hundred twelve"."""
    if not total or not value:
        return False
    return total % HUNDRED == 0 or (total % HUNDRED >= 20 and total % 10 == 0 and value < 10)  # noqa: PLR2004 - the tens
