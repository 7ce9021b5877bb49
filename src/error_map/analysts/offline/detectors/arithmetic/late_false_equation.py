"""Finds a false last equation that does not explain the wrong answer on its own."""

from typing import Final

from ...detector import Case, Detection, Detector
from ...step_errors.false_equations import explanation, first_false_equation, wrong_regardless

# None of 3 findings read explained the answer: the equation is false and gives the answer, but
# the error mostly lies before it. So this is a place.
CONFIDENCE: Final = 0.5


def detect(case: Case) -> Detection | None:
    """Find false equations that give the answer, whose true value is wrong too."""
    found = first_false_equation(case)
    if found is None or not wrong_regardless(found, case):
        return None
    return Detection(
        title=f"False {found.operation}, not the only error",
        summary=f"{explanation(found)}, which is not the right answer either.",
        spans=((found.start, found.end),),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="late_false_equation",
    finding="Wrong calculation, but not the only mistake",
    description="A wrong calculation gives the answer, but its right result would be wrong too.",
    category="hard_to_analyze",
    kind="place",
    rank=59,
    detect=detect,
    former_names=("late_slip",),
)
