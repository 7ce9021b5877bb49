"""Finds a right intermediate result that is put together with a wrong quantity."""

from typing import Final

from ...detector import Case, Detection, Detector
from ...steps.comparison import Comparison, compare
from ...steps.phrasing import listed, quoted, shown, written
from ...steps.step_alignment import Parting, parting

CONFIDENCE: Final = 0.75


def detect(case: Case) -> Detection | None:
    """The first departing step that is a right one with one quantity exchanged, or None."""
    found, comparison = parting(case), compare(case)
    if found is None or comparison is None or found.how != "other quantity":
        return None
    return _detection(comparison, found)


def _detection(comparison: Comparison, found: Parting) -> Detection:
    return Detection(
        title="Wrong quantity used",
        summary=(
            f"The working takes {quoted(comparison, found.step)} with {shown(found.taken or 0.0)},"
            f" where {comparison.whose(found.right)} uses {listed(found.due)}:"
            f" {written(found.right)}."
        ),
        spans=((found.step.start, found.step.end),),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="wrong_quantity",
    finding="Wrong quantity used",
    description="A step of a right working with one of its quantities exchanged for another.",
    category="hard_to_analyze",
    kind="place",
    rank=57,
    detect=detect,
    former_names=("other_quantity",),
)
