"""Outputs without any text."""

from typing import Final

from ...detector import Case, Detection, Detector, Measured

CONFIDENCE: Final = 0.88


def detect(case: Case) -> Detection | None:
    """Fires where the output has nothing but white space."""
    if case.output and not case.output.isspace():
        return None
    return Detection(
        title="Empty output",
        summary="The model gave no text at all."
        if not case.output
        else f"The output is {len(case.output)} characters of white space.",
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="empty_output",
    finding="Empty output",
    description="The output is empty or only white space.",
    category="degenerate_output",
    kind="cause",
    rank=10,
    detect=detect,
    measured=Measured(right=2, read=2),
)
