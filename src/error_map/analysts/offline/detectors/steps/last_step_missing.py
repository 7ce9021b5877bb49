"""Finds an answer that is one operation short of the right result."""

from typing import Final

from ...detector import Case, Detection, Detector, Measured
from ...steps.comparison import Comparison, compare, same_way
from ...steps.phrasing import shown, written
from ...steps.workings import Step

CONFIDENCE: Final = 0.94


def detect(case: Case) -> Detection | None:
    """Fires where a right working makes the right result out of the number that is answered."""
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
    return next((each for each in last if final in each.operands), None)


def _detection(comparison: Comparison, last: Step) -> Detection:
    step = comparison.last
    return Detection(
        title="Last step missing",
        summary=(
            f"The working stops at {shown(comparison.final or 0.0)};"
            f" {comparison.whose(last)} goes on from there to {written(last)}."
        ),
        spans=((step.start, step.end),) if step else (),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="last_step_missing",
    finding="Last step missing",
    description="The answer is what the last operation of a right working starts from.",
    category="incomplete_reasoning",
    kind="cause",
    rank=48,
    detect=detect,
    measured=Measured(right=8, read=8),
)
