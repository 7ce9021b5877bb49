"""Chains of equalities in free text: which formulas it sets equal, `a + b = 3 + 4 = 7`."""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Final, NamedTuple

from .formulas import MAX_FORMULA_CHARS, Formula, formula
from .polynomials import Polynomial, add

CACHE_SIZE: Final = 256
"""Texts whose equalities are cached: one right working is compared with many failures."""
MAX_CHARS: Final = 12_000
"""Characters of one text that are read: 99 % of real outputs have no more."""
MAX_SIGNS: Final = 150
"""Equals signs looked at in one text."""
PRODUCT_LETTERS: Final = 3
"""A word of so many letters is a product of unknowns, where LaTeX marks it as a formula."""

_CUT: Final = re.compile(
    r"(?P<line>\n|\\+n(?![a-z])|\\\\(?![a-zA-Z(\[{,;!]))|(?P<open>\\+[(\[])|(?P<close>\\+[)\]])"
    r"|(?P<dollar>\$+)"
    r"|(?P<relation>[<>\u2264\u2265\u2260\u2261\u2208\u00b1|]|!="
    r"|\\+(?:leq?|geq?|neq?|lt|gt|equiv|in|mid|pm)(?![a-zA-Z]))"
    r"|\.(?=\s|\"|\\+n|\Z)|[,;:?](?=\s|\\(?!!))|\"|\*\*|[\u2234\u21d2\u2192\u27f9]|=>|->"
    r"|\\+(?:implies|Rightarrow|Longrightarrow|rightarrow|to|iff|Leftrightarrow|q?quad|because"
    r"|therefore|boxed|text|end|begin)(?![a-zA-Z])"
)
"""Where one formula ends for sure."""
_SIGN: Final = re.compile(r"(?<![<>!:=~\\\u2260])=(?![=>])|\\+approx(?![a-zA-Z])|\u2248")
_SIGNS: Final = ("=", "\u2248", "\\approx")
_WORD: Final = re.compile(r"(?<![\\a-zA-Z\d_^{])[a-zA-Z]{2,}(?:['\u2019][a-z]+)?(?![({^_\d])")
_BULLET: Final = re.compile(r"[ \t]*(?:[-*\u2022+\u2013]|\(?[\da-z]{1,2}[.)])[ \t]+")
_TORN: Final = re.compile(r"\s*(?:[+*/^)!\u00d7\u00b7=]|\\+(?:times|cdot|div)(?![a-zA-Z]))")
_TORN_BY_WORD: Final = re.compile(r"\s*[-\u2212\u2013]\s")
_MATH_WORDS: Final = frozenset({"sqrt", "log", "ln", "sin", "cos", "tan", "pi"})
_SHORT_WORDS: Final = frozenset(
    "or and is if mod so for of the are to in as at by we get gcd lcm not has".split()  # noqa: SIM905 - a long list reads best as text
)
_TAKES_ARGUMENT: Final = frozenset(
    "of choose permute mod modulo times plus minus over half third quarter twice double triple"  # noqa: SIM905
    " log root base factor gcd lcm max min negative by per divided multiplied squared not congruent"
    " or remainder".split()
)
"""Words before a formula that the formula would be a part of."""
_GOES_ON: Final = frozenset(
    "choose permute mod modulo times plus minus over percent million billion thousand hundred"  # noqa: SIM905
    " dozen squared cubed factorial divided multiplied remainder or base pi".split()
)
"""Words behind a formula that would be a part of it."""
_LOOSE_LEFT: Final = " \t&"
_LOOSE_RIGHT: Final = " \t&.,`*'\\"


@dataclass(frozen=True, slots=True)
class Member:
    """One side of an equality: `text[start:end]` is the formula."""

    start: int
    end: int
    of: Formula


@dataclass(frozen=True, slots=True)
class Equality:
    """Two formulas that a text sets equal."""

    left: Member
    right: Member
    rough: bool
    """Whether it says only about equal."""
    chain: int
    """Where the chain begins that it is a link of."""


def difference(each: Equality) -> Polynomial:
    """The left side less the right one: nothing, where both are the same.

    Raises:
        NotReadError: It is larger than is worth working out.
    """
    return add(each.left.of.value, each.right.of.value, sign=-1)


class _Stretch(NamedTuple):
    """A piece of text between two cuts."""

    start: int
    end: int
    math: bool
    """Whether LaTeX marks it as a formula."""
    torn: bool
    """Whether it goes on from a relation other than equality, or from a bar."""
    goes_on: bool
    """Whether it goes on into one."""
    opens: bool
    """Whether it begins a line."""


