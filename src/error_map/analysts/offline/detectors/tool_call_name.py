"""Tool calls of another function than the one that the task wants."""

from typing import Final

from ..calls.telling import sign_of
from ..detector import Case, Detector, Sign

CONFIDENCE: Final = 0.8


def detect(case: Case) -> Sign | None:
    """Fires where a function is called that is not offered, or not the one wanted."""
    return sign_of(case, "name", confidence=CONFIDENCE)


DETECTOR: Final = Detector(
    name="tool_call_name",
    finding="Wrong function called",
    description="Another function is called than the one wanted, or one that is not offered.",
    category="tool_api_usage_error",
    kind="cause",
    rank=26,
    detect=detect,
)
