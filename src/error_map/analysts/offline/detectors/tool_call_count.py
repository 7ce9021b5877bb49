"""Outputs that make more or fewer tool calls than the task wants."""

from typing import Final

from ..calls.telling import sign_of
from ..detector import Case, Detector, Measured, Sign

CONFIDENCE: Final = 0.7


def detect(case: Case) -> Sign | None:
    """Fires where the number of calls is another than the reference's."""
    return sign_of(case, "count", confidence=CONFIDENCE)


DETECTOR: Final = Detector(
    name="tool_call_count",
    finding="Wrong number of tool calls",
    description="More or fewer calls are made than the task wants.",
    category="tool_api_usage_error",
    kind="cause",
    rank=26,
    detect=detect,
    measured=Measured(right=3, read=5),
)
