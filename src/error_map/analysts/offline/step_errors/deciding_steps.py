"""False calculations that decide the answer: mended they mend it, or right answers have them so."""

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
from .counterfactual import follow, followed, reaches
from .false_equations import first_slip, wrong_anyway
from .formula_claims import false_claims, own_end

ASKED_AGAIN: Final = 4
"""Cases kept: three detectors ask for the same one in turn."""
MOST: Final = 3
"""False calculations of one output that are mended."""
FEWEST_SIGNS: Final = 4
"""A shorter calculation stands in right answers by chance."""

_SAID: Final = re.compile(
    r"(?<![\w.+*/^(-])\(?(\d[\d,]{0,9}+(?:\s?\+\s?\d[\d,]{0,9}+){2,40}+)\)?[$\s]{1,2}"
    r"(?:is|equals|gives|totals|makes)\s(?:equal\sto\s)?[$]?(\d[\d,]{0,12})(?![\d.]|\s?[-+*/^])"
)
_ALGEBRA: Final = re.compile(r"\\[a-zA-Z]|\d!|[\u221a\u03c0^]")
"""Signs that the calculator of word problems does not read."""
_BLANKS: Final = re.compile(r"[\s\\{}$()*\u00d7\u22c5]|times|cdot|left|right")


@dataclass(frozen=True, slots=True, kw_only=True)
class FalseStep:
    """A false calculation: `text[start:end]` states it."""

    start: int
    end: int
    claimed_at: int
    """Where what it claims begins."""
    left: str
    claimed: str
    wrong: Coefficient
    right: Coefficient


@lru_cache(maxsize=ASKED_AGAIN)
def deciding_step(case: Case) -> FalseStep | None:
    """The first false calculation that the wrong answer comes of, or None.

    It is one where the reference's value comes out once it is mended, or one that a right answer
    has with its true value.
    """
    if not followed(case):
        return None
    found = (each for each in _false_steps(case) if _decides(case, each))
    return min(found, key=lambda each: each.start, default=None)


def reported_elsewhere(case: Case, step: FalseStep) -> bool:
    """Whether it is the slip that `false_equation` tells."""
    slip = first_slip(case)
    if slip is None or wrong_anyway(slip, case):
        return False
    return slip.start < step.end and step.start < slip.end


def _false_steps(case: Case) -> Iterator[FalseStep]:
    text, end = case.output, own_end(case)
    for each in islice(false_equations(text), MOST):
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
        for claim in islice(false_claims(case), MOST):
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
        yield from _said(text[:end])


def _said(text: str) -> Iterator[FalseStep]:
    """Sums that are given a value in words: `1 + 2 + 3 is 7`."""
    for found in islice(_SAID.finditer(text), MOST):
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


def _decides(case: Case, step: FalseStep) -> bool:
    if reaches(follow(case, step.claimed_at, [(step.wrong, step.right)])):
        return True
    answer, gold = stated(case.answer.text if case.answer else ""), stated(case.gold or "")
    if answer is not None and gold is not None and nearly_equal(answer, step.wrong):
        return False
    return _true_elsewhere(case, step)


def _true_elsewhere(case: Case, step: FalseStep) -> bool:
    """Whether a right answer has the same calculation, and its true value."""
    left = _close(step.left)
    if len(left) < FEWEST_SIGNS:
        return False
    return any(
        nearly_equal(each.right.of.closed, step.right, within=SHOWN)
        for text in case.correct_outputs
        for each in equalities(text)
        if each.right.of.closed is not None
        and each.left.of.closed is not None
        and _close(text[each.left.start : each.left.end]) == left
    )


def _close(text: str) -> str:
    return _BLANKS.sub("", text)
