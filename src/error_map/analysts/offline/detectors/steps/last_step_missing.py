"""Finds answers that are one operation short of the right result."""

from typing import Final

from ...detector import Case, Detection, Detector, Measured
from ...steps.comparison import Comparison, compare, same_way
from ...steps.phrasing import shown, written
from ...steps.workings import Step

# 8 of 8 findings read were right: (8 + 4 * 0.82) / (8 + 4), see `Measured`.
CONFIDENCE: Final = 0.94
CONSTANTS: Final = frozenset({2.0, 7.0, 12.0, 24.0, 52.0, 60.0, 100.0, 365.0})
"""Numbers that a step may use although no text states them: halves, dozens, dates, per cents."""


def detect(case: Case) -> Detection | None:
    """Find answers from which a right working computes the right result in its last step."""
    comparison = compare(case)
    last = _missing(comparison) if comparison else None
    return _detection(comparison, last) if comparison and last else None


def _missing(comparison: Comparison) -> Step | None:
    final, gold = comparison.final, comparison.gold
    if final is None or gold is None or comparison.departed or gold in comparison.values:
        return None
    ends = [step for step in comparison.steps if step.result == final]
    alike = (
        right.steps
        for right in comparison.rights
        if any(same_way(own, each) for own in ends for each in right.steps)
    )
    last = (each for steps in alike for each in steps if each.result == gold)
    known = comparison.task | comparison.values | CONSTANTS
    return next((each for each in last if _is_next(each, final, known)), None)


def _is_next(last: Step, final: float, known: frozenset[float]) -> bool:
    """Whether a step takes the final value and otherwise only what the task or the working has.

    With another result that the working lacks, more than this one step is missing.
    """
    others = list(last.operands)
    if final not in others:
        return False
    others.remove(final)
    return known.issuperset(others)


def _detection(comparison: Comparison, last: Step) -> Detection:
    step = comparison.last
    return Detection(
        title="Last step missing",
        summary=(
            f"The working stops at {shown(comparison.final or 0.0)};"
            f" {comparison.whose(last)} continues with {written(last)}."
        ),
        spans=((step.start, step.end),) if step else (),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="last_step_missing",
    finding="Last step of the solution missing",
    description="The answer is an operand of the last step of a right working.",
    category="incomplete_reasoning",
    kind="cause",
    rank=48,
    detect=detect,
    measured=Measured(right=8, read=8),
)
