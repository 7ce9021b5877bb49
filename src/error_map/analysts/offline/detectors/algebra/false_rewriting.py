"""Finds equations that are changed while they are rewritten."""

import re
from collections.abc import Iterator
from typing import Final

from ...algebra.equality_parser import Equality, Member
from ...detector import Case, Detection, Detector, Measured
from ...step_errors.counterfactual import can_recalculate
from ...step_errors.known_formulas import known_equation
from ...step_errors.rewritings import (
    equation_of_right_workings,
    false_rewritings,
    fixes_answer,
    solved_by_right_values,
)

# 16 of 20 findings read were right: (16 + 4 * 0.82) / (20 + 4), see `Measured`.
CONFIDENCE: Final = 0.8
SHOWN_CHARS: Final = 120

_HAS_UNKNOWN: Final = re.compile(
    r"\d[a-z](?![a-z])|(?<![a-z])[a-z]\s?(?:[-+*/^_=]|\\)", re.IGNORECASE
)
"""Notation of calculations with unknowns: without it there is no equation to rewrite."""


def detect(case: Case) -> Detection | None:
    """Find the first false rewriting that explains the wrong answer."""
    if not can_recalculate(case) or not _HAS_UNKNOWN.search(case.output):
        return None
    return next(_detections(case), None)


def _detections(case: Case) -> Iterator[Detection]:
    for first, second in false_rewritings(case):
        if _explains_answer(case, first, second):
            before, after = _equation(case, first), _equation(case, second)
            yield _detection(
                first, second, f"{before} is rewritten as {after}, which is not equivalent."
            )


def _explains_answer(case: Case, first: Equality, second: Equality) -> bool:
    """Whether right workings have only the first form, or solving it gives the reference."""
    if known_equation(second, case):
        return False
    return (
        equation_of_right_workings(case, first)
        or solved_by_right_values(case, first, second)
        or fixes_answer(case, first, second)
    )


def _detection(first: Equality, second: Equality, summary: str) -> Detection:
    return Detection(
        title="Equation rewritten incorrectly",
        summary=summary,
        spans=((first.left.start, second.right.end),),
        confidence=CONFIDENCE,
    )


def _equation(case: Case, each: Equality) -> str:
    return f"{_shown(case, each.left)} = {_shown(case, each.right)}"


def _shown(case: Case, side: Member) -> str:
    return " ".join(case.output[side.start : side.end].split())[:SHOWN_CHARS]


DETECTOR: Final = Detector(
    name="false_rewriting",
    finding="Equation changed into a different one",
    description="An equation of right workings is rewritten into one that does not say the same.",
    category="computation_error",
    kind="cause",
    rank=41,
    detect=detect,
    measured=Measured(right=16, read=20),
)
