"""Tool calls with an argument of the right type and another value than is expected."""

from typing import Final

from ..calls.telling import sign_of
from ..detector import Case, Detector, Measured, Sign

CONFIDENCE: Final = 0.9


def detect(case: Case) -> Sign | None:
    """Fires where an argument has none of the values that count as right."""
    return sign_of(case, "value", confidence=CONFIDENCE)


DETECTOR: Final = Detector(
    name="tool_call_argument_value",
    finding="Tool argument with wrong value",
    description="An argument has none of the values that count as right.",
    category="tool_api_usage_error",
    kind="cause",
    rank=28,
    detect=detect,
    measured=Measured(right=3, read=3),
)
