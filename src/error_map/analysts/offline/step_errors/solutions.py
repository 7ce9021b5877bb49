"""The values that workings find for unknowns, and whether equations hold with them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from math import prod
from typing import Final

from ..algebra.assignments import Assigned, assigned, marked
from ..algebra.formulas import filled_in, written_unknowns
from ..algebra.polynomials import Coefficient, Polynomial, same
from ..format_rules.rule import own_task
from .formula_claims import ROUNDED

TASK_CACHE_SIZE: Final = 64
"""The answers of all models to a task are examined together, so a task is needed again soon."""
ANSWER_CACHE_SIZE: Final = 256
"""A right answer is compared with many failures, whose order keeps the same example together."""
# These two bound the work on hostile input.
MAX_EQUATIONS: Final = 24
MAX_EQUATION_CHARS: Final = 200
# Distances at which words still refer to an equation: its clause, or the heading of its case.
CHARS_BEFORE: Final = 40
CHARS_AFTER: Final = 60
FORMULA_CHARS: Final = 250
"""Characters after a quoted formula in which letters denote its coefficients."""
CASE_CHARS: Final = 500
"""Searched before an equation for the heading of a case, which is further away than a clause."""
TEN: Final = 10
EXACT: Final = 1e-6
"""Relative tolerance for float noise."""

_PART: Final = re.compile(
    r"\\\\|,\s|;\s|\\q?quad|\\(?:text|mbox|textrm)\s?\{[^{}]{0,40}\}"
    r"|\\(?:begin|end)\{[^{}]{1,20}\}(?:\{\w{0,4}\})?"
)
_NO_EQUATION: Final = re.compile(
    r"[<>|_\u2264\u2265\u2261\u2208\u2260]|\.\.\."
    r"|\\(?:leq?|geq?|lt|gt|equiv|neq?|in|to|mid|pm|sum|prod|int|[lcd]?dots|lim|p?mod)(?![a-zA-Z])"
)
_CHOSEN: Final = re.compile(
    r"\b(?:let|if|when|suppose|assum\w*|set|setting|where|say|example|instance|choos\w*"
    r"|excluding|except|discard\w*|reject\w*|around|about|centered|near|not|consider\w*|try|test"
    r"|check|substitut\w*|plug\w*|for|with|at|initial\w*|guess)\b[^.;=\n]{0,24}\Z",
    re.IGNORECASE,
)
"""Words before a value that is tried or chosen, not found."""
_RULED_OUT: Final = re.compile(
    r"[^.\n]{0,40}\b(?:not|discard\w*|reject\w*|invalid|extraneous|impossible|contradict\w*|fails?"
    r"|negative|incorrect|wrong|n't)\b|[^.\n]{0,12}\bor\b",
    re.IGNORECASE,
)
_OR: Final = re.compile(r"\b(?:or|either|cases?)\b[^.\n]{0,24}\Z", re.IGNORECASE)
_CASE: Final = re.compile(r"\bcase\s?(?:\d|\w{1,4}:)", re.IGNORECASE)
_QUOTED: Final = re.compile(r"quadratic formula|4\s?ac|vertex|discriminant", re.IGNORECASE)
_OF_FORMULAS: Final = frozenset("abc")


def found_values(text: str, end: int) -> dict[str, Assigned]:
    """Return the unknowns with a single value in `text[:end]` that is found, not chosen."""
    found: dict[str, Assigned] = {}
    for key, places in assigned(text).items():
        name = alone(dict(key))
        if name is None or places[0].end > end:
            continue
        if any(not close(each.value, places[0].value) for each in places):
            continue
        start = places[0].of.start
        quoted = _QUOTED.search(text, max(0, start - FORMULA_CHARS), start)
        if not (quoted and name in _OF_FORMULAS) and not tried(text, start, places[0].end):
            found[name] = places[0]
    return found


def tried(text: str, start: int, end: int) -> bool:
    """Whether the value at this place is tried, chosen, or ruled out afterwards."""
    return bool(
        _CHOSEN.search(text, max(0, start - CHARS_BEFORE), start)
        or _RULED_OUT.match(text, end, end + CHARS_AFTER)
    )


def one_of_several(text: str, start: int) -> bool:
    """Whether the statement at this place holds in one case only, or is one of several."""
    return bool(
        _OR.search(text, max(0, start - CHARS_BEFORE), start)
        or _CASE.search(text, max(0, start - CASE_CHARS), start)
    )


def alone(value: Polynomial) -> str | None:
    """Return the name of the unknown, if the expression is nothing else."""
    if len(value) != 1:
        return None
    (monomial,) = value
    if len(monomial) != 1 or monomial[0][1] != 1 or "(" in monomial[0][0]:
        return None
    return monomial[0][0]


def right_values(
    rights: Sequence[str],
) -> tuple[Mapping[str, Coefficient], Mapping[str, Sequence[Coefficient]]]:
    """Return, by unknown, the value on which right workings agree, and all their values."""
    counted: dict[str, list[tuple[Coefficient, int]]] = {}
    having: dict[str, int] = {}
    for text in rights:
        for name, values in _every_value(text).items():
            informative = [each for each in values if each or len(values) == 1]
            counted[name] = _counted(counted.get(name, []), informative)
            having[name] = having.get(name, 0) + 1
    agreed: dict[str, Coefficient] = {}
    for name, each in counted.items():
        most = max((count for _, count in each), default=0)
        best = [value for value, count in each if count == most]
        if len(best) == 1 and (most > 1 or having[name] == 1):
            agreed[name] = best[0]
    return agreed, {name: [value for value, _ in counted[name]] for name in agreed}


@lru_cache(maxsize=ANSWER_CACHE_SIZE)
def _every_value(text: str) -> Mapping[str, Sequence[Coefficient]]:
    """The different values that a working gives each unknown, trials included."""
    return {
        name: tuple(dict.fromkeys(each.value for each in places))
        for key, places in assigned(text).items()
        if (name := alone(dict(key))) is not None
    }


def _counted(
    before: Sequence[tuple[Coefficient, int]], values: Sequence[Coefficient]
) -> list[tuple[Coefficient, int]]:
    """Update the number of right workings per value with the values of one more working."""
    more = [(one, count + any(close(one, each) for each in values)) for one, count in before]
    return more + [(one, 1) for one in values if not any(close(one, each) for each, _ in before)]


@lru_cache(maxsize=TASK_CACHE_SIZE)
def task_equations(prompt: str) -> tuple[tuple[str, frozenset[str]], ...]:
    r"""Return the equations of a task with their unknowns, without assignments and definitions.

    Example:
        >>> found = task_equations("If $ab = 6$ and $a = 3$, what is $b$?")
        >>> [(text, sorted(names)) for text, names in found]
        [('ab = 6', ['a', 'b'])]
    """
    parts = (part for each in marked(own_task(prompt)) for part in _PART.split(each))
    found = (
        (equation, names)
        for part in parts
        if "=" in part and len(part) <= MAX_EQUATION_CHARS and not _NO_EQUATION.search(part)
        for left, right in pairwise(part.replace("&", " ").split("="))
        for equation in [f"{left.strip(' .,;')} = {right.strip(' .,;')}"]
        if (names := _to_be_solved(equation))
    )
    return tuple(pair for _, pair in zip(range(MAX_EQUATIONS), found, strict=False))


def _to_be_solved(equation: str) -> frozenset[str]:
    """The unknowns of an equation; empty if one side is a single letter."""
    names: set[str] = set()
    for side in equation.split(" = "):
        written = written_unknowns(side)
        if written is None or (written and len(side.strip(" \\{}$")) <= 1):
            return frozenset()
        names |= written
    return frozenset(names)


def holds(equation: str, values: Mapping[str, Coefficient]) -> bool:
    r"""Whether an equation can be parsed and holds with these values.

    Example:
        >>> holds(r"x\sqrt{x} = 8", {"x": Fraction(4)}), holds("2x = 9", {"x": Fraction(4)})
        (True, False)
    """
    left, _, right = equation.partition("=")
    one, other = filled_in(left, values), filled_in(right, values)
    if one is None or other is None:
        return False
    slack = _slack(values.values()) * max(abs(float(one)), abs(float(other)))
    return abs(float(one) - float(other)) <= slack


def vanishes(rest: Polynomial, values: Mapping[str, Coefficient]) -> bool:
    """Whether a polynomial, the difference of an equation's sides, is zero with these values."""
    terms = [
        float(factor) * prod(float(values[name]) ** power for name, power in monomial)
        for monomial, factor in rest.items()
    ]
    slack = max(_slack(values.values()), _slack(rest.values()))
    return abs(sum(terms)) <= slack * max(map(abs, terms))


def close(one: Coefficient, other: Coefficient) -> bool:
    """Whether two values of an unknown are equal up to rounding."""
    return same(one, other, within=_slack((one, other)))


def _slack(values: Iterable[Coefficient]) -> float:
    """Relative tolerance: decimals may be rounded, whole numbers and fractions are exact."""
    rough = any(isinstance(each, Fraction) and each.denominator % TEN == 0 for each in values)
    return ROUNDED if rough else EXACT
