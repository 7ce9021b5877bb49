"""Finds sums and products that lack terms of the right one."""

from typing import Final

from ...detector import Case, Detection, Detector, Measured
from ...steps.comparison import Comparison, compare
from ...steps.phrasing import listed, quoted, written
from ...steps.step_alignment import StepMismatch, step_mismatch

# 6 of 8 findings read were right: (6 + 4 * 0.82) / (8 + 4), see `Measured`.
CONFIDENCE: Final = 0.77


def detect(case: Case) -> Detection | None:
    """Find the first departing step that is a right one without some of its terms."""
    found, comparison = step_mismatch(case), compare(case)
    if found is None or comparison is None or found.kind != "term left out":
        return None
    return _detection(comparison, found)


def _detection(comparison: Comparison, found: StepMismatch) -> Detection:
    title = "Term left out of a sum" if found.step.kind == "sum" else "Factor left out of a product"
    return Detection(
        title=title,
        summary=(
            f"The working computes {quoted(comparison, found.step)} without {listed(found.due)};"
            f" {comparison.whose(found.right)} has {written(found.right)}."
        ),
        spans=((found.step.start, found.step.end),),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="term_left_out",
    finding="Term left out of a sum or product",
    description="A sum or product lacks a term that the same one in a right working has.",
    category="incomplete_reasoning",
    kind="cause",
    rank=51,
    detect=detect,
    measured=Measured(right=6, read=8),
)
