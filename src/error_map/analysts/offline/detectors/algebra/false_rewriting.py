"""Finds an equation of right workings that is rewritten into another one."""

import re
from collections.abc import Iterator
from typing import Final

from ...algebra.equality_parser import Equality, Member
from ...detector import Case, Detection, Detector, Measured
from ...step_errors.counterfactual import followed
from ...step_errors.known_formulas import equation_on_the_way
from ...step_errors.rewritings import (
    equation_of_right_workings,
    false_rewritings,
    mends,
    solved_by_right_values,
)

CONFIDENCE: Final = 0.8
SHOWN_CHARS: Final = 120

_WORKS: Final = re.compile(r"\d[a-z](?![a-z])|(?<![a-z])[a-z]\s?(?:[-+*/^_=]|\\)", re.IGNORECASE)
"""Signs of an unknown that is calculated with."""


def detect(case: Case) -> Detection | None:
    """The first false rewriting that the wrong answer comes of."""
    if not followed(case) or not _WORKS.search(case.output):
        return None
    return next(_detections(case), None)


def _detections(case: Case) -> Iterator[Detection]:
    for first, second in false_rewritings(case):
        if _decides(case, first, second):
            before, after = _equation(case, first), _equation(case, second)
            yield _detection(
                first, second, f"{before} is rewritten as {after}, which says otherwise."
            )


def _decides(case: Case, first: Equality, second: Equality) -> bool:
    """Whether right workings have the first form and not the second, or mending it mends all."""
    if equation_on_the_way(second, case):
        return False
    return (
        equation_of_right_workings(case, first)
        or solved_by_right_values(case, first, second)
        or mends(case, first, second)
    )


def _detection(first: Equality, second: Equality, summary: str) -> Detection:
    return Detection(
        title="Equation rewritten falsely",
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
    finding="False rewriting",
    description="An equation of right workings is rewritten into another one.",
    category="computation_error",
    kind="cause",
    rank=41,
    detect=detect,
    measured=Measured(right=16, read=20),
)
