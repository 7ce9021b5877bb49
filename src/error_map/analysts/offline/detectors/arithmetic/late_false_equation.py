"""Finds a false equation whose mending alone would not mend the answer: a place, no cause."""

from typing import Final

from ...detector import Case, Detection, Detector
from ...step_errors.false_equations import first_slip, told, wrong_anyway

CONFIDENCE: Final = 0.5
"""The slip is real and gives the answer; the working has mostly gone wrong elsewhere too."""


def detect(case: Case) -> Detection | None:
    """Fires where the answer is a false claim, and the true value is no right answer either."""
    found = first_slip(case)
    if found is None or not wrong_anyway(found, case):
        return None
    return Detection(
        title=f"False {found.operation}, and wrong without it",
        summary=f"{told(found)}, which is not the right answer either.",
        spans=((found.start, found.end),),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="late_false_equation",
    finding="False equation, and wrong without it",
    description="A false equation gives the answer, which would be wrong without it too.",
    category="hard_to_analyze",
    kind="place",
    rank=59,
    detect=detect,
    former_names=("late_slip",),
)