@lru_cache(maxsize=CACHE_SIZE)
def equalities(text: str) -> tuple[Equality, ...]:
    r"""Every equality of two adjacent formulas of a text, in order.

    Example:
        >>> found = equalities(r"So \(a + b = 3 + 4 = 7\), and the half of it is 3.5.")
        >>> [each.right.of.closed for each in found]
        [Fraction(7, 1), Fraction(7, 1)]
    """
    return tuple(_equalities(text[:MAX_CHARS])) if any(sign in text for sign in _SIGNS) else ()


def _equalities(text: str) -> Iterator[Equality]:
    signs = deque(islice(_SIGN.finditer(text), MAX_SIGNS))
    for stretch in _stretches(text, signs):
        mine = []
        while signs and signs[0].start() < stretch.end:
            sign = signs.popleft()
            if sign.start() >= stretch.start:
                mine.append(sign)
        if mine:
            yield from _chain(text, stretch, mine)


def _stretches(text: str, signs: Sequence[re.Match[str]]) -> Iterator[_Stretch]:
    """The pieces with a sign in them; whoever asks takes the signs out that are done."""
    start, math, torn, opens = 0, False, False, True
    for cut in _CUT.finditer(text):
        if not signs:
            return
        kind = cut.lastgroup
        if signs[0].start() < cut.start():
            yield _Stretch(start, cut.start(), math, torn, kind == "relation", opens)
        start = cut.end()
        math = not math if kind == "dollar" else kind == "open" or (math and kind != "close")
        torn, opens = kind == "relation", kind == "line"
    yield _Stretch(start, len(text), math, torn, len(text) == MAX_CHARS, opens)


def _chain(text: str, stretch: _Stretch, signs: Sequence[re.Match[str]]) -> Iterator[Equality]:
    edges = [stretch.start, *(place for sign in signs for place in sign.span()), stretch.end]
    before: Member | None = None
    for index, (start, end) in enumerate(zip(edges[::2], edges[1::2], strict=True)):
        if not index:
            span = _opening(text, stretch, end)
        elif index == len(signs):
            span = _closing(text, stretch, start)
        else:
            span = None if _words(text, start, end, math=stretch.math) else (start, end)
        one = _member(text, *span) if span else None
        if one and before:
            yield Equality(before, one, signs[index - 1][0] != "=", stretch.start)
        before = one


def _words(text: str, start: int, end: int, *, math: bool) -> list[re.Match[str]]:
    return [
        word
        for word in _WORD.finditer(text, start, end)
        if word[0] not in _MATH_WORDS
        and not (math and len(word[0]) <= PRODUCT_LETTERS and word[0] not in _SHORT_WORDS)
    ]


def _opening(text: str, stretch: _Stretch, end: int) -> tuple[int, int] | None:
    """What precedes the first sign, without the words that lead up to it."""
    if stretch.torn:
        return None
    start = stretch.start
    if stretch.opens and (bullet := _BULLET.match(text, start, end)):
        start = bullet.end()
    words = _words(text, max(start, end - MAX_FORMULA_CHARS), end, math=stretch.math)
    if words:
        start = words[-1].end()
        if words[-1][0].lower() in _TAKES_ARGUMENT or not text[start].isspace():
            return None
    if _TORN.match(text, start, end) or (words and _TORN_BY_WORD.match(text, start, end)):
        return None
    return start, end


def _closing(text: str, stretch: _Stretch, start: int) -> tuple[int, int] | None:
    """What follows the last sign, without the words that follow it."""
    if stretch.goes_on:
        return None
    end = min(stretch.end, start + MAX_FORMULA_CHARS)
    words = _words(text, start, end, math=stretch.math)
    if not words:
        return start, stretch.end
    end = words[0].start()
    whole = words[0][0].lower() not in _GOES_ON and text[end - 1].isspace()
    return (start, end) if whole else None


def _member(text: str, start: int, end: int) -> Member | None:
    if end - start > MAX_FORMULA_CHARS:
        return None
    shown = text[start:end]
    start += len(shown) - len(shown.lstrip(_LOOSE_LEFT))
    shown = shown.strip(_LOOSE_LEFT).rstrip(_LOOSE_RIGHT)
    found = formula(shown) if shown else None
    return Member(start, start + len(shown), found) if found else None
