"""Finds the equations between numbers in free text, each with the run of text around it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from .expressions import USUALLY, Evaluation, Reading, evaluate
from .grammar import mixed_number, multiplied
from .tokens import Token, tokens

CACHE_SIZE: Final = 8
"""Texts whose equations are cached: the calculator and the comparison read the same ones."""
MAX_SIDE_CHARS: Final = 160
"""Characters on either side of an equals sign that are looked at."""
MAX_EQUATIONS: Final = 250
"""Equals signs looked at in one text: bounds the work on a text without end."""

_EQUALS: Final = re.compile(r"<<[^<>\n]{0,200}>>|=")
_NO_EQUALS_BEFORE: Final = frozenset("<>!=≤≥:≠~\\+-*/|^")
_RESULT: Final = re.compile(
    r"[^\S\n]*+(?:[ &$£€¥({\[\\*\u2212-]|<<[^<>\n]{0,200}>>)*+(?:\d|\.\d|[dt]?frac|sqrt|√)"
)
_CLAUSE_ENDS: Final = ("\n", ". ", ", ")
_OPERATES: Final = re.compile(
    r"\d[^\n]{0,60}?[-+*/\u00d7÷·⋅\u2217✕\u2212\u2013^√%)\\]|√|\d\s?x|\\[dtc]?frac|sqrt|[-\u2212]\s?\d|times|minus|plus|[⁰¹²³⁴⁵⁶⁷⁸⁹]"
)
_ENDS_RUN: Final = frozenset({"line", "stop", "letter", "verb"})
_OPERANDS: Final = frozenset({"num", "close", "percent", "sup"})
_STARTS_OPERAND: Final = frozenset({"num", "open", "frac", "sqrt", "money"})


@dataclass(frozen=True, slots=True)
class Side:
    """One side of an equation: an expression and its value."""

    run: tuple[Token, ...]
    result: Evaluation
    reading: Reading = USUALLY

    @property
    def start(self) -> int:
        """Where the expression begins."""
        return self.run[0].start

    @property
    def operates(self) -> bool:
        """Whether it is an operation on numbers, not a number alone."""
        return bool(self.result.signs - {"percent"})

    @property
    def end(self) -> int:
        """Where it ends, units included."""
        return self.run[-1].end


@dataclass(frozen=True, slots=True, eq=False)
class Equation:
    """Two expressions with an equals sign between them."""

    left: Side
    right: Side
    before: str
    """Kind of the token in front of the left side; `line` at the start of a line."""
    after: str
    """Kind of the token behind the right side; `line` at the end of a line."""


@lru_cache(maxsize=CACHE_SIZE)
def equations(text: str) -> tuple[Equation, ...]:
    """Every equation whose left side is an operation on numbers, in the order of the text.

    Args:
        text: Free text, with or without LaTeX and calculator annotations.
    """
    return tuple(each_equation(text))


def each_equation(text: str) -> Iterator[Equation]:
    """As `equations`, read lazily and not cached."""
    chained: Side | None = None
    last = 0
    for place, following in _signs(text):
        begins = chained if chained and chained.end <= place else None
        chained, previous = None, last
        last = place + 1
        if not _RESULT.match(text, place + 1):
            continue
        left, before = (begins, "equals") if begins else _left(text, previous, place)
        if left is None:
            continue
        found = _right(text, place + 1, following)
        if found is None:
            continue
        right, after = found
        if after == "equals":
            chained = right
        if left.operates:
            yield Equation(left, right, before, after)


def _signs(text: str) -> Iterator[tuple[int, int]]:
    """Each single equals sign, with the place of the next one."""
    places: list[int] = []
    for match in _EQUALS.finditer(text):
        place = match.start()
        if text[place] == "=" and (not place or text[place - 1] not in _NO_EQUALS_BEFORE):
            places.append(place)
        if len(places) > MAX_EQUATIONS:
            break
    return pairwise([*places, len(text)])


def _left(text: str, previous: int, place: int) -> tuple[Side | None, str]:
    """The expression that ends at the equals sign, and the kind of token in front of it."""
    begin = _begin(text, previous, place)
    if not _OPERATES.search(text, begin, place):
        return None, ""
    run = tokens(text, begin, place)
    first = _start_of_run(text, run)
    if first is None:
        return None, ""
    before = run[first - 1].kind if first else _edge(text, begin, previous)
    result = evaluate(text, run[first:])
    return (Side(tuple(run[first:]), result) if result else None), before


def _begin(text: str, previous: int, place: int) -> int:
    """Where the clause begins that contains the equals sign at `place`."""
    nearest = max(previous, place - MAX_SIDE_CHARS)
    found = ((text.rfind(mark, nearest, place), len(mark)) for mark in _CLAUSE_ENDS)
    return max(nearest, *(at + length for at, length in found if at >= 0), 0)


def _edge(text: str, begin: int, previous: int) -> str:
    """What precedes the piece that was cut into tokens."""
    if begin == 0 or text[begin - 1] == "\n":
        return "line"
    if begin == previous:
        return "equals"
    return "stop" if text[begin - 2 : begin] in _CLAUSE_ENDS else "cut"


def _start_of_run(text: str, run: list[Token]) -> int | None:
    """Index of the first token of the expression that the tokens end with."""
    depth = 0
    for index in range(len(run) - 1, -1, -1):
        kind = run[index].kind
        breaks = kind in _ENDS_RUN or (depth <= 0 and _juxtaposed(text, run, index))
        depth += (kind == "close") - (kind == "open")
        if breaks or depth < 0:
            return index + 1 if index + 1 < len(run) else None
    return 0 if run else None


def _juxtaposed(text: str, run: list[Token], index: int) -> bool:
    """Whether an operand directly follows this token, which therefore belongs to what precedes."""
    if index + 1 >= len(run) or run[index + 1].kind not in _STARTS_OPERAND:
        return False
    token, following = run[index], run[index + 1]
    if token.kind == "word" or (token.kind == "of" and _plain_of(run, index)):
        return True
    if mixed_number(text, run, index):
        return False
    apart = following.kind == "num" or token.end < following.start
    return token.kind in _OPERANDS and apart and not multiplied(text, token, following)


def _plain_of(run: list[Token], index: int) -> bool:
    """Whether this `of` follows a word, as in `a total of 3 + 4`, and so is no multiplication."""
    return index == 0 or run[index - 1].kind in {"word", "verb", "stop", "line"}


def _right(text: str, begin: int, following: int) -> tuple[Side, str] | None:
    """The expression that begins behind the equals sign, and the kind of token behind it."""
    end = min(following, begin + MAX_SIDE_CHARS)
    stop = text.find("\n", begin, end)
    run = tokens(text, begin, end if stop < 0 else stop, until=_ENDS_RUN)
    result = evaluate(text, run, whole=False)
    if result is None:
        return None
    side = Side(tuple(run[: result.taken]), result)
    if result.taken < len(run):
        return side, run[result.taken].kind
    if stop >= 0 or end == len(text):
        return side, "line"
    return side, "equals" if end == following else "cut"
