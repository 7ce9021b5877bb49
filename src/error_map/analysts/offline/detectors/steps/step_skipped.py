"""Finds steps that use a quantity directly where right workings first transform it."""

from typing import Final

from ...detector import Case, Detection, Detector, Measured
from ...steps.comparison import Comparison, compare
from ...steps.phrasing import quoted, shown, written
from ...steps.step_alignment import StepMismatch, step_mismatch
from ...steps.workings import Step

# 12 of 15 findings read were right: (12 + 4 * 0.82) / (15 + 4), see `Measured`.
CONFIDENCE: Final = 0.8


def detect(case: Case) -> Detection | None:
    """Find the first departing step that is right except for a skipped step before it."""
    found, comparison = step_mismatch(case), compare(case)
    if found is None or comparison is None or found.kind != "step skipped" or not found.source:
        return None
    return _detection(comparison, found, found.source)


def _detection(comparison: Comparison, found: StepMismatch, source: Step) -> Detection:
    step, taken = found.step, found.taken or 0.0
    return Detection(
        title="Intermediate step skipped",
        summary=(
            f"The working computes {quoted(comparison, step)} with {shown(taken)}, where"
            f" {comparison.whose(source)} first computes {written(source)} and uses the result."
        ),
        spans=((step.start, step.end),),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="step_skipped",
    finding="Intermediate step skipped",
    description="A step uses a quantity directly where a right working first transforms it.",
    category="incomplete_reasoning",
    kind="cause",
    rank=49,
    detect=detect,
    measured=Measured(right=12, read=15),
)
