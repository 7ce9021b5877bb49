"""Expressions and lists that a working ends with, and their values."""

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import accumulate, islice
from typing import Final

from ..arithmetic.tokens import NUMERAL, number
from .formulas import MAX_FORMULA_CHARS, formula
from .polynomials import Coefficient

MAX_VALUE: Final = 10**18
"""Larger values are no answers that are worth comparing."""
MAX_PIECES: Final = 40
"""Expressions that are looked at in the end of one working."""
MAX_LISTED: Final = 60
SHORTEST_LIST: Final = 2
SHORTEST_SUM: Final = 3

_MARKS: Final = re.compile(
    r"\$+|\\+[()\[\]]|\n|\\+n(?![a-z])|\\\\|\*\*|[:;\"]|[.,](?=\s|\Z)| of | is "
)
"""What an expression does not reach across."""
_EQUALS: Final = re.compile(r"=|\u2248|\\+approx(?![a-z])|\\+to(?![a-z])")
_PLAIN: Final = re.compile(
    r"[-\d(.\u221a][-\d\s.,+*/^(){}!\u00d7\u00b7\u22c5\u00f7\u2212\u221a]*[\d)!}]"
)
_CHOICES: Final = re.compile(
    r"(?:nCr|\b[CP])?\s?\(\s?(\d{1,3})\s?,\s?(\d{1,3})\s?\)|\b(\d{1,3})\s?(?:C|choose)\s?(\d{1,3})\b"
    r"|\{?(\d{1,3})\}?\s?\\+choose\s?\{?(\d{1,3})\}?"
)
_UNITS: Final = re.compile(r"\\+(?:text|mathrm|mbox)\s?\{[^{}]{0,40}\}|\\+[%$]|%|\\+qquad|\\+quad")
_BY_WORD: Final = re.compile(
    rf"({NUMERAL})[^\d\n.]{{1,30}}?\b(?:times|by)\b[^\d\n.]{{1,40}}?({NUMERAL})"
)
_DIVIDED: Final = re.compile(
    rf"\bdivid(?:e|ed|ing) [^\d\n.]{{0,30}}?({NUMERAL})[^\d\n.]{{1,30}}?\bby[^\d\n.]{{1,30}}?"
    rf"({NUMERAL})"
)
_NUMERAL: Final = re.compile(
    rf"(?<![\w^_{{*/.\\!])(?:(?<![-+\u2212])|(?<=\s-))-?({NUMERAL})(?![\w^!*/(\\]|\s?[*/^])"
)
_ITEM: Final = re.compile(r"\s*(?:,\s*(?:and\s+)?|and\s+|;\s*)\s*")
_LABEL: Final = re.compile(r"(?:(?<=\n)|(?<=\\n))\s*\d+[.)](?=\s)")
_TUPLES: Final = re.compile(r"\(\s?-?\d[^()\n]{0,30}\)")
_CLOSED: Final = re.compile(
    r"\d\s?!|\d\s?\^|\bC\(\d|\bP\(\d|\d\s?C\s?\d|\d\}?\s?\\*choose|binom\s?\{?\d"
    r"|\d\s?[-+*/\u00d7\u00b7\u00f7\u2212]\s?\d"
    r"|\d[)}]?\s?(?:\\+(?:times|cdot|div)|[*\u00d7])\s?(?:[({]?\d|\\*\()"
    r"|sqrt\s?[({]?\d|\u221a\s?\d|frac\s?\{?\d"
    r"|[+*]\s?(?:\.\.\.|\\+[lc]?dots|\u2026)|\\+sum\b|\u03a3|\u2211"
    r"|\d+ (?:[a-z]+ ){0,2}(?:times|by|divided by|minus|plus) \d|\d+ (?:squared|cubed)\b"
)

_UNKNOWN: Final = re.compile(r"(?<![a-zA-Z\\'\u2019])(?![aICPx])[a-zA-Z](?![a-zA-Z])")
"""A single letter that is no word, no sign of a choice and none of multiplication."""


