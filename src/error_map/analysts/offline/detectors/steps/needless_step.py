"""Finds steps that change a quantity which right workings use unchanged."""

from typing import Final

from ...detector import Case, Detection, Detector, Measured
from ...steps.comparison import Comparison, compare
from ...steps.phrasing import listed, quoted, written
from ...steps.step_alignment import StepMismatch, step_mismatch
from ...steps.workings import Step

# 6 of 8 findings read were right: (6 + 4 * 0.82) / (8 + 4), see `Measured`.
CONFIDENCE: Final = 0.77


def detect(case: Case) -> Detection | None:
    """Find a step that right workings do not have, if the next step is otherwise right."""
    found, comparison = step_mismatch(case), compare(case)
    if found is None or comparison is None or found.kind != "needless step" or not found.source:
        return None
    return _detection(comparison, found, found.source)


def _detection(comparison: Comparison, found: StepMismatch, needless: Step) -> Detection:
    return Detection(
        title="Unnecessary extra step",
        summary=(
            f"The working computes {quoted(comparison, needless)} and uses the result, where"
            f" {comparison.whose(found.right)} uses {listed(found.due)} unchanged:"
            f" {written(found.right)}."
        ),
        spans=((needless.start, needless.end),),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="needless_step",
    finding="Unnecessary extra step",
    description="A quantity is changed before a step in which right workings use it unchanged.",
    category="logical_reasoning_error",
    kind="cause",
    rank=50,
    detect=detect,
    measured=Measured(right=6, read=8),
)
