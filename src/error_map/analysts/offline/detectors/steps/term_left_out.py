"""Finds a sum or product that lacks terms which the right one has."""

from typing import Final

from ...detector import Case, Detection, Detector, Measured
from ...steps.comparison import Comparison, compare
from ...steps.phrasing import listed, quoted, written
from ...steps.step_alignment import Parting, parting

CONFIDENCE: Final = 0.77


def detect(case: Case) -> Detection | None:
    """The first departing step that is a right one without some of its terms, or None."""
    found, comparison = parting(case), compare(case)
    if found is None or comparison is None or found.how != "term left out":
        return None
    return _detection(comparison, found)


def _detection(comparison: Comparison, found: Parting) -> Detection:
    what = "Term left out of a sum" if found.step.kind == "sum" else "Factor left out of a product"
    return Detection(
        title=what,
        summary=(
            f"The working takes {quoted(comparison, found.step)} without {listed(found.due)};"
            f" {comparison.whose(found.right)} has {written(found.right)}."
        ),
        spans=((found.step.start, found.step.end),),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="term_left_out",
    finding="Term left out of a sum or product",
    description="A sum or product that lacks a term which the same one of a right working has.",
    category="incomplete_reasoning",
    kind="cause",
    rank=51,
    detect=detect,
    measured=Measured(right=6, read=8),
)
