"""Finds a quantity that is used where right workings first work another one out of it."""

from typing import Final

from ...detector import Case, Detection, Detector, Measured
from ...steps.comparison import Comparison, compare
from ...steps.phrasing import quoted, shown, written
from ...steps.step_alignment import Parting, parting
from ...steps.workings import Step

CONFIDENCE: Final = 0.8


def detect(case: Case) -> Detection | None:
    """The first departing step that lacks only a step before it, or None."""
    found, comparison = parting(case), compare(case)
    if found is None or comparison is None or found.how != "step skipped" or not found.source:
        return None
    return _detection(comparison, found, found.source)


def _detection(comparison: Comparison, found: Parting, source: Step) -> Detection:
    step, taken = found.step, found.taken or 0.0
    return Detection(
        title="Intermediate step skipped",
        summary=(
            f"The working takes {quoted(comparison, step)} with {shown(taken)}, where"
            f" {comparison.whose(source)} first works out {written(source)} and goes on with that."
        ),
        spans=((step.start, step.end),),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="step_skipped",
    finding="Intermediate step skipped",
    description="A quantity goes into a step where a right working first works on it.",
    category="incomplete_reasoning",
    kind="cause",
    rank=49,
    detect=detect,
    measured=Measured(right=12, read=15),
)