def closed_form(text: str) -> bool:
    """Whether the text has an operation on numbers, which may be the result.

    Example:
        >>> closed_form("So we have 4! * 3."), closed_form("So we solve (n - 2) * 180 = 170n.")
        (True, False)
    """
    if not _CLOSED.search(text):
        return False
    parts = (one for part in _MARKS.split(text) for one in _EQUALS.split(part))
    return any(_CLOSED.search(one) and not _UNKNOWN.search(one) for one in parts)


def worth(text: str) -> Iterator[Coefficient]:
    r"""The value of each expression on numbers, the last ones first.

    Example:
        >>> [int(each) for each in worth(r"So \(\binom{6}{3} \times 2\), and 5! + 6.")]
        [126, 40]
    """
    for piece in islice(reversed(pieces(text)), MAX_PIECES):
        value = _value(piece)
        if value is not None and -MAX_VALUE < value < MAX_VALUE:
            yield value
    for pattern in (_DIVIDED, _BY_WORD) if " by " in text or " times " in text else ():
        for found in pattern.finditer(text):
            one, other = number(found[1]), number(found[2])
            if one and other:
                yield Fraction(one) / other if pattern is _DIVIDED else Fraction(one) * other


def pieces(text: str) -> list[str]:
    """The expressions of a text between equals signs, stops and marks of formulas."""
    plain = _CHOICES.sub(_binomial, _UNITS.sub(" ", text))
    return [_trimmed(one) for part in _MARKS.split(plain) for one in _EQUALS.split(part)]


def _trimmed(piece: str) -> str:
    return piece.strip(" .,`*'").rstrip("\\")


def _value(shown: str) -> Coefficient | None:
    """The value of the expression that a piece is, or else of the last plain one in it."""
    if len(shown) > MAX_FORMULA_CHARS or not any(map(str.isdigit, shown)):
        return None
    whole = formula(shown)
    if whole is not None and whole.closed is not None:
        return whole.closed if whole.kinds - {"num", "minus"} else None
    best = None
    for found in _PLAIN.finditer(shown):
        part = formula(found[0].strip(" ,."))
        if part is not None and part.closed is not None and len(part.kinds - {"num", "minus"}):
            best = part.closed
    return best


def _binomial(found: re.Match[str]) -> str:
    above, below = (each for each in found.groups() if each)
    if found[0].lstrip().startswith("P"):
        return f"({above}!/({int(above) - int(below)})!)" if int(below) <= int(above) else found[0]
    if found[0].lstrip().startswith("("):
        return found[0]
    return rf"\binom{{{above}}}{{{below}}}"


def listings(text: str) -> Iterator[tuple[Fraction, ...]]:
    """The lists of numbers of a text.

    Example:
        >>> [[int(each) for each in one] for one in listings("They are -1, 4, and 6, or 2 and 8.")]
        [[-1, 4, 6], [2, 8]]
    """
    run: list[Fraction] = []
    end = -1
    for found in islice(_NUMERAL.finditer(text), MAX_LISTED):
        value = number(found[1])
        if value is None:
            continue
        signed = Fraction(-value if found[0].startswith("-") else value)
        if end >= 0 and _ITEM.fullmatch(text, end, found.start()):
            run.append(signed)
        else:
            if len(run) >= SHORTEST_LIST:
                yield tuple(run)
            run = [signed]
        end = found.end()
    if len(run) >= SHORTEST_LIST:
        yield tuple(run)


def counts(text: str) -> set[int]:
    """How many items the lists of a text have, and how many pairs it has."""
    lists = list(listings(text))
    return {len(_TUPLES.findall(text)), *map(len, lists), *(len(set(run)) for run in lists)}


def sums(text: str) -> set[Fraction]:
    """What the lists of a text, of three items or more, add up to."""
    runs = [one for run in listings(text) for one in (run, tuple(set(run)))]
    return {sum(run, Fraction(0)) for run in runs if len(run) >= SHORTEST_SUM}


def running_totals(text: str) -> list[Fraction]:
    """The sums of the last numbers of a text, three or more, outside formulas."""
    shown = islice(_NUMERAL.finditer(_LABEL.sub(" ", text)), MAX_LISTED)
    numbers = [Fraction(value) for each in shown if (value := number(each[1])) is not None]
    return list(accumulate(reversed(numbers)))[SHORTEST_SUM - 1 :]
