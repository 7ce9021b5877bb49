"""Finds outputs without any text."""

from typing import Final

from ...detector import Case, Detection, Detector, Habit, Measured, title_of

# 2 of 2 findings read were right: (2 + 4 * 0.82) / (2 + 4), see `Measured`.
CONFIDENCE: Final = 0.88


def detect(case: Case) -> Detection | None:
    """Find outputs that contain nothing but white space."""
    if case.output and not case.output.isspace():
        return None
    return Detection(
        title="Empty output",
        summary="The output contains no text."
        if not case.output
        else f"The output contains only white space ({len(case.output)} characters).",
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="empty_output",
    finding="Empty output",
    description="The output is empty or contains only white space.",
    category="degenerate_output",
    kind="cause",
    rank=10,
    detect=detect,
    habit=Habit(form=title_of(detect), presumed=False),
    measured=Measured(right=2, read=2),
)
