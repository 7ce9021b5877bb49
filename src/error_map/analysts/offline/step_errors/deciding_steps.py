"""False calculations that explain the answer: correcting them gives the reference."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import islice
from typing import Final

from ..algebra.equality_parser import equalities
from ..algebra.formulas import formula, stated
from ..algebra.polynomials import Coefficient
from ..arithmetic.calculator import false_equations
from ..arithmetic.exemptions import disowned
from ..arithmetic.quantities import values
from ..detector import Case
from ..values.tolerance import SHOWN, nearly_equal
from .counterfactual import can_recalculate, reaches_reference, recalculated
from .false_equations import first_false_equation
from .formula_claims import false_claims, own_end
from .slip_effects import effect

CASE_CACHE_SIZE: Final = 4
"""Detectors examine one case after another, so only the current one is needed again."""
MAX_TRIED: Final = 3
"""False calculations of each kind that are tried: every trial recalculates the rest of the text,
and later false calculations mostly follow from earlier ones."""
MIN_SIGNS: Final = 4
"""A shorter calculation, as `2+3`, occurs in right answers by chance."""

_SUM_IN_WORDS: Final = re.compile(
    r"(?<![\w.+*/^(-])\(?(\d[\d,]{0,9}+(?:\s?\+\s?\d[\d,]{0,9}+){2,40}+)\)?[$\s]{1,2}"
    r"(?:is|equals|gives|totals|makes)\s(?:equal\sto\s)?[$]?(\d[\d,]{0,12})(?![\d.]|\s?[-+*/^])"
)
_ALGEBRA: Final = re.compile(r"\\[a-zA-Z]|\d!|[\u221a\u03c0^]")
"""Notation that the calculator for plain arithmetic does not read."""
_BLANKS: Final = re.compile(r"[\s\\{}$()*\u00d7\u22c5]|times|cdot|left|right")


@dataclass(frozen=True, slots=True, kw_only=True)
class FalseStep:
    """A false calculation, stated in `text[start:end]`."""

    start: int
    end: int
    claimed_at: int
    """Start of the claimed value."""
    left: str
    claimed: str
    wrong: Coefficient
    right: Coefficient


@lru_cache(maxsize=CASE_CACHE_SIZE)
def deciding_step(case: Case) -> FalseStep | None:
    """Return the first false calculation that explains the wrong answer, or None.

    Correcting it gives the reference, or a right answer has the same calculation with its true
    value.
    """
    if not can_recalculate(case):
        return None
    found = (each for each in _false_steps(case) if _explains_answer(case, each))
    return min(found, key=lambda each: each.start, default=None)


def is_false_equation(case: Case, step: FalseStep) -> bool:
    """Whether the detector `false_equation` reports this step."""
    slip = first_false_equation(case)
    if slip is None or effect(slip, case) != "decides":
        return False
    return slip.start < step.end and step.start < slip.end


def _false_steps(case: Case) -> Iterator[FalseStep]:
    text, end = case.output, own_end(case)
    for each in islice(false_equations(text), MAX_TRIED):
        claims = tuple(values(each.claimed))
        if len(claims) == 1 and each.end <= end:
            yield FalseStep(
                start=each.start,
                end=each.end,
                claimed_at=each.end - len(each.claimed),
                left=each.expression,
                claimed=each.claimed,
                wrong=Fraction(claims[0]) * (-1 if each.claimed.startswith(("-", "\u2212")) else 1),
                right=Fraction(each.value),
            )
    if _ALGEBRA.search(text):
        for claim in islice(false_claims(case), MAX_TRIED):
            left, right = claim.left, claim.right
            yield FalseStep(
                start=left.start,
                end=right.end,
                claimed_at=right.start,
                left=text[left.start : left.end],
                claimed=text[right.start : right.end],
                wrong=right.of.closed or Fraction(0),
                right=left.of.closed or Fraction(0),
            )
    if "+" in text:
        yield from _sums_in_words(text[:end])


def _sums_in_words(text: str) -> Iterator[FalseStep]:
    """Sums whose value is given in words: `1 + 2 + 3 is 7`."""
    for found in islice(_SUM_IN_WORDS.finditer(text), MAX_TRIED):
        left, right = formula(found[1].rstrip(",")), formula(found[2].rstrip(","))
        if left is None or right is None or left.closed is None or right.closed is None:
            continue
        if not nearly_equal(left.closed, right.closed) and not disowned(text, *found.span()):
            yield FalseStep(
                start=found.start(1),
                end=found.end(),
                claimed_at=found.start(2),
                left=found[1],
                claimed=found[2].rstrip(","),
                wrong=right.closed,
                right=left.closed,
            )


def _explains_answer(case: Case, step: FalseStep) -> bool:
    if reaches_reference(recalculated(case, step.claimed_at, [(step.wrong, step.right)])):
        return True
    answer, gold = stated(case.answer.text if case.answer else ""), stated(case.gold or "")
    if answer is not None and gold is not None and nearly_equal(answer, step.wrong):
        return False
    return _true_in_peer_answer(case, step)


def _true_in_peer_answer(case: Case, step: FalseStep) -> bool:
    """Whether a right answer has the same calculation with its true value."""
    left = _compact(step.left)
    if len(left) < MIN_SIGNS:
        return False
    return any(
        nearly_equal(each.right.of.closed, step.right, within=SHOWN)
        for text in case.correct_outputs
        for each in equalities(text)
        if each.right.of.closed is not None
        and each.left.of.closed is not None
        and _compact(text[each.left.start : each.left.end]) == left
    )


def _compact(text: str) -> str:
    return _BLANKS.sub("", text)
