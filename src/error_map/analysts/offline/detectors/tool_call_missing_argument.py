"""Tool calls without an argument that they need."""

from typing import Final

from ..calls.telling import sign_of
from ..detector import Case, Detector, Sign

CONFIDENCE: Final = 0.8


def detect(case: Case) -> Sign | None:
    """Fires where an argument that is required, or expected, is not given."""
    return sign_of(case, "missing", confidence=CONFIDENCE)


DETECTOR: Final = Detector(
    name="tool_call_missing_argument",
    finding="Tool argument missing",
    description="An argument that is required, or expected, is not given.",
    category="tool_api_usage_error",
    kind="cause",
    rank=27,
    detect=detect,
)
