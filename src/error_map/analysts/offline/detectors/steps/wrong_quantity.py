"""Locates steps that combine a right intermediate result with a wrong quantity."""

from typing import Final

from ...detector import Case, Detection, Detector
from ...steps.comparison import Comparison, compare
from ...steps.phrasing import listed, quoted, shown, written
from ...steps.step_alignment import StepMismatch, step_mismatch

# Below that of other places: only 10 findings were on answers with steps marked by people, 9 of
# them within one step of the mark.
CONFIDENCE: Final = 0.75


def detect(case: Case) -> Detection | None:
    """Find the first departing step that differs from a right one in one quantity."""
    found, comparison = step_mismatch(case), compare(case)
    if found is None or comparison is None or found.kind != "wrong quantity":
        return None
    return _detection(comparison, found)


def _detection(comparison: Comparison, found: StepMismatch) -> Detection:
    return Detection(
        title="Wrong quantity used",
        summary=(
            f"The working computes {quoted(comparison, found.step)} with"
            f" {shown(found.taken or 0.0)},"
            f" where {comparison.whose(found.right)} uses {listed(found.due)}:"
            f" {written(found.right)}."
        ),
        spans=((found.step.start, found.step.end),),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="wrong_quantity",
    finding="Wrong number used in a step",
    description="A step of a right working with one number replaced by another.",
    category="hard_to_analyze",
    kind="place",
    rank=57,
    detect=detect,
    former_names=("other_quantity",),
)
