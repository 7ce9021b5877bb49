"""Finds the first equation of the working that is arithmetically false."""

from typing import Final

from ...detector import Case, Detection, Detector, Measured
from ...step_errors.false_equations import first_slip, told, wrong_anyway

CONFIDENCE: Final = 0.75
"""Nearly every hit is a false equation; not every one is what made the answer wrong."""


def detect(case: Case) -> Detection | None:
    """The first false equation that the answer may rest on, if mending it may mend that."""
    found = first_slip(case)
    if found is None or wrong_anyway(found, case):
        return None
    return Detection(
        title=f"False {found.operation}",
        summary=f"{told(found)}.",
        spans=((found.start, found.end),),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="false_equation",
    finding="First false equation",
    description="The first equation between numbers in the working that does not hold.",
    category="computation_error",
    kind="cause",
    rank=40,
    detect=detect,
    measured=Measured(right=23, read=31),
)
