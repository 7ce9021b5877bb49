"""Finds the first equation of the working that is arithmetically false."""

from typing import Final

from ...detector import Case, Detection, Detector, Measured
from ...step_errors.false_equations import explanation, first_false_equation
from ...step_errors.slip_effects import effect

# 23 of 31 findings read were right: (23 + 4 * 0.82) / (31 + 4), see `Measured`.
CONFIDENCE: Final = 0.75
"""Nearly every finding is a false equation, but not every one is why the answer is wrong."""


def detect(case: Case) -> Detection | None:
    """Find the first false equation on which the answer rests, if its true value is right."""
    found = first_false_equation(case)
    if found is None or effect(found, case) != "decides":
        return None
    return Detection(
        title=f"False {found.operation}",
        summary=f"{explanation(found)}.",
        spans=((found.start, found.end),),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="false_equation",
    finding="Calculation with a wrong result",
    description="The first calculation in the working whose stated result is wrong.",
    category="computation_error",
    kind="cause",
    rank=40,
    detect=detect,
    measured=Measured(right=23, read=31),
)
