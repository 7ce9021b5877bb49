"""Finds the first step of the working that no right working of the same problem has."""

from typing import Final

from ...detector import Case, Detection, Detector
from ...steps.comparison import Comparison, compare
from ...steps.phrasing import quoted, shown
from ...steps.workings import Step

CONFIDENCE: Final = 0.8
"""Share of hits within one step of the first wrong step that teachers marked."""


def detect(case: Case) -> Detection | None:
    """The first step that leads to no result of a right working, else the one answered with."""
    comparison = compare(case)
    step = comparison.wrong_step if comparison else None
    return _detection(comparison, step) if comparison and step else None


def _detection(comparison: Comparison, step: Step) -> Detection:
    departed = step in comparison.departed
    why = (
        f"no right working at hand has {shown(step.result)} there"
        if departed
        else "right workings go on from there or elsewhere"
    )
    return Detection(
        title="Working departs from right ones",
        summary=f"The working first parts from right ones at {quoted(comparison, step)}: {why}.",
        spans=((step.start, step.end),),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="first_departure",
    finding="First departing number",
    description="The first step of the working that no right working of the same problem has.",
    category="hard_to_analyze",
    kind="place",
    rank=60,
    detect=detect,
)
