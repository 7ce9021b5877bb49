"""Cuts shown working into the tokens of arithmetic; offsets stay those of the original text."""

import re
from fractions import Fraction
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

from ..values.units import GLUED

Number: TypeAlias = int | Fraction
"""Exact values only: an int where the text shows one, otherwise a fraction."""

CACHE_SIZE: Final = 4_096
"""Numerals whose values are cached."""
MAX_NUMERAL_CHARS: Final = 30
"""Digits beyond which a numeral is not read: no honest working shows them."""

NUMERAL: Final = r"(?:\d{1,3}(?:(?:,|\{,\}|\\+,|,\\+!|\\+!)\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+"

_RATE: Final = (
    r"(?:(?<=[A-Za-z]{2})/[hs]|(?<=[A-Za-z\d])/(?!sqrt|sin|cos|tan|log|exp|frac|pi)[A-Za-z]{3,20})"
    r"(?![\w(\[{^/])"
)
"""A unit that another is per: `/hour`, and `/h` behind a unit."""

_TOKEN: Final = re.compile(
    rf"""
      (?P<word>[^\W\d_⁰¹²³⁴⁵⁶⁷⁸⁹]+(?:['\u2019][a-z]+)?)
    | (?P<clock>\d+:\d+(?::\d+)?)
    | (?P<num>{NUMERAL})
    | (?P<rate>{_RATE})
    | (?P<note><<[^<>\n]{{0,200}}>>)                        # the calculator's own annotation
    | (?P<line>\n|\\+[nr](?![a-z])|\\\\(?![a-zA-Z(\[{{$%,;!]))
    | (?P<frac>\\+[dtc]?frac(?![a-zA-Z]))
    | (?P<sqrt>\\+sqrt(?![a-zA-Z\[])|√)
    | (?P<times>\\+times(?![a-z])|\\+cdot(?![a-z])|[\u00d7⋅·\u2217✕])
    | (?P<over>\\+div(?![a-z])|÷|/)
    | (?P<degree>°|\^?\s?\{{?\\+circ(?![a-z])\}}?)
    | (?P<text>\\+(?:text|mathrm|textbf|mbox|textit|operatorname)\s?\{{[^{{}}\n]{{0,40}}\}})
    | (?P<percent>\\*%)
    | (?P<open>\\+left\s?[(\[]|[(\[{{])
    | (?P<close>\\+right\s?[)\]]|[)\]}}])
    | (?P<sup>[⁰¹²³⁴⁵⁶⁷⁸⁹]+)
    | (?P<power>\^|(?<=[\d)])\*\*(?=[\d(]))
    | (?P<bold>\*\*)
    | (?P<plus>\+)
    | (?P<minus>[-\u2212\u2013])
    | (?P<star>\*|\\\*)
    | (?P<money>\\*\$|[£€¥])
    | (?P<gap>\\[,;!:\ ]|~|&)
    | (?P<stop>\S)
    """,
    re.VERBOSE,
)

_KIND: Final = {"text": "word", "rate": "word", "degree": "word", "star": "times", "clock": "stop"}
_WORD_SIGNS: Final = {
    "times": "times",
    "plus": "plus",
    "minus": "minus",
    "percent": "percent",
    "sqrt": "sqrt",
    "x": "x",
    "X": "x",
    "of": "of",
}
_DROPPED: Final = frozenset({"note", "gap", "bold"})
_VERBS: Final = frozenset(
    "is are was were be been equals equal gives give gave makes make made leaves leave left has"  # noqa: SIM905 - a long list reads best as text
    " have had and so then to becomes than from get gets got if that which where because since"
    " means by or but when while therefore thus hence".split()
)
"""Words that are no part of a unit: an expression begins or ends at them."""


class Token(NamedTuple):
    """One token: `text[start:end]` is its text."""

    kind: str
    start: int
    end: int


def tokens(text: str, start: int, end: int, *, until: frozenset[str] = frozenset()) -> list[Token]:
    """The tokens of `text[start:end]`; annotations, LaTeX spaces and bold marks are left out.

    Args:
        until: Kinds of which the first token is the last that is read.
    """
    found: list[Token] = []
    new = tuple.__new__  # a third of what calling the class costs
    number_end = -1
    for match in _TOKEN.finditer(text, start, end):
        kind = match.lastgroup or "stop"
        if kind in _DROPPED:
            continue
        begins, ends = match.span()
        if kind == "word":
            kind = _word_kind(match[0], glued=begins == number_end)
        elif kind == "num":
            number_end = ends
        kind = _KIND.get(kind, kind)
        found.append(new(Token, (kind, begins, ends)))
        if kind in until:
            break
    return found


def _word_kind(word: str, *, glued: bool) -> str:
    """A sign spelt as a word, a plain word, or a letter that is a variable."""
    if word in _WORD_SIGNS:
        return _WORD_SIGNS[word]
    if len(word) == 1 or (glued and word not in GLUED):
        return "letter"
    return "verb" if word.lower() in _VERBS else "word"


def number(numeral: str) -> Number | None:
    """The exact value of a plain numeral, or None where it is too long, or padded with zeros.

    Example:
        >>> number("1,250"), number("0.5")
        (1250, Fraction(1, 2))
    """
    return None if len(numeral) > MAX_NUMERAL_CHARS else _number(numeral)


@lru_cache(maxsize=CACHE_SIZE)
def _number(numeral: str) -> Number | None:
    if numeral.startswith("0") and numeral[1:2].isdecimal():
        return None
    if numeral.isdecimal():
        return int(numeral)
    whole, _, decimals = numeral.partition(".")
    digits = "".join(filter(str.isdecimal, whole))
    if not decimals:
        return int(digits)
    return Fraction(int(digits + decimals), 10 ** len(decimals))


def decimals(numeral: str) -> int:
    """How many digits follow the decimal point."""
    return len(numeral.partition(".")[2])
