"""Tool calls with an argument of another type than the schema or the reference has."""

from typing import Final

from ..calls.telling import sign_of
from ..detector import Case, Detector, Sign

CONFIDENCE: Final = 0.8


def detect(case: Case) -> Sign | None:
    """Fires where an argument is of another type than its schema says, or the reference has."""
    return sign_of(case, "type", confidence=CONFIDENCE)


DETECTOR: Final = Detector(
    name="tool_call_argument_type",
    finding="Tool argument of wrong type",
    description="An argument is of another type than its schema says, or the reference has.",
    category="tool_api_usage_error",
    kind="cause",
    rank=28,
    detect=detect,
)
