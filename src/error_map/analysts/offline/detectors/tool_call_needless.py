"""Outputs that call a tool where the task is to be answered without."""

from typing import Final

from ..calls.telling import sign_of
from ..detector import Case, Detector, Measured, Sign

CONFIDENCE: Final = 0.9


def detect(case: Case) -> Sign | None:
    """Fires where no call is wanted and one is made."""
    return sign_of(case, "needless", confidence=CONFIDENCE)


DETECTOR: Final = Detector(
    name="tool_call_needless",
    finding="Tool called where none fits",
    description="No call is wanted, and the output makes one.",
    category="tool_api_usage_error",
    kind="cause",
    rank=25,
    detect=detect,
    measured=Measured(right=3, read=3),
)
