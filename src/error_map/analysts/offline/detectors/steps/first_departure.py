"""Locates the first step of a working that no right working of the same task has."""

from itertools import combinations
from typing import Final

from ...detector import Case, Detection, Detector
from ...steps.comparison import Comparison, compare
from ...steps.phrasing import quoted, shown
from ...steps.workings import Step

# Of the findings on answers with steps marked by people, 84 % were within one step of the mark.
CONFIDENCE: Final = 0.8


def detect(case: Case) -> Detection | None:
    """Find the first step that no right working has, or the right one at which it stops."""
    comparison = compare(case)
    step = _place(comparison) if comparison else None
    return _detection(comparison, step) if comparison and step else None


def _place(comparison: Comparison) -> Step | None:
    """The first departing step; if there is none, the last step, if right workings go on."""
    if comparison.departed:
        return None if _several_ways(comparison) else comparison.wrong_step
    last = comparison.last
    if last is None or not comparison.shared(last):
        return None
    goes_on = any(last.result in right.operands for right in comparison.right_steps)
    return last if goes_on else None


def _several_ways(comparison: Comparison) -> bool:
    """Whether right workings have no result in common, and the failing one shares none of them."""
    given = comparison.task | {comparison.gold}
    ways = [
        results
        for right in comparison.rights
        if (results := {step.result for step in right.steps} - given)
    ]
    apart = any(one.isdisjoint(other) for one, other in combinations(ways, 2))
    return apart and not any(map(comparison.shared, comparison.steps))


def _detection(comparison: Comparison, step: Step) -> Detection:
    why = f"none of them has the result {shown(step.result)} there"
    if not comparison.departed:
        why = "right workings continue from this result"
    elif step not in comparison.departed:
        why = "none of them has this step"
    return Detection(
        title="Working departs from right ones",
        summary=f"The working first departs from right workings at {quoted(comparison, step)}:"
        f" {why}.",
        spans=((step.start, step.end),),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="first_departure",
    finding="First step that right solutions do not have",
    description="The first step of the working that no right working of the same task has.",
    category="hard_to_analyze",
    kind="place",
    rank=60,
    detect=detect,
)
